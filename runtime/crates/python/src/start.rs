//! What a run starts with, as Python gives it.

use langferry_core as core;
use pyo3::prelude::*;

use crate::graph::Graph;
use crate::output::{read_targets, read_writes};
use crate::value::Value;

/// How to start a run.
#[derive(FromPyObject)]
pub(crate) enum Start<'py> {
    /// `(input, writes)`
    Input(Bound<'py, PyAny>, Bound<'py, PyAny>),
    /// `(resume, by id, writes, targets)`
    Command(
        Option<Bound<'py, PyAny>>,
        bool,
        Bound<'py, PyAny>,
        Bound<'py, PyAny>,
    ),
}

impl<'py> Start<'py> {
    /// The start for the engine, with the input as it was given.
    pub(crate) fn read(
        start: Option<Self>,
        graph: &Graph,
    ) -> PyResult<(core::Start<Value>, Option<Py<PyAny>>)> {
        match start {
            None => Ok((core::Start::Continue, None)),
            Some(Start::Input(input, writes)) => Ok((
                core::Start::Input(read_writes(graph, &writes)?),
                Some(input.unbind()),
            )),
            Some(Start::Command(resume, by_id, writes, targets)) => {
                let resume = match resume {
                    None => None,
                    Some(answers) if by_id => {
                        let pairs = answers.call_method0("items")?.try_iter()?.map(|pair| {
                            let (id, answer): (String, Bound<'py, PyAny>) = pair?.extract()?;
                            Ok((id, Value::from(answer)))
                        });
                        Some(core::Resume::ByInterrupt(pairs.collect::<PyResult<_>>()?))
                    }
                    Some(answer) => Some(core::Resume::Value(answer.into())),
                };
                let output = core::NodeOutput {
                    updates: read_writes(graph, &writes)?,
                    goto: read_targets(graph, &targets)?,
                };
                Ok((core::Start::Command(core::Command { resume, output }), None))
            }
        }
    }
}
