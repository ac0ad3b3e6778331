//! How a value is written into a trace and read back from a case.

use std::fmt;

use serde_json::{Map, Value as Json};

/// A value that can be written into a trace.
///
/// The encoding is fixed by "The trace's encoding of values" in the architecture page: plain JSON where
/// JSON can say it, an object with `$type` everywhere else.
pub trait TraceValue {
    /// The value as the trace writes it.
    fn to_trace(&self) -> Json;

    /// The value that `encoded` stands for.
    ///
    /// # Errors
    /// [`DecodeError`] when `encoded` is not the encoding of a value of this type.
    fn from_trace(encoded: &Json) -> Result<Self, DecodeError>
    where
        Self: Sized;
}

/// An encoded value was not of the type asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError {
    path: Vec<String>,
    reason: String,
}

impl DecodeError {
    /// An error about the value as a whole; [`DecodeError::within`] adds where it lies.
    pub fn new(reason: impl Into<String>) -> Self {
        Self {
            path: Vec::new(),
            reason: reason.into(),
        }
    }

    /// `encoded` is not a `expected` (say, `"str"`).
    pub fn expected(expected: &str, encoded: &Json) -> Self {
        Self::new(format!("expected {expected}, got {}", kind_of(encoded)))
    }

    /// The same error, seen from the container that holds the value under `key`.
    #[must_use]
    pub fn within(mut self, key: impl fmt::Display) -> Self {
        self.path.insert(0, key.to_string());
        self
    }

    /// The keys and positions that lead to the value, outermost first.
    pub fn path(&self) -> &[String] {
        &self.path
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            write!(f, "{}", self.reason)
        } else {
            write!(f, "{}: {}", self.path.join("."), self.reason)
        }
    }
}

impl std::error::Error for DecodeError {}

/// The name of the Python type that `encoded` encodes.
fn kind_of(encoded: &Json) -> String {
    match encoded {
        Json::Null => "None".into(),
        Json::Bool(_) => "bool".into(),
        Json::Number(number) if number.is_f64() => "float".into(),
        Json::Number(_) => "int".into(),
        Json::String(_) => "str".into(),
        Json::Array(_) => "list".into(),
        Json::Object(object) => match object.get("$type") {
            Some(Json::String(tag)) => tag.clone(),
            _ => "dict".into(),
        },
    }
}

impl TraceValue for () {
    fn to_trace(&self) -> Json {
        Json::Null
    }

    fn from_trace(encoded: &Json) -> Result<Self, DecodeError> {
        encoded
            .as_null()
            .ok_or_else(|| DecodeError::expected("None", encoded))
    }
}

impl TraceValue for bool {
    fn to_trace(&self) -> Json {
        Json::Bool(*self)
    }

    fn from_trace(encoded: &Json) -> Result<Self, DecodeError> {
        encoded
            .as_bool()
            .ok_or_else(|| DecodeError::expected("bool", encoded))
    }
}

impl TraceValue for String {
    fn to_trace(&self) -> Json {
        Json::String(self.clone())
    }

    fn from_trace(encoded: &Json) -> Result<Self, DecodeError> {
        encoded
            .as_str()
            .map(str::to_owned)
            .ok_or_else(|| DecodeError::expected("str", encoded))
    }
}

impl<T: TraceValue> TraceValue for Vec<T> {
    fn to_trace(&self) -> Json {
        Json::Array(self.iter().map(T::to_trace).collect())
    }

    fn from_trace(encoded: &Json) -> Result<Self, DecodeError> {
        let items = encoded
            .as_array()
            .ok_or_else(|| DecodeError::expected("list", encoded))?;
        items
            .iter()
            .enumerate()
            .map(|(position, item)| T::from_trace(item).map_err(|error| error.within(position)))
            .collect()
    }
}

impl<T: TraceValue> TraceValue for Option<T> {
    fn to_trace(&self) -> Json {
        self.as_ref().map_or(Json::Null, T::to_trace)
    }

    fn from_trace(encoded: &Json) -> Result<Self, DecodeError> {
        if encoded.is_null() {
            Ok(None)
        } else {
            T::from_trace(encoded).map(Some)
        }
    }
}

impl<T: TraceValue> TraceValue for Box<T> {
    fn to_trace(&self) -> Json {
        self.as_ref().to_trace()
    }

    fn from_trace(encoded: &Json) -> Result<Self, DecodeError> {
        T::from_trace(encoded).map(Self::new)
    }
}

macro_rules! tuples {
    ($($len:literal: $($name:ident $index:tt),+;)+) => {$(
        impl<$($name: TraceValue),+> TraceValue for ($($name,)+) {
            fn to_trace(&self) -> Json {
                let mut object = Map::new();
                object.insert("$type".into(), "tuple".into());
                object.insert("items".into(), Json::Array(vec![$(self.$index.to_trace()),+]));
                Json::Object(object)
            }

            fn from_trace(encoded: &Json) -> Result<Self, DecodeError> {
                let wrong = || DecodeError::expected(concat!("tuple of ", $len), encoded);
                if encoded.get("$type").and_then(Json::as_str) != Some("tuple") {
                    return Err(wrong());
                }
                let items = encoded.get("items").and_then(Json::as_array).ok_or_else(wrong)?;
                if items.len() != $len {
                    return Err(wrong());
                }
                Ok(($($name::from_trace(&items[$index]).map_err(|error| error.within($index))?,)+))
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
