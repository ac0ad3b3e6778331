//! Checkpoints and pending writes as Python objects, by the names LangGraph's savers store.

use std::collections::HashMap;

use langferry_core as core;
use langferry_names::channels::{
    self, BRANCH, ERROR, ERROR_SOURCE, INTERRUPT, JOIN, NO_WRITES, RESUME, RETURN, TASKS,
};
use langferry_names::tasks;
use pyo3::exceptions::PyValueError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PySet, PyString, PyTuple};

use crate::graph::Graph;
use crate::output::read_send;
use crate::task::RunInfo;
use crate::value::Value;

type Checkpoint = core::Checkpoint<Value>;
type Write = core::Write<Value>;

/// A checkpoint as a dict: `id`, `step`, `source`, `values`, `versions`, `versions_seen`,
/// `interrupt_seen`, `resumed_at` and `updated`; with delta channels also `counters` and those of them
/// that are held `whole`, with the nodes they trigger. `names`: what the saver calls the versions.
pub(crate) fn checkpoint_to_python<'py>(
    py: Python<'py>,
    graph: &Graph,
    checkpoint: &Checkpoint,
    input: Option<&Py<PyAny>>,
    names: &Bound<'py, PyList>,
) -> PyResult<Bound<'py, PyDict>> {
    let values = PyDict::new(py);
    for (channel, saved) in &checkpoint.values {
        let value = saved_to_python(py, graph, *channel, saved, input)?;
        values.set_item(graph.channel_name(py, *channel), value)?;
    }
    let seen = PyDict::new(py);
    for (node, versions) in &checkpoint.versions_seen {
        let versions = versions_to_python(py, graph, versions, names)?;
        seen.set_item(graph.node_name(py, *node), versions)?;
    }
    for name in &checkpoint.called {
        if !seen.contains(name)? {
            seen.set_item(name, PyDict::new(py))?;
        }
    }
    let updated: Vec<_> = checkpoint
        .updated
        .iter()
        .map(|&channel| graph.channel_name(py, channel))
        .collect();
    let dict = passed_to_python(
        py,
        graph,
        &checkpoint.id,
        checkpoint.step,
        checkpoint.source,
        &checkpoint.counters,
    )?;
    if graph.core.has_deltas() {
        let whole = PyDict::new(py);
        for (channel, saved) in &checkpoint.values {
            if matches!(saved, core::Saved::Snapshot(_)) {
                let nodes = graph.core.subscribers(*channel).iter();
                let nodes = PyList::new(py, nodes.map(|&node| graph.node_name(py, node)))?;
                whole.set_item(graph.channel_name(py, *channel), nodes)?;
            }
        }
        dict.set_item("whole", whole)?;
    }
    dict.set_item("values", values)?;
    dict.set_item(
        "versions",
        versions_to_python(py, graph, &checkpoint.versions, names)?,
    )?;
    dict.set_item("versions_seen", seen)?;
    dict.set_item("interrupt_seen", checkpoint.interrupt_seen)?;
    let resumed_at = checkpoint.resumed_at.as_ref();
    let resumed_at = resumed_at.map(|versions| versions_to_python(py, graph, versions, names));
    dict.set_item("resumed_at", resumed_at.transpose()?)?;
    dict.set_item("updated", PyList::new(py, updated)?)?;
    Ok(dict)
}

/// What a checkpoint is known by: `id`, `step`, `source` and `counters`.
pub(crate) fn passed_to_python<'py>(
    py: Python<'py>,
    graph: &Graph,
    id: &str,
    step: i64,
    source: core::Source,
    counters: &[core::Counter],
) -> PyResult<Bound<'py, PyDict>> {
    let source = match source {
        core::Source::Input => "input",
        core::Source::Loop => "loop",
        core::Source::Update => "update",
        core::Source::Fork => "fork",
    };
    let dict = PyDict::new(py);
    dict.set_item("id", id)?;
    dict.set_item("step", step)?;
    dict.set_item("source", source)?;
    if graph.core.has_deltas() {
        let counted = PyDict::new(py);
        for counter in counters {
            let name = graph.channel_name(py, counter.channel);
            counted.set_item(name, (counter.updates, counter.supersteps))?;
        }
        dict.set_item("counters", counted)?;
    }
    Ok(dict)
}

