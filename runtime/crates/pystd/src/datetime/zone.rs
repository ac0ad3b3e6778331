//! `datetime.timezone`: a fixed offset from UTC.

use super::TimeDelta;
use crate::{Exception, repr};

/// A fixed offset from UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TimeZone {
    offset: TimeDelta,
}

impl TimeZone {
    /// `timezone.utc`
    pub fn utc() -> Self {
        Self {
            offset: TimeDelta::default(),
        }
    }

    /// `timezone(offset)`
    ///
    /// # Errors
    /// `ValueError` for an offset of a day or more.
    pub fn offset(offset: &TimeDelta) -> Result<Self, Exception> {
        const DAY: i128 = 86_400_000_000;
        if offset.micros().abs() >= DAY {
            return Err(Exception::value_error(format!(
                "offset must be a timedelta strictly between -timedelta(hours=24) and \
                 timedelta(hours=24), not {}.",
                repr(offset)
            )));
        }
        Ok(Self { offset: *offset })
    }

    /// `zone.utcoffset(None)`
    pub fn utcoffset(&self) -> TimeDelta {
        self.offset
    }

    /// The offset as `+HH:MM`, with seconds where it has any.
    pub(super) fn text(&self, colon: &str) -> String {
        let micros = self.offset.micros();
        let sign = if micros < 0 { '-' } else { '+' };
        let (seconds, fraction) = (micros.abs() / 1_000_000, micros.abs() % 1_000_000);
        let mut text = format!("{sign}{:02}{colon}{:02}", seconds / 3600, seconds / 60 % 60);
        if seconds % 60 != 0 || fraction != 0 {
            text.push_str(&format!("{colon}{:02}", seconds % 60));
        }
        if fraction != 0 {
            text.push_str(&format!(".{fraction:06}"));
        }
        text
    }

    /// `zone.tzname(None)`
    pub fn name(&self) -> String {
        if self.offset.micros() == 0 {
            "UTC".into()
        } else {
            format!("UTC{}", self.text(":"))
        }
    }
}
