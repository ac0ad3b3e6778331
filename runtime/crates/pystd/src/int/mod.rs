//! Python's `int`: it does not wrap.

mod operators;

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use num_bigint::{BigInt, Sign};
use num_integer::Integer;
use num_traits::{Signed, ToPrimitive, Zero};

use crate::Exception;
use crate::unicode;

/// An integer of any size; small ones stay in a machine word.
#[derive(Clone, PartialEq, Eq)]
pub struct Int(Repr);

#[derive(Clone, PartialEq, Eq)]
enum Repr {
    Small(i64),
    /// Only for what does not fit `Small`, so that equal numbers have equal representations.
    Big(Box<BigInt>),
}

use Repr::{Big, Small};

impl Int {
    /// Zero.
    pub const ZERO: Self = Self(Small(0));
    /// One.
    pub const ONE: Self = Self(Small(1));

    /// A constant.
    pub const fn new(value: i64) -> Self {
        Self(Small(value))
    }

    /// Reads what `int(text, 10)` reads.
    ///
    /// # Errors
    /// `ValueError` when `text` is not an integer.
    pub fn parse(text: &str) -> Result<Self, Exception> {
        Self::parse_base(text, 10)
    }

    /// Reads what `int(text, base)` reads.
    ///
    /// # Errors
    /// `ValueError` when `base` is not 0 or 2 to 36, or `text` is not an integer in that base.
    pub fn parse_base(text: &str, base: u32) -> Result<Self, Exception> {
        if base != 0 && !(2..=36).contains(&base) {
            return Err(Exception::value_error(
                "int() base must be >= 2 and <= 36, or 0",
            ));
        }
        let invalid = || {
            Exception::value_error(format!(
                "invalid literal for int() with base {base}: {}",
                crate::repr(text)
            ))
        };
        let plain: String = text
            .trim_matches(unicode::is_space)
            .chars()
            .map(|c| match unicode::decimal_value(c) {
                Some(digit) => char::from_digit(digit, 10).unwrap_or(c),
                None => c.to_ascii_lowercase(),
            })
            .collect();
        let (negative, unsigned) = match plain.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, plain.strip_prefix('+').unwrap_or(&plain)),
        };
        let prefixed = [("0x", 16), ("0o", 8), ("0b", 2)]
            .into_iter()
            .find_map(|(prefix, of)| Some((unsigned.strip_prefix(prefix)?, of)))
            .filter(|&(_, of)| base == of || base == 0);
        let (digits, radix) = match prefixed {
            Some((rest, radix)) => (rest.strip_prefix('_').unwrap_or(rest), radix),
            None => (unsigned, if base == 0 { 10 } else { base }),
        };
        let separated = digits.starts_with('_') || digits.ends_with('_') || digits.contains("__");
        let bare = digits.replace('_', "");
        // in base 0 a literal must not look like C's octal
        let octal = base == 0
            && prefixed.is_none()
            && bare.starts_with('0')
            && !bare.trim_matches('0').is_empty();
        if separated || octal || bare.is_empty() || !bare.chars().all(|c| c.is_digit(radix)) {
            return Err(invalid());
        }
        if radix.count_ones() != 1 && bare.len() > 4300 {
            return Err(Exception::value_error(format!(
                "Exceeds the limit (4300 digits) for integer string conversion: value has {} digits; \
                 use sys.set_int_max_str_digits() to increase the limit",
                bare.len()
            )));
        }
        let magnitude = BigInt::parse_bytes(bare.as_bytes(), radix).ok_or_else(invalid)?;
        Ok(Self::from(if negative { -magnitude } else { magnitude }))
    }

    /// The number as a machine word, if it fits.
    pub fn to_i64(&self) -> Option<i64> {
        match &self.0 {
            Small(value) => Some(*value),
            Big(_) => None,
        }
    }

    /// The number as a word; one too large becomes the nearest (which is what slicing does with it).
    pub(crate) fn clamped(&self) -> i64 {
        match &self.0 {
            Small(value) => *value,
            Big(value) if value.is_negative() => i64::MIN,
            Big(_) => i64::MAX,
        }
    }

    /// The number as a count: negative ones are none.
    pub(crate) fn count(&self) -> usize {
        usize::try_from(self.clamped()).unwrap_or(0)
    }

    /// The number as a big integer.
    pub fn to_bigint(&self) -> BigInt {
        match &self.0 {
            Small(value) => BigInt::from(*value),
            Big(value) => value.as_ref().clone(),
        }
    }

    /// The nearest float.
    ///
    /// # Errors
    /// `OverflowError` when it is too large for one.
    pub fn to_f64(&self) -> Result<f64, Exception> {
        let nearest = match &self.0 {
            #[allow(
                clippy::cast_precision_loss,
                reason = "rounding to nearest is what Python does"
            )]
            Small(value) => *value as f64,
            Big(value) => nearest_f64(value),
        };
        if nearest.is_finite() {
            Ok(nearest)
        } else {
            Err(Exception::overflow_error(
                "int too large to convert to float",
            ))
        }
    }

    /// Whether it is zero.
    pub fn is_zero(&self) -> bool {
        self.0 == Small(0)
    }

    /// Whether it is below zero.
    pub fn is_negative(&self) -> bool {
        match &self.0 {
            Small(value) => *value < 0,
            Big(value) => value.is_negative(),
        }
    }

    /// The number without its sign.
    #[must_use]
    pub fn abs(&self) -> Self {
        if self.is_negative() {
            -self
        } else {
            self.clone()
        }
    }

    /// Quotient and remainder as `divmod`; both by floor.
    pub(crate) fn div_mod(&self, by: &Self) -> Result<(Self, Self), Exception> {
        if by.is_zero() {
            return Err(Exception::zero_division_error(
                "integer division or modulo by zero",
            ));
        }
        if let (Small(a), Small(b)) = (&self.0, &by.0)
            && *b != -1
        {
            let (quotient, remainder) = a.div_mod_floor(b);
            return Ok((quotient.into(), remainder.into()));
        }
        let (quotient, remainder) = self.to_bigint().div_mod_floor(&by.to_bigint());
        Ok((quotient.into(), remainder.into()))
    }

    /// The integer nearest to `self / by`, ties to even.
    pub(crate) fn div_nearest(&self, by: &Self) -> Result<Self, Exception> {
        let (quotient, rest) = self.div_mod(by)?;
        let up = match (&rest + &rest).abs().cmp(&by.abs()) {
            Ordering::Equal => &quotient & 1 == Self::ONE,
            other => other == Ordering::Greater,
        };
        Ok(quotient + i64::from(up))
    }

    /// `self % by`
    pub(crate) fn modulo(&self, by: &Self) -> Result<Self, Exception> {
        if by.is_zero() {
            return Err(Exception::zero_division_error("integer modulo by zero"));
        }
        Ok(self.div_mod(by)?.1)
    }

    /// `self / by`, correctly rounded.
    pub(crate) fn true_div(&self, by: &Self) -> Result<f64, Exception> {
        const EXACT: i64 = 1 << 53;
        if by.is_zero() {
            return Err(Exception::zero_division_error("division by zero"));
        }
        #[allow(clippy::cast_precision_loss, reason = "both are exact")]
        if let (Small(a), Small(b)) = (&self.0, &by.0)
            && a.unsigned_abs() <= EXACT.unsigned_abs()
            && b.unsigned_abs() <= EXACT.unsigned_abs()
        {
            return Ok(*a as f64 / *b as f64);
        }
        let (a, b) = (self.to_bigint(), by.to_bigint());
        // scale so that the quotient has at least 66 bits, keep a sticky bit, then round once
        let shift = 66 + i64::try_from(b.bits()).unwrap_or(i64::MAX)
            - i64::try_from(a.bits()).unwrap_or(i64::MAX);
        let (scaled, divisor) = if shift >= 0 {
            (a.abs() << shift.unsigned_abs(), b.abs())
        } else {
            (a.abs(), b.abs() << shift.unsigned_abs())
        };
        let (quotient, remainder) = scaled.div_rem(&divisor);
        let sticky = (quotient << 1u32) + i32::from(!remainder.is_zero());
        let magnitude = scaled_f64(&sticky, -shift - 1);
        if magnitude.is_infinite() {
            return Err(Exception::overflow_error(
                "integer division result too large for a float",
            ));
        }
        Ok(if a.is_negative() == b.is_negative() {
            magnitude
        } else {
            -magnitude
        })
    }

    /// `self ** exponent` for an exponent that is not negative.
    pub(crate) fn pow(&self, exponent: &Self) -> Result<Self, Exception> {
        match (
            self.to_i64(),
            exponent.to_i64().and_then(|e| u32::try_from(e).ok()),
        ) {
            (_, Some(exponent)) => {
                if let Some(power) = self.to_i64().and_then(|base| base.checked_pow(exponent)) {
                    return Ok(power.into());
                }
                Ok(self.to_bigint().pow(exponent).into())
            }
            (Some(base @ (0 | 1)), None) => Ok(base.into()),
            (Some(-1), None) => Ok(if (exponent & 1).is_zero() {
                Self::ONE
            } else {
                Self::new(-1)
            }),
            _ => Err(Exception::raise("MemoryError", [])),
        }
    }

    /// `pow(self, exponent, modulus)`.
    pub(crate) fn pow_mod(&self, exponent: &Self, modulus: &Self) -> Result<Self, Exception> {
        if modulus.is_zero() {
            return Err(Exception::value_error("pow() 3rd argument cannot be 0"));
        }
        let modulus = modulus.to_bigint();
        let (base, exponent) = if exponent.is_negative() {
            let inverse = self.to_bigint().modinv(&modulus).ok_or_else(|| {
                Exception::value_error("base is not invertible for the given modulus")
            })?;
            (inverse, -exponent.to_bigint())
        } else {
            (self.to_bigint(), exponent.to_bigint())
        };
        Ok(base.modpow(&exponent, &modulus).into())
    }

    /// `self << by`.
    pub(crate) fn shl(&self, by: &Self) -> Result<Self, Exception> {
        if by.is_negative() {
            return Err(Exception::value_error("negative shift count"));
        }
        match u32::try_from(by.clamped()) {
            _ if self.is_zero() => Ok(Self::ZERO),
            Ok(by) => Ok((self.to_bigint() << by).into()),
            Err(_) => Err(Exception::raise("MemoryError", [])),
        }
    }

    /// `self >> by`, towards minus infinity.
    pub(crate) fn shr(&self, by: &Self) -> Result<Self, Exception> {
        if by.is_negative() {
            return Err(Exception::value_error("negative shift count"));
        }
        let by = u64::try_from(by.clamped()).unwrap_or(u64::MAX);
        Ok(match &self.0 {
            Small(value) => (value >> by.min(63)).into(),
            Big(value) => (value.as_ref() >> by).into(),
        })
    }

    /// The digits in a base, with a minus sign where needed.
    pub(crate) fn to_base(&self, base: u32) -> String {
        self.to_bigint().to_str_radix(base)
    }
}

