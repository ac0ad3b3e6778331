//! Python's `os`: the environment of the process.

use std::env::{self, VarError};

use crate::{Exception, Value};

/// `os.getenv(name)`, `os.environ.get(name)`
///
/// # Errors
/// Unsupported for a value that is no Unicode.
pub fn getenv(name: &str) -> Result<Option<String>, Exception> {
    match env::var(name) {
        Ok(value) => Ok(Some(value)),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(Exception::unsupported(format!(
            "the environment variable {name}, which is no Unicode"
        ))),
    }
}

/// `os.environ[name]`
///
/// # Errors
/// `KeyError` when it is not set; unsupported for a value that is no Unicode.
pub fn environ(name: &str) -> Result<String, Exception> {
    getenv(name)?.ok_or_else(|| Exception::raise("KeyError", [Value::from(name)]))
}
