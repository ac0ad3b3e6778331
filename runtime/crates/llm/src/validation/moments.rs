//! Dates and times, as pydantic reads them in texts of ISO 8601.

use langferry_pystd::{Date, DateTime, Exception, Value};

/// The moment that `value` tells: of the JSON schema's format `date-time` a `datetime`, of `date` a `date`.
///
/// # Errors
/// Unsupported for numbers, for times of a zone, which pydantic gives a class of its own, and for what it refuses.
pub(super) fn moment(format: &str, value: &Value) -> Result<Value, Exception> {
    let made = match value {
        Value::Str(text) if is_date(text) => match format {
            "date" => Date::from_isoformat(text).map(Value::Date),
            _ => DateTime::from_isoformat(text).map(Value::DateTime),
        },
        Value::Str(text) if format == "date-time" && is_moment(text) => {
            DateTime::from_isoformat(&text.replacen(['t', '_', ' '], "T", 1)).map(Value::DateTime)
        }
        _ => Err(Exception::value_error("")),
    };
    made.map_err(|_| Exception::unsupported(format!("{value} as a {format}")))
}

fn has_form(text: &str, form: &str) -> bool {
    let fits = |(c, wanted): (char, char)| match wanted {
        '0' => c.is_ascii_digit(),
        wanted => c == wanted,
    };
    text.len() == form.len() && text.chars().zip(form.chars()).all(fits)
}

fn is_date(text: &str) -> bool {
    has_form(text, "0000-00-00")
}

/// A day and a time of no zone, with a fraction of a second of up to six digits.
fn is_moment(text: &str) -> bool {
    let (Some(day), Some(time)) = (text.get(..10), text.get(11..)) else {
        return false;
    };
    let between = text.as_bytes()[10];
    let (whole, part) = time.split_once('.').unwrap_or((time, "0"));
    let is_part = (1..=6).contains(&part.len()) && part.bytes().all(|x| x.is_ascii_digit());
    is_date(day)
        && b"Tt_ ".contains(&between)
        && (has_form(whole, "00:00:00") || (has_form(whole, "00:00") && whole == time))
        && is_part
}