/// `value` as a float, rounded half to even; infinite when too large.
fn nearest_f64(value: &BigInt) -> f64 {
    let magnitude = scaled_f64(&value.abs(), 0);
    if value.is_negative() {
        -magnitude
    } else {
        magnitude
    }
}

/// `value * 2**exponent` for a value that is not negative, rounded half to even once.
fn scaled_f64(value: &BigInt, exponent: i64) -> f64 {
    let bits = i64::try_from(value.bits()).unwrap_or(i64::MAX);
    // the lowest bit a double of this size can hold
    let lowest = (bits + exponent - 53).max(-1074);
    let drop = lowest - exponent;
    let mantissa = if drop <= 0 {
        value << drop.unsigned_abs()
    } else {
        let (kept, rest) = value.div_rem(&(BigInt::from(1) << drop.unsigned_abs()));
        let half = BigInt::from(1) << (drop.unsigned_abs() - 1);
        match rest.cmp(&half) {
            Ordering::Greater => kept + 1,
            Ordering::Equal if kept.is_odd() => kept + 1,
            _ => kept,
        }
    };
    let mantissa = mantissa.to_f64().unwrap_or(f64::INFINITY);
    if lowest > 1023 {
        return if mantissa == 0.0 { 0.0 } else { f64::INFINITY };
    }
    // in two steps, as 2**-1074 times a large power does not fit one factor
    let lowest = i32::try_from(lowest).unwrap_or(i32::MIN);
    if lowest < -1000 {
        mantissa * 2f64.powi(-1000) * 2f64.powi(lowest + 1000)
    } else {
        mantissa * 2f64.powi(lowest)
    }
}

