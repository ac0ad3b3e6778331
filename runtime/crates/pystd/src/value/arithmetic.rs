//! Operators and comparison between values of any type.

use std::cmp::Ordering;

use super::Value;
use crate::ops::{
    PyAdd, PyAnd, PyFloorDiv, PyMul, PyNeg, PyOr, PyPow, PyRem, PyShl, PyShr, PySub, PyTrueDiv,
    PyXor,
};
use crate::order::{compare_items, not_comparable};
use crate::{Bytes, Exception, Float, Int, PyOrd, TimeDelta, list, str_};

fn unsupported_operands(op: &str, a: &Value, b: &Value) -> Exception {
    Exception::type_error(format!(
        "unsupported operand type(s) for {op}: '{}' and '{}'",
        a.type_name(),
        b.type_name()
    ))
}

impl PyAdd for Value {
    type Output = Self;

    fn py_add(&self, other: &Self) -> Result<Self, Exception> {
        if let Some((a, b)) = self.as_texts(other) {
            return a.py_add(&b);
        }
        if let (Some(a), Some(b)) = (self.number(), other.number()) {
            return a.py_add(&b).map(Self::from);
        }
        let only_concatenates = |kind: &str| {
            Exception::type_error(format!(
                "can only concatenate {kind} (not \"{}\") to {kind}",
                other.type_name()
            ))
        };
        Ok(match (self, other) {
            (Self::Str(a), Self::Str(b)) => Self::Str(format!("{a}{b}")),
            (Self::List(a), Self::List(b)) => Self::List([a.as_slice(), b].concat()),
            (Self::Tuple(a), Self::Tuple(b)) => Self::Tuple([a.as_slice(), b].concat()),
            (Self::Bytes(a), Self::Bytes(b)) => Self::Bytes(Bytes([a.0.as_slice(), &b.0].concat())),
            (Self::Date(a), Self::TimeDelta(b)) | (Self::TimeDelta(b), Self::Date(a)) => {
                a.py_add(b)?.into()
            }
            (Self::DateTime(a), Self::TimeDelta(b)) | (Self::TimeDelta(b), Self::DateTime(a)) => {
                a.py_add(b)?.into()
            }
            (Self::TimeDelta(a), Self::TimeDelta(b)) => a.py_add(b)?.into(),
            (Self::Str(_), _) => return Err(only_concatenates("str")),
            (Self::List(_), _) => return Err(only_concatenates("list")),
            (Self::Tuple(_), _) => return Err(only_concatenates("tuple")),
            (Self::Bytes(_), _) => {
                return Err(Exception::type_error(format!(
                    "can't concat {} to bytes",
                    other.type_name()
                )));
            }
            _ => return Err(unsupported_operands("+", self, other)),
        })
    }
}

impl PySub for Value {
    type Output = Self;

    fn py_sub(&self, other: &Self) -> Result<Self, Exception> {
        if let (Some(a), Some(b)) = (self.number(), other.number()) {
            return a.py_sub(&b).map(Self::from);
        }
        Ok(match (self, other) {
            (Self::Set(a), Self::Set(b) | Self::FrozenSet(b)) => Self::Set(a - b),
            (Self::FrozenSet(a), Self::Set(b) | Self::FrozenSet(b)) => Self::FrozenSet(a - b),
            (Self::Date(a), Self::TimeDelta(b)) => a.py_sub(b)?.into(),
            (Self::Date(a), Self::Date(b)) => a.py_sub(b)?.into(),
            (Self::DateTime(a), Self::TimeDelta(b)) => a.py_sub(b)?.into(),
            (Self::DateTime(a), Self::DateTime(b)) => a.py_sub(b)?.into(),
            (Self::TimeDelta(a), Self::TimeDelta(b)) => a.py_sub(b)?.into(),
            _ => return Err(unsupported_operands("-", self, other)),
        })
    }
}

