//! What the clock says, as dates and times.

use jiff::civil;
use jiff::tz::TimeZone as Zone;

use super::{Date, DateTime, TimeZone};
use crate::Exception;

impl DateTime {
    /// `datetime.now()`
    ///
    /// # Errors
    /// Never, as long as the clock shows a year that Python knows.
    pub fn now() -> Result<Self, Exception> {
        Self::civil(jiff::Zoned::now().datetime())
    }

    /// `datetime.utcnow()`
    ///
    /// # Errors
    /// As `now`.
    pub fn utcnow() -> Result<Self, Exception> {
        Self::civil(jiff::Timestamp::now().to_zoned(Zone::UTC).datetime())
    }

    /// `datetime.now(timezone.utc)`
    ///
    /// # Errors
    /// As `now`.
    pub fn now_utc() -> Result<Self, Exception> {
        let now = Self::utcnow()?;
        let time = now.time().with_zone(Some(TimeZone::utc()));
        Ok(Self::combine(&now.date(), &time))
    }

    fn civil(at: civil::DateTime) -> Result<Self, Exception> {
        Self::new(
            i64::from(at.year()),
            i64::from(at.month()),
            i64::from(at.day()),
            i64::from(at.hour()),
            i64::from(at.minute()),
            i64::from(at.second()),
            i64::from(at.subsec_nanosecond() / 1000),
        )
    }
}

impl Date {
    /// `date.today()`
    ///
    /// # Errors
    /// As `datetime.now`.
    pub fn today() -> Result<Self, Exception> {
        Ok(DateTime::now()?.date())
    }
}
