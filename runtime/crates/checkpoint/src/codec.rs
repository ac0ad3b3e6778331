//! LangGraph's serialisation of values: the msgpack of its `JsonPlusSerializer`, byte for byte.
//!
//! Values are in the trace's encoding on our side. Reading one imports, calls and constructs nothing: an
//! object is its class's name and its fields, and an extension that has no meaning here is carried as it
//! came, as an object of class [`EXTENSION`] with its `code` and its `data`.

mod classes;
mod decode;
mod encode;
mod moment;

use std::fmt;

pub use classes::{ClassKind, Classes};
pub use decode::decode;
pub use encode::encode;

/// The class of an extension that is carried unread; also what undecoded ones are in Python.
pub const EXTENSION: &str = "ormsgpack.Ext";

/// How deep values may be nested: where LangGraph's encoder gives up.
const DEEPEST: usize = 254;

/// The extensions of LangGraph's serialiser: what to call with which arguments.
mod extension {
    pub const SINGLE_ARGUMENT: i8 = 0;
    pub const POSITIONAL: i8 = 1;
    pub const KEYWORDS: i8 = 2;
    pub const METHOD: i8 = 3;
    pub const PYDANTIC_V1: i8 = 4;
    pub const PYDANTIC: i8 = 5;
}

/// A value as savers store it: what its bytes are, and the bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed {
    /// `msgpack`, `null`, `bytes`, …
    pub kind: String,
    /// The bytes.
    pub data: Vec<u8>,
}

/// Why a value cannot be stored or read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodecError {
    path: Vec<String>,
    reason: String,
}

impl CodecError {
    /// An error about the value as a whole.
    pub fn new(reason: impl Into<String>) -> Self {
        CodecError {
            path: Vec::new(),
            reason: reason.into(),
        }
    }

    /// The same error, seen from what holds the value under `key`.
    #[must_use]
    pub fn within(mut self, key: impl fmt::Display) -> Self {
        self.path.insert(0, key.to_string());
        self
    }
}

impl fmt::Display for CodecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.as_slice() {
            [] => f.write_str(&self.reason),
            path => write!(f, "{}: {}", path.join("."), self.reason),
        }
    }
}

impl std::error::Error for CodecError {}
