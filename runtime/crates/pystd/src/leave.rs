//! How a `try` inside a loop or function is left early.

/// The way out that the body of a `try` takes, which stands in a closure of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leave<R> {
    /// `return`, with its value.
    Return(R),
    /// `break` of the loop around.
    Break,
    /// `continue` of the loop around.
    Continue,
}
