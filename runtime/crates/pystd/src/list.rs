//! The methods of `list`, over `Vec<T>`.

use crate::sort::{sorted_order, take_in_order};
use crate::{Exception, Int, PyOrd, Slice, slice};

/// `xs[index]`
///
/// # Errors
/// `IndexError`
pub fn item<T>(xs: &[T], index: impl Into<Int>) -> Result<&T, Exception> {
    slice::checked_offset(&index.into(), xs.len(), "list index out of range").map(|at| &xs[at])
}

/// `xs[index]`, to change it in place.
///
/// # Errors
/// `IndexError`
pub fn item_mut<T>(xs: &mut [T], index: impl Into<Int>) -> Result<&mut T, Exception> {
    let at = slice::checked_offset(&index.into(), xs.len(), "list index out of range")?;
    Ok(&mut xs[at])
}

/// `xs[index] = value`
///
/// # Errors
/// `IndexError`
pub fn set_item<T>(
    xs: &mut [T],
    index: impl Into<Int>,
    value: impl Into<T>,
) -> Result<(), Exception> {
    let at = slice::checked_offset(
        &index.into(),
        xs.len(),
        "list assignment index out of range",
    )?;
    xs[at] = value.into();
    Ok(())
}

/// `del xs[index]`
///
/// # Errors
/// `IndexError`
pub fn delete<T>(xs: &mut Vec<T>, index: impl Into<Int>) -> Result<(), Exception> {
    let at = slice::checked_offset(
        &index.into(),
        xs.len(),
        "list assignment index out of range",
    )?;
    xs.remove(at);
    Ok(())
}

/// `xs[a:b:c]`
pub fn slice<T: Clone>(xs: &[T], slice: impl Into<Slice>) -> Vec<T> {
    let slice = slice.into();
    match slice.range(xs.len()) {
        Some(range) => xs[range].to_vec(),
        None => slice
            .positions(xs.len())
            .into_iter()
            .map(|at| xs[at].clone())
            .collect(),
    }
}

/// `xs[a:b:c] = items`
///
/// # Errors
/// `ValueError` when a slice with a step takes another number of items.
pub fn set_slice<T>(
    xs: &mut Vec<T>,
    slice: impl Into<Slice>,
    items: impl IntoIterator<Item = T>,
) -> Result<(), Exception> {
    let slice = slice.into();
    if let Some(range) = slice.range(xs.len()) {
        xs.splice(range, items);
        return Ok(());
    }
    let positions = slice.positions(xs.len());
    let items: Vec<T> = items.into_iter().collect();
    if items.len() != positions.len() {
        return Err(Exception::value_error(format!(
            "attempt to assign sequence of size {} to extended slice of size {}",
            items.len(),
            positions.len()
        )));
    }
    for (at, item) in positions.into_iter().zip(items) {
        xs[at] = item;
    }
    Ok(())
}

/// `del xs[a:b:c]`
pub fn delete_slice<T>(xs: &mut Vec<T>, slice: impl Into<Slice>) {
    let mut positions = slice.into().positions(xs.len());
    positions.sort_unstable();
    for at in positions.into_iter().rev() {
        xs.remove(at);
    }
}

/// `xs.insert(index, value)`
///
/// # Errors
/// `OverflowError` for an index that no list could have.
pub fn insert<T>(
    xs: &mut Vec<T>,
    index: impl Into<Int>,
    value: impl Into<T>,
) -> Result<(), Exception> {
    let index = index.into();
    if index.to_i64().is_none() {
        let text = "Python int too large to convert to C ssize_t";
        return Err(Exception::raise("OverflowError", [text.into()]));
    }
    let at = Slice::from(index..)
        .range(xs.len())
        .map_or(0, |range| range.start);
    xs.insert(at.min(xs.len()), value.into());
    Ok(())
}

/// `xs.pop()`
///
/// # Errors
/// `IndexError`
pub fn pop<T>(xs: &mut Vec<T>) -> Result<T, Exception> {
    xs.pop()
        .ok_or_else(|| Exception::index_error("pop from empty list"))
}

/// `xs.pop(index)`
///
/// # Errors
/// `IndexError`
pub fn pop_at<T>(xs: &mut Vec<T>, index: impl Into<Int>) -> Result<T, Exception> {
    if xs.is_empty() {
        return Err(Exception::index_error("pop from empty list"));
    }
    slice::checked_offset(&index.into(), xs.len(), "pop index out of range").map(|at| xs.remove(at))
}

/// `xs.remove(value)`
///
/// # Errors
/// `ValueError`
pub fn remove<T: PartialEq<Q>, Q: ?Sized>(xs: &mut Vec<T>, value: &Q) -> Result<(), Exception> {
    let at = xs
        .iter()
        .position(|item| item == value)
        .ok_or_else(|| Exception::value_error("list.remove(x): x not in list"))?;
    xs.remove(at);
    Ok(())
}

/// `xs.index(value)`
///
/// # Errors
/// `ValueError`
pub fn index<T: PartialEq<Q>, Q: crate::PyRepr + ?Sized>(
    xs: &[T],
    value: &Q,
) -> Result<Int, Exception> {
    xs.iter()
        .position(|item| item == value)
        .map(Int::from)
        .ok_or_else(|| Exception::value_error(format!("{} is not in list", crate::repr(value))))
}

/// `xs.count(value)`
pub fn count<T: PartialEq<Q>, Q: ?Sized>(xs: &[T], value: &Q) -> Int {
    xs.iter().filter(|item| *item == value).count().into()
}

/// `xs.sort(reverse=reverse)`
///
/// # Errors
/// `TypeError` when items cannot be compared.
pub fn sort<T: PyOrd>(xs: &mut Vec<T>, reverse: bool) -> Result<(), Exception> {
    let order = sorted_order(xs, reverse)?;
    *xs = take_in_order(std::mem::take(xs), &order);
    Ok(())
}

/// `xs.sort(key=key, reverse=reverse)`
///
/// # Errors
/// Those of `key`; `TypeError` when keys cannot be compared.
pub fn sort_by_key<T, K: PyOrd>(
    xs: &mut Vec<T>,
    key: impl FnMut(&T) -> Result<K, Exception>,
    reverse: bool,
) -> Result<(), Exception> {
    let keys: Vec<K> = xs.iter().map(key).collect::<Result<_, _>>()?;
    let order = sorted_order(&keys, reverse)?;
    *xs = take_in_order(std::mem::take(xs), &order);
    Ok(())
}

/// `xs * times`
pub fn repeat<T: Clone>(xs: &[T], times: impl Into<Int>) -> Vec<T> {
    let times = times.into().count();
    std::iter::repeat_n(xs, times).flatten().cloned().collect()
}
