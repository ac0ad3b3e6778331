//! `datetime.time`

use super::{Replace, TimeZone, field};
use crate::{Exception, Int};

/// A time of day, perhaps with an offset.
#[derive(Clone, Copy, Debug)]
pub struct Time {
    micros: i64,
    zone: Option<TimeZone>,
}

const SECOND: i64 = 1_000_000;

impl Time {
    /// `time(hour, minute, second, microsecond)`
    ///
    /// # Errors
    /// `ValueError` when there is no such time.
    pub fn new(
        hour: impl Into<Int>,
        minute: impl Into<Int>,
        second: impl Into<Int>,
        microsecond: impl Into<Int>,
    ) -> Result<Self, Exception> {
        let hour = field(&hour.into(), 0..=23, "hour must be in 0..23")?;
        let minute = field(&minute.into(), 0..=59, "minute must be in 0..59")?;
        let second = field(&second.into(), 0..=59, "second must be in 0..59")?;
        let micro = field(
            &microsecond.into(),
            0..=999_999,
            "microsecond must be in 0..999999",
        )?;
        Ok(Self {
            micros: ((hour * 60 + minute) * 60 + second) * SECOND + micro,
            zone: None,
        })
    }

    pub(super) const fn of_day(micros: i64) -> Self {
        Self { micros, zone: None }
    }

    /// `x.replace(tzinfo=zone)`
    #[must_use]
    pub fn with_zone(mut self, zone: Option<TimeZone>) -> Self {
        self.zone = zone;
        self
    }

    /// `x.tzinfo`
    pub fn tzinfo(&self) -> Option<TimeZone> {
        self.zone
    }

    /// Microseconds since midnight.
    pub(super) fn micros(self) -> i64 {
        self.micros
    }

    /// Hour, minute, second, microsecond.
    pub(super) fn parts(self) -> (i64, i64, i64, i64) {
        let seconds = self.micros / SECOND;
        (
            seconds / 3600,
            seconds / 60 % 60,
            seconds % 60,
            self.micros % SECOND,
        )
    }

    /// `x.hour`
    pub fn hour(&self) -> Int {
        self.parts().0.into()
    }

    /// `x.minute`
    pub fn minute(&self) -> Int {
        self.parts().1.into()
    }

    /// `x.second`
    pub fn second(&self) -> Int {
        self.parts().2.into()
    }

    /// `x.microsecond`
    pub fn microsecond(&self) -> Int {
        self.parts().3.into()
    }

    /// `x.isoformat()`
    pub fn isoformat(&self) -> String {
        let (hour, minute, second, micro) = self.parts();
        let fraction = if micro == 0 {
            String::new()
        } else {
            format!(".{micro:06}")
        };
        let zone = self.zone.map(|zone| zone.text(":")).unwrap_or_default();
        format!("{hour:02}:{minute:02}:{second:02}{fraction}{zone}")
    }

    /// `x.replace(…)`
    ///
    /// # Errors
    /// `ValueError` when there is no such time.
    #[allow(
        clippy::needless_pass_by_value,
        reason = "written in place in every call"
    )]
    pub fn replace(&self, with: Replace) -> Result<Self, Exception> {
        let (hour, minute, second, micro) = self.parts();
        let or = |new: Option<Int>, old: i64| new.unwrap_or_else(|| old.into());
        let zone = with.tzinfo.unwrap_or(self.zone);
        Self::new(
            or(with.hour, hour),
            or(with.minute, minute),
            or(with.second, second),
            or(with.microsecond, micro),
        )
        .map(|time| time.with_zone(zone))
    }
}
