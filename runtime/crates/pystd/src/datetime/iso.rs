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

impl Date {
    /// `date.fromisoformat(text)`
    ///
    /// # Errors
    /// `ValueError`
    pub fn from_isoformat(text: &str) -> Result<Self, Exception> {
        let parts = date(text.as_bytes()).filter(|_| matches!(text.len(), 7 | 8 | 10));
        let (year, month, day) = parts.ok_or_else(|| invalid(text))?;
        Self::new(year, month, day)
    }
}

/// Year, month and day, not checked yet.
fn date(text: &[u8]) -> Option<(i64, i64, i64)> {
    let part = |from: usize, to: usize| text.get(from..to).and_then(digits);
    let year = part(0, 4)?;
    let dashed = text.get(4) == Some(&b'-');
    let at = if dashed { 5 } else { 4 };
    if text.get(at) == Some(&b'W') {
        let week = part(at + 1, at + 3)?;
        let day = match (&text[at + 3..], dashed) {
            ([], _) => 1,
            ([b'-', day, ..], true) | ([day, ..], false) => digits(&[*day])?,
            _ => return None,
        };
        return week_date(year, week, day);
    }
    let month = part(at, at + 2)?;
    let (separator, at) = if dashed {
        (text.get(7) == Some(&b'-'), 8)
    } else {
        (true, 6)
    };
    if !separator {
        return None;
    }
    Some((year, month, part(at, at + 2)?))
}

fn week_date(year: i64, week: i64, day: i64) -> Option<(i64, i64, i64)> {
    if !(1..=9999).contains(&year) {
        return None;
    }
    let weeks = (calendar::iso_week1_monday(year + 1) - calendar::iso_week1_monday(year)) / 7;
    if !(1..=weeks).contains(&week) || !(1..=7).contains(&day) {
        return None;
    }
    let ordinal = calendar::iso_week1_monday(year) + (week - 1) * 7 + day - 1;
    Some(calendar::from_ordinal(ordinal))
}

impl Time {
    /// `time.fromisoformat(text)`
    ///
    /// # Errors
    /// `ValueError`
    pub fn from_isoformat(text: &str) -> Result<Self, Exception> {
        let bare = text.strip_prefix('T').unwrap_or(text);
        read_time(bare.as_bytes())
            .ok_or_else(|| invalid(text))?
            .checked()
    }
}

/// A time of day and an offset, not checked yet.
#[derive(Default)]
struct Read {
    clock: [i64; 4],
    offset_micros: Option<i64>,
}

impl Read {
    fn zone(&self) -> Result<Option<TimeZone>, Exception> {
        self.offset_micros
            .map(|micros| TimeZone::offset(&TimeDelta::from_micros(micros.into())))
            .transpose()
    }

    fn checked(&self) -> Result<Time, Exception> {
        let zone = self.zone()?;
        let [hour, minute, second, micro] = self.clock;
        Ok(Time::new(hour, minute, second, micro)?.with_zone(zone))
    }
}

fn read_time(text: &[u8]) -> Option<Read> {
    let zone_at = text
        .iter()
        .position(|byte| matches!(byte, b'+' | b'-' | b'Z'));
    let Some(zone_at) = zone_at else {
        let (clock, whole) = clock(text, text.len())?;
        return whole.then_some(Read {
            clock,
            offset_micros: None,
        });
    };
    // what stands between the clock and the offset is not looked at
    let (clock_parts, _) = clock(text, zone_at)?;
    let rest = &text[zone_at + 1..];
    let offset = match text[zone_at] {
        b'Z' if rest.is_empty() => 0,
        b'Z' => return None,
        sign => {
            let ([hours, minutes, seconds, micros], whole) = clock(rest, rest.len())?;
            if !whole {
                return None;
            }
            let seconds = (hours * 60 + minutes) * 60 + seconds;
            // CPython looks at whole seconds only to find that an offset is none
            let total = if seconds == 0 {
                0
            } else {
                seconds * 1_000_000 + micros
            };
            if sign == b'-' { -total } else { total }
        }
    };
    Some(Read {
        clock: clock_parts,
        offset_micros: Some(offset),
    })
}

/// Hour, minute, second, microsecond, of which all but the first may be missing, from `text` before `end`;
/// and whether that was all of the text.
fn clock(text: &[u8], end: usize) -> Option<([i64; 4], bool)> {
    let mut parts = [0; 4];
    let mut at = 0;
    let mut colons = false;
    for part in 0..3 {
        parts[part] = text.get(at..at + 2).and_then(digits)?;
        at += 2;
        let next = text.get(at).copied();
        if part == 0 {
            colons = next == Some(b':');
        }
        at += 1;
        match next {
            _ if at >= end => return Some((parts, next.is_none())),
            Some(b':') if colons => {}
            Some(b'.' | b',') => break,
            _ if colons => return None,
            _ => at -= 1,
        }
    }
    // digits beyond the sixth are read and dropped
    let kept = text.get(at..end.min(at + 6))?;
    let scale = 10i64.pow(u32::try_from(6 - kept.len()).ok()?);
    parts[3] = digits(kept)? * scale;
    let dropped = text[at + kept.len()..]
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    Some((parts, at + kept.len() + dropped == text.len()))
}

impl DateTime {
    /// `datetime.fromisoformat(text)`
    ///
    /// # Errors
    /// `ValueError`
    pub fn from_isoformat(text: &str) -> Result<Self, Exception> {
        let ((year, month, day), time) = read_datetime(text).ok_or_else(|| invalid(text))?;
        time.zone()?;
        Ok(Self::combine(
            &Date::new(year, month, day)?,
            &time.checked()?,
        ))
    }
}

fn read_datetime(text: &str) -> Option<((i64, i64, i64), Read)> {
    let bytes = text.as_bytes();
    if bytes.len() < 7 {
        return None;
    }
    let end = separator(bytes);
    let date = date(bytes.get(..end)?)?;
    let mut rest = text.get(end..)?.chars();
    let time = match rest.next() {
        None => Read::default(),
        Some(_) => read_time(rest.as_str().as_bytes())?,
    };
    Some((date, time))
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