impl From<BigInt> for Int {
    fn from(value: BigInt) -> Self {
        value
            .to_i64()
            .map_or_else(|| Self(Big(Box::new(value))), |small| Self(Small(small)))
    }
}

impl From<i64> for Int {
    fn from(value: i64) -> Self {
        Self(Small(value))
    }
}

impl From<&Int> for Int {
    fn from(value: &Int) -> Self {
        value.clone()
    }
}

impl From<bool> for Int {
    fn from(value: bool) -> Self {
        Self(Small(value.into()))
    }
}

macro_rules! from_native {
    ($($native:ty)+) => {$(
        impl From<$native> for Int {
            fn from(value: $native) -> Self {
                Self::from(BigInt::from(value))
            }
        }
    )+};
}

impl From<i32> for Int {
    fn from(value: i32) -> Self {
        Self(Small(value.into()))
    }
}

from_native!(u32 u64 i128 u128);

impl From<usize> for Int {
    fn from(value: usize) -> Self {
        i64::try_from(value).map_or_else(|_| Self::from(BigInt::from(value)), Self::new)
    }
}

impl Default for Int {
    fn default() -> Self {
        Self::ZERO
    }
}

impl Hash for Int {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match &self.0 {
            Small(value) => value.hash(state),
            Big(value) => value.hash(state),
        }
    }
}

