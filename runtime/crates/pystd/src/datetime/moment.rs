//! `datetime.datetime`

use super::delta::{DAY, SECOND};
use super::{Date, Replace, Time, TimeDelta, TimeZone};
use crate::{Exception, Float, Int};

/// A date and a time, perhaps with an offset from UTC.
#[derive(Clone, Copy, Debug)]
pub struct DateTime {
    date: Date,
    time: Time,
}

/// The day number of 1 January 1970.
const EPOCH: i64 = 719_163;

impl DateTime {
    /// `datetime(year, month, day, hour, minute, second, microsecond)`
    ///
    /// # Errors
    /// `ValueError` when there is no such date or time.
    pub fn new(
        year: impl Into<Int>,
        month: impl Into<Int>,
        day: impl Into<Int>,
        hour: impl Into<Int>,
        minute: impl Into<Int>,
        second: impl Into<Int>,
        microsecond: impl Into<Int>,
    ) -> Result<Self, Exception> {
        let date = Date::new(year, month, day)?;
        Ok(Self {
            date,
            time: Time::new(hour, minute, second, microsecond)?,
        })
    }

    /// `datetime.combine(date, time)`
    pub fn combine(date: &Date, time: &Time) -> Self {
        Self {
            date: *date,
            time: *time,
        }
    }

    /// `datetime.fromtimestamp(seconds, timezone.utc)`
    ///
    /// # Errors
    /// `ValueError` outside the years 1 to 9999, and for what is not finite.
    pub fn from_timestamp_utc(seconds: &Float) -> Result<Self, Exception> {
        let micros = match seconds {
            Float::Int(seconds) => seconds * Int::from(SECOND),
            Float::Double(seconds) => {
                if seconds.is_nan() {
                    return Err(Exception::value_error("Invalid value NaN (not a number)"));
                }
                let whole = crate::float::floor_to_int(*seconds).map_err(|_| {
                    Exception::overflow_error("cannot convert float infinity to integer")
                })?;
                let fraction = (seconds - seconds.floor()) * 1e6;
                whole * Int::from(SECOND) + crate::float::to_int(fraction.round_ties_even())?
            }
        };
        let (day, rest) = micros.div_mod(&Int::from(DAY))?;
        let date = Date::at(day.clamped().saturating_add(EPOCH)).ok_or_else(|| {
            Exception::unsupported(format!(
                "the timestamp {seconds}, outside the years 1 to 9999"
            ))
        })?;
        let time = Time::of_day(rest.clamped()).with_zone(Some(TimeZone::utc()));
        Ok(Self { date, time })
    }

    /// `x.date()`
    pub fn date(&self) -> Date {
        self.date
    }

    /// `x.time()`
    pub fn time(&self) -> Time {
        self.time.with_zone(None)
    }

    /// `x.timetz()`
    pub fn timetz(&self) -> Time {
        self.time
    }

    /// `x.tzinfo`
    pub fn tzinfo(&self) -> Option<TimeZone> {
        self.time.tzinfo()
    }

    /// `x.utcoffset()`
    pub fn utcoffset(&self) -> Option<TimeDelta> {
        self.tzinfo().map(|zone| zone.utcoffset())
    }

    /// `x.replace(tzinfo=zone)`
    #[must_use]
    pub fn with_zone(self, zone: Option<TimeZone>) -> Self {
        Self {
            date: self.date,
            time: self.time.with_zone(zone),
        }
    }

    /// Microseconds since the day before year 1 began, on its own clock.
    pub(super) fn local_micros(self) -> i128 {
        i128::from(self.date.ordinal()) * DAY + i128::from(self.time.micros())
    }

    /// The same in UTC; without an offset, on its own clock.
    pub(super) fn utc_micros(self) -> i128 {
        self.local_micros() - self.utcoffset().map_or(0, TimeDelta::micros)
    }

    /// The moment `micros` on its own clock, in the same zone.
    pub(super) fn at_local(self, micros: i128) -> Result<Self, Exception> {
        let out_of_range = || Exception::overflow_error("date value out of range");
        let day = i64::try_from(micros.div_euclid(DAY)).map_err(|_| out_of_range())?;
        let date = Date::at(day).ok_or_else(out_of_range)?;
        let within = i64::try_from(micros.rem_euclid(DAY)).map_err(|_| out_of_range())?;
        Ok(Self {
            date,
            time: Time::of_day(within).with_zone(self.tzinfo()),
        })
    }

    /// `x.astimezone(zone)`
    ///
    /// # Errors
    /// `OverflowError` outside the years 1 to 9999; unsupported without an offset of its own, which would
    /// depend on the machine.
    pub fn astimezone(&self, zone: &TimeZone) -> Result<Self, Exception> {
        if self.tzinfo().is_none() {
            return Err(Exception::unsupported(
                "astimezone() of a datetime without a zone",
            ));
        }
        self.with_zone(Some(*zone))
            .at_local(self.utc_micros() + zone.utcoffset().micros())
    }

    /// `x.timestamp()`
    ///
    /// # Errors
    /// Unsupported without an offset, as it would depend on the machine.
    pub fn timestamp(&self) -> Result<Float, Exception> {
        if self.tzinfo().is_none() {
            return Err(Exception::unsupported(
                "timestamp() of a datetime without a zone",
            ));
        }
        let since = self.utc_micros() - i128::from(EPOCH) * DAY;
        Ok(TimeDelta::from_micros(since).total_seconds())
    }

    /// `x.isoformat()`
    pub fn isoformat(&self) -> String {
        self.isoformat_with("T")
    }

    /// `x.isoformat(separator)`
    pub fn isoformat_with(&self, separator: &str) -> String {
        format!(
            "{}{separator}{}",
            self.date.isoformat(),
            self.time.isoformat()
        )
    }

    /// `x.replace(…)`
    ///
    /// # Errors
    /// `ValueError` when there is no such date or time.
    pub fn replace(&self, with: Replace) -> Result<Self, Exception> {
        let date = self.date.replace(with.clone())?;
        Ok(Self {
            date,
            time: self.time.replace(with)?,
        })
    }
}

macro_rules! parts {
    ($($of:ident: $($name:ident)+;)+) => {
        impl DateTime {$($(
            #[doc = concat!("`x.", stringify!($name), "`")]
            pub fn $name(&self) -> Int {
                self.$of.$name()
            }
        )+)+}
    };
}

parts! {
    date: year month day weekday isoweekday to_ordinal;
    time: hour minute second microsecond;
}

impl DateTime {
    /// `x.isocalendar()`: year, week and day.
    pub fn isocalendar(&self) -> (Int, Int, Int) {
        self.date.isocalendar()
    }
}
