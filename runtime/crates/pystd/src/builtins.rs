//! Python's builtin functions.

use crate::ops::PyAdd;
use crate::order::{gt, lt};
use crate::sort::{sorted_order, take_in_order};
use crate::{Bytes, Exception, Float, Int, PyOrd, Truthy, Value};

pub use crate::str_::{chr, ord};

/// What `int(x)` accepts.
pub trait ToInt {
    /// `int(self)`
    ///
    /// # Errors
    /// `ValueError`, `OverflowError`, `TypeError`
    fn to_int(&self) -> Result<Int, Exception>;
}

/// What `float(x)` accepts.
pub trait ToFloat {
    /// `float(self)`
    ///
    /// # Errors
    /// `ValueError`, `OverflowError`, `TypeError`
    fn to_float(&self) -> Result<f64, Exception>;
}

/// `int(x)`
///
/// # Errors
/// `ValueError`, `OverflowError`, `TypeError`
pub fn int<T: ToInt + ?Sized>(x: &T) -> Result<Int, Exception> {
    x.to_int()
}

/// `int(text, base)`
///
/// # Errors
/// `ValueError`
pub fn int_base(text: &str, base: impl Into<Int>) -> Result<Int, Exception> {
    let base = u32::try_from(base.into().clamped()).unwrap_or(u32::MAX);
    Int::parse_base(text, base)
}

/// `float(x)`
///
/// # Errors
/// `ValueError`, `OverflowError`, `TypeError`
pub fn float<T: ToFloat + ?Sized>(x: &T) -> Result<Float, Exception> {
    x.to_float().map(Float::Double)
}

macro_rules! numbers {
    ($($type:ty: |$x:ident| $int:expr, $float:expr;)+) => {$(
        impl ToInt for $type {
            fn to_int(&self) -> Result<Int, Exception> {
                let $x = self;
                $int
            }
        }

        impl ToFloat for $type {
            fn to_float(&self) -> Result<f64, Exception> {
                let $x = self;
                $float
            }
        }
    )+};
}

numbers! {
    bool: |x| Ok((*x).into()), Ok((*x).into());
    Int: |x| Ok(x.clone()), x.to_f64();
    f64: |x| crate::float::to_int(*x), Ok(*x);
    Float: |x| match x {
        Float::Double(value) => crate::float::to_int(*value),
        Float::Int(value) => Ok(value.clone()),
    }, x.to_f64();
    str: |x| Int::parse(x), Float::parse(x)?.to_f64();
    String: |x| Int::parse(x), Float::parse(x)?.to_f64();
    Value: |x| match x {
        Value::Str(text) => text.to_int(),
        Value::Bytes(bytes) => from_ascii(bytes, Int::parse),
        _ => match x.number() {
            Some(number) => number.to_int(),
            None => Err(Exception::type_error(format!(
                "int() argument must be a string, a bytes-like object or a real number, not '{}'",
                x.type_name()
            ))),
        },
    }, match x {
        Value::Str(text) => text.to_float(),
        Value::Bytes(bytes) => from_ascii(bytes, Float::parse)?.to_f64(),
        _ => match x.number() {
            Some(number) => number.to_f64(),
            None => Err(Exception::type_error(format!(
                "float() argument must be a string or a real number, not '{}'",
                x.type_name()
            ))),
        },
    };
}

/// A number as bytes spell it; the error shows the bytes.
fn from_ascii<T>(
    bytes: &Bytes,
    parse: impl Fn(&str) -> Result<T, Exception>,
) -> Result<T, Exception> {
    let text: String = bytes
        .0
        .iter()
        .map(|&byte| char::from(byte.min(0x7f)))
        .collect();
    parse(&text).map_err(|error| {
        let shown = error
            .message()
            .replace(&crate::repr(&text), &crate::repr(bytes));
        Exception::value_error(shown)
    })
}

/// What `round(x)` accepts.
pub trait Round: Sized {
    /// `round(self)`
    ///
    /// # Errors
    /// `OverflowError`, `ValueError`
    fn round(&self) -> Result<Int, Exception>;

    /// `round(self, digits)`
    ///
    /// # Errors
    /// `OverflowError`
    fn round_to(&self, digits: &Int) -> Result<Self, Exception>;
}

/// `round(x)`
///
/// # Errors
/// `OverflowError`, `ValueError`
pub fn round<T: Round>(x: &T) -> Result<Int, Exception> {
    x.round()
}

