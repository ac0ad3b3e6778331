//! `operator.add` and `operator.or_` as reducers.

use std::hash::Hash;

use langferry_pystd::{Bytes, Dict, Exception, Float, Int, Set, TimeDelta, Value, ops};
use langferry_trace::TraceValue;

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

impl<K: Hash + Eq + Clone, V: Clone> Union for Dict<K, V> {
    fn union(mut self, other: Self) -> Result<Self, Exception> {
        self.update(other);
        Ok(self)
    }
}

/// `None` has no operators: what is not two values is left to raise what Python raises.
impl<T: Plus + TraceValue> Plus for Option<T> {
    fn plus(self, other: Self) -> Result<Self, Exception> {
        match (self, other) {
            (Some(left), Some(right)) => left.plus(right).map(Some),
            (left, right) => decode(&ops::add(&encode(&left)?, &encode(&right)?)?),
        }
    }
}

impl<T: Union + TraceValue> Union for Option<T> {
    fn union(self, other: Self) -> Result<Self, Exception> {
        match (self, other) {
            (Some(left), Some(right)) => left.union(right).map(Some),
            (left, right) => decode(&ops::or(&encode(&left)?, &encode(&right)?)?),
        }
    }
}

fn encode(value: &impl TraceValue) -> Result<Value, Exception> {
    Value::from_trace(&value.to_trace()).map_err(Exception::unsupported)
}

fn decode<T: TraceValue>(value: &Value) -> Result<T, Exception> {
    T::from_trace(&value.to_trace()).map_err(Exception::unsupported)
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
    Plus plus add: Int Float Bytes TimeDelta Value;
    Union union or: Int Value;
}

impl<T: Hash + Eq + Clone> Union for Set<T> {
    fn union(self, other: Self) -> Result<Self, Exception> {
        ops::or(&self, &other)
    }
}
