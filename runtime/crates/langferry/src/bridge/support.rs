//! The Python module that does what is easier said in Python.

use pyo3::ffi::c_str;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyModule;

static SUPPORT: PyOnceLock<Py<PyModule>> = PyOnceLock::new();

/// The module, run when it is first needed.
pub(crate) fn of(py: Python<'_>) -> PyResult<&Bound<'_, PyModule>> {
    let loaded = SUPPORT.get_or_try_init(py, || {
        let source = c_str!(include_str!("support.py"));
        PyModule::from_code(py, source, c"langferry_bridge.py", c"_langferry_bridge")
            .map(Bound::unbind)
    });
    loaded.map(|module| module.bind(py))
}
