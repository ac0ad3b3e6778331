//! What Python's values and standard functions mean, for generated code.
