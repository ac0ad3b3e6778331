//! Reading ISO 8601 as CPython 3.11 does.

use super::{Date, DateTime, Time, TimeDelta, TimeZone, calendar};
use crate::{Exception, repr};

fn invalid(text: &str) -> Exception {
    Exception::value_error(format!("Invalid isoformat string: {}", repr(text)))
}

/// All of `text` as digits.
fn digits(text: &[u8]) -> Option<i64> {
    if text.is_empty() || !text.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(text).ok()?.parse().ok()
}

/// Why a text that has the form of a date or time is none.
enum Failure {
    Form,
    Value(Exception),
}

impl From<Exception> for Failure {
    fn from(error: Exception) -> Self {
        Self::Value(error)
    }
}

impl Date {
    /// `date.fromisoformat(text)`
    ///
    /// # Errors
    /// `ValueError`
    pub fn from_isoformat(text: &str) -> Result<Self, Exception> {
        if !matches!(text.len(), 7 | 8 | 10) {
            return Err(invalid(text));
        }
        date(text.as_bytes()).map_err(|failure| explain(text, failure))
    }
}

fn explain(text: &str, failure: Failure) -> Exception {
    match failure {
        Failure::Form => invalid(text),
        Failure::Value(error) => error,
    }
}

fn date(text: &[u8]) -> Result<Date, Failure> {
    let part = |from: usize, to: usize| text.get(from..to).and_then(digits).ok_or(Failure::Form);
    let year = part(0, 4)?;
    let dashed = text.get(4) == Some(&b'-');
    let at = if dashed { 5 } else { 4 };
    if text.get(at) == Some(&b'W') {
        let week = part(at + 1, at + 3)?;
        let day = match (&text[at + 3..], dashed) {
            ([], _) => 1,
            ([b'-', rest @ ..], true) => digits(rest)
                .filter(|_| rest.len() == 1)
                .ok_or(Failure::Form)?,
            (rest, false) => digits(rest)
                .filter(|_| rest.len() == 1)
                .ok_or(Failure::Form)?,
            _ => return Err(Failure::Form),
        };
        return week_date(year, week, day);
    }
    let month = part(at, at + 2)?;
    let (separator, at) = if dashed {
        (text.get(7) == Some(&b'-'), 8)
    } else {
        (true, 6)
    };
    if !separator || text.len() != at + 2 {
        return Err(Failure::Form);
    }
    Ok(Date::new(year, month, part(at, at + 2)?)?)
}

fn week_date(year: i64, week: i64, day: i64) -> Result<Date, Failure> {
    if !(1..=9999).contains(&year) {
        return Err(Failure::Form);
    }
    let weeks = (calendar::iso_week1_monday(year + 1) - calendar::iso_week1_monday(year)) / 7;
    if !(1..=weeks).contains(&week) || !(1..=7).contains(&day) {
        return Err(Failure::Form);
    }
    let ordinal = calendar::iso_week1_monday(year) + (week - 1) * 7 + day - 1;
    Ok(Date::from_ordinal(ordinal)?)
}

impl Time {
    /// `time.fromisoformat(text)`
    ///
    /// # Errors
    /// `ValueError`
    pub fn from_isoformat(text: &str) -> Result<Self, Exception> {
        let bare = text.strip_prefix('T').unwrap_or(text);
        time(bare.as_bytes()).map_err(|failure| explain(text, failure))
    }
}

fn time(text: &[u8]) -> Result<Time, Failure> {
    let zone_at = text
        .iter()
        .position(|byte| matches!(byte, b'+' | b'-' | b'Z'));
    let (clock, zone) = text.split_at(zone_at.unwrap_or(text.len()));
    let [hour, minute, second, micro] = clock_parts(clock)?;
    let zone = match zone {
        [] => None,
        [b'Z'] => Some(TimeZone::utc()),
        [sign @ (b'+' | b'-'), rest @ ..] => {
            let [hours, minutes, seconds, micros] = clock_parts(rest)?;
            let total = ((hours * 60 + minutes) * 60 + seconds) * 1_000_000 + micros;
            let total = if *sign == b'-' { -total } else { total };
            Some(TimeZone::offset(&TimeDelta::from_micros(total.into()))?)
        }
        _ => return Err(Failure::Form),
    };
    Ok(Time::new(hour, minute, second, micro)?.with_zone(zone))
}

/// Hour, minute, second, microsecond; all but the first may be missing.
fn clock_parts(text: &[u8]) -> Result<[i64; 4], Failure> {
    let two = |at: usize| text.get(at..at + 2).and_then(digits).ok_or(Failure::Form);
    let mut parts = [two(0)?, 0, 0, 0];
    let colons = text.get(2) == Some(&b':');
    let mut at = 2;
    for part in &mut parts[1..3] {
        if at == text.len() {
            return Ok([parts[0], parts[1], parts[2], 0].map(|part| part));
        }
        if colons {
            if text[at] != b':' {
                return Err(Failure::Form);
            }
            at += 1;
        }
        *part = two(at)?;
        at += 2;
    }
    match &text[at..] {
        [] => {}
        [b'.' | b',', fraction @ ..] => {
            // digits beyond the sixth are read and dropped
            let all = !fraction.is_empty() && fraction.iter().all(u8::is_ascii_digit);
            let kept = &fraction[..fraction.len().min(6)];
            let value = digits(kept).filter(|_| all).ok_or(Failure::Form)?;
            parts[3] = value * 10i64.pow(u32::try_from(6 - kept.len()).unwrap_or(0));
        }
        _ => return Err(Failure::Form),
    }
    Ok(parts)
}

impl DateTime {
    /// `datetime.fromisoformat(text)`
    ///
    /// # Errors
    /// `ValueError`
    pub fn from_isoformat(text: &str) -> Result<Self, Exception> {
        let bytes = text.as_bytes();
        if bytes.len() < 7 {
            return Err(invalid(text));
        }
        let end = separator(bytes);
        let read = || -> Result<Self, Failure> {
            let date = date(bytes.get(..end).ok_or(Failure::Form)?)?;
            let rest = text.get(end..).ok_or(Failure::Form)?;
            let mut chars = rest.chars();
            let time = match chars.next() {
                None => Time::of_day(0),
                Some(_) => time(chars.as_str().as_bytes())?,
            };
            Ok(Self::combine(&date, &time))
        };
        read().map_err(|failure| explain(text, failure))
    }
}

/// Where the date ends; any character may follow it.
fn separator(text: &[u8]) -> usize {
    let is_digit = |at: usize| text.get(at).is_some_and(u8::is_ascii_digit);
    if text.len() == 7 {
        return 7;
    }
    if text[4] == b'-' {
        if text[5] != b'W' {
            return 10;
        }
        return match text.get(8) {
            // "YYYY-Www-D", unless the hyphen separates a time
            Some(b'-') if text.len() > 8 && !(text.len() > 10 && is_digit(10)) => 10,
            _ => 8,
        };
    }
    if text[4] == b'W' {
        let mut at = 7;
        while is_digit(at) {
            at += 1;
        }
        // an odd count of digits means that the first is the day
        return if at < 9 {
            at
        } else if at % 2 == 0 {
            7
        } else {
            8
        };
    }
    8
}
