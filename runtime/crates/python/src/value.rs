//! The engine's value in Python: a reference to the user's own object.

use pyo3::prelude::*;

/// A Python object as a state value.
#[derive(Debug)]
pub(crate) struct Value(pub Py<PyAny>);

impl Clone for Value {
    fn clone(&self) -> Self {
        Python::attach(|py| Value(self.0.clone_ref(py)))
    }
}

impl Value {
    pub(crate) fn bind<'a, 'py>(&'a self, py: Python<'py>) -> &'a Bound<'py, PyAny> {
        self.0.bind(py)
    }
}

impl From<Bound<'_, PyAny>> for Value {
    fn from(object: Bound<'_, PyAny>) -> Self {
        Value(object.unbind())
    }
}
