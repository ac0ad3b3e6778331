//! Python's `range`.

use crate::{Contains, Exception, Int, PyLen, Truthy};

/// The integers from a start up to, or down to, a stop.
#[derive(Clone, Debug)]
pub struct Range {
    next: Int,
    step: Int,
    left: usize,
}

/// `range(stop)`
pub fn range(stop: impl Into<Int>) -> Range {
    range_from(0, stop)
}

/// `range(start, stop)`
pub fn range_from(start: impl Into<Int>, stop: impl Into<Int>) -> Range {
    Range::over(start.into(), &stop.into(), Int::ONE)
}

/// `range(start, stop, step)`
///
/// # Errors
/// `ValueError` when the step is zero.
pub fn range_step(
    start: impl Into<Int>,
    stop: impl Into<Int>,
    step: impl Into<Int>,
) -> Result<Range, Exception> {
    let step = step.into();
    if step.is_zero() {
        return Err(Exception::value_error("range() arg 3 must not be zero"));
    }
    Ok(Range::over(start.into(), &stop.into(), step))
}

impl Range {
    /// `range[index]`
    ///
    /// # Errors
    /// `IndexError`
    pub fn item(&self, index: impl Into<Int>) -> Result<Int, Exception> {
        let (index, size) = (index.into(), Int::from(self.left));
        let place = if index.is_negative() {
            index + &size
        } else {
            index
        };
        if place.is_negative() || place >= size {
            return Err(Exception::index_error("range object index out of range"));
        }
        Ok(&self.next + &self.step * place)
    }

    fn over(start: Int, stop: &Int, step: Int) -> Self {
        let (distance, size) = if step.is_negative() {
            (&start - stop, -&step)
        } else {
            (stop - &start, step.clone())
        };
        let count = (distance + &size - 1)
            .div_mod(&size)
            .map_or(Int::ZERO, |(count, _)| count);
        Self {
            next: start,
            step,
            left: count.count(),
        }
    }
}

impl Iterator for Range {
    type Item = Int;

    fn next(&mut self) -> Option<Int> {
        self.left = self.left.checked_sub(1)?;
        let after = &self.next + &self.step;
        Some(std::mem::replace(&mut self.next, after))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for Range {}

impl DoubleEndedIterator for Range {
    fn next_back(&mut self) -> Option<Int> {
        self.left = self.left.checked_sub(1)?;
        Some(&self.next + &self.step * Int::from(self.left))
    }
}

impl PyLen for Range {
    fn py_len(&self) -> usize {
        self.left
    }
}

impl PartialEq for Range {
    /// Ranges that give the same numbers are equal.
    fn eq(&self, other: &Self) -> bool {
        self.left == other.left
            && (self.left == 0
                || (self.next == other.next && (self.left == 1 || self.step == other.step)))
    }
}

impl Truthy for Range {
    fn truthy(&self) -> bool {
        self.left > 0
    }
}

impl Contains<Int> for Range {
    fn py_contains(&self, item: &Int) -> bool {
        match (item - &self.next).div_mod(&self.step) {
            Ok((steps, rest)) => {
                rest.is_zero() && !steps.is_negative() && steps < Int::from(self.left)
            }
            Err(_) => false,
        }
    }
}