fn versions_to_python<'py>(
    py: Python<'py>,
    graph: &Graph,
    versions: &[(core::ChannelId, u64)],
    names: &Bound<'py, PyList>,
) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    for (channel, version) in versions {
        // they are counted from 1
        let name = names.get_item(usize::try_from(version.saturating_sub(1))?)?;
        dict.set_item(graph.channel_name(py, *channel), name)?;
    }
    Ok(dict)
}

fn saved_to_python<'py>(
    py: Python<'py>,
    graph: &Graph,
    channel: core::ChannelId,
    saved: &core::Saved<Value>,
    input: Option<&Py<PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    match saved {
        core::Saved::Value(value) => Ok(value.bind(py).clone()),
        core::Saved::Snapshot(value) => graph.face.snapshot_type(py)?.call1((value.bind(py),)),
        // is only ever read
        core::Saved::History { .. } => Ok(py.None().into_bound(py)),
        // savers keep the input as it was given, the engine keeps what it means
        core::Saved::Input(_) => Ok(match input {
            Some(input) => input.bind(py).clone(),
            None => py.None().into_bound(py),
        }),
        core::Saved::Branch { finished } => match graph.is_deferred(channel) {
            false => Ok(py.None().into_bound(py)),
            true => Ok((py.None(), *finished).into_pyobject(py)?.into_any()),
        },
        core::Saved::Join { seen, finished } => {
            let names = PySet::new(py, seen.iter().map(|&node| graph.node_name(py, node)))?;
            match graph.is_deferred(channel) {
                false => Ok(names.into_any()),
                true => Ok((names, *finished).into_pyobject(py)?.into_any()),
            }
        }
        core::Saved::Sends(sends) => {
            let sends = sends.iter().map(|send| tracked_send(py, graph, send));
            Ok(PyList::new(py, sends.collect::<PyResult<Vec<_>>>()?)?.into_any())
        }
    }
}

pub(crate) fn send_to_python<'py>(
    py: Python<'py>,
    graph: &Graph,
    send: &core::Send<Value>,
) -> PyResult<Bound<'py, PyAny>> {
    let class = graph.face.send.bind(py);
    let Some(timeout) = &send.timeout else {
        return class.call1((&send.node, send.arg.bind(py)));
    };
    let options = PyDict::new(py);
    options.set_item(intern!(py, "timeout"), timeout.bind(py))?;
    class.call((&send.node, send.arg.bind(py)), Some(&options))
}

/// A packet as savers are given it: without the values of untracked channels.
fn tracked_send<'py>(
    py: Python<'py>,
    graph: &Graph,
    send: &core::Send<Value>,
) -> PyResult<Bound<'py, PyAny>> {
    let arg = send.arg.bind(py);
    let Some(dict) = arg.cast::<PyDict>().ok().filter(|_| graph.has_untracked()) else {
        return send_to_python(py, graph, send);
    };
    let tracked = PyDict::new(py);
    for (key, value) in dict.iter() {
        let name: Option<&str> = key.extract().ok();
        let channel = name.and_then(|name| graph.core.channel_id(name));
        if !channel.is_some_and(|channel| graph.is_untracked(channel)) {
            tracked.set_item(key, value)?;
        }
    }
    graph.face.send.bind(py).call1((&send.node, tracked))
}

/// A task's writes as pairs of channel name and value, for a saver. `error` is what the task raised.
pub(crate) fn writes_to_python<'py>(
    py: Python<'py>,
    graph: &Graph,
    writes: &[Write],
    error: Option<&PyErr>,
) -> PyResult<Bound<'py, PyList>> {
    let list = PyList::empty(py);
    for write in writes {
        if let Write::Resume(answers) = write {
            // upstream writes all answers with each that is used, and a write's place is part of its
            // key in a saver
            let all = PyList::new(py, answers.iter().map(|answer| answer.bind(py)))?;
            for _ in answers {
                list.append((RESUME, &all))?;
            }
        } else if let Some(write) = write_to_python(py, graph, write, error)? {
            list.append(write)?;
        }
    }
    Ok(list)
}

/// What commands wrote, in the form they have for a saver: one answer stands alone, and who goes to a
/// node is the start.
pub(crate) fn command_to_python<'py>(
    py: Python<'py>,
    graph: &Graph,
    writes: &[Write],
) -> PyResult<Bound<'py, PyList>> {
    let list = PyList::empty(py);
    for write in writes {
        let written = write_to_python(py, graph, write, None)?;
        let Some((name, value)) = written else {
            continue;
        };
        match write {
            Write::Resume(answers) if answers.len() == 1 => {
                list.append((name, answers[0].bind(py)))?;
            }
            Write::Branch(_) | Write::Unknown(_) => list.append((name, core::START))?,
            _ => list.append((name, value))?,
        }
    }
    Ok(list)
}

