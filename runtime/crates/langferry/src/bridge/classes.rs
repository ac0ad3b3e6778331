//! Finding a bridged module's own classes again by name.

use langferry_pystd::Exception;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyModule};

/// The classes a bridged module can see. Nothing is ever imported to find one.
pub(crate) struct Classes<'py>(Bound<'py, PyDict>);

impl<'py> Classes<'py> {
    pub(crate) fn of(module: &Bound<'py, PyModule>) -> Self {
        Classes(module.dict())
    }

    pub(crate) fn none(py: Python<'py>) -> Self {
        Classes(PyDict::new(py))
    }

    /// The class with the qualified `name`.
    pub(crate) fn find(&self, name: &str) -> Result<Bound<'py, PyAny>, Exception> {
        let outermost = self.0.values().iter().find_map(|class| {
            let module: String = class.getattr("__module__").ok()?.extract().ok()?;
            let own: String = class.getattr("__qualname__").ok()?.extract().ok()?;
            let inner = name.strip_prefix(&format!("{module}.{own}"))?;
            let path = if inner.is_empty() {
                Some("")
            } else {
                inner.strip_prefix('.')
            };
            path?
                .split('.')
                .filter(|part| !part.is_empty())
                .try_fold(class, |class, part| class.getattr(part).ok())
        });
        outermost
            .ok_or_else(|| Exception::unsupported(format!("an object of the Python class {name}")))
    }
}
