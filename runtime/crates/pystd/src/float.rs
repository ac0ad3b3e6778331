//! Python's `float`, and what may stand where a `float` is declared.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::{Add, AddAssign, Mul, MulAssign, Neg, Sub, SubAssign};

use num_bigint::BigInt;
use num_traits::FromPrimitive;

use crate::{Exception, Int};

/// A value declared `float`.
///
/// Python accepts an `int` there and keeps it one: it prints as `3`, not `3.0`, and divides by floor exactly.
#[derive(Clone)]
pub enum Float {
    /// A float.
    Double(f64),
    /// An int given as a float.
    Int(Int),
}

use Float::Double;

impl Float {
    /// The number as a machine double.
    ///
    /// # Errors
    /// `OverflowError` when it is an int too large for one.
    pub fn to_f64(&self) -> Result<f64, Exception> {
        match self {
            Double(value) => Ok(*value),
            Self::Int(value) => value.to_f64(),
        }
    }

    /// The number without its sign.
    #[must_use]
    pub fn abs(&self) -> Self {
        match self {
            Double(value) => Double(value.abs()),
            Self::Int(value) => Self::Int(value.abs()),
        }
    }

    /// `x.is_integer()`
    pub fn is_integer(&self) -> bool {
        match self {
            Double(value) => value.is_finite() && value.fract() == 0.0,
            Self::Int(_) => true,
        }
    }

    /// Reads what `float(text)` reads.
    ///
    /// # Errors
    /// `ValueError` when `text` is not a number.
    pub fn parse(text: &str) -> Result<Self, Exception> {
        parse(text).map(Double).ok_or_else(|| {
            Exception::value_error(format!(
                "could not convert string to float: {}",
                crate::repr(text)
            ))
        })
    }
}

fn parse(text: &str) -> Option<f64> {
    let plain: String = text
        .trim_matches(crate::unicode::is_space)
        .chars()
        .map(|c| match crate::unicode::decimal_value(c) {
            Some(digit) => char::from_digit(digit, 10).unwrap_or(c),
            None => c.to_ascii_lowercase(),
        })
        .collect();
    let unsigned = plain.strip_prefix(['+', '-']).unwrap_or(&plain);
    if !matches!(unsigned, "inf" | "infinity" | "nan") {
        let bytes = unsigned.as_bytes();
        let digit = |at: Option<usize>| {
            at.and_then(|at| bytes.get(at))
                .is_some_and(u8::is_ascii_digit)
        };
        let numeric = |(at, byte): (usize, &u8)| match byte {
            b'_' => digit(at.checked_sub(1)) && digit(Some(at + 1)),
            b'0'..=b'9' | b'.' | b'e' | b'+' | b'-' => true,
            _ => false,
        };
        if !bytes.iter().enumerate().all(numeric) || unsigned.starts_with(['+', '-']) {
            return None;
        }
    }
    plain.replace('_', "").parse().ok()
}

/// The exact integer a finite double with no fraction stands for, or the one below it.
pub(crate) fn floor_to_int(value: f64) -> Result<Int, Exception> {
    to_int(value.floor())
}

/// `int(value)`: towards zero.
pub(crate) fn to_int(value: f64) -> Result<Int, Exception> {
    if value.is_nan() {
        return Err(Exception::value_error(
            "cannot convert float NaN to integer",
        ));
    }
    BigInt::from_f64(value.trunc())
        .map(Int::from)
        .ok_or_else(|| Exception::overflow_error("cannot convert float infinity to integer"))
}

/// `value.as_integer_ratio()`
pub(crate) fn ratio(value: f64) -> Result<(Int, Int), Exception> {
    if value.is_nan() {
        return Err(Exception::value_error(
            "cannot convert NaN to integer ratio",
        ));
    }
    if value.is_infinite() {
        return Err(Exception::overflow_error(
            "cannot convert Infinity to integer ratio",
        ));
    }
    let (mut whole, mut halvings) = (value, 0);
    while whole.fract() != 0.0 {
        whole *= 2.0;
        halvings += 1;
    }
    Ok((to_int(whole)?, Int::ONE.shl(&Int::new(halvings))?))
}

