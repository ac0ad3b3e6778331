//! What clients and tools are made with.

use langferry_pystd::{Exception, Truthy, Value, os};

use crate::kwargs::Kwargs;

/// The address that is `given`, or that of the service: what `LANGFERRY_TAVILY_URL` says, for tests without network.
pub(super) fn service(given: Option<String>) -> Result<String, Exception> {
    Ok(match given {
        Some(address) => address,
        None => {
            variable("LANGFERRY_TAVILY_URL")?.unwrap_or_else(|| "https://api.tavily.com".to_owned())
        }
    })
}

/// A text among `arguments`, which is taken out of them; none where it is not there, empty or `None`.
///
/// # Errors
/// Unsupported for what is no text.
pub(super) fn text(arguments: &mut Kwargs, name: &str) -> Result<Option<String>, Exception> {
    match arguments.pop(name) {
        Err(_) | Ok(Value::None) => Ok(None),
        Ok(Value::Str(text)) => Ok(Some(text).filter(|text| !text.is_empty())),
        Ok(value) => Err(unfit(name, &value)),
    }
}

/// A variable of the environment that is set to something.
pub(super) fn variable(name: &str) -> Result<Option<String>, Exception> {
    Ok(os::getenv(name)?.filter(|text| text.truthy()))
}

pub(super) fn unfit(name: &str, value: &Value) -> Exception {
    Exception::unsupported(format!("Tavily's {name}={value}"))
}
