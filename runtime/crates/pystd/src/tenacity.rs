//! What tenacity's `retry` raises when it gives up.

use crate::Exception;

/// Raises the `RetryError` of a function whose last attempt ended in `failure`.
///
/// # Errors
/// Always. The address that Python shows of the attempt, another one in each run, is zero.
pub fn raise_for(failure: &Exception) -> Result<(), Exception> {
    let class = failure.class();
    let class = class.rsplit('.').next().unwrap_or(class);
    let text = format!("RetryError[<Future at 0x0 state=finished raised {class}>]");
    Err(Exception::new("RetryError", text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_names_the_last_failures_class() {
        let error = raise_for(&Exception::new("ValueError", "no")).unwrap_err();
        assert!(error.is("Exception"));
        assert_eq!(
            error.message(),
            "RetryError[<Future at 0x0 state=finished raised ValueError>]"
        );
    }
}
