//! Python's `datetime` module: dates, times, deltas and fixed offsets from UTC.

mod calendar;
mod date;
mod delta;
mod iso;
mod moment;
mod now;
mod ops;
mod strftime;
mod strptime;
mod time;
mod zone;

pub use date::Date;
pub use delta::{DeltaParts, TimeDelta};
pub use moment::DateTime;
pub use time::Time;
pub use zone::TimeZone;

use crate::{Exception, Int};

/// The named arguments of `replace`; what is `None` stays as it is.
#[derive(Clone, Debug, Default)]
pub struct Replace {
    /// `year=`
    pub year: Option<Int>,
    /// `month=`
    pub month: Option<Int>,
    /// `day=`
    pub day: Option<Int>,
    /// `hour=`
    pub hour: Option<Int>,
    /// `minute=`
    pub minute: Option<Int>,
    /// `second=`
    pub second: Option<Int>,
    /// `microsecond=`
    pub microsecond: Option<Int>,
    /// `tzinfo=`, where `Some(None)` takes the zone away.
    pub tzinfo: Option<Option<TimeZone>>,
}

/// A field that must lie within bounds.
fn field(
    value: &Int,
    bounds: std::ops::RangeInclusive<i64>,
    message: &str,
) -> Result<i64, Exception> {
    match value.to_i64() {
        Some(value) if bounds.contains(&value) => Ok(value),
        Some(value) if i32::try_from(value).is_ok() => Err(Exception::value_error(
            message.replace("{}", &value.to_string()),
        )),
        _ => Err(Exception::overflow_error(
            "Python int too large to convert to C int",
        )),
    }
}
