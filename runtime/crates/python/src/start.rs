//! What a run starts with, as Python gives it.

use std::collections::HashMap;

use langferry_core as core;
use pyo3::exceptions::{PyKeyError, PyValueError};
use pyo3::prelude::*;

use crate::graph::Graph;
use crate::output::{read_output, read_output_of, read_targets, read_writes};
use crate::value::Value;

/// How to start a run.
#[derive(FromPyObject)]
pub(crate) enum Start<'py> {
    /// `(input, writes)`, or `(input, None)` for a dict of updates.
    Input(Bound<'py, PyAny>, Option<Bound<'py, PyAny>>),
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
            Some(Start::Input(input, writes)) => {
                let updates = match writes {
                    Some(writes) => read_writes(graph, &writes)?,
                    None => read_output(graph, &input)?.updates,
                };
                Ok((core::Start::Input(updates), Some(input.unbind())))
            }
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

/// A change of a thread's state from outside: `("update", ...)`, `("input", ...)` or `("clear", ...)`.
#[derive(FromPyObject)]
pub(crate) struct Change<'py>(String, Bound<'py, PyAny>);

impl Change<'_> {
    /// The start for the engine, with the input as it was given. Notes what is said to have been
    /// returned by nodes, for their routers.
    pub(crate) fn read(
        self,
        graph: &Graph,
        returned: &mut HashMap<core::TaskRef, Py<PyAny>>,
        step: i64,
    ) -> PyResult<(core::Start<Value>, Option<Py<PyAny>>)> {
        let Change(kind, value) = self;
        match kind.as_str() {
            "clear" => Ok((core::Start::Clear, None)),
            "input" => {
                let (input, writes): (Bound<'_, PyAny>, Bound<'_, PyAny>) = value.extract()?;
                let writes = read_writes(graph, &writes)?;
                Ok((core::Start::Receive(writes), Some(input.unbind())))
            }
            "update" => {
                let mut updates = Vec::new();
                let mut input = None;
                for (index, pair) in (0..).zip(value.try_iter()?) {
                    let (name, keys, value): (String, Bound<'_, PyAny>, Bound<'_, PyAny>) =
                        pair?.extract()?;
                    let node = graph.core.node_id(&name).ok_or_else(|| {
                        PyValueError::new_err(format!("Node {name} does not exist"))
                    })?;
                    updates.push((node, read_output_of(graph, &value, &keys)?));
                    if node == core::NodeId::START {
                        input = Some(value.unbind());
                    } else {
                        let task = core::TaskRef {
                            step,
                            index,
                            node,
                            path: core::TaskPath::Update(index),
                        };
                        returned.insert(task, value.unbind());
                    }
                }
                Ok((core::Start::Update(updates), input))
            }
            _ => Err(PyValueError::new_err(format!(
                "unknown kind of change: {kind}"
            ))),
        }
    }
}

/// What a run shows.
#[derive(FromPyObject)]
pub(crate) enum Shows {
    /// The output schema, as a bare value or not.
    Schema(bool),
    /// These channels, as a bare value or not.
    Channels(Vec<String>, bool),
}

impl Shows {
    /// The channels for the engine, and whether they are one as a bare value.
    pub(crate) fn read(shows: Option<Self>, graph: &Graph) -> PyResult<(core::Output, bool)> {
        match shows {
            None => Ok((core::Output::State, graph.bare_state)),
            Some(Shows::Schema(bare)) => Ok((core::Output::Schema, bare)),
            Some(Shows::Channels(names, bare)) => {
                let ids = names.iter().map(|name| {
                    let unknown = || PyKeyError::new_err(name.clone());
                    graph.core.channel_id(name).ok_or_else(unknown)
                });
                Ok((core::Output::Channels(ids.collect::<PyResult<_>>()?), bare))
            }
        }
    }
}

/// Where to stop: at nodes by name, or at all of them (`"*"`).
#[derive(FromPyObject)]
pub(crate) enum Stops {
    All(String),
    Nodes(Vec<String>),
}

/// The breakpoints for the engine; names of no node never stop a run, as in LangGraph.
pub(crate) fn breakpoints(graph: &Graph, stops: Option<Stops>) -> core::Breakpoints {
    let names = match stops {
        None => return core::Breakpoints::None,
        Some(Stops::All(all)) if all == "*" => return core::Breakpoints::All,
        Some(Stops::All(letters)) => letters.chars().map(String::from).collect(),
        Some(Stops::Nodes(names)) => names,
    };
    let nodes = names.iter().filter_map(|name| graph.core.node_id(name));
    core::Breakpoints::Nodes(nodes.collect())
}
