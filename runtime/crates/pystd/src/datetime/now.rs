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

    /// What the clock says, with the name and the offset of the place's zone as `%Z` and `%z`.
    pub(crate) fn shown_now(format: &str) -> Result<String, Exception> {
        let now = jiff::Zoned::now();
        let zone = now.time_zone().to_offset_info(now.timestamp());
        let name = match now.time_zone().is_unknown() {
            true => "UTC".to_owned(),
            false => zone.abbreviation().replace('%', "%%"),
        };
        let seconds = zone.offset().seconds();
        let minutes = seconds.abs() / 60;
        let sign = if seconds < 0 { '-' } else { '+' };
        let offset = format!("{sign}{:02}{:02}", minutes / 60, minutes % 60);
        let mut filled = String::new();
        let mut chars = format.chars();
        while let Some(c) = chars.next() {
            match (c, chars.clone().next()) {
                ('%', Some('Z')) => filled.push_str(&name),
                ('%', Some('z')) => filled.push_str(&offset),
                ('%', Some(other)) => filled.extend(['%', other]),
                _ => {
                    filled.push(c);
                    continue;
                }
            }
            chars.next();
        }
        Self::civil(now.datetime())?.strftime(&filled)
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
