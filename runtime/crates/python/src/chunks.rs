//! The engine's events as the chunks of a stream.

use langferry_core as core;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString};

use crate::graph::{Body, Graph};
use crate::latest::Latest;
use crate::saved::interrupts_to_python;
use crate::value::Value;

const INTERRUPT: &str = "__interrupt__";
const WRITES: &str = "$writes";

/// Which chunks the caller of a run asked for.
#[derive(Clone, Copy, Default)]
pub(crate) struct Modes {
    pub values: bool,
    pub updates: bool,
    pub tasks: bool,
    pub debug: bool,
    pub checkpoints: bool,
}

impl Modes {
    pub(crate) fn new(names: &[String]) -> Self {
        let has = |mode: &str| names.iter().any(|name| name == mode);
        Modes {
            values: has("values"),
            updates: has("updates"),
            tasks: has("tasks"),
            debug: has("debug"),
            checkpoints: has("checkpoints"),
        }
    }
}

impl Modes {
    /// Whether none was asked for: only the result is wanted.
    pub(crate) fn none(self) -> bool {
        !(self.values || self.updates || self.tasks || self.debug || self.checkpoints)
    }
}

type Pairs = [(core::ChannelId, Value)];

/// Channel values as a dict.
pub(crate) fn dict<'py>(
    py: Python<'py>,
    graph: &Graph,
    values: &Pairs,
) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    for (channel, value) in values {
        dict.set_item(graph.channel_name(py, *channel), value.bind(py))?;
    }
    Ok(dict)
}

/// Whether to show one channel's bare value, and not a dict.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bare(pub bool);

/// Channel values as streams and results show them.
pub(crate) fn shown<'py>(
    py: Python<'py>,
    graph: &Graph,
    values: &Pairs,
    bare: Bare,
) -> PyResult<Bound<'py, PyAny>> {
    if bare.0 {
        return Ok(match values.first() {
            Some((_, value)) => value.bind(py).clone(),
            None => py.None().into_bound(py),
        });
    }
    Ok(dict(py, graph, values)?.into_any())
}

/// The state as a node or router is given it.
pub(crate) fn state_for<'py>(
    py: Python<'py>,
    graph: &Graph,
    body: &Body,
    values: &core::Values<Value>,
    is_root: bool,
    steps: (i64, i64),
    latest: &mut Latest,
) -> PyResult<Bound<'py, PyAny>> {
    if is_root {
        return shown(py, graph, values, Bare(true));
    }
    let dict = latest.dict(py, graph, values)?;
    for (name, at) in &body.managed {
        dict.set_item(name, at.call1(py, steps)?)?;
    }
    match &body.build {
        None => Ok(dict.into_any()),
        Some(build) => build.bind(py).call((), Some(&dict)),
    }
}

/// Mode `values`.
pub(crate) fn values<'py>(
    py: Python<'py>,
    graph: &Graph,
    values: &Pairs,
    interrupts: Option<&[core::Interrupt<Value>]>,
    bare: Bare,
) -> PyResult<Bound<'py, PyAny>> {
    let Some(interrupts) = interrupts else {
        return shown(py, graph, values, bare);
    };
    let chunk = if bare.0 {
        PyDict::new(py)
    } else {
        dict(py, graph, values)?
    };
    chunk.set_item(
        intern!(py, INTERRUPT),
        interrupts_to_python(py, interrupts)?,
    )?;
    Ok(chunk.into_any())
}

/// Mode `updates`: a finished node.
pub(crate) fn update<'py>(
    py: Python<'py>,
    graph: &Graph,
    task: &core::TaskRef,
    update: &core::Update<Value>,
    cached: bool,
    bare: Bare,
) -> PyResult<Bound<'py, PyAny>> {
    let shown = match update {
        core::Update::Nothing => py.None().into_bound(py),
        core::Update::One(writes) => shown(py, graph, writes, bare)?,
        core::Update::Many(writes) => {
            let single = writes
                .iter()
                .map(|write| shown(py, graph, std::slice::from_ref(write), bare));
            PyList::new(py, single.collect::<PyResult<Vec<_>>>()?)?.into_any()
        }
    };
    named_update(py, graph.node_name(py, task.node), shown, cached)
}

/// Mode `updates`: what a task gave, under its name.
pub(crate) fn named_update<'py>(
    py: Python<'py>,
    name: &Bound<'py, PyString>,
    shown: Bound<'py, PyAny>,
    cached: bool,
) -> PyResult<Bound<'py, PyAny>> {
    let chunk = PyDict::new(py);
    chunk.set_item(name, shown)?;
    if cached {
        let metadata = PyDict::new(py);
        metadata.set_item("cached", true)?;
        chunk.set_item("__metadata__", metadata)?;
    }
    Ok(chunk.into_any())
}