/// `a // b` and `a % b` on floats.
pub(crate) fn div_mod(a: f64, b: f64, zero: &str) -> Result<(f64, f64), Exception> {
    if b == 0.0 {
        return Err(Exception::zero_division_error(zero));
    }
    let mut rest = a % b;
    let mut quotient = (a - rest) / b;
    if rest == 0.0 {
        rest = 0f64.copysign(b);
    } else if (b < 0.0) != (rest < 0.0) {
        rest += b;
        quotient -= 1.0;
    }
    if quotient == 0.0 {
        return Ok((0f64.copysign(a / b), rest));
    }
    let floor = quotient.floor();
    Ok((
        if quotient - floor > 0.5 {
            floor + 1.0
        } else {
            floor
        },
        rest,
    ))
}

/// `a ** b` on floats.
pub(crate) fn pow(a: f64, b: f64) -> Result<f64, Exception> {
    if a == 0.0 && b < 0.0 {
        return Err(Exception::zero_division_error(
            "0.0 cannot be raised to a negative power",
        ));
    }
    if a < 0.0 && a.is_finite() && b.is_finite() && b.fract() != 0.0 {
        return Err(Exception::unsupported(
            "a complex number, from a negative base and a fraction",
        ));
    }
    let power = a.powf(b);
    if power.is_infinite() && a.is_finite() && b.is_finite() {
        return Err(Exception::raise(
            "OverflowError",
            [34.into(), "Numerical result out of range".into()],
        ));
    }
    Ok(power)
}

/// `round(value, digits)`: correctly rounded, ties to even.
pub(crate) fn round_to(value: f64, digits: i64) -> Result<f64, Exception> {
    if !value.is_finite() || value == 0.0 || digits > 323 {
        return Ok(value);
    }
    if digits < -308 {
        return Ok(0f64.copysign(value));
    }
    let rounded = if digits >= 0 {
        // Rust prints the exact value of the double, rounded half to even
        format!("{value:.*}", usize::try_from(digits).unwrap_or(0))
            .parse()
            .unwrap_or(value)
    } else {
        let unit = Int::new(10).pow(&Int::new(-digits))?;
        let (whole, fraction) = (value.abs().trunc(), value.abs().fract());
        let (quotient, rest) = to_int(whole)?.div_mod(&unit)?;
        let twice = &rest + &rest;
        let up = match twice.cmp(&unit) {
            Ordering::Equal => fraction > 0.0 || &quotient & 1 == Int::ONE,
            other => other == Ordering::Greater,
        };
        let magnitude = ((quotient + i64::from(up)) * unit)
            .to_f64()
            .unwrap_or(f64::INFINITY);
        magnitude.copysign(value)
    };
    if rounded.is_infinite() {
        return Err(Exception::overflow_error(
            "rounded value too large to represent",
        ));
    }
    Ok(rounded)
}

/// The shortest text that reads back as `value`, in Python's form.
pub(crate) fn repr(value: f64) -> String {
    if value.is_nan() {
        return "nan".into();
    }
    if value.is_infinite() {
        return if value > 0.0 { "inf" } else { "-inf" }.into();
    }
    let mut scientific = format!("{value:e}");
    // of two shortest texts equally near, Python takes the even one
    let decimals = scientific
        .find('e')
        .unwrap_or(0)
        .saturating_sub(2 + usize::from(value < 0.0));
    let rounded = format!("{value:.decimals$e}");
    if rounded.parse() == Ok(value) {
        scientific = rounded;
    }
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..16).contains(&exponent) {
        plain(mantissa, exponent)
    } else {
        let sign = if exponent < 0 { '-' } else { '+' };
        format!("{mantissa}e{sign}{:02}", exponent.abs())
    }
}

