//! What a function of the program throws as a panic, as the exception of its node.
//!
//! Where an operator cannot return an error, `pystd` throws the [`Exception`] Python raises as the payload of
//! a panic. Any other panic is a mistake in the program's Rust: the node fails with a `Panic`, which derives
//! from `BaseException` only, so that one node's mistake ends its run and not the process.

use std::any::Any;
use std::borrow::Cow;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};

use futures_util::FutureExt as _;
use langferry_pystd::Exception;

/// Calls `function`, the part of the program called `name`.
///
/// What it may leave half changed is not used again: states are its own copies, and its run fails.
pub(crate) fn caught<T>(
    name: &str,
    function: impl FnOnce() -> Result<T, Exception>,
) -> Result<T, Exception> {
    catch_unwind(AssertUnwindSafe(function)).unwrap_or_else(|payload| Err(thrown(name, payload)))
}

/// The same for a function that waits.
pub(crate) async fn caught_while_waiting<T>(
    name: &str,
    function: impl Future<Output = Result<T, Exception>>,
) -> Result<T, Exception> {
    AssertUnwindSafe(function)
        .catch_unwind()
        .await
        .unwrap_or_else(|payload| Err(thrown(name, payload)))
}

fn thrown(name: &str, payload: Box<dyn Any + Send>) -> Exception {
    let payload = match payload.downcast::<Exception>() {
        Ok(exception) => return *exception,
        Err(payload) => payload,
    };
    let text = match payload.downcast_ref::<String>() {
        Some(text) => text,
        None => payload
            .downcast_ref::<&str>()
            .copied()
            .unwrap_or("no message"),
    };
    let message = format!("`{name}` panicked: {text}");
    Exception::with_bases("Panic", [Cow::Borrowed("BaseException")], message)
}
