//! The trace schema and the encoding of values in it.

pub mod events;
mod value;

pub use value::{DecodeError, TraceValue};
