//! Taking sequences apart: `a, b = items`.

use crate::{Exception, Value};

macro_rules! unpack {
    ($($name:ident $count:literal ($($item:ident)+);)+) => {$(
        #[doc = concat!("The ", $count, " items of what is unpacked to as many names.")]
        ///
        /// # Errors
        /// `ValueError` when there are more or less.
        pub fn $name<T>(items: Vec<T>) -> Result<($(unpack!(@type T $item),)+), Exception> {
            match <[T; $count]>::try_from(items) {
                Ok([$($item),+]) => Ok(($($item,)+)),
                Err(items) => Err(wrong_number($count, items.len())),
            }
        }
    )+};
    (@type $type:ident $item:ident) => { $type };
}

unpack! {
    unpack_1 1 (a);
    unpack_2 2 (a b);
    unpack_3 3 (a b c);
    unpack_4 4 (a b c d);
    unpack_5 5 (a b c d e);
    unpack_6 6 (a b c d e f);
}

fn wrong_number(expected: usize, got: usize) -> Exception {
    Exception::value_error(if got < expected {
        format!("not enough values to unpack (expected {expected}, got {got})")
    } else {
        format!("too many values to unpack (expected {expected})")
    })
}

impl Value {
    /// The items of what is unpacked.
    ///
    /// # Errors
    /// `TypeError` when there are none; Unsupported for a set, whose order is not defined.
    pub fn unpacked(&self) -> Result<Vec<Value>, Exception> {
        match self.iter() {
            Ok(items) => Ok(items.collect()),
            Err(error) if error.is("TypeError") => Err(Exception::type_error(format!(
                "cannot unpack non-iterable {} object",
                self.type_name()
            ))),
            Err(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_items_as_names() {
        assert_eq!(unpack_2(vec![1, 2]).ok(), Some((1, 2)));
        assert_eq!(unpack_1(vec!["a"]).ok(), Some(("a",)));
        let fewer = unpack_3(vec![1, 2])
            .err()
            .map(|error| error.message().to_owned());
        assert_eq!(
            fewer.as_deref(),
            Some("not enough values to unpack (expected 3, got 2)")
        );
        let more = unpack_1(vec![1, 2])
            .err()
            .map(|error| error.message().to_owned());
        assert_eq!(
            more.as_deref(),
            Some("too many values to unpack (expected 1)")
        );
    }
}
