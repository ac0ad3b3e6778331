//! What a saver calls the versions of channels, put in order and compared.

use langferry_names::channels::INTERRUPT;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PySet};

/// The names of versions in their order, their numbers from 1, by name, and up to which number a
/// breakpoint has seen them.
///
/// Args:
///     versions: The names of a checkpoint's versions, by channel.
///     seen: Those that nodes have seen, by node and channel.
#[pyfunction]
pub(crate) fn number_versions<'py>(
    versions: &Bound<'py, PyDict>,
    seen: &Bound<'py, PyDict>,
) -> PyResult<(Bound<'py, PyList>, Bound<'py, PyDict>, usize)> {
    let py = versions.py();
    let known = PySet::empty(py)?;
    for (_, name) in versions.iter() {
        known.add(name)?;
    }
    for (_, seen) in seen.iter() {
        for (_, name) in seen.cast_into::<PyDict>()?.iter() {
            known.add(name)?;
        }
    }
    let names = PyList::new(py, known.iter())?;
    names.sort()?;
    let numbers = PyDict::new(py);
    for (at, name) in names.iter().enumerate() {
        numbers.set_item(name, at + 1)?;
    }
    let at_interrupt = match seen.get_item(INTERRUPT)? {
        Some(seen) => seen.cast_into::<PyDict>()?,
        None => PyDict::new(py),
    };
    let mut is_new = false;
    for (channel, name) in versions.iter() {
        is_new |= match at_interrupt.get_item(channel)? {
            Some(seen) => name.gt(seen)?,
            None => true,
        };
    }
    // a breakpoint only asks whether anything is newer
    let seen_up_to = names.len().saturating_sub(usize::from(is_new));
    Ok((names, numbers, seen_up_to))
}

/// Those versions that are others than before, by channel.
#[pyfunction]
pub(crate) fn changed_versions<'py>(
    versions: &Bound<'py, PyDict>,
    before: &Bound<'py, PyDict>,
) -> PyResult<Bound<'py, PyDict>> {
    let changed = PyDict::new(versions.py());
    for (channel, version) in versions.iter() {
        let is_new = match before.get_item(&channel)? {
            Some(before) => before.ne(&version)?,
            None => true,
        };
        if is_new {
            changed.set_item(channel, version)?;
        }
    }
    Ok(changed)
}