/// `d.ddd` times a power of ten without an exponent.
fn plain(mantissa: &str, exponent: i32) -> String {
    let (sign, mantissa) = match mantissa.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", mantissa),
    };
    let digits = mantissa.replace('.', "");
    match usize::try_from(exponent) {
        Ok(exponent) if digits.len() > exponent + 1 => {
            format!("{sign}{}.{}", &digits[..=exponent], &digits[exponent + 1..])
        }
        Ok(exponent) => format!("{sign}{digits:0<width$}.0", width = exponent + 1),
        Err(_) => {
            let zeros = usize::try_from(-exponent - 1).unwrap_or(0);
            format!("{sign}0.{}{digits}", "0".repeat(zeros))
        }
    }
}

/// An integer against a double, exactly.
fn compare(int: &Int, double: f64) -> Option<Ordering> {
    if double.is_nan() {
        return None;
    }
    if double.is_infinite() {
        return Some(if double > 0.0 {
            Ordering::Less
        } else {
            Ordering::Greater
        });
    }
    let floor = floor_to_int(double).ok()?;
    Some(int.cmp(&floor).then(if double.fract() == 0.0 {
        Ordering::Equal
    } else {
        Ordering::Less
    }))
}

impl From<f64> for Float {
    fn from(value: f64) -> Self {
        Double(value)
    }
}

impl From<Int> for Float {
    fn from(value: Int) -> Self {
        Self::Int(value)
    }
}

impl From<&Int> for Float {
    fn from(value: &Int) -> Self {
        Self::Int(value.clone())
    }
}

impl From<&Float> for Float {
    fn from(value: &Float) -> Self {
        value.clone()
    }
}

impl From<i64> for Float {
    fn from(value: i64) -> Self {
        Self::Int(value.into())
    }
}

impl From<i32> for Float {
    fn from(value: i32) -> Self {
        Self::Int(value.into())
    }
}

impl Default for Float {
    /// What `float()` gives.
    fn default() -> Self {
        Double(0.0)
    }
}

impl PartialOrd for Float {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Double(a), Double(b)) => a.partial_cmp(b),
            (Self::Int(a), Self::Int(b)) => Some(a.cmp(b)),
            (Self::Int(a), Double(b)) => compare(a, *b),
            (Double(a), Self::Int(b)) => compare(b, *a).map(Ordering::reverse),
        }
    }
}

impl PartialEq for Float {
    fn eq(&self, other: &Self) -> bool {
        self.partial_cmp(other) == Some(Ordering::Equal)
    }
}

/// `nan` is not equal to itself and so never found as a key, as in Python with another `nan`.
impl Eq for Float {}

impl Hash for Float {
    /// Equal numbers hash alike, whatever their type.
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Double(value) if value.is_finite() && value.fract() == 0.0 => {
                if let Ok(int) = to_int(*value) {
                    int.hash(state);
                }
            }
            Double(value) => value.to_bits().hash(state),
            Self::Int(value) => value.hash(state),
        }
    }
}

macro_rules! compare_with {
    ($($other:ty)+) => {$(
        impl PartialEq<$other> for Float {
            fn eq(&self, other: &$other) -> bool {
                self.partial_cmp(other) == Some(Ordering::Equal)
            }
        }
        impl PartialOrd<$other> for Float {
            fn partial_cmp(&self, other: &$other) -> Option<Ordering> {
                self.partial_cmp(&Float::from(other.clone()))
            }
        }
        impl PartialEq<Float> for $other {
            fn eq(&self, other: &Float) -> bool {
                self.partial_cmp(other) == Some(Ordering::Equal)
            }
        }
        impl PartialOrd<Float> for $other {
            fn partial_cmp(&self, other: &Float) -> Option<Ordering> {
                Float::from(self.clone()).partial_cmp(other)
            }
        }
    )+};
}

