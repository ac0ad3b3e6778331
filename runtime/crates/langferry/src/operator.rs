//! `operator.add` and `operator.or_` as reducers.

use std::hash::Hash;

use langferry_pystd::{Dict, Exception, Float, Int, Set, Value, ops};

/// Types whose two values `+` makes into one of the same type.
pub trait Plus: Sized {
    /// `self + other`. What `self` owns is extended in place.
    ///
    /// # Errors
    /// What Python raises.
    fn plus(self, other: Self) -> Result<Self, Exception>;
}

/// Types whose two values `|` makes into one of the same type.
pub trait Union: Sized {
    /// `self | other`.
    ///
    /// # Errors
    /// What Python raises.
    fn union(self, other: Self) -> Result<Self, Exception>;
}

/// `operator.add`
///
/// # Errors
/// What Python raises.
pub fn add<T: Plus>(left: T, right: T) -> Result<T, Exception> {
    left.plus(right)
}

/// `operator.or_`
///
/// # Errors
/// What Python raises.
pub fn or_<T: Union>(left: T, right: T) -> Result<T, Exception> {
    left.union(right)
}

impl<T> Plus for Vec<T> {
    fn plus(mut self, other: Self) -> Result<Self, Exception> {
        self.extend(other);
        Ok(self)
    }
}

impl Plus for String {
    fn plus(mut self, other: Self) -> Result<Self, Exception> {
        self.push_str(&other);
        Ok(self)
    }
}

impl<K: Hash + Eq, V> Union for Dict<K, V> {
    fn union(mut self, other: Self) -> Result<Self, Exception> {
        self.update(other);
        Ok(self)
    }
}

macro_rules! by_operator {
    ($($Trait:ident $method:ident $operator:ident: $($Type:ty)+;)+) => {$($(
        impl $Trait for $Type {
            fn $method(self, other: Self) -> Result<Self, Exception> {
                ops::$operator(&self, &other)
            }
        }
    )+)+};
}

by_operator! {
    Plus plus add: Int Float Value;
    Union union or: Int Value;
}

impl<T: Hash + Eq + Clone> Union for Set<T> {
    fn union(self, other: Self) -> Result<Self, Exception> {
        ops::or(&self, &other)
    }
}
