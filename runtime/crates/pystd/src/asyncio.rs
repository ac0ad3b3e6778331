//! Python's `asyncio`, where nothing else runs meanwhile.

use crate::Exception;

/// `await asyncio.gather(*[ask(item) for item in given])`: all are asked, then the first failure is raised.
///
/// # Errors
/// What the first of `ask` that fails raises; what lies outside of Python ends it at once.
pub fn gather<T, R>(
    given: impl IntoIterator<Item = T>,
    mut ask: impl FnMut(&T) -> Result<R, Exception>,
) -> Result<Vec<R>, Exception> {
    let mut answers = Vec::new();
    for item in given {
        let answer = ask(&item);
        match answer {
            Err(error) if !error.is("Exception") => return Err(error),
            answer => answers.push(answer),
        }
    }
    answers.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::gather;
    use crate::{Exception, str_of};

    #[test]
    fn all_are_asked_before_the_first_failure_is_raised() {
        let mut asked = Vec::new();
        let failed = gather([1, 2, 3], |&item| {
            asked.push(item);
            match item {
                1 => Ok(item),
                _ => Err(Exception::value_error(item.to_string())),
            }
        });
        assert_eq!(str_of(&failed.err().unwrap()), "2");
        assert_eq!(asked, [1, 2, 3]);
        assert_eq!(gather([1, 2], |&item| Ok(item * 2)).unwrap(), [2, 4]);
    }

    #[test]
    fn what_python_would_not_raise_ends_it() {
        let mut asked = 0;
        let failed = gather([1, 2], |_| -> Result<(), Exception> {
            asked += 1;
            Err(Exception::unsupported("this"))
        });
        assert!(failed.is_err());
        assert_eq!(asked, 1);
    }
}
