//! Reads what a node or router returned.

use langferry_core as core;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString, PyTuple};

use crate::graph::Graph;
use crate::value::Value;

type Output = core::NodeOutput<Value>;
type Failure = core::Failure<Value, PyErr>;
type Target = core::Target<Value>;

/// A node's return value as writes and targets.
///
/// The two usual values, `None` and a plain dict, are read here; the face reads all others.
pub(crate) fn read_output(graph: &Graph, returned: &Bound<'_, PyAny>) -> PyResult<Output> {
    if returned.is_none() {
        return Ok(Output::default());
    }
    if !graph.root
        && let Ok(dict) = returned.cast_exact::<PyDict>()
    {
        let mut updates = Vec::with_capacity(dict.len());
        for (key, value) in dict.iter() {
            if let Some(channel) = channel(graph, &key)? {
                updates.push((channel, value.into()));
            }
        }
        return Ok(updates.into());
    }
    read_output_of(graph, returned, graph.state_keys.bind(returned.py()))
}

/// A value as the writes and targets of a node that may write to `keys`; the face reads it.
pub(crate) fn read_output_of(
    graph: &Graph,
    returned: &Bound<'_, PyAny>,
    keys: &Bound<'_, PyAny>,
) -> PyResult<Output> {
    let py = returned.py();
    let read = graph.face.read_output.bind(py).call1((returned, keys))?;
    let (writes, targets): (Bound<'_, PyAny>, Bound<'_, PyAny>) = read.extract()?;
    Ok(Output {
        updates: read_writes(graph, &writes)?,
        goto: read_targets(graph, &targets)?,
    })
}

/// Pairs of key and value as writes; keys that are no channels are left out.
pub(crate) fn read_writes(
    graph: &Graph,
    writes: &Bound<'_, PyAny>,
) -> PyResult<Vec<(core::ChannelId, Value)>> {
    let mut updates = Vec::new();
    for pair in writes.try_iter()? {
        let (key, value): (Bound<'_, PyAny>, Bound<'_, PyAny>) = pair?.extract()?;
        if let Some(channel) = channel(graph, &key)? {
            updates.push((channel, value.into()));
        }
    }
    Ok(updates)
}

/// A sequence of node names and sends as targets.
pub(crate) fn read_targets(graph: &Graph, targets: &Bound<'_, PyAny>) -> PyResult<Vec<Target>> {
    let mut read = Vec::new();
    for target in targets.try_iter()? {
        read.push(read_target(graph, &target?)?);
    }
    Ok(read)
}

fn read_target(graph: &Graph, target: &Bound<'_, PyAny>) -> PyResult<Target> {
    let py = target.py();
    if target.is_instance(graph.face.send.bind(py))? {
        return Ok(core::Target::Send(read_send(target)?));
    }
    match target.cast::<PyString>() {
        Ok(name) => Ok(core::Target::Node(name.to_str()?.to_owned())),
        // a name that is not a string leads nowhere, and is warned about by its text
        Err(_) => Ok(core::Target::Node(target.str()?.to_str()?.to_owned())),
    }
}

/// An object with `node` and `arg`, or the pair of both, as a send.
pub(crate) fn read_send(send: &Bound<'_, PyAny>) -> PyResult<core::Send<Value>> {
    let py = send.py();
    if send.is_instance_of::<PyList>() || send.is_instance_of::<PyTuple>() {
        return Ok(core::Send {
            node: send.get_item(0)?.extract()?,
            arg: send.get_item(1)?.into(),
            timeout: None,
        });
    }
    let timeout = send.getattr(intern!(py, "timeout"))?;
    Ok(core::Send {
        node: send.getattr(intern!(py, "node"))?.extract()?,
        arg: send.getattr(intern!(py, "arg"))?.into(),
        timeout: (!timeout.is_none()).then(|| timeout.into()),
    })
}

fn channel(graph: &Graph, key: &Bound<'_, PyAny>) -> PyResult<Option<core::ChannelId>> {
    let slot = graph.state.bind(key.py()).get_item(key)?;
    Ok(slot
        .map(|slot| slot.extract())
        .transpose()?
        .map(core::ChannelId))
}

/// What a node or router raised, as the engine distinguishes it.
pub(crate) fn read_failure(py: Python<'_>, graph: &Graph, error: PyErr) -> Failure {
    let raised = error.value(py);
    let is = |class: &Py<PyAny>| raised.is_instance(class.bind(py)).unwrap_or(false);
    if is(&graph.face.interrupt_error) {
        return match read_interrupts(raised) {
            Ok(interrupts) => core::Failure::Interrupt(interrupts),
            Err(error) => core::Failure::Error(error),
        };
    }
    if is(&graph.face.start_over) {
        return core::Failure::Again;
    }
    if is(&graph.face.bubble_up) {
        return core::Failure::BubbleUp(error);
    }
    let refused = graph.face.refuses_answer.bind(py).call1((raised,));
    if refused
        .and_then(|refused| refused.is_truthy())
        .unwrap_or(false)
    {
        return core::Failure::Refusal(error);
    }
    core::Failure::Error(error)
}

fn read_interrupts(raised: &Bound<'_, PyAny>) -> PyResult<Vec<core::NewInterrupt<Value>>> {
    let py = raised.py();
    let mut interrupts = Vec::new();
    for interrupt in raised
        .getattr(intern!(py, "args"))?
        .get_item(0)?
        .try_iter()?
    {
        let interrupt = interrupt?;
        let id = interrupt.getattr(intern!(py, "id"))?.extract()?;
        // the object itself is kept as the value: it may carry more than a value and an id
        interrupts.push(core::NewInterrupt {
            value: interrupt.into(),
            id: Some(id),
        });
    }
    Ok(interrupts)
}
