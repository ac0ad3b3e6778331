//! What a workload is: a body to time, and how much it does.

use std::error::Error;
use std::future::Future;
use std::pin::Pin;

use langferry::Exception;

/// Whether a run gave the right result.
pub type Checked = Pin<Box<dyn Future<Output = Result<bool, Exception>>>>;

/// A body to time, and how much it does.
pub struct Case {
    /// How many `unit`s one run does.
    pub units: usize,
    /// What they are.
    pub unit: &'static str,
    /// One run.
    pub run: Box<dyn Fn() -> Checked>,
}

/// How a workload is built.
pub type Build = fn(usize) -> Result<Case, Box<dyn Error>>;

impl Case {
    /// A case whose runs give `true` when their result is right.
    pub fn new<F>(units: usize, unit: &'static str, run: impl Fn() -> F + 'static) -> Self
    where
        F: Future<Output = Result<bool, Exception>> + 'static,
    {
        Case {
            units,
            unit,
            run: Box::new(move || Box::pin(run())),
        }
    }
}
