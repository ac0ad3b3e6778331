//! A value whose Python type is not known before the program runs (`Any`).

mod access;
mod arithmetic;
mod convert;
mod methods;
mod python_methods;

pub use convert::FromValue;

use std::borrow::Cow;
use std::fmt;
use std::hash::{Hash, Hasher};

use crate::repr::bracketed;
use crate::{
    Bytes, Date, DateTime, Dict, Float, Int, PyRepr, Set, Time, TimeDelta, Truthy, repr, str_of,
};
use crate::{Exception, enums};

/// Any Python value.
#[derive(Clone, Debug, Default)]
#[allow(missing_docs, reason = "the variants are Python's types")]
pub enum Value {
    #[default]
    None,
    Bool(bool),
    Int(Int),
    Float(f64),
    Str(String),
    Bytes(Bytes),
    List(Vec<Value>),
    Tuple(Vec<Value>),
    Dict(Dict<Value, Value>),
    Set(Set<Value>),
    FrozenSet(Set<Value>),
    Date(Date),
    Time(Time),
    DateTime(DateTime),
    TimeDelta(TimeDelta),
    /// A member of an enum: the class and the member's name.
    Enum {
        class: String,
        name: String,
    },
    /// An object with fields (a dataclass, a pydantic model, a message): the class and its fields.
    Record {
        class: String,
        fields: Dict<String, Value>,
    },
}

impl Value {
    /// The name of the type as CPython's own messages have it.
    pub(crate) fn type_name(&self) -> Cow<'_, str> {
        match self {
            Self::Date(_) | Self::Time(_) | Self::DateTime(_) | Self::TimeDelta(_) => {
                format!("datetime.{}", self.py_type()).into()
            }
            _ => self.py_type(),
        }
    }

    /// `type(x).__name__`
    #[must_use]
    pub fn class_name(&self) -> String {
        self.py_type().into_owned()
    }

    /// `str(type(x))`
    ///
    /// # Errors
    /// Unsupported for members of enums, whose classes are shown in another way.
    pub fn class_text(&self) -> Result<String, Exception> {
        match self {
            Self::Enum { class, .. } => Err(Exception::unsupported(format!(
                "the text of the class {class}"
            ))),
            Self::Record { class, .. } => Ok(format!("<class '{class}'>")),
            other => Ok(format!("<class '{}'>", other.type_name())),
        }
    }

    /// The value, if it is of a class whose objects never change.
    ///
    /// # Errors
    /// Unsupported for containers, which `+=` and the like change for all who hold them.
    pub fn unchanging(&self) -> Result<Value, Exception> {
        match self {
            Self::List(_) | Self::Dict(_) | Self::Set(_) | Self::Record { .. } => {
                Err(Exception::unsupported(format!(
                    "an operator that changes a {} in place",
                    self.type_name()
                )))
            }
            plain => Ok(plain.clone()),
        }
    }

    /// The value as a number, if it is one; `True` counts as 1.
    pub(crate) fn number(&self) -> Option<Float> {
        match self {
            Self::Bool(value) => Some(Float::Int((*value).into())),
            Self::Int(value) => Some(Float::Int(value.clone())),
            Self::Float(value) => Some(Float::Double(*value)),
            _ => None,
        }
    }

    /// The value as an integer, if it is one; `True` counts as 1.
    pub(crate) fn integer(&self) -> Option<Int> {
        match self.number() {
            Some(Float::Int(value)) => Some(value),
            _ => None,
        }
    }

    /// `isinstance(self, class)`, given the name of a builtin class, or of the class of a record.
    pub fn is_instance(&self, class: &str) -> bool {
        let own = self.py_type();
        own == class
            || class == "object"
            || (class == "str" && self.enum_text().is_some())
            || matches!(
                (own.as_ref(), class),
                ("bool", "int") | ("datetime", "date")
            )
    }
}

fn bare_name(class: &str) -> &str {
    class.rsplit('.').next().unwrap_or(class)
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        if let (Some(a), Some(b)) = (self.number(), other.number()) {
            return a == b;
        }
        if let Some((a, b)) = self.as_texts(other) {
            return a == b;
        }
        match (self, other) {
            (Self::None, Self::None) => true,
            (Self::Str(a), Self::Str(b)) => a == b,
            (Self::Bytes(a), Self::Bytes(b)) => a == b,
            (Self::List(a), Self::List(b)) | (Self::Tuple(a), Self::Tuple(b)) => a == b,
            (Self::Dict(a), Self::Dict(b)) => a == b,
            (Self::Set(a) | Self::FrozenSet(a), Self::Set(b) | Self::FrozenSet(b)) => a == b,
            (Self::Date(a), Self::Date(b)) => a == b,
            (Self::Time(a), Self::Time(b)) => a == b,
            (Self::DateTime(a), Self::DateTime(b)) => a == b,
            (Self::TimeDelta(a), Self::TimeDelta(b)) => a == b,
            (Self::Enum { class: a, name: x }, Self::Enum { class: b, name: y }) => {
                a == b && x == y
            }
            (
                Self::Record {
                    class: a,
                    fields: x,
                },
                Self::Record {
                    class: b,
                    fields: y,
                },
            ) => a == b && x == y,
            _ => false,
        }
    }
}

