//! The trace schema and the encoding of values in it.

mod value;

pub use value::{DecodeError, TraceValue};