fn write_to_python<'py>(
    py: Python<'py>,
    graph: &Graph,
    write: &Write,
    error: Option<&PyErr>,
) -> PyResult<Option<(Bound<'py, PyAny>, Bound<'py, PyAny>)>> {
    let none = || py.None().into_bound(py);
    let value = match write {
        Write::Channel(channel, _) if graph.is_untracked(*channel) => return Ok(None),
        Write::Channel(channel, value) => {
            let name = graph.channel_name(py, *channel).clone().into_any();
            return Ok(Some((name, value.bind(py).clone())));
        }
        Write::Join(_, node) | Write::ErrorSource(node) => {
            graph.node_name(py, *node).clone().into_any()
        }
        Write::Send(send) => tracked_send(py, graph, send)?,
        Write::Return(value) => value.bind(py).clone(),
        Write::Branch(_) | Write::Unknown(_) | Write::Nothing => none(),
        Write::Resume(answers) => {
            PyList::new(py, answers.iter().map(|answer| answer.bind(py)))?.into_any()
        }
        Write::Interrupt(interrupts) => interrupts_to_python(py, interrupts)?.into_any(),
        Write::Error => error.map_or_else(none, |error| error.value(py).clone().into_any()),
    };
    let name = PyString::new(py, &channels::channel_of(&graph.core, write)).into_any();
    Ok(Some((name, value)))
}

/// Interrupts as the tuple of the objects that were raised.
pub(crate) fn interrupts_to_python<'py>(
    py: Python<'py>,
    interrupts: &[core::Interrupt<Value>],
) -> PyResult<Bound<'py, PyTuple>> {
    PyTuple::new(
        py,
        interrupts.iter().map(|interrupt| interrupt.value.bind(py)),
    )
}

