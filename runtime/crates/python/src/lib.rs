//! The Python binding of the engine.
