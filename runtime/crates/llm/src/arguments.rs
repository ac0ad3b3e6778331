//! A tool's arguments, as pydantic hands them on.

use langferry_pystd::{Exception, Float, FromValue, Value};

use crate::kwargs::Kwargs;

/// An argument that a model has to give.
///
/// # Errors
/// Unsupported, where pydantic converts the value or raises a `ValidationError`.
pub fn argument<T: FromValue>(arguments: &mut Kwargs, name: &str) -> Result<T, Exception> {
    read(&given(arguments, name)?, name)
}

/// An argument that a model may leave out.
///
/// # Errors
/// Unsupported, where pydantic converts the value or raises a `ValidationError`.
pub fn argument_or<T: FromValue>(
    arguments: &mut Kwargs,
    name: &str,
    default: T,
) -> Result<T, Exception> {
    match arguments.pop(name) {
        Ok(value) => read(&value, name),
        Err(_) => Ok(default),
    }
}

/// An argument that is a float, or an int that pydantic makes one of; a default stays what it is.
///
/// # Errors
/// Unsupported, where pydantic converts the value or raises a `ValidationError`.
pub fn float_argument(
    arguments: &mut Kwargs,
    name: &str,
    default: Option<Float>,
) -> Result<Float, Exception> {
    match (arguments.contains_key(name), default) {
        (false, Some(default)) => Ok(default),
        _ => {
            let number: Float = read(&given(arguments, name)?, name)?;
            Ok(Float::from(number.to_f64()?))
        }
    }
}

fn given(arguments: &mut Kwargs, name: &str) -> Result<Value, Exception> {
    arguments.pop(name).map_err(|_| {
        Exception::unsupported(format!("a call of a tool without its argument `{name}`"))
    })
}

fn read<T: FromValue>(value: &Value, name: &str) -> Result<T, Exception> {
    value.to().map_err(|error| {
        Exception::unsupported(format!("a tool's argument `{name}`: {}", error.message()))
    })
}