/// Reads what [`checkpoint_to_python`] makes, with `numbers`: versions by their names, and `pending`: pairs of task id (`None`: the input's
/// command) and writes.
pub(crate) fn checkpoint_from_python(
    py: Python<'_>,
    info: &RunInfo,
    dict: &Bound<'_, PyDict>,
    input: Vec<(core::ChannelId, Value)>,
) -> PyResult<Checkpoint> {
    let graph = info.graph.get();
    let get = |name: &str| -> PyResult<Bound<'_, PyAny>> {
        dict.get_item(name)?
            .ok_or_else(|| PyValueError::new_err(format!("checkpoint lacks {name}")))
    };
    let mut values = Vec::new();
    let mut sent = Vec::new();
    for (name, value) in get("values")?.cast_into::<PyDict>()?.iter() {
        let name: String = name.extract()?;
        let Some(channel) = graph.core.channel_id(&name) else {
            continue;
        };
        let saved = if channel == graph.core.start_channel() {
            core::Saved::Input(input.clone().into())
        } else if name == TASKS {
            let packets = value.try_iter()?.map(|send| read_send(&send?));
            let packets = packets.collect::<PyResult<Vec<_>>>()?;
            sent = packets
                .iter()
                .map(|send| graph.core.node_id(&send.node))
                .collect();
            core::Saved::Sends(packets)
        } else if graph.core.is_hidden(channel) && name.starts_with(BRANCH) {
            let finished = match graph.is_deferred(channel) {
                true => value.get_item(1)?.extract()?,
                false => false,
            };
            core::Saved::Branch { finished }
        } else if graph.core.is_hidden(channel) && name.starts_with(JOIN) {
            join_from_python(graph, channel, &value)?
        } else {
            core::Saved::Value(unwrapped(graph, channel, value)?)
        };
        values.push((channel, saved));
    }
    if let Some(histories) = dict.get_item("histories")? {
        for (name, history) in histories.cast_into::<PyDict>()?.iter() {
            if let Some(channel) = graph.core.channel_id(&name.extract::<String>()?) {
                values.push((channel, history_from_python(graph, channel, &history)?));
            }
        }
    }
    let mut counters = Vec::new();
    if let Some(counted) = dict.get_item("counters")? {
        for (name, counter) in counted.cast_into::<PyDict>()?.iter() {
            if let Some(channel) = graph.core.channel_id(&name.extract::<String>()?) {
                counters.push(core::Counter {
                    channel,
                    updates: counter.get_item(0)?.extract()?,
                    supersteps: counter.get_item(1)?.extract()?,
                });
            }
        }
    }
    let numbers = get("numbers")?.cast_into::<PyDict>()?;
    let mut versions_seen = Vec::new();
    let mut called = Vec::new();
    for (name, versions) in get("versions_seen")?.cast_into::<PyDict>()?.iter() {
        let name: String = name.extract()?;
        match graph.core.node_id(&name) {
            Some(node) => {
                versions_seen.push((node, versions_from_python(graph, &versions, &numbers)?))
            }
            // only tasks that were called have seen nothing
            None if versions.len()? == 0 => called.push(name),
            None => {}
        }
    }
    let mut updated: Vec<core::ChannelId> = get("updated")?
        .extract::<Vec<String>>()?
        .iter()
        .filter_map(|name| graph.core.channel_id(name))
        .collect();
    updated.sort_unstable();
    let mut checkpoint = Checkpoint {
        id: get("id")?.extract()?,
        step: get("step")?.extract()?,
        source: match get("source")?.extract::<String>()?.as_str() {
            "input" => core::Source::Input,
            "update" => core::Source::Update,
            "fork" => core::Source::Fork,
            _ => core::Source::Loop,
        },
        values,
        versions: versions_from_python(graph, &get("versions")?, &numbers)?,
        versions_seen,
        called,
        interrupt_seen: get("interrupt_seen")?.extract()?,
        resumed_at: None,
        updated,
        counters,
        pending: Vec::new(),
    };
    info.remember(checkpoint.step, checkpoint.id.clone());
    let pending: Vec<(Option<String>, Bound<'_, PyAny>)> = get("pending")?.extract()?;
    let writers = match pending.iter().any(|(id, _)| id.is_some()) {
        true => tasks::writers(
            &graph.core,
            &info.namespace,
            &checkpoint.id,
            checkpoint.step + 1,
            &sent,
        ),
        false => HashMap::new(),
    };
    for (id, writes) in pending {
        let writer = match id {
            None => core::Writer::Input,
            // what is not a task of the graph itself was called by one
            Some(id) => match writers.get(&id) {
                Some(writer) => writer.clone(),
                None => core::Writer::Called(id),
            },
        };
        let writes = writes_from_python(py, graph, &writes)?;
        checkpoint
            .pending
            .push(core::PendingWrites { writer, writes });
    }
    Ok(checkpoint)
}

/// A stored value as the engine's own channels take it: out of the wrapping that a delta channel, which
/// has the name no more, has left.
fn unwrapped(graph: &Graph, channel: core::ChannelId, stored: Bound<'_, PyAny>) -> PyResult<Value> {
    let py = stored.py();
    if graph.core.is_reducer(channel) {
        let wrap = graph.face.snapshot_type(py)?;
        if !wrap.is_none() && stored.is_instance(&wrap)? {
            return Ok(stored.getattr(intern!(py, "value"))?.into());
        }
    }
    Ok(stored.into())
}

/// Reads what a saver tells of a channel's past: `writes`, and `seed` if there is one.
fn history_from_python(
    graph: &Graph,
    channel: core::ChannelId,
    history: &Bound<'_, PyAny>,
) -> PyResult<core::Saved<Value>> {
    let history = history.cast::<PyDict>()?;
    let seed = history.get_item("seed")?;
    let seed = seed
        .map(|seed| unwrapped(graph, channel, seed))
        .transpose()?;
    let mut writes = Vec::new();
    if let Some(written) = history.get_item("writes")? {
        for write in written.try_iter()? {
            writes.push(write?.get_item(2)?.into());
        }
    }
    Ok(core::Saved::History { seed, writes })
}

fn join_from_python(
    graph: &Graph,
    channel: core::ChannelId,
    value: &Bound<'_, PyAny>,
) -> PyResult<core::Saved<Value>> {
    let (names, finished) = match graph.is_deferred(channel) {
        true => (value.get_item(0)?, value.get_item(1)?.extract()?),
        false => (value.clone(), false),
    };
    let mut seen = Vec::new();
    for name in names.try_iter()? {
        seen.extend(graph.core.node_id(&name?.extract::<String>()?));
    }
    seen.sort_unstable();
    Ok(core::Saved::Join { seen, finished })
}

