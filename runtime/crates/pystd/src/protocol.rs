//! Truth, length and membership of every type.

use std::hash::Hash;
use std::sync::Arc;

use indexmap::Equivalent;

use crate::{Bytes, Dict, Float, Int, Set};

/// What `bool(x)` says.
pub trait Truthy {
    /// `bool(self)`
    fn truthy(&self) -> bool;
}

/// What `len(x)` says.
pub trait PyLen {
    /// The number of items.
    fn py_len(&self) -> usize;
}

/// What `item in container` says.
pub trait Contains<Q: ?Sized> {
    /// `item in self`
    fn py_contains(&self, item: &Q) -> bool;
}

/// `len(x)`
pub fn len<T: PyLen + ?Sized>(x: &T) -> Int {
    x.py_len().into()
}

/// `item in container`
pub fn contains<C: Contains<Q> + ?Sized, Q: ?Sized>(container: &C, item: &Q) -> bool {
    container.py_contains(item)
}

macro_rules! sized {
    ($([$($generics:tt)*] $type:ty, $len:expr;)+) => {$(
        impl<$($generics)*> PyLen for $type {
            fn py_len(&self) -> usize {
                let len: fn(&Self) -> usize = $len;
                len(self)
            }
        }

        impl<$($generics)*> Truthy for $type {
            fn truthy(&self) -> bool {
                !self.is_empty()
            }
        }
    )+};
}

sized! {
    [] str, |x| x.chars().count();
    [] String, |x| x.chars().count();
    [T] [T], |x| x.len();
    [T] Vec<T>, |x| x.len();
    [T, const N: usize] [T; N], |x| x.len();
    [K, V] Dict<K, V>, |x| x.count();
    [T: Eq + Hash] Set<T>, |x| x.count();
    [] Bytes, |x| x.0.len();
}

impl Bytes {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Truthy for bool {
    fn truthy(&self) -> bool {
        *self
    }
}

impl Truthy for () {
    fn truthy(&self) -> bool {
        false
    }
}

impl Truthy for Int {
    fn truthy(&self) -> bool {
        !self.is_zero()
    }
}

impl Truthy for Float {
    fn truthy(&self) -> bool {
        match self {
            Self::Double(value) => *value != 0.0,
            Self::Int(value) => value.truthy(),
        }
    }
}

impl<T: Truthy> Truthy for Option<T> {
    fn truthy(&self) -> bool {
        self.as_ref().is_some_and(T::truthy)
    }
}

macro_rules! forwarded {
    ($($type:ty)+) => {$(
        impl<T: Truthy + ?Sized> Truthy for $type {
            fn truthy(&self) -> bool {
                (**self).truthy()
            }
        }

        impl<T: PyLen + ?Sized> PyLen for $type {
            fn py_len(&self) -> usize {
                (**self).py_len()
            }
        }
    )+};
}

forwarded!(&T Box<T> Arc<T>);

macro_rules! tuples {
    ($($len:literal: $($name:ident),+;)+) => {$(
        impl<$($name),+> PyLen for ($($name,)+) {
            fn py_len(&self) -> usize {
                $len
            }
        }

        impl<$($name),+> Truthy for ($($name,)+) {
            fn truthy(&self) -> bool {
                true
            }
        }
    )+};
}

tuples! {
    1: A;
    2: A, B;
    3: A, B, C;
    4: A, B, C, D;
    5: A, B, C, D, E;
    6: A, B, C, D, E, F;
}

impl<Q: AsRef<str> + ?Sized> Contains<Q> for str {
    fn py_contains(&self, item: &Q) -> bool {
        self.contains(item.as_ref())
    }
}

impl<Q: AsRef<str> + ?Sized> Contains<Q> for String {
    fn py_contains(&self, item: &Q) -> bool {
        self.contains(item.as_ref())
    }
}

impl<T: PartialEq<Q>, Q: ?Sized> Contains<Q> for [T] {
    fn py_contains(&self, item: &Q) -> bool {
        self.iter().any(|own| own == item)
    }
}

impl<T: PartialEq<Q>, Q: ?Sized> Contains<Q> for Vec<T> {
    fn py_contains(&self, item: &Q) -> bool {
        self.as_slice().py_contains(item)
    }
}

impl<T: PartialEq<Q>, Q: ?Sized, const N: usize> Contains<Q> for [T; N] {
    fn py_contains(&self, item: &Q) -> bool {
        self.as_slice().py_contains(item)
    }
}

impl<K: Hash + Eq, V, Q: Hash + Equivalent<K> + ?Sized> Contains<Q> for Dict<K, V> {
    fn py_contains(&self, item: &Q) -> bool {
        self.contains_key(item)
    }
}

impl<T: Hash + Eq, Q: Hash + Equivalent<T> + ?Sized> Contains<Q> for Set<T> {
    fn py_contains(&self, item: &Q) -> bool {
        self.has(item)
    }
}

impl<C: Contains<Q> + ?Sized, Q: ?Sized> Contains<Q> for &C {
    fn py_contains(&self, item: &Q) -> bool {
        (**self).py_contains(item)
    }
}
