//! `StreamWriter` inside a bridged function.

use pyo3::exceptions::{PyNotImplementedError, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::{PyCFunction, PyDict, PyTuple};

use crate::bridge::from_python;
use crate::context::Context;

/// What takes the chunks that a function writes for whoever watches its run.
pub(crate) fn writing<'py>(
    py: Python<'py>,
    context: &Context,
) -> PyResult<Bound<'py, PyCFunction>> {
    let context = context.clone();
    let write = move |given: &Bound<'_, PyTuple>, named: Option<&Bound<'_, PyDict>>| {
        if named.is_some_and(|named| !named.is_empty()) || given.len() != 1 {
            return Err(PyTypeError::new_err("stream_writer() takes one argument"));
        }
        if !context.is_watched() {
            // what nobody sees need not have an encoding
            return Ok(());
        }
        let chunk = from_python::from_python(&given.get_item(0)?)
            .map_err(|error| PyNotImplementedError::new_err(error.message().to_owned()))?;
        context.write_encoded(|| chunk);
        Ok(())
    };
    PyCFunction::new_closure(py, Some(c"stream_writer"), None, write)
}