fn versions_from_python(
    graph: &Graph,
    versions: &Bound<'_, PyAny>,
    numbers: &Bound<'_, PyDict>,
) -> PyResult<Vec<(core::ChannelId, u64)>> {
    let mut read = Vec::new();
    for (name, version) in versions.cast::<PyDict>()?.iter() {
        let channel = name.cast::<PyString>()?.to_str()?;
        if let Some(channel) = graph.core.channel_id(channel) {
            let number = numbers.as_any().get_item(version)?;
            read.push((channel, number.extract()?));
        }
    }
    Ok(read)
}

/// Per task that failed: what a saver has kept of the error.
pub(crate) fn errors_from_python(
    info: &RunInfo,
    checkpoint: &Checkpoint,
    pending: &Bound<'_, PyAny>,
) -> PyResult<HashMap<(core::NodeId, core::TaskPath), Py<PyAny>>> {
    let failed: Vec<_> = checkpoint
        .pending
        .iter()
        .filter(|pending| {
            pending
                .writes
                .iter()
                .any(|write| matches!(write, Write::ErrorSource(_)))
        })
        .filter_map(|pending| match pending.writer {
            core::Writer::Task(node, path) => Some((node, path)),
            core::Writer::Input | core::Writer::Called(_) => None,
        })
        .collect();
    let mut errors = HashMap::new();
    for (node, path) in failed {
        let id = info.task_id(&core::TaskRef {
            step: checkpoint.step + 1,
            index: 0,
            node,
            path,
        });
        for written in pending.try_iter()? {
            let (writer, writes): (Option<String>, Vec<(String, Py<PyAny>)>) =
                written?.extract()?;
            if writer.is_some_and(|writer| writer == id) {
                let error = writes.into_iter().find(|(name, _)| name == ERROR);
                errors.extend(error.map(|(_, error)| ((node, path), error)));
            }
        }
    }
    Ok(errors)
}

pub(crate) fn writes_from_python(
    py: Python<'_>,
    graph: &Graph,
    writes: &Bound<'_, PyAny>,
) -> PyResult<Vec<Write>> {
    let mut read = Vec::new();
    for pair in writes.try_iter()? {
        // savers and caches may give lists back for tuples
        let pair = pair?;
        let (name, value) = (pair.get_item(0)?.extract::<String>()?, pair.get_item(1)?);
        read.push(match name.as_str() {
            TASKS => Write::Send(read_send(&value)?),
            NO_WRITES => Write::Nothing,
            RETURN => Write::Return(value.into()),
            RESUME => Write::Resume(
                value
                    .try_iter()?
                    .map(|v| v.map(Value::from))
                    .collect::<PyResult<_>>()?,
            ),
            INTERRUPT => Write::Interrupt(interrupts_from_python(py, &value)?),
            ERROR => Write::Error,
            ERROR_SOURCE => {
                let node = graph.core.node_id(&value.extract::<String>()?);
                node.map_or(Write::Unknown(name), Write::ErrorSource)
            }
            _ => write_from_python(graph, name, value)?,
        });
    }
    Ok(read)
}

fn write_from_python(graph: &Graph, name: String, value: Bound<'_, PyAny>) -> PyResult<Write> {
    if let Some(node) = name.strip_prefix(BRANCH) {
        return Ok(match graph.core.node_id(node) {
            Some(node) => Write::Branch(node),
            None => Write::Unknown(name),
        });
    }
    let Some(channel) = graph.core.channel_id(&name) else {
        return Ok(Write::Unknown(name));
    };
    if name.starts_with(JOIN) {
        let source: String = value.extract()?;
        return Ok(match graph.core.node_id(&source) {
            Some(node) => Write::Join(channel, node),
            None => Write::Unknown(name),
        });
    }
    Ok(Write::Channel(channel, value.into()))
}

fn interrupts_from_python(
    py: Python<'_>,
    value: &Bound<'_, PyAny>,
) -> PyResult<Vec<core::Interrupt<Value>>> {
    value
        .try_iter()?
        .map(|interrupt| {
            let interrupt = interrupt?;
            let id = interrupt.getattr(intern!(py, "id"))?.extract()?;
            Ok(core::Interrupt {
                value: interrupt.into(),
                id,
            })
        })
        .collect()
}