/// `nan` is not equal to itself and so never found as a key, as in Python with another `nan`.
impl Eq for Value {}

impl Hash for Value {
    /// Equal values hash alike; those Python does not hash are kept out of keys by `set_item`.
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Self::None => 0.hash(state),
            Self::Bool(_) | Self::Int(_) | Self::Float(_) => {
                if let Some(number) = self.number() {
                    number.hash(state);
                }
            }
            // as `str` does, so that a `&str` finds its key
            Self::Str(text) => text.hash(state),
            Self::Bytes(bytes) => bytes.hash(state),
            Self::Tuple(items) => items.hash(state),
            Self::Date(value) => value.hash(state),
            Self::Time(value) => value.hash(state),
            Self::DateTime(value) => value.hash(state),
            Self::TimeDelta(value) => value.hash(state),
            Self::Enum { name, .. } => match self.enum_text() {
                Some(text) => text.hash(state),
                None => name.hash(state),
            },
            Self::List(_)
            | Self::Dict(_)
            | Self::Set(_)
            | Self::FrozenSet(_)
            | Self::Record { .. } => {}
        }
    }
}

impl indexmap::Equivalent<Value> for str {
    fn equivalent(&self, key: &Value) -> bool {
        match key {
            Value::Str(text) => text == self,
            other => matches!(other.enum_text(), Some(Value::Str(text)) if text == self),
        }
    }
}

impl indexmap::Equivalent<Value> for String {
    fn equivalent(&self, key: &Value) -> bool {
        self.as_str().equivalent(key)
    }
}

impl PyRepr for Value {
    fn py_repr(&self) -> String {
        match self {
            Self::None => "None".into(),
            Self::Bool(value) => repr(value),
            Self::Int(value) => repr(value),
            Self::Float(value) => repr(value),
            Self::Str(value) => repr(value),
            Self::Bytes(value) => repr(value),
            Self::List(items) => repr(items),
            Self::Tuple(items) => match items.as_slice() {
                [only] => format!("({},)", repr(only)),
                items => bracketed("(", items, ")"),
            },
            Self::Dict(items) => repr(items),
            Self::Set(items) => repr(items),
            Self::FrozenSet(items) if items.is_empty() => "frozenset()".into(),
            Self::FrozenSet(items) => format!("frozenset({})", repr(items)),
            Self::Date(value) => repr(value),
            Self::Time(value) => repr(value),
            Self::DateTime(value) => repr(value),
            Self::TimeDelta(value) => repr(value),
            Self::Enum { class, name } => enums::shown(class, name),
            Self::Record { class, fields } => {
                let fields: Vec<String> = fields
                    .items()
                    .map(|(name, value)| format!("{name}={}", repr(value)))
                    .collect();
                format!("{}({})", bare_name(class), fields.join(", "))
            }
        }
    }

    fn py_str(&self) -> String {
        match self {
            Self::Str(value) => value.clone(),
            Self::Date(value) => str_of(value),
            Self::Time(value) => str_of(value),
            Self::DateTime(value) => str_of(value),
            Self::TimeDelta(value) => str_of(value),
            Self::Enum { class, name } => enums::text(class, name),
            _ => self.py_repr(),
        }
    }

    fn py_type(&self) -> Cow<'_, str> {
        match self {
            Self::None => "NoneType",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Float(_) => "float",
            Self::Str(_) => "str",
            Self::Bytes(_) => "bytes",
            Self::List(_) => "list",
            Self::Tuple(_) => "tuple",
            Self::Dict(_) => "dict",
            Self::Set(_) => "set",
            Self::FrozenSet(_) => "frozenset",
            Self::Date(_) => "date",
            Self::Time(_) => "time",
            Self::DateTime(_) => "datetime",
            Self::TimeDelta(_) => "timedelta",
            Self::Enum { class, .. } | Self::Record { class, .. } => bare_name(class),
        }
        .into()
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.py_str())
    }
}

impl Truthy for Value {
    fn truthy(&self) -> bool {
        match self {
            Self::None => false,
            Self::Bool(value) => *value,
            Self::Int(value) => value.truthy(),
            Self::Float(value) => *value != 0.0,
            Self::Str(value) => value.truthy(),
            Self::Bytes(value) => value.truthy(),
            Self::List(items) | Self::Tuple(items) => items.truthy(),
            Self::Dict(items) => items.truthy(),
            Self::Set(items) | Self::FrozenSet(items) => items.truthy(),
            Self::TimeDelta(value) => value.truthy(),
            Self::Enum { .. } => self.enum_text().is_none_or(|text| text.truthy()),
            Self::Date(_) | Self::Time(_) | Self::DateTime(_) | Self::Record { .. } => true,
        }
    }
}
