//! Stable sorting by a comparison that can raise and need not be total.

use std::cmp::Ordering;

use crate::{Exception, PyOrd};

/// Runs up to this length are sorted by insertion; shorter lists come out as CPython's even when the
/// comparison is no order at all (`nan`).
const RUN: usize = 63;

/// The positions of `keys` in sorted order.
pub(crate) fn sorted_order<K: PyOrd>(keys: &[K], reverse: bool) -> Result<Vec<usize>, Exception> {
    let less = |a: &usize, b: &usize| less(&keys[*a], &keys[*b]);
    let mut order: Vec<usize> = (0..keys.len()).collect();
    if reverse {
        order.reverse();
    }
    for run in order.chunks_mut(RUN) {
        insertion_sort(run, &less)?;
    }
    let mut width = RUN;
    while width < order.len() {
        order = merge_runs(&order, width, &less)?;
        width *= 2;
    }
    if reverse {
        order.reverse();
    }
    Ok(order)
}

fn less<K: PyOrd>(a: &K, b: &K) -> Result<bool, Exception> {
    Ok(a.py_cmp(b, "<")? == Some(Ordering::Less))
}

type Less<'a> = dyn Fn(&usize, &usize) -> Result<bool, Exception> + 'a;

fn insertion_sort(run: &mut [usize], less: &Less<'_>) -> Result<(), Exception> {
    let sorted = leading_run(run, less)?;
    for next in sorted..run.len() {
        let (mut low, mut high) = (0, next);
        while low < high {
            let middle = low + (high - low) / 2;
            if less(&run[next], &run[middle])? {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        run[low..=next].rotate_right(1);
    }
    Ok(())
}

/// The length of the sorted start of `run`; a strictly falling start is turned round.
fn leading_run(run: &mut [usize], less: &Less<'_>) -> Result<usize, Exception> {
    if run.len() < 2 {
        return Ok(run.len());
    }
    let falling = less(&run[1], &run[0])?;
    let mut len = 2;
    while len < run.len() && less(&run[len], &run[len - 1])? == falling {
        len += 1;
    }
    if falling {
        run[..len].reverse();
    }
    Ok(len)
}

fn merge_runs(order: &[usize], width: usize, less: &Less<'_>) -> Result<Vec<usize>, Exception> {
    let mut merged = Vec::with_capacity(order.len());
    for pair in order.chunks(width * 2) {
        let (mut left, mut right) = pair.split_at(width.min(pair.len()));
        while let ([first, rest_left @ ..], [second, rest_right @ ..]) = (left, right) {
            if less(second, first)? {
                merged.push(*second);
                right = rest_right;
            } else {
                merged.push(*first);
                left = rest_left;
            }
        }
        merged.extend_from_slice(left);
        merged.extend_from_slice(right);
    }
    Ok(merged)
}

/// `items` in the given order of their positions.
pub(crate) fn take_in_order<T>(items: Vec<T>, order: &[usize]) -> Vec<T> {
    let mut slots: Vec<Option<T>> = items.into_iter().map(Some).collect();
    order.iter().filter_map(|&at| slots[at].take()).collect()
}