/// `round(x, digits)`
///
/// # Errors
/// `OverflowError`
pub fn round_to<T: Round>(x: &T, digits: impl Into<Int>) -> Result<T, Exception> {
    x.round_to(&digits.into())
}

impl Round for Int {
    fn round(&self) -> Result<Int, Exception> {
        Ok(self.clone())
    }

    fn round_to(&self, digits: &Int) -> Result<Self, Exception> {
        if !digits.is_negative() {
            return Ok(self.clone());
        }
        let unit = Int::new(10).pow(&-digits)?;
        Ok(self.div_nearest(&unit)? * unit)
    }
}

impl Round for Float {
    fn round(&self) -> Result<Int, Exception> {
        match self {
            Self::Double(value) => crate::float::to_int(value.round_ties_even()),
            Self::Int(value) => Ok(value.clone()),
        }
    }

    fn round_to(&self, digits: &Int) -> Result<Self, Exception> {
        match self {
            Self::Double(value) => {
                crate::float::round_to(*value, digits.clamped()).map(Self::Double)
            }
            Self::Int(value) => value.round_to(digits).map(Self::Int),
        }
    }
}

impl Round for Value {
    fn round(&self) -> Result<Int, Exception> {
        self.rounded()?.round()
    }

    fn round_to(&self, digits: &Int) -> Result<Self, Exception> {
        self.rounded()?.round_to(digits).map(Self::from)
    }
}

impl Value {
    fn rounded(&self) -> Result<Float, Exception> {
        self.number().ok_or_else(|| {
            Exception::type_error(format!(
                "type {} doesn't define __round__ method",
                self.type_name()
            ))
        })
    }
}

/// What `abs(x)` accepts.
pub trait Abs {
    /// `abs(self)`
    #[must_use]
    fn absolute(&self) -> Self;
}

macro_rules! absolute {
    ($($type:ty)+) => {$(
        impl Abs for $type {
            fn absolute(&self) -> Self {
                self.abs()
            }
        }
    )+};
}

absolute!(Int Float crate::TimeDelta);

/// `abs(x)`
pub fn abs<T: Abs>(x: &T) -> T {
    x.absolute()
}

/// `divmod(a, b)`
///
/// # Errors
/// `ZeroDivisionError`
pub fn divmod(a: &Int, b: &Int) -> Result<(Int, Int), Exception> {
    a.div_mod(b)
}

/// `divmod(a, b)` on floats, of which whole numbers may stay such.
///
/// # Errors
/// `ZeroDivisionError`
pub fn divmod_floats(a: &Float, b: &Float) -> Result<(Float, Float), Exception> {
    match (a, b) {
        (Float::Int(a), Float::Int(b)) => divmod(a, b).map(|(x, y)| (Float::Int(x), Float::Int(y))),
        _ => crate::float::div_mod(a.to_f64()?, b.to_f64()?, "float divmod()")
            .map(|(quotient, rest)| (Float::Double(quotient), Float::Double(rest))),
    }
}

/// `pow(base, exponent, modulus)`
///
/// # Errors
/// `ValueError`
pub fn pow_mod(base: &Int, exponent: &Int, modulus: &Int) -> Result<Int, Exception> {
    base.pow_mod(exponent, modulus)
}

fn prefixed(n: &Int, prefix: &str, base: u32) -> String {
    let sign = if n.is_negative() { "-" } else { "" };
    format!("{sign}{prefix}{}", n.abs().to_base(base))
}

/// `bin(n)`
pub fn bin(n: &Int) -> String {
    prefixed(n, "0b", 2)
}

/// `oct(n)`
pub fn oct(n: &Int) -> String {
    prefixed(n, "0o", 8)
}

/// `hex(n)`
pub fn hex(n: &Int) -> String {
    prefixed(n, "0x", 16)
}

/// `sum(items)`
///
/// # Errors
/// What adding raises.
pub fn sum<T>(items: impl IntoIterator<Item = T>) -> Result<T, Exception>
where
    T: PyAdd<Output = T> + From<i64>,
{
    sum_from(items, T::from(0))
}

/// `sum(items, start)`
///
/// # Errors
/// What adding raises.
pub fn sum_from<T>(items: impl IntoIterator<Item = T>, start: impl Into<T>) -> Result<T, Exception>
where
    T: PyAdd<Output = T>,
{
    items
        .into_iter()
        .try_fold(start.into(), |sum, item| sum.py_add(&item))
}

