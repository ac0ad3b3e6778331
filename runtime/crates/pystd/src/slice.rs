//! Positions and slices of a sequence, as Python counts them.

use std::ops::{Range, RangeFrom, RangeFull, RangeTo};

use crate::{Exception, Int};

/// `start:stop:step`
#[derive(Clone, Debug)]
pub struct Slice {
    start: Option<i64>,
    stop: Option<i64>,
    step: i64,
}

impl Slice {
    /// `start:stop:step`, each of which may be left out.
    ///
    /// # Errors
    /// `ValueError` when the step is zero.
    pub fn new(
        start: Option<Int>,
        stop: Option<Int>,
        step: Option<Int>,
    ) -> Result<Self, Exception> {
        let step = step.map_or(1, |step| step.clamped());
        if step == 0 {
            return Err(Exception::value_error("slice step cannot be zero"));
        }
        let clamped = |bound: Option<Int>| bound.map(|bound| bound.clamped());
        Ok(Self {
            start: clamped(start),
            stop: clamped(stop),
            step,
        })
    }

    /// The positions the slice takes from a sequence of `len` items.
    pub(crate) fn positions(&self, len: usize) -> Vec<usize> {
        let (first, after) = self.bounds(len);
        let mut positions = Vec::new();
        let mut at = first;
        while if self.step > 0 {
            at < after
        } else {
            at > after
        } {
            positions.push(usize::try_from(at).unwrap_or(0));
            at = at.saturating_add(self.step);
        }
        positions
    }

    /// The part of a sequence of `len` items that a slice without a step takes.
    pub(crate) fn range(&self, len: usize) -> Option<Range<usize>> {
        if self.step != 1 {
            return None;
        }
        let (first, after) = self.bounds(len);
        let first = usize::try_from(first).unwrap_or(0);
        Some(first..usize::try_from(after).unwrap_or(0).max(first))
    }

    /// Where a search within the slice starts, which may be beyond the end, and what it looks at.
    pub(crate) fn search_range(&self, len: usize) -> (usize, Range<usize>) {
        let (first, after) = self.bounds(len);
        let given = self
            .start
            .filter(|&start| start > 0)
            .map_or(first, |start| start);
        let first = usize::try_from(first).unwrap_or(0);
        let after = usize::try_from(after).unwrap_or(0);
        if after < usize::try_from(given).unwrap_or(0) {
            // an empty text is not found there either
            return (usize::MAX, 0..0);
        }
        (usize::try_from(given).unwrap_or(0), first..after)
    }

    fn bounds(&self, len: usize) -> (i64, i64) {
        let len = i64::try_from(len).unwrap_or(i64::MAX);
        let (lowest, highest) = if self.step > 0 {
            (0, len)
        } else {
            (-1, len - 1)
        };
        let bound = |given: Option<i64>, default: i64| match given {
            None => default,
            Some(at) if at < 0 => at.saturating_add(len).max(lowest),
            Some(at) => at.min(highest),
        };
        if self.step > 0 {
            (bound(self.start, lowest), bound(self.stop, highest))
        } else {
            (bound(self.start, highest), bound(self.stop, lowest))
        }
    }
}

/// `index` as an offset from the front of `len` items, if there is such an item.
fn offset(index: &Int, len: usize) -> Option<usize> {
    let len = i64::try_from(len).ok()?;
    let index = index.to_i64()?;
    let offset = if index < 0 { index + len } else { index };
    if (0..len).contains(&offset) {
        usize::try_from(offset).ok()
    } else {
        None
    }
}

/// `index` as an offset from the front of `len` items.
///
/// # Errors
/// `IndexError`, with `message` unless the index is too large for any sequence.
pub(crate) fn checked_offset(index: &Int, len: usize, message: &str) -> Result<usize, Exception> {
    offset(index, len).ok_or_else(|| {
        Exception::index_error(match index.to_i64() {
            Some(_) => message,
            None => "cannot fit 'int' into an index-sized integer",
        })
    })
}

impl From<RangeFull> for Slice {
    fn from(_: RangeFull) -> Self {
        Self {
            start: None,
            stop: None,
            step: 1,
        }
    }
}

impl<T: Into<Int>> From<Range<T>> for Slice {
    fn from(range: Range<T>) -> Self {
        Self {
            start: Some(range.start.into().clamped()),
            stop: Some(range.end.into().clamped()),
            step: 1,
        }
    }
}

impl<T: Into<Int>> From<RangeFrom<T>> for Slice {
    fn from(range: RangeFrom<T>) -> Self {
        Self {
            start: Some(range.start.into().clamped()),
            stop: None,
            step: 1,
        }
    }
}

impl<T: Into<Int>> From<RangeTo<T>> for Slice {
    fn from(range: RangeTo<T>) -> Self {
        Self {
            start: None,
            stop: Some(range.end.into().clamped()),
            step: 1,
        }
    }
}
