//! Python's `time`: clocks, and waiting.

use std::sync::LazyLock;
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::{DateTime, Exception, Float, ToFloat};

/// `time.time()`
pub fn time() -> Float {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    Float::from(since.map_or_else(
        |before| -before.duration().as_secs_f64(),
        |after| after.as_secs_f64(),
    ))
}

/// `time.perf_counter()`, `time.monotonic()`: only differences between two of them mean something.
pub fn perf_counter() -> Float {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    Float::from(START.elapsed().as_secs_f64())
}

/// `time.strftime(format)`
///
/// # Errors
/// As `datetime.now` and its `strftime`.
pub fn strftime(format: &str) -> Result<String, Exception> {
    DateTime::shown_now(format)
}

/// `time.sleep(seconds)`
///
/// # Errors
/// `ValueError` for less than nothing and what is no number, `OverflowError` for what no clock holds.
pub fn sleep(seconds: &Float) -> Result<(), Exception> {
    /// In seconds: what 63 bits of nanoseconds hold.
    const LONGEST: f64 = 9_223_372_036.854_775;
    let wait = seconds.to_float()?;
    if wait.is_nan() {
        return Err(Exception::value_error("Invalid value NaN (not a number)"));
    }
    if wait.abs() >= LONGEST {
        return Err(Exception::overflow_error(match seconds {
            Float::Double(_) => "timestamp out of range for platform time_t",
            Float::Int(_) => "timestamp too large to convert to C _PyTime_t",
        }));
    }
    if wait < 0.0 {
        return Err(Exception::value_error("sleep length must be non-negative"));
    }
    thread::sleep(Duration::from_secs_f64(wait));
    Ok(())
}