fn empty(function: &str) -> Exception {
    Exception::value_error(format!("{function}() arg is an empty sequence"))
}

/// The first item whose key no other's key is better than.
fn best<T, K: PyOrd>(
    items: impl IntoIterator<Item = T>,
    mut key: impl FnMut(&T) -> Result<K, Exception>,
    better: fn(&K, &K) -> Result<bool, Exception>,
) -> Result<Option<T>, Exception> {
    let mut best: Option<(T, K)> = None;
    for item in items {
        let own = key(&item)?;
        if match &best {
            None => true,
            Some((_, known)) => better(&own, known)?,
        } {
            best = Some((item, own));
        }
    }
    Ok(best.map(|(item, _)| item))
}

macro_rules! extremes {
    ($($name:literal $plain:ident $or:ident $by_key:ident $by_key_or:ident $better:ident)+) => {$(
        #[doc = concat!("`", $name, "(items)`")]
        ///
        /// # Errors
        /// `ValueError` when there are none, `TypeError` when they cannot be compared.
        pub fn $plain<T: PyOrd + Clone>(items: impl IntoIterator<Item = T>) -> Result<T, Exception> {
            $by_key(items, |item| Ok(item.clone()))
        }

        #[doc = concat!("`", $name, "(items, default=default)`")]
        ///
        /// # Errors
        /// `TypeError` when they cannot be compared.
        pub fn $or<T: PyOrd + Clone>(
            items: impl IntoIterator<Item = T>,
            default: impl Into<T>,
        ) -> Result<T, Exception> {
            $by_key_or(items, |item| Ok(item.clone()), default)
        }

        #[doc = concat!("`", $name, "(items, key=key)`")]
        ///
        /// # Errors
        /// `ValueError` when there are none, those of `key`, `TypeError` when keys cannot be compared.
        pub fn $by_key<T, K: PyOrd>(
            items: impl IntoIterator<Item = T>,
            key: impl FnMut(&T) -> Result<K, Exception>,
        ) -> Result<T, Exception> {
            best(items, key, $better)?.ok_or_else(|| empty($name))
        }

        #[doc = concat!("`", $name, "(items, key=key, default=default)`")]
        ///
        /// # Errors
        /// Those of `key`, `TypeError` when keys cannot be compared.
        pub fn $by_key_or<T, K: PyOrd>(
            items: impl IntoIterator<Item = T>,
            key: impl FnMut(&T) -> Result<K, Exception>,
            default: impl Into<T>,
        ) -> Result<T, Exception> {
            Ok(best(items, key, $better)?.unwrap_or_else(|| default.into()))
        }
    )+};
}

extremes! {
    "min" min min_or min_by_key min_by_key_or lt
    "max" max max_or max_by_key max_by_key_or gt
}

/// `sorted(items, reverse=reverse)`
///
/// # Errors
/// `TypeError` when items cannot be compared.
pub fn sorted<T: PyOrd>(
    items: impl IntoIterator<Item = T>,
    reverse: bool,
) -> Result<Vec<T>, Exception> {
    let items: Vec<T> = items.into_iter().collect();
    let order = sorted_order(&items, reverse)?;
    Ok(take_in_order(items, &order))
}

/// `sorted(items, key=key, reverse=reverse)`
///
/// # Errors
/// Those of `key`; `TypeError` when keys cannot be compared.
pub fn sorted_by_key<T, K: PyOrd>(
    items: impl IntoIterator<Item = T>,
    key: impl FnMut(&T) -> Result<K, Exception>,
    reverse: bool,
) -> Result<Vec<T>, Exception> {
    let mut items: Vec<T> = items.into_iter().collect();
    crate::list::sort_by_key(&mut items, key, reverse)?;
    Ok(items)
}

/// `any(items)`
pub fn any<T: Truthy>(items: impl IntoIterator<Item = T>) -> bool {
    items.into_iter().any(|item| item.truthy())
}

/// `all(items)`
pub fn all<T: Truthy>(items: impl IntoIterator<Item = T>) -> bool {
    items.into_iter().all(|item| item.truthy())
}

/// `enumerate(items, start)`
pub fn enumerate<T>(
    items: impl IntoIterator<Item = T>,
    start: impl Into<Int>,
) -> impl Iterator<Item = (Int, T)> {
    let start = start.into();
    items
        .into_iter()
        .enumerate()
        .map(move |(at, item)| (&start + &Int::from(at), item))
}