fn repeated(sequence: &Value, times: &Int) -> Option<Result<Value, Exception>> {
    Some(match sequence {
        Value::Str(text) => str_::repeat(text, times).map(Value::Str),
        Value::List(items) => Ok(Value::List(list::repeat(items, times))),
        Value::Tuple(items) => Ok(Value::Tuple(list::repeat(items, times))),
        Value::Bytes(bytes) => Ok(Value::Bytes(Bytes(list::repeat(&bytes.0, times)))),
        _ => return None,
    })
}

fn is_sequence(value: &Value) -> bool {
    matches!(
        value,
        Value::Str(_) | Value::List(_) | Value::Tuple(_) | Value::Bytes(_)
    )
}

impl PyMul for Value {
    type Output = Self;

    fn py_mul(&self, other: &Self) -> Result<Self, Exception> {
        if let Some((a, b)) = self.as_texts(other) {
            return a.py_mul(&b);
        }
        if let (Some(a), Some(b)) = (self.number(), other.number()) {
            return a.py_mul(&b).map(Self::from);
        }
        for (sequence, times) in [(self, other), (other, self)] {
            if let Some(result) = times.integer().and_then(|times| repeated(sequence, &times)) {
                return result;
            }
        }
        for (delta, times) in [(self, other), (other, self)] {
            if let (Self::TimeDelta(delta), Some(times)) = (delta, times.number()) {
                return delta.py_mul(&times).map(Self::from);
            }
        }
        let repeats = |times: &Self| {
            Exception::type_error(format!(
                "can't multiply sequence by non-int of type '{}'",
                times.type_name()
            ))
        };
        if is_sequence(self) {
            return Err(repeats(other));
        }
        if is_sequence(other) {
            return Err(repeats(self));
        }
        Err(unsupported_operands("*", self, other))
    }
}

impl PyTrueDiv for Value {
    type Output = Self;

    fn py_true_div(&self, other: &Self) -> Result<Self, Exception> {
        match (self, other) {
            (Self::TimeDelta(a), Self::TimeDelta(b)) => a.py_true_div(b).map(Self::from),
            _ => match (self.number(), other.number()) {
                (None, Some(b)) if matches!(self, Self::TimeDelta(_)) => {
                    self.to::<TimeDelta>()?.py_true_div(&b).map(Self::from)
                }
                (Some(a), Some(b)) => a.py_true_div(&b).map(Self::from),
                _ => Err(unsupported_operands("/", self, other)),
            },
        }
    }
}

impl PyFloorDiv for Value {
    type Output = Self;

    fn py_floor_div(&self, other: &Self) -> Result<Self, Exception> {
        match (self, other) {
            (Self::TimeDelta(a), Self::TimeDelta(b)) => a.py_floor_div(b).map(Self::from),
            (Self::TimeDelta(a), other) if other.integer().is_some() => a
                .py_floor_div(&other.integer().unwrap_or_default())
                .map(Self::from),
            _ => match (self.number(), other.number()) {
                (Some(a), Some(b)) => a.py_floor_div(&b).map(Self::from),
                _ => Err(unsupported_operands("//", self, other)),
            },
        }
    }
}

impl PyRem for Value {
    type Output = Self;

    fn py_rem(&self, other: &Self) -> Result<Self, Exception> {
        if let Some((a, b)) = self.as_texts(other) {
            return a.py_rem(&b);
        }
        match (self, other) {
            (Self::Str(_) | Self::Bytes(_), _) => {
                Err(Exception::unsupported("formatting a string with %"))
            }
            (Self::TimeDelta(a), Self::TimeDelta(b)) => a.py_rem(b).map(Self::from),
            _ => match (self.number(), other.number()) {
                (Some(a), Some(b)) => a.py_rem(&b).map(Self::from),
                _ => Err(unsupported_operands("%", self, other)),
            },
        }
    }
}

impl PyPow for Value {
    type Output = Self;

    fn py_pow(&self, other: &Self) -> Result<Self, Exception> {
        match (self.number(), other.number()) {
            (Some(a), Some(b)) => a.py_pow(&b).map(Self::from),
            _ => Err(unsupported_operands("** or pow()", self, other)),
        }
    }
}

