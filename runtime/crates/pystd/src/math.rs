//! Python's `math` module.

use num_integer::Integer;

use crate::builtins::ToFloat;
use crate::{Exception, Float, Int};

/// `math.pi`
pub const PI: f64 = std::f64::consts::PI;
/// `math.e`
pub const E: f64 = std::f64::consts::E;
/// `math.tau`
pub const TAU: f64 = std::f64::consts::TAU;
/// `math.inf`
pub const INF: f64 = f64::INFINITY;
/// `math.nan`
pub const NAN: f64 = f64::NAN;

fn domain() -> Exception {
    Exception::value_error("math domain error")
}

/// A result that C's library would report an error for.
fn checked(result: f64, arguments: &[f64]) -> Result<Float, Exception> {
    let finite = arguments.iter().all(|x| x.is_finite());
    if result.is_nan() && !arguments.iter().any(|x| x.is_nan()) {
        return Err(domain());
    }
    if result.is_infinite() && finite {
        return Err(Exception::overflow_error("math range error"));
    }
    Ok(result.into())
}

/// `math.prod(items)`
pub fn prod(items: impl IntoIterator<Item = Int>) -> Int {
    items
        .into_iter()
        .fold(Int::from(1), |product, item| product * item)
}

macro_rules! functions {
    ($($name:ident)+) => {$(
        #[doc = concat!("`math.", stringify!($name), "(x)`")]
        ///
        /// # Errors
        /// `ValueError` outside its domain, `OverflowError` beyond a float.
        pub fn $name<T: ToFloat + ?Sized>(x: &T) -> Result<Float, Exception> {
            let x = x.to_float()?;
            checked(x.$name(), &[x])
        }
    )+};
}

functions!(sqrt exp sin cos tan asin acos atan sinh cosh tanh);

/// `math.log(x)`
///
/// # Errors
/// `ValueError` unless `x` is positive.
pub fn log<T: ToFloat + ?Sized>(x: &T) -> Result<Float, Exception> {
    positive(x, f64::ln)
}

/// `math.log(x, base)`
///
/// # Errors
/// `ValueError` unless both are positive, `ZeroDivisionError` for base 1.
pub fn log_base<T: ToFloat + ?Sized, B: ToFloat + ?Sized>(
    x: &T,
    base: &B,
) -> Result<Float, Exception> {
    let (x, base) = (log(x)?.to_f64()?, log(base)?.to_f64()?);
    if base == 0.0 {
        return Err(Exception::zero_division_error("float division by zero"));
    }
    Ok((x / base).into())
}

/// `math.log2(x)`
///
/// # Errors
/// `ValueError` unless `x` is positive.
pub fn log2<T: ToFloat + ?Sized>(x: &T) -> Result<Float, Exception> {
    positive(x, f64::log2)
}

/// `math.log10(x)`
///
/// # Errors
/// `ValueError` unless `x` is positive.
pub fn log10<T: ToFloat + ?Sized>(x: &T) -> Result<Float, Exception> {
    positive(x, f64::log10)
}

fn positive<T: ToFloat + ?Sized>(x: &T, of: fn(f64) -> f64) -> Result<Float, Exception> {
    let x = x.to_float()?;
    if x <= 0.0 {
        Err(domain())
    } else {
        Ok(of(x).into())
    }
}

/// `math.pow(x, y)`
///
/// # Errors
/// `ValueError` outside its domain, `OverflowError` beyond a float.
pub fn pow<T: ToFloat + ?Sized, Y: ToFloat + ?Sized>(x: &T, y: &Y) -> Result<Float, Exception> {
    let (x, y) = (x.to_float()?, y.to_float()?);
    if x == 0.0 && y < 0.0 && y.is_finite() {
        return Err(domain());
    }
    checked(x.powf(y), &[x, y])
}

/// `math.hypot(x, y)`
///
/// # Errors
/// `OverflowError` when an argument is too large for a float.
pub fn hypot<T: ToFloat + ?Sized, Y: ToFloat + ?Sized>(x: &T, y: &Y) -> Result<Float, Exception> {
    Ok(x.to_float()?.hypot(y.to_float()?).into())
}

/// `math.atan2(y, x)`
///
/// # Errors
/// `OverflowError` when an argument is too large for a float.
pub fn atan2<Y: ToFloat + ?Sized, T: ToFloat + ?Sized>(y: &Y, x: &T) -> Result<Float, Exception> {
    Ok(y.to_float()?.atan2(x.to_float()?).into())
}

/// `math.floor(x)`
///
/// # Errors
/// `ValueError`, `OverflowError` for what is not finite.
pub fn floor(x: &Float) -> Result<Int, Exception> {
    whole(x, f64::floor)
}

/// `math.ceil(x)`
///
/// # Errors
/// `ValueError`, `OverflowError` for what is not finite.
pub fn ceil(x: &Float) -> Result<Int, Exception> {
    whole(x, f64::ceil)
}

/// `math.trunc(x)`
///
/// # Errors
/// `ValueError`, `OverflowError` for what is not finite.
pub fn trunc(x: &Float) -> Result<Int, Exception> {
    whole(x, f64::trunc)
}

fn whole(x: &Float, round: fn(f64) -> f64) -> Result<Int, Exception> {
    match x {
        Float::Int(x) => Ok(x.clone()),
        Float::Double(x) => crate::float::to_int(round(*x)),
    }
}

/// `math.fabs(x)`
///
/// # Errors
/// `OverflowError` when too large for a float.
pub fn fabs<T: ToFloat + ?Sized>(x: &T) -> Result<Float, Exception> {
    Ok(x.to_float()?.abs().into())
}

/// `math.fmod(x, y)`
///
/// # Errors
/// `ValueError` for a zero or infinite operand.
pub fn fmod<T: ToFloat + ?Sized, Y: ToFloat + ?Sized>(x: &T, y: &Y) -> Result<Float, Exception> {
    let (x, y) = (x.to_float()?, y.to_float()?);
    checked(x % y, &[x, y])
}

/// `math.isnan(x)`
///
/// # Errors
/// `OverflowError` when too large for a float.
pub fn isnan<T: ToFloat + ?Sized>(x: &T) -> Result<bool, Exception> {
    Ok(x.to_float()?.is_nan())
}

/// `math.isinf(x)`
///
/// # Errors
/// `OverflowError` when too large for a float.
pub fn isinf<T: ToFloat + ?Sized>(x: &T) -> Result<bool, Exception> {
    Ok(x.to_float()?.is_infinite())
}

/// `math.isclose(a, b)`, with the default tolerances.
///
/// # Errors
/// `OverflowError` when too large for a float.
pub fn isclose<A: ToFloat + ?Sized, B: ToFloat + ?Sized>(a: &A, b: &B) -> Result<bool, Exception> {
    let (a, b) = (a.to_float()?, b.to_float()?);
    if a.is_infinite() || b.is_infinite() {
        return Ok(a == b);
    }
    let difference = (b - a).abs();
    Ok(a == b || difference <= (1e-9 * b).abs() || difference <= (1e-9 * a).abs())
}

/// `math.gcd(a, b)`
pub fn gcd(a: &Int, b: &Int) -> Int {
    a.to_bigint().gcd(&b.to_bigint()).into()
}

/// `math.isqrt(n)`
///
/// # Errors
/// `ValueError` for a negative number.
pub fn isqrt(n: &Int) -> Result<Int, Exception> {
    if n.is_negative() {
        return Err(Exception::value_error(
            "isqrt() argument must be nonnegative",
        ));
    }
    Ok(n.to_bigint().sqrt().into())
}