/// Mode `updates`: a task that stopped at an interrupt.
pub(crate) fn interrupted<'py>(
    py: Python<'py>,
    interrupts: &[core::Interrupt<Value>],
) -> PyResult<Bound<'py, PyAny>> {
    let chunk = PyDict::new(py);
    chunk.set_item(
        intern!(py, INTERRUPT),
        interrupts_to_python(py, interrupts)?,
    )?;
    Ok(chunk.into_any())
}

/// Mode `tasks`: a task about to run.
pub(crate) fn task_started<'py>(
    py: Python<'py>,
    (id, name): (&str, &Bound<'py, PyString>),
    triggers: &[&str],
    input: &Bound<'py, PyAny>,
    metadata: Option<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let chunk = PyDict::new(py);
    chunk.set_item(intern!(py, "id"), id)?;
    chunk.set_item(intern!(py, "name"), name)?;
    chunk.set_item(intern!(py, "input"), input)?;
    chunk.set_item(
        intern!(py, "triggers"),
        pyo3::types::PyTuple::new(py, triggers)?,
    )?;
    if let Some(metadata) = metadata {
        chunk.set_item(intern!(py, "metadata"), metadata)?;
    }
    Ok(chunk.into_any())
}

/// What a finished task reports.
pub(crate) struct Finished<'a, 'py> {
    pub id: &'a str,
    pub name: &'a Bound<'py, PyString>,
    /// Its writes by channel.
    pub result: Bound<'py, PyDict>,
    pub error: Option<Bound<'py, PyAny>>,
    pub interrupts: &'a [core::Interrupt<Value>],
}

/// Mode `tasks`: a finished task.
pub(crate) fn task_finished<'py>(
    py: Python<'py>,
    finished: &Finished<'_, 'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let interrupts = PyList::empty(py);
    for interrupt in finished.interrupts {
        let fields = py
            .import(intern!(py, "dataclasses"))?
            .getattr(intern!(py, "asdict"))?;
        interrupts.append(fields.call1((interrupt.value.bind(py),))?)?;
    }
    let chunk = PyDict::new(py);
    chunk.set_item(intern!(py, "id"), finished.id)?;
    chunk.set_item(intern!(py, "name"), finished.name)?;
    chunk.set_item(intern!(py, "error"), &finished.error)?;
    chunk.set_item(intern!(py, "result"), &finished.result)?;
    chunk.set_item(intern!(py, "interrupts"), interrupts)?;
    Ok(chunk.into_any())
}

/// A task's writes by channel, several to one channel under a mark of their own.
pub(crate) fn result<'py>(
    py: Python<'py>,
    graph: &Graph,
    writes: &Pairs,
) -> PyResult<Bound<'py, PyDict>> {
    let result = PyDict::new(py);
    let mark = intern!(py, WRITES);
    for (channel, value) in writes {
        let name = graph.channel_name(py, *channel);
        let value = value.bind(py);
        // as upstream: a first write of None is replaced, not joined
        let Some(existing) = result
            .get_item(name)?
            .filter(|existing| !existing.is_none())
        else {
            result.set_item(name, value)?;
            continue;
        };
        let list = match several(&existing, mark)? {
            Some(list) => list,
            None => PyList::new(py, [existing])?,
        };
        list.append(value)?;
        let joined = PyDict::new(py);
        joined.set_item(mark, list)?;
        result.set_item(name, joined)?;
    }
    Ok(result)
}

fn several<'py>(
    existing: &Bound<'py, PyAny>,
    mark: &Bound<'py, PyString>,
) -> PyResult<Option<Bound<'py, PyList>>> {
    let Ok(dict) = existing.cast::<PyDict>() else {
        return Ok(None);
    };
    Ok(dict
        .get_item(mark)?
        .and_then(|list| list.cast_into::<PyList>().ok()))
}

/// Mode `debug`: another chunk with its step and time.
pub(crate) fn debug<'py>(
    py: Python<'py>,
    step: i64,
    kind: &str,
    payload: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let datetime = py.import(intern!(py, "datetime"))?;
    let utc = datetime
        .getattr(intern!(py, "timezone"))?
        .getattr(intern!(py, "utc"))?;
    let now = datetime
        .getattr(intern!(py, "datetime"))?
        .call_method1(intern!(py, "now"), (utc,))?;
    let chunk = PyDict::new(py);
    chunk.set_item(intern!(py, "step"), step)?;
    chunk.set_item(
        intern!(py, "timestamp"),
        now.call_method0(intern!(py, "isoformat"))?,
    )?;
    chunk.set_item(intern!(py, "type"), kind)?;
    chunk.set_item(intern!(py, "payload"), payload)?;
    Ok(chunk.into_any())
}