compare_with!(Int f64 i64);

impl PartialEq<f64> for Int {
    fn eq(&self, other: &f64) -> bool {
        compare(self, *other) == Some(Ordering::Equal)
    }
}

impl PartialOrd<f64> for Int {
    fn partial_cmp(&self, other: &f64) -> Option<Ordering> {
        compare(self, *other)
    }
}

impl PartialEq<Int> for f64 {
    fn eq(&self, other: &Int) -> bool {
        other == self
    }
}

impl PartialOrd<Int> for f64 {
    fn partial_cmp(&self, other: &Int) -> Option<Ordering> {
        other.partial_cmp(self).map(Ordering::reverse)
    }
}

impl fmt::Display for Float {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Double(value) => f.write_str(&repr(*value)),
            Self::Int(value) => write!(f, "{value}"),
        }
    }
}

impl fmt::Debug for Float {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A mixed operand as a double.
///
/// The operators cannot return an error, so the `OverflowError` of an int beyond 1.8e308 is thrown as a
/// panic whose payload is the [`Exception`]; the functions in [`crate::ops`] return it.
fn double(value: &Float) -> f64 {
    value
        .to_f64()
        .unwrap_or_else(|error| std::panic::panic_any(error))
}

macro_rules! operator {
    ($Op:ident $op:ident $sign:tt, $Assign:ident $assign:ident) => {
        impl $Op<&Float> for &Float {
            type Output = Float;
            fn $op(self, other: &Float) -> Float {
                match (self, other) {
                    (Float::Int(a), Float::Int(b)) => Float::Int(a $sign b),
                    _ => Double(double(self) $sign double(other)),
                }
            }
        }
        operator!(@forward $Op $op, Float, Float);
        operator!(@forward $Op $op, Float, &Float);
        operator!(@forward $Op $op, &Float, Float);
        operator!(@forward $Op $op, Float, Int);
        operator!(@forward $Op $op, Float, &Int);
        operator!(@forward $Op $op, &Float, Int);
        operator!(@forward $Op $op, &Float, &Int);
        operator!(@forward $Op $op, Int, Float);
        operator!(@forward $Op $op, &Int, Float);
        operator!(@forward $Op $op, Int, &Float);
        operator!(@forward $Op $op, &Int, &Float);
        operator!(@forward $Op $op, Float, f64);
        operator!(@forward $Op $op, &Float, f64);
        operator!(@forward $Op $op, f64, Float);
        operator!(@forward $Op $op, f64, &Float);
        operator!(@forward $Op $op, Float, i64);
        operator!(@forward $Op $op, &Float, i64);
        operator!(@forward $Op $op, i64, Float);
        operator!(@forward $Op $op, i64, &Float);
        operator!(@forward $Op $op, Int, f64);
        operator!(@forward $Op $op, &Int, f64);
        operator!(@forward $Op $op, f64, Int);
        operator!(@forward $Op $op, f64, &Int);
        impl<T: Into<Float>> $Assign<T> for Float {
            fn $assign(&mut self, other: T) {
                *self = &*self $sign &other.into();
            }
        }
    };
    (@forward $Op:ident $op:ident, $left:ty, $right:ty) => {
        impl $Op<$right> for $left {
            type Output = Float;
            fn $op(self, other: $right) -> Float {
                $Op::$op(&Float::from(self), &Float::from(other))
            }
        }
    };
}

operator!(Add add +, AddAssign add_assign);
operator!(Sub sub -, SubAssign sub_assign);
operator!(Mul mul *, MulAssign mul_assign);

impl Neg for &Float {
    type Output = Float;
    fn neg(self) -> Float {
        match self {
            Double(value) => Double(-value),
            Float::Int(value) => Float::Int(-value),
        }
    }
}

impl Neg for Float {
    type Output = Float;
    fn neg(self) -> Float {
        -&self
    }
}
