//! `interrupt()` inside a bridged function.

use std::sync::Arc;

use langferry_pystd::{Exception, Value};
use langferry_trace::TraceValue;
use pyo3::exceptions::PyNotImplementedError;
use pyo3::prelude::*;
use pyo3::types::{PyCFunction, PyDict, PyTuple};

use crate::bridge::{from_python, to_python};
use crate::context::{Context, Question};
use crate::state_value::Shared;

/// Where the exception that stops a function keeps what it asks.
const QUESTION: &str = "_langferry_question";

/// This runtime's `interrupt` in the name of one task, for LangGraph's knows no run of ours. Python keeps it in a
/// context variable, as the tools of a node run in threads of their own.
pub(crate) fn asking<'py>(py: Python<'py>, context: &Context) -> PyResult<Bound<'py, PyCFunction>> {
    let context = context.clone();
    let asking = move |given: &Bound<'_, PyTuple>, named: Option<&Bound<'_, PyDict>>| {
        ask(&context, given, named)
    };
    PyCFunction::new_closure(py, Some(c"interrupt"), None, asking)
}

fn ask(
    context: &Context,
    given: &Bound<'_, PyTuple>,
    named: Option<&Bound<'_, PyDict>>,
) -> PyResult<Py<PyAny>> {
    let py = given.py();
    if named.is_some_and(|named| !named.is_empty()) || given.len() != 1 {
        return Err(PyNotImplementedError::new_err(
            "interrupt() with anything but one value",
        ));
    }
    let refused = |error: Exception| PyNotImplementedError::new_err(error.message().to_owned());
    let question = from_python::from_python(&given.get_item(0)?).map_err(refused)?;
    let question = Value::from_trace(&question)
        .map_err(|error| PyNotImplementedError::new_err(error.to_string()))?;
    match context.interrupt(question) {
        Ok(answer) => {
            let answer = to_python::to_python(py, &answer.to_trace()).map_err(refused)?;
            Ok(answer.unbind())
        }
        Err(stop) => match stop
            .payload()
            .and_then(|payload| payload.downcast_ref::<Question>())
        {
            Some(Question(question)) => Err(stopping(py, question)?),
            None => Err(refused(stop)),
        },
    }
}

/// LangGraph's own exception, so that the function's `except` clauses see what they would see there.
fn stopping(py: Python<'_>, question: &Shared) -> PyResult<PyErr> {
    let class = py.import("langgraph.errors")?.getattr("GraphInterrupt")?;
    let raised = class.call0()?;
    raised.setattr(QUESTION, Py::new(py, Asked(Arc::clone(question)))?)?;
    Ok(PyErr::from_value(raised))
}

/// The exception that [`ask`] raised, as the driver knows it.
pub(crate) fn question_of(raised: &Bound<'_, PyAny>) -> Option<Exception> {
    let asked = raised.getattr(QUESTION).ok()?;
    let asked = asked.cast::<Asked>().ok()?;
    Some(Exception::interrupt(Arc::new(Question(Arc::clone(
        &asked.get().0,
    )))))
}

#[pyclass(frozen)]
struct Asked(Shared);
