//! `datetime.timedelta`

use std::fmt;

use crate::{Exception, Float, Int, float};

/// A span of time, to the microsecond.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeDelta {
    micros: i128,
}

/// The named arguments of `timedelta`.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "the names say it")]
pub struct DeltaParts {
    pub days: Float,
    pub seconds: Float,
    pub microseconds: Float,
    pub milliseconds: Float,
    pub minutes: Float,
    pub hours: Float,
    pub weeks: Float,
}

impl Default for DeltaParts {
    fn default() -> Self {
        let none = || Float::from(0);
        Self {
            days: none(),
            seconds: none(),
            microseconds: none(),
            milliseconds: none(),
            minutes: none(),
            hours: none(),
            weeks: none(),
        }
    }
}

pub(super) const SECOND: i128 = 1_000_000;
pub(super) const DAY: i128 = 86_400 * SECOND;
const MAX_DAYS: i128 = 999_999_999;

impl TimeDelta {
    /// `timedelta(…)` with any of its arguments.
    ///
    /// # Errors
    /// `OverflowError` when it is too long, `ValueError` for `nan`.
    #[allow(
        clippy::needless_pass_by_value,
        reason = "written in place in every call"
    )]
    pub fn new(parts: DeltaParts) -> Result<Self, Exception> {
        // the order and the carried fraction are CPython's: whole microseconds are summed exactly, what is
        // left of each argument as floats
        let scaled = [
            (parts.microseconds, 1),
            (parts.milliseconds, 1000),
            (parts.seconds, SECOND),
            (parts.minutes, 60 * SECOND),
            (parts.hours, 3600 * SECOND),
            (parts.days, DAY),
            (parts.weeks, 7 * DAY),
        ];
        let mut micros = Int::ZERO;
        let mut left_over = 0.0;
        for (count, unit) in scaled {
            let unit = Int::from(unit);
            match count {
                Float::Int(count) => micros += &count * &unit,
                Float::Double(count) => {
                    let whole = float::to_int(count)?;
                    micros += &whole * &unit;
                    let fraction = count.fract() * unit.to_f64()?;
                    micros += float::to_int(fraction)?;
                    left_over += fraction.fract();
                }
            }
        }
        if left_over != 0.0 {
            let mut whole = left_over.round();
            if (whole - left_over).abs() == 0.5 {
                // ties go to an even total
                let odd = f64::from(u8::from(&micros & 1 == Int::ONE));
                whole = 2.0 * ((left_over + odd) * 0.5).round() - odd;
            }
            micros += float::to_int(whole)?;
        }
        Self::checked(&micros)
    }

    /// A span of whole microseconds.
    pub(crate) fn checked(micros: &Int) -> Result<Self, Exception> {
        let (days, _) = micros.div_mod(&Int::from(DAY))?;
        if days > Int::from(MAX_DAYS) || days < Int::from(-MAX_DAYS) {
            return Err(match i32::try_from(days.clamped()) {
                Ok(days) => Exception::overflow_error(format!(
                    "days={days}; must have magnitude <= 999999999"
                )),
                Err(_) => Exception::overflow_error("Python int too large to convert to C int"),
            });
        }
        let micros = micros
            .to_string()
            .parse()
            .map_err(|_| Exception::overflow_error("Python int too large to convert to C int"))?;
        Ok(Self { micros })
    }

    pub(crate) const fn from_micros(micros: i128) -> Self {
        Self { micros }
    }

    pub(crate) fn micros(self) -> i128 {
        self.micros
    }

    /// Days, seconds and microseconds as Python stores them: only the days can be negative.
    pub(crate) fn normalised(self) -> (i128, i128, i128) {
        let rest = self.micros.rem_euclid(DAY);
        (self.micros.div_euclid(DAY), rest / SECOND, rest % SECOND)
    }

    /// `delta.days`
    pub fn days_part(&self) -> Int {
        self.normalised().0.into()
    }

    /// `delta.seconds`
    pub fn seconds_part(&self) -> Int {
        self.normalised().1.into()
    }

    /// `delta.microseconds`
    pub fn microseconds_part(&self) -> Int {
        self.normalised().2.into()
    }

    /// `delta.total_seconds()`
    pub fn total_seconds(&self) -> Float {
        Int::from(self.micros)
            .true_div(&Int::from(SECOND))
            .unwrap_or_default()
            .into()
    }

    /// `abs(delta)`
    #[must_use]
    pub fn abs(&self) -> Self {
        Self {
            micros: self.micros.abs(),
        }
    }
}

macro_rules! units {
    ($($unit:ident)+) => {
        impl TimeDelta {$(
            #[doc = concat!("`timedelta(", stringify!($unit), "=count)`")]
            ///
            /// # Errors
            /// `OverflowError` when it is too long.
            pub fn $unit(count: impl Into<Float>) -> Result<Self, Exception> {
                Self::new(DeltaParts { $unit: count.into(), ..DeltaParts::default() })
            }
        )+}
    };
}

units!(weeks days hours minutes seconds milliseconds microseconds);

impl fmt::Display for TimeDelta {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (days, seconds, micros) = self.normalised();
        if days != 0 {
            write!(f, "{days} day{}, ", if days.abs() == 1 { "" } else { "s" })?;
        }
        write!(
            f,
            "{}:{:02}:{:02}",
            seconds / 3600,
            seconds / 60 % 60,
            seconds % 60
        )?;
        if micros != 0 {
            write!(f, ".{micros:06}")?;
        }
        Ok(())
    }
}