macro_rules! bitwise {
    ($($Trait:ident $method:ident $sign:tt $name:literal;)+) => {$(
        impl $Trait for Value {
            type Output = Self;

            fn $method(&self, other: &Self) -> Result<Self, Exception> {
                if let (Self::Bool(a), Self::Bool(b)) = (self, other) {
                    return Ok(Self::Bool(a $sign b));
                }
                if let (Some(a), Some(b)) = (self.integer(), other.integer()) {
                    return Ok(Self::Int(a $sign b));
                }
                match (self, other) {
                    (Self::Set(a), Self::Set(b) | Self::FrozenSet(b)) => Ok(Self::Set(a $sign b)),
                    (Self::FrozenSet(a), Self::Set(b) | Self::FrozenSet(b)) => {
                        Ok(Self::FrozenSet(a $sign b))
                    }
                    (Self::Dict(a), Self::Dict(b)) if $name == "|" => Ok(Self::Dict(a | b)),
                    _ => Err(unsupported_operands($name, self, other)),
                }
            }
        }
    )+};
}

bitwise! {
    PyAnd py_and & "&";
    PyOr py_or | "|";
    PyXor py_xor ^ "^";
}

macro_rules! shifts {
    ($($Trait:ident $method:ident $apply:ident $name:literal;)+) => {$(
        impl $Trait for Value {
            type Output = Self;

            fn $method(&self, other: &Self) -> Result<Self, Exception> {
                match (self.integer(), other.integer()) {
                    (Some(a), Some(b)) => a.$apply(&b).map(Self::Int),
                    _ => Err(unsupported_operands($name, self, other)),
                }
            }
        }
    )+};
}

shifts! {
    PyShl py_shl shl "<<";
    PyShr py_shr shr ">>";
}

impl PyNeg for Value {
    fn py_neg(&self) -> Result<Self, Exception> {
        match (self.number(), self) {
            (Some(number), _) => Ok((-number).into()),
            (None, Self::TimeDelta(delta)) => delta.py_neg().map(Self::from),
            _ => Err(Exception::type_error(format!(
                "bad operand type for unary -: '{}'",
                self.type_name()
            ))),
        }
    }
}

impl PyOrd for Value {
    fn py_cmp(&self, other: &Self, op: &str) -> Result<Option<Ordering>, Exception> {
        if let Some((a, b)) = self.as_texts(other) {
            return a.py_cmp(&b, op);
        }
        if let (Some(a), Some(b)) = (self.number(), other.number()) {
            return Ok(Float::partial_cmp(&a, &b));
        }
        match (self, other) {
            (Self::Str(a), Self::Str(b)) => Ok(Some(a.cmp(b))),
            (Self::Bytes(a), Self::Bytes(b)) => Ok(Some(a.cmp(b))),
            (Self::List(a), Self::List(b)) | (Self::Tuple(a), Self::Tuple(b)) => {
                compare_items(a, b, op)
            }
            (Self::Set(a) | Self::FrozenSet(a), Self::Set(b) | Self::FrozenSet(b)) => {
                Ok(a.partial_cmp(b))
            }
            (Self::Date(a), Self::Date(b)) => Ok(Some(a.cmp(b))),
            (Self::Time(a), Self::Time(b)) => a.py_cmp(b, op),
            (Self::DateTime(a), Self::DateTime(b)) => a.py_cmp(b, op),
            (Self::TimeDelta(a), Self::TimeDelta(b)) => Ok(Some(a.cmp(b))),
            (Self::DateTime(_), Self::Date(_)) | (Self::Date(_), Self::DateTime(_)) => {
                Err(Exception::type_error(format!(
                    "can't compare {} to {}",
                    if matches!(self, Self::DateTime(_)) {
                        "datetime.datetime"
                    } else {
                        "datetime.date"
                    },
                    if matches!(other, Self::DateTime(_)) {
                        "datetime.datetime"
                    } else {
                        "datetime.date"
                    },
                )))
            }
            _ => Err(not_comparable(&self.type_name(), &other.type_name(), op)),
        }
    }
}
