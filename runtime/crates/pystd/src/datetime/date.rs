//! `datetime.date`

use super::{Replace, calendar, field};
use crate::{Exception, Int};

/// A day of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: i64,
    month: i64,
    day: i64,
}

impl Date {
    /// `date(year, month, day)`
    ///
    /// # Errors
    /// `ValueError` when there is no such day.
    pub fn new(
        year: impl Into<Int>,
        month: impl Into<Int>,
        day: impl Into<Int>,
    ) -> Result<Self, Exception> {
        let year = field(&year.into(), 1..=9999, "year {} is out of range")?;
        let month = field(&month.into(), 1..=12, "month must be in 1..12")?;
        let last = calendar::days_in_month(year, month);
        let day = field(&day.into(), 1..=last, "day is out of range for month")?;
        Ok(Self { year, month, day })
    }

    /// `date.fromordinal(ordinal)`
    ///
    /// # Errors
    /// `ValueError` outside the years 1 to 9999.
    pub fn from_ordinal(ordinal: impl Into<Int>) -> Result<Self, Exception> {
        let ordinal = ordinal.into().clamped();
        if ordinal < 1 {
            return Err(Exception::value_error("ordinal must be >= 1"));
        }
        Self::at(ordinal).ok_or_else(|| {
            let year = calendar::from_ordinal(ordinal.min(4_000_000)).0;
            Exception::value_error(format!("year {year} is out of range"))
        })
    }

    /// The day with this number.
    pub(super) fn at(ordinal: i64) -> Option<Self> {
        (1..=calendar::MAX_ORDINAL).contains(&ordinal).then(|| {
            let (year, month, day) = calendar::from_ordinal(ordinal);
            Self { year, month, day }
        })
    }

    pub(super) fn ordinal(self) -> i64 {
        calendar::to_ordinal(self.year, self.month, self.day)
    }

    pub(super) fn parts(self) -> (i64, i64, i64) {
        (self.year, self.month, self.day)
    }

    pub(super) fn day_of_year(self) -> i64 {
        calendar::days_before_month(self.year, self.month) + self.day
    }

    /// `x.year`
    pub fn year(&self) -> Int {
        self.year.into()
    }

    /// `x.month`
    pub fn month(&self) -> Int {
        self.month.into()
    }

    /// `x.day`
    pub fn day(&self) -> Int {
        self.day.into()
    }

    /// `x.toordinal()`
    pub fn to_ordinal(&self) -> Int {
        self.ordinal().into()
    }

    /// `x.weekday()`: Monday is 0.
    pub fn weekday(&self) -> Int {
        ((self.ordinal() + 6) % 7).into()
    }

    /// `x.isoweekday()`: Monday is 1.
    pub fn isoweekday(&self) -> Int {
        self.weekday() + 1
    }

    /// `x.isocalendar()`: year, week and day.
    pub fn isocalendar(&self) -> (Int, Int, Int) {
        let ordinal = self.ordinal();
        let year = [self.year + 1, self.year]
            .into_iter()
            .find(|&year| calendar::iso_week1_monday(year) <= ordinal)
            .unwrap_or(self.year - 1);
        let week = (ordinal - calendar::iso_week1_monday(year)) / 7 + 1;
        (year.into(), week.into(), self.isoweekday())
    }

    /// `x.isoformat()`
    pub fn isoformat(&self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }

    /// `x.replace(…)`
    ///
    /// # Errors
    /// `ValueError` when there is no such day.
    #[allow(
        clippy::needless_pass_by_value,
        reason = "written in place in every call"
    )]
    pub fn replace(&self, with: Replace) -> Result<Self, Exception> {
        let or = |new: Option<Int>, old: i64| new.unwrap_or_else(|| old.into());
        Self::new(
            or(with.year, self.year),
            or(with.month, self.month),
            or(with.day, self.day),
        )
    }
}
