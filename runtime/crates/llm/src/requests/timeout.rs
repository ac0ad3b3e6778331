//! `timeout=`: one number, or one for connecting and one for reading.

use std::time::Duration;

use langferry_pystd::{Exception, Value};

use crate::web::Limits;

/// How long a program waits, as it was given.
#[derive(Clone, Debug, Default)]
pub(crate) struct Timeout {
    pub connect: Value,
    pub read: Value,
}

impl Timeout {
    /// What `timeout` means.
    ///
    /// # Errors
    /// Unsupported for what is no number above zero, and no pair of them.
    pub(crate) fn of(given: &Value) -> Result<Self, Exception> {
        let (connect, read) = match given {
            Value::Tuple(pair) if pair.len() == 2 => (pair[0].clone(), pair[1].clone()),
            one => (one.clone(), one.clone()),
        };
        let timeout = Timeout { connect, read };
        timeout.limits()?;
        Ok(timeout)
    }

    /// The same for the one who sends.
    pub(crate) fn limits(&self) -> Result<Limits, Exception> {
        Ok(Limits {
            connect: limit(&self.connect)?,
            read: limit(&self.read)?,
        })
    }
}

fn limit(given: &Value) -> Result<Option<Duration>, Exception> {
    let refused = || Exception::unsupported(format!("the timeout {given}"));
    let seconds = match given {
        Value::None => return Ok(None),
        Value::Int(_) | Value::Float(_) => given.to::<langferry_pystd::Float>()?.to_f64()?,
        _ => return Err(refused()),
    };
    let limit = Duration::try_from_secs_f64(seconds).map_err(|_| refused())?;
    match limit.is_zero() {
        true => Err(refused()),
        false => Ok(Some(limit)),
    }
}
