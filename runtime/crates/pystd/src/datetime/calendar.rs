//! The proleptic Gregorian calendar as day numbers; day 1 is 1 January of year 1.

pub(super) const MAX_ORDINAL: i64 = 3_652_059;

const DAYS_BEFORE_MONTH: [i64; 13] = [0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

pub(super) fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

pub(super) fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The days of the year before the month begins.
pub(super) fn days_before_month(year: i64, month: i64) -> i64 {
    let index = usize::try_from(month).unwrap_or(0).min(12);
    DAYS_BEFORE_MONTH[index] + i64::from(month > 2 && is_leap(year))
}

fn days_before_year(year: i64) -> i64 {
    let past = year - 1;
    past * 365 + past.div_euclid(4) - past.div_euclid(100) + past.div_euclid(400)
}

pub(super) fn to_ordinal(year: i64, month: i64, day: i64) -> i64 {
    days_before_year(year) + days_before_month(year, month) + day
}

pub(super) fn from_ordinal(ordinal: i64) -> (i64, i64, i64) {
    let mut year = ((ordinal - 1) * 400).div_euclid(146_097) + 1;
    while days_before_year(year + 1) < ordinal {
        year += 1;
    }
    while days_before_year(year) >= ordinal {
        year -= 1;
    }
    let day_of_year = ordinal - days_before_year(year);
    let mut month = 1;
    while month < 12 && days_before_month(year, month + 1) < day_of_year {
        month += 1;
    }
    (year, month, day_of_year - days_before_month(year, month))
}

/// Monday of the first week, by ISO 8601, as a day number.
pub(super) fn iso_week1_monday(year: i64) -> i64 {
    let first = to_ordinal(year, 1, 1);
    let weekday = (first + 6) % 7;
    first - weekday + if weekday > 3 { 7 } else { 0 }
}
