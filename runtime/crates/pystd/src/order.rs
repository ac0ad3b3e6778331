//! `<`, `<=`, `>`, `>=` of every type.

use std::cmp::Ordering;
use std::hash::Hash;

use crate::{Bytes, Exception, Float, Int, PyRepr, Set};

/// Comparison that can raise.
pub trait PyOrd<Rhs: ?Sized = Self> {
    /// How the two stand to each other; `None` when neither is less nor equal (`nan`, sets).
    ///
    /// # Errors
    /// `TypeError`, naming the operator `op`, when Python does not compare such values.
    fn py_cmp(&self, other: &Rhs, op: &str) -> Result<Option<Ordering>, Exception>;
}

/// `a < b`
///
/// # Errors
/// `TypeError`
pub fn lt<A: PyOrd<B> + ?Sized, B: ?Sized>(a: &A, b: &B) -> Result<bool, Exception> {
    Ok(a.py_cmp(b, "<")?.is_some_and(Ordering::is_lt))
}

/// `a <= b`
///
/// # Errors
/// `TypeError`
pub fn le<A: PyOrd<B> + ?Sized, B: ?Sized>(a: &A, b: &B) -> Result<bool, Exception> {
    Ok(a.py_cmp(b, "<=")?.is_some_and(Ordering::is_le))
}

/// `a > b`
///
/// # Errors
/// `TypeError`
pub fn gt<A: PyOrd<B> + ?Sized, B: ?Sized>(a: &A, b: &B) -> Result<bool, Exception> {
    Ok(a.py_cmp(b, ">")?.is_some_and(Ordering::is_gt))
}

/// `a >= b`
///
/// # Errors
/// `TypeError`
pub fn ge<A: PyOrd<B> + ?Sized, B: ?Sized>(a: &A, b: &B) -> Result<bool, Exception> {
    Ok(a.py_cmp(b, ">=")?.is_some_and(Ordering::is_ge))
}

/// The error of comparing what Python does not compare.
pub(crate) fn not_comparable(a: &str, b: &str, op: &str) -> Exception {
    Exception::type_error(format!(
        "'{op}' not supported between instances of '{a}' and '{b}'"
    ))
}

macro_rules! native {
    ($($left:ty, $right:ty;)+) => {$(
        impl PyOrd<$right> for $left {
            fn py_cmp(&self, other: &$right, _: &str) -> Result<Option<Ordering>, Exception> {
                Ok(self.partial_cmp(other))
            }
        }
    )+};
}

native! {
    bool, bool;
    i64, i64;
    f64, f64;
    Int, Int;
    Int, Float;
    Int, i64;
    Int, f64;
    Float, Float;
    Float, Int;
    Float, i64;
    Float, f64;
    str, str;
    String, String;
    Bytes, Bytes;
}

impl PyOrd<str> for String {
    fn py_cmp(&self, other: &str, _: &str) -> Result<Option<Ordering>, Exception> {
        Ok(Some(self.as_str().cmp(other)))
    }
}

impl PyOrd<String> for str {
    fn py_cmp(&self, other: &String, _: &str) -> Result<Option<Ordering>, Exception> {
        Ok(Some(self.cmp(other.as_str())))
    }
}

impl<T: Eq + Hash> PyOrd for Set<T> {
    fn py_cmp(&self, other: &Self, _: &str) -> Result<Option<Ordering>, Exception> {
        Ok(self.partial_cmp(other))
    }
}

impl<A: PyOrd<B> + ?Sized, B: ?Sized> PyOrd<&B> for &A {
    fn py_cmp(&self, other: &&B, op: &str) -> Result<Option<Ordering>, Exception> {
        (**self).py_cmp(*other, op)
    }
}

/// The first pair that differs decides; without one, the length does.
pub(crate) fn compare_items<T: PyOrd + PartialEq>(
    a: &[T],
    b: &[T],
    op: &str,
) -> Result<Option<Ordering>, Exception> {
    match a.iter().zip(b).find(|(a, b)| a != b) {
        Some((a, b)) => a.py_cmp(b, op),
        None => Ok(Some(a.len().cmp(&b.len()))),
    }
}

impl<T: PyOrd + PartialEq> PyOrd for [T] {
    fn py_cmp(&self, other: &Self, op: &str) -> Result<Option<Ordering>, Exception> {
        compare_items(self, other, op)
    }
}

impl<T: PyOrd + PartialEq> PyOrd for Vec<T> {
    fn py_cmp(&self, other: &Self, op: &str) -> Result<Option<Ordering>, Exception> {
        compare_items(self, other, op)
    }
}

impl<T: PyOrd + PyRepr> PyOrd for Option<T> {
    fn py_cmp(&self, other: &Self, op: &str) -> Result<Option<Ordering>, Exception> {
        match (self, other) {
            (Some(a), Some(b)) => a.py_cmp(b, op),
            _ => Err(not_comparable(&self.py_type(), &other.py_type(), op)),
        }
    }
}

impl PyOrd for () {
    fn py_cmp(&self, _: &Self, op: &str) -> Result<Option<Ordering>, Exception> {
        Err(not_comparable("NoneType", "NoneType", op))
    }
}

macro_rules! tuples {
    ($($($name:ident $index:tt),+;)+) => {$(
        impl<$($name: PyOrd + PartialEq),+> PyOrd for ($($name,)+) {
            fn py_cmp(&self, other: &Self, op: &str) -> Result<Option<Ordering>, Exception> {
                $(if self.$index != other.$index {
                    return self.$index.py_cmp(&other.$index, op);
                })+
                Ok(Some(Ordering::Equal))
            }
        }
    )+};
}

tuples! {
    A 0;
    A 0, B 1;
    A 0, B 1, C 2;
    A 0, B 1, C 2, D 3;
    A 0, B 1, C 2, D 3, E 4;
    A 0, B 1, C 2, D 3, E 4, F 5;
}
