//! Arithmetic, comparison and display of dates and times.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use super::delta::DAY;
use super::{Date, DateTime, Time, TimeDelta, TimeZone};
use crate::ops::{PyAdd, PyFloorDiv, PyMul, PyNeg, PyRem, PySub, PyTrueDiv};
use crate::{Exception, Float, Int, PyOrd, PyRepr, Truthy, float};

fn whole_days(delta: TimeDelta) -> i64 {
    // a span always fits: it is limited to 999999999 days
    i64::try_from(delta.micros().div_euclid(DAY)).unwrap_or(0)
}

fn shifted(date: Date, days: i64) -> Result<Date, Exception> {
    Date::at(date.ordinal() + days)
        .ok_or_else(|| Exception::overflow_error("date value out of range"))
}

fn checked(micros: i128) -> Result<TimeDelta, Exception> {
    TimeDelta::checked(&Int::from(micros))
}

fn scaled(delta: TimeDelta, times: &Int, by: &Int) -> Result<TimeDelta, Exception> {
    TimeDelta::checked(&(Int::from(delta.micros()) * times).div_nearest(by)?)
}

macro_rules! implement {
    ($($Trait:ident $method:ident $left:ty, $right:ty => $output:ty: $apply:expr;)+) => {$(
        impl $Trait<$right> for $left {
            type Output = $output;

            fn $method(&self, other: &$right) -> Result<$output, Exception> {
                let apply: fn(&$left, &$right) -> Result<$output, Exception> = $apply;
                apply(self, other)
            }
        }
    )+};
}

implement! {
    PyAdd py_add Date, TimeDelta => Date: |date, delta| shifted(*date, whole_days(*delta));
    PySub py_sub Date, TimeDelta => Date: |date, delta| shifted(*date, -whole_days(*delta));
    PySub py_sub Date, Date => TimeDelta: |a, b| {
        checked(i128::from(a.ordinal() - b.ordinal()) * DAY)
    };
    PyAdd py_add DateTime, TimeDelta => DateTime: |at, delta| {
        at.at_local(at.local_micros() + delta.micros())
    };
    PySub py_sub DateTime, TimeDelta => DateTime: |at, delta| {
        at.at_local(at.local_micros() - delta.micros())
    };
    PySub py_sub DateTime, DateTime => TimeDelta: |a, b| {
        if a.tzinfo().is_some() != b.tzinfo().is_some() {
            return Err(Exception::type_error(
                "can't subtract offset-naive and offset-aware datetimes",
            ));
        }
        checked(a.utc_micros() - b.utc_micros())
    };
    PyAdd py_add TimeDelta, TimeDelta => TimeDelta: |a, b| checked(a.micros() + b.micros());
    PySub py_sub TimeDelta, TimeDelta => TimeDelta: |a, b| checked(a.micros() - b.micros());
    PyAdd py_add TimeDelta, Date => Date: |delta, date| date.py_add(delta);
    PyAdd py_add TimeDelta, DateTime => DateTime: |delta, at| at.py_add(delta);
    PyMul py_mul TimeDelta, Int => TimeDelta: |delta, times| {
        TimeDelta::checked(&(Int::from(delta.micros()) * times))
    };
    PyMul py_mul Int, TimeDelta => TimeDelta: |times, delta| delta.py_mul(times);
    PyTrueDiv py_true_div TimeDelta, TimeDelta => Float: |a, b| {
        Int::from(a.micros()).true_div(&Int::from(b.micros())).map(Float::from)
    };
    PyFloorDiv py_floor_div TimeDelta, TimeDelta => Int: |a, b| {
        Ok(Int::from(a.micros()).div_mod(&Int::from(b.micros()))?.0)
    };
    PyFloorDiv py_floor_div TimeDelta, Int => TimeDelta: |a, by| {
        TimeDelta::checked(&Int::from(a.micros()).div_mod(by)?.0)
    };
    PyRem py_rem TimeDelta, TimeDelta => TimeDelta: |a, b| {
        TimeDelta::checked(&Int::from(a.micros()).modulo(&Int::from(b.micros()))?)
    };
    // to the nearest microsecond, ties to even
    PyTrueDiv py_true_div TimeDelta, Int => TimeDelta: |delta, by| {
        TimeDelta::checked(&Int::from(delta.micros()).div_nearest(by)?)
    };
    PyTrueDiv py_true_div TimeDelta, Float => TimeDelta: |delta, by| match by {
        Float::Int(by) => delta.py_true_div(by),
        Float::Double(by) => {
            let (numerator, denominator) = float::ratio(*by)?;
            scaled(*delta, &denominator, &numerator)
        }
    };
    PyMul py_mul TimeDelta, Float => TimeDelta: |delta, times| match times {
        Float::Int(times) => delta.py_mul(times),
        Float::Double(times) => {
            let (numerator, denominator) = float::ratio(*times)?;
            scaled(*delta, &numerator, &denominator)
        }
    };
}

