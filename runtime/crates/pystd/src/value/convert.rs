//! To and from the types that are known before the program runs.

use std::hash::Hash;

use super::Value;
use crate::{Bytes, Date, DateTime, Dict, Exception, Float, Int, PyRepr, Set, Time, TimeDelta};

/// A type that `Any` can turn out to be.
pub trait FromValue: Sized {
    /// The value, if it is of this type.
    ///
    /// # Errors
    /// `TypeError` naming the path to what is of another type.
    fn from_value(value: &Value) -> Result<Self, Exception>;
}

impl Value {
    /// The value as the type it has to be.
    ///
    /// # Errors
    /// `TypeError` naming the path to what is of another type.
    pub fn to<T: FromValue>(&self) -> Result<T, Exception> {
        T::from_value(self)
    }
}

fn expected(what: &str, value: &Value) -> Exception {
    if matches!(value, Value::Enum { .. }) {
        // which may be of this type as well, and would no longer be a member
        return Exception::unsupported(format!("a member of {} as {what}", value.py_type()));
    }
    Exception::type_error(format!("expected {what}, got {}", value.py_type()))
}

/// The same error, seen from the container.
fn within(key: &str, error: &Exception) -> Exception {
    if error.class() == "Unsupported" {
        return error.clone();
    }
    let message = error.message();
    match message.strip_prefix("at ") {
        Some(rest) => Exception::type_error(format!("at {key}{rest}")),
        None => Exception::type_error(format!("at {key}: {message}")),
    }
}

macro_rules! plain {
    ($($type:ty, $variant:ident, $name:literal;)+) => {$(
        impl From<$type> for Value {
            fn from(value: $type) -> Self {
                Self::$variant(value)
            }
        }

        impl FromValue for $type {
            fn from_value(value: &Value) -> Result<Self, Exception> {
                match value {
                    Value::$variant(inner) => Ok(inner.clone()),
                    other => Err(expected($name, other)),
                }
            }
        }
    )+};
}

plain! {
    bool, Bool, "bool";
    String, Str, "str";
    Bytes, Bytes, "bytes";
    Date, Date, "date";
    Time, Time, "time";
    DateTime, DateTime, "datetime";
    TimeDelta, TimeDelta, "timedelta";
}

macro_rules! from_native {
    ($($type:ty => |$value:ident| $convert:expr;)+) => {$(
        impl From<$type> for Value {
            fn from($value: $type) -> Self {
                $convert
            }
        }
    )+};
}

from_native! {
    () => |_value| Self::None;
    &str => |value| Self::Str(value.to_owned());
    &String => |value| Self::Str(value.clone());
    f64 => |value| Self::Float(value);
    i32 => |value| Self::Int(value.into());
    i64 => |value| Self::Int(value.into());
    Int => |value| Self::Int(value);
    &Int => |value| Self::Int(value.clone());
    Float => |value| match value {
        Float::Double(value) => Self::Float(value),
        Float::Int(value) => Self::Int(value),
    };
    &Float => |value| value.clone().into();
    &Value => |value| value.clone();
}

macro_rules! from_reference {
    ($([$($generics:tt)*] $type:ty;)+) => {$(
        impl<$($generics)*> From<&$type> for Value {
            fn from(value: &$type) -> Self {
                value.clone().into()
            }
        }
    )+};
}

from_reference! {
    [] &str;
    [] bool;
    [] i64;
    [] f64;
    [] Bytes;
    [] Date;
    [] Time;
    [] DateTime;
    [] TimeDelta;
    [T: Into<Value> + Clone] Option<T>;
    [T: Into<Value> + Clone] Vec<T>;
    [K: Into<Value> + Clone, V: Into<Value> + Clone] Dict<K, V>;
    [T: Into<Value> + Clone + Eq + Hash] Set<T>;
    [A: Into<Value> + Clone, B: Into<Value> + Clone] (A, B);
    [A: Into<Value> + Clone, B: Into<Value> + Clone, C: Into<Value> + Clone] (A, B, C);
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::None, Into::into)
    }
}

impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(items: Vec<T>) -> Self {
        Self::List(items.into_iter().map(Into::into).collect())
    }
}

impl<K: Into<Value> + Clone, V: Into<Value> + Clone> From<Dict<K, V>> for Value {
    fn from(items: Dict<K, V>) -> Self {
        Self::Dict(
            items
                .into_iter()
                .map(|(key, value)| (key.into(), value.into()))
                .collect(),
        )
    }
}

impl<T: Into<Value> + Clone + Eq + Hash> From<Set<T>> for Value {
    fn from(items: Set<T>) -> Self {
        Self::Set(items.unordered().cloned().map(Into::into).collect())
    }
}

impl FromValue for Value {
    fn from_value(value: &Value) -> Result<Self, Exception> {
        Ok(value.clone())
    }
}

impl FromValue for Int {
    fn from_value(value: &Value) -> Result<Self, Exception> {
        match value {
            Value::Int(inner) => Ok(inner.clone()),
            other => Err(expected("int", other)),
        }
    }
}

impl FromValue for Float {
    fn from_value(value: &Value) -> Result<Self, Exception> {
        match value {
            Value::Float(inner) => Ok(Self::Double(*inner)),
            Value::Int(inner) => Ok(Self::Int(inner.clone())),
            other => Err(expected("float", other)),
        }
    }
}

impl FromValue for () {
    fn from_value(value: &Value) -> Result<Self, Exception> {
        match value {
            Value::None => Ok(()),
            other => Err(expected("None", other)),
        }
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: &Value) -> Result<Self, Exception> {
        match value {
            Value::None => Ok(None),
            other => T::from_value(other).map(Some),
        }
    }
}

impl<T: FromValue> FromValue for Vec<T> {
    fn from_value(value: &Value) -> Result<Self, Exception> {
        let Value::List(items) = value else {
            return Err(expected("list", value));
        };
        items
            .iter()
            .enumerate()
            .map(|(at, item)| {
                T::from_value(item).map_err(|error| within(&format!("[{at}]"), &error))
            })
            .collect()
    }
}

impl<K: FromValue + Hash + Eq, V: FromValue> FromValue for Dict<K, V> {
    fn from_value(value: &Value) -> Result<Self, Exception> {
        let Value::Dict(items) = value else {
            return Err(expected("dict", value));
        };
        items
            .items()
            .map(|(key, item)| {
                let path = format!("[{}]", key.py_repr());
                let converted = K::from_value(key).and_then(|k| Ok((k, V::from_value(item)?)));
                converted.map_err(|error| within(&path, &error))
            })
            .collect()
    }
}

impl<T: FromValue + Hash + Eq> FromValue for Set<T> {
    fn from_value(value: &Value) -> Result<Self, Exception> {
        match value {
            Value::Set(items) | Value::FrozenSet(items) => {
                items.unordered().map(T::from_value).collect()
            }
            other => Err(expected("set", other)),
        }
    }
}

macro_rules! tuples {
    ($($len:literal: $($name:ident $index:tt),+;)+) => {$(
        impl<$($name: Into<Value>),+> From<($($name,)+)> for Value {
            fn from(items: ($($name,)+)) -> Self {
                Self::Tuple(vec![$(items.$index.into()),+])
            }
        }

        impl<$($name: FromValue),+> FromValue for ($($name,)+) {
            fn from_value(value: &Value) -> Result<Self, Exception> {
                match value {
                    Value::Tuple(items) if items.len() == $len => Ok(($(
                        $name::from_value(&items[$index])
                            .map_err(|error| within(concat!("[", $index, "]"), &error))?,
                    )+)),
                    Value::Tuple(items) => Err(Exception::type_error(format!(
                        "expected tuple of {}, got tuple of {}", $len, items.len()
                    ))),
                    other => Err(expected("tuple", other)),
                }
            }
        }
    )+};
}

tuples! {
    1: A 0;
    2: A 0, B 1;
    3: A 0, B 1, C 2;
    4: A 0, B 1, C 2, D 3;
    5: A 0, B 1, C 2, D 3, E 4;
    6: A 0, B 1, C 2, D 3, E 4, F 5;
}