impl Ord for Int {
    fn cmp(&self, other: &Self) -> Ordering {
        match (&self.0, &other.0) {
            (Small(a), Small(b)) => a.cmp(b),
            (Big(a), Big(b)) => a.cmp(b),
            (Small(_), Big(b)) => {
                if b.sign() == Sign::Minus {
                    Ordering::Greater
                } else {
                    Ordering::Less
                }
            }
            (Big(a), Small(_)) => {
                if a.sign() == Sign::Minus {
                    Ordering::Less
                } else {
                    Ordering::Greater
                }
            }
        }
    }
}

impl PartialOrd for Int {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq<i64> for Int {
    fn eq(&self, other: &i64) -> bool {
        self.0 == Small(*other)
    }
}

impl PartialOrd<i64> for Int {
    fn partial_cmp(&self, other: &i64) -> Option<Ordering> {
        Some(self.cmp(&Self::new(*other)))
    }
}

impl PartialEq<Int> for i64 {
    fn eq(&self, other: &Int) -> bool {
        other == self
    }
}

impl PartialOrd<Int> for i64 {
    fn partial_cmp(&self, other: &Int) -> Option<Ordering> {
        Some(Int::new(*self).cmp(other))
    }
}

impl fmt::Display for Int {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Small(value) => write!(f, "{value}"),
            Big(value) => write!(f, "{value}"),
        }
    }
}

impl fmt::Debug for Int {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
