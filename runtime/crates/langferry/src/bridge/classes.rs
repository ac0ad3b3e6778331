//! Finding a program's own classes again by name.

use langferry_pystd::Exception;
use pyo3::prelude::*;

use crate::bridge::raised::exception;
use crate::bridge::support;

/// The class with the qualified `name`, as the bridge's Python finds it.
pub(crate) fn find<'py>(py: Python<'py>, name: &str) -> Result<Bound<'py, PyAny>, Exception> {
    let found = support::of(py)
        .and_then(|support| support.call_method1("find_class", (name,)))
        .map_err(|error| exception(py, &error))?;
    if found.is_none() {
        return Err(Exception::unsupported(format!(
            "an object of the Python class {name}"
        )));
    }
    Ok(found)
}
