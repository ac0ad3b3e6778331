//! The trace schema and the encoding of values in it.
