//! A module-level constant that Python may fail to make.

use std::sync::LazyLock;

use crate::exception::Exception;

/// A constant made where it is first needed; what making it raises comes from every use.
pub struct Constant<T>(LazyLock<Result<T, Exception>>);

impl<T> Constant<T> {
    /// The constant that `make` makes, once.
    #[must_use]
    pub const fn new(make: fn() -> Result<T, Exception>) -> Self {
        Self(LazyLock::new(make))
    }

    /// The constant.
    ///
    /// # Errors
    /// What making it raised.
    pub fn get(&self) -> Result<&T, Exception> {
        self.0.as_ref().map_err(Exception::clone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{re, str_of};

    static DIGITS: Constant<re::Pattern> = Constant::new(|| re::compile("[0-9]", re::NONE));
    static WRONG: Constant<re::Pattern> = Constant::new(|| re::compile("[0-9", re::NONE));

    #[test]
    fn it_is_made_once() {
        assert!(std::ptr::eq(DIGITS.get().unwrap(), DIGITS.get().unwrap()));
    }

    #[test]
    fn every_use_raises_what_making_it_raised() {
        for _ in 0..2 {
            let raised = WRONG.get().err().unwrap();
            assert_eq!(str_of(&raised), "unterminated character set at position 0");
        }
    }
}