impl PyNeg for TimeDelta {
    fn py_neg(&self) -> Result<Self, Exception> {
        checked(-self.micros())
    }
}

impl PartialEq for DateTime {
    fn eq(&self, other: &Self) -> bool {
        self.tzinfo().is_some() == other.tzinfo().is_some()
            && self.utc_micros() == other.utc_micros()
    }
}

impl Eq for DateTime {}

impl Hash for DateTime {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.utc_micros().hash(state);
    }
}

fn time_utc(time: Time) -> i128 {
    i128::from(time.micros()) - time.tzinfo().map_or(0, |zone| zone.utcoffset().micros())
}

impl PartialEq for Time {
    fn eq(&self, other: &Self) -> bool {
        self.tzinfo().is_some() == other.tzinfo().is_some() && time_utc(*self) == time_utc(*other)
    }
}

impl Eq for Time {}

impl Hash for Time {
    fn hash<H: Hasher>(&self, state: &mut H) {
        time_utc(*self).hash(state);
    }
}

impl PyOrd for DateTime {
    fn py_cmp(&self, other: &Self, _: &str) -> Result<Option<Ordering>, Exception> {
        if self.tzinfo().is_some() != other.tzinfo().is_some() {
            return Err(Exception::type_error(
                "can't compare offset-naive and offset-aware datetimes",
            ));
        }
        Ok(Some(self.utc_micros().cmp(&other.utc_micros())))
    }
}

impl PyOrd for Time {
    fn py_cmp(&self, other: &Self, _: &str) -> Result<Option<Ordering>, Exception> {
        if self.tzinfo().is_some() != other.tzinfo().is_some() {
            return Err(Exception::type_error(
                "can't compare offset-naive and offset-aware times",
            ));
        }
        Ok(Some(time_utc(*self).cmp(&time_utc(*other))))
    }
}

impl PyOrd for Date {
    fn py_cmp(&self, other: &Self, _: &str) -> Result<Option<Ordering>, Exception> {
        Ok(Some(self.cmp(other)))
    }
}

impl PyOrd for TimeDelta {
    fn py_cmp(&self, other: &Self, _: &str) -> Result<Option<Ordering>, Exception> {
        Ok(Some(self.cmp(other)))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.isoformat())
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.isoformat())
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.isoformat_with(" "))
    }
}

impl fmt::Display for TimeZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name())
    }
}

/// The arguments of a clock time as `repr` shows them, and the zone.
fn clock(time: Time) -> String {
    let (hour, minute, second, micro) = time.parts();
    let mut shown = format!("{hour}, {minute}");
    if second != 0 || micro != 0 {
        shown.push_str(&format!(", {second}"));
    }
    if micro != 0 {
        shown.push_str(&format!(", {micro}"));
    }
    if let Some(zone) = time.tzinfo() {
        shown.push_str(&format!(", tzinfo={}", zone.py_repr()));
    }
    shown
}

macro_rules! shown {
    ($($type:ident $name:literal: $repr:expr;)+) => {$(
        impl PyRepr for $type {
            fn py_repr(&self) -> String {
                let repr: fn($type) -> String = $repr;
                repr(*self)
            }

            fn py_str(&self) -> String {
                self.to_string()
            }

            fn py_type(&self) -> Cow<'_, str> {
                $name.into()
            }
        }
    )+};
}

shown! {
    Date "date": |date| {
        let (year, month, day) = date.parts();
        format!("datetime.date({year}, {month}, {day})")
    };
    Time "time": |time| format!("datetime.time({})", clock(time));
    DateTime "datetime": |at| {
        let (year, month, day) = at.date().parts();
        format!("datetime.datetime({year}, {month}, {day}, {})", clock(at.timetz()))
    };
    TimeDelta "timedelta": |delta| {
        let (days, seconds, micros) = delta.normalised();
        let parts: Vec<String> = [("days", days), ("seconds", seconds), ("microseconds", micros)]
            .into_iter()
            .filter(|&(_, count)| count != 0)
            .map(|(name, count)| format!("{name}={count}"))
            .collect();
        format!("datetime.timedelta({})", if parts.is_empty() { "0".into() } else { parts.join(", ") })
    };
    TimeZone "timezone": |zone| {
        if zone.utcoffset() == TimeDelta::default() {
            "datetime.timezone.utc".into()
        } else {
            format!("datetime.timezone({})", zone.utcoffset().py_repr())
        }
    };
}

impl Truthy for TimeDelta {
    fn truthy(&self) -> bool {
        self.micros() != 0
    }
}

macro_rules! always_true {
    ($($type:ident)+) => {$(
        impl Truthy for $type {
            fn truthy(&self) -> bool {
                true
            }
        }
    )+};
}

always_true!(Date Time DateTime TimeZone);
