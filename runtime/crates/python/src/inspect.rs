//! Looking at a checkpoint without running anything.

use std::sync::{Arc, Mutex, OnceLock};

use langferry_core as core;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyTuple};

use crate::called::CallTelling;
use crate::chunks;
use crate::graph::Graph;
use crate::host::PythonHost;
use crate::saved;
use crate::task::{self, RunInfo};

/// Where a thread stands: planned tasks as `(id, name, path, finished)`, and the state.
///
/// Args:
///     graph: The graph the checkpoint is of.
///     checkpoint: As for a `Run`.
///     namespace: Where the graph keeps its checkpoints.
///     live: What finished tasks have written counts already.
#[pyfunction]
pub(crate) fn inspect<'py>(
    py: Python<'py>,
    graph: Py<Graph>,
    checkpoint: &Bound<'py, PyDict>,
    namespace: String,
    live: bool,
) -> PyResult<(Bound<'py, PyList>, Bound<'py, PyAny>)> {
    let info = Arc::new(RunInfo {
        graph: graph.clone_ref(py),
        namespace,
        stop: 0,
        checkpoints: Mutex::default(),
        unsaved: OnceLock::new(),
        calls: CallTelling::default(),
    });
    let graph = graph.get();
    let checkpoint = saved::checkpoint_from_python(py, &info, checkpoint, Vec::new())?;
    let mut host = PythonHost {
        info: Arc::clone(&info),
        saves: true,
        run: None,
    };
    let core = Arc::clone(&graph.core);
    let found = core::Inspection::of(core, &mut host, checkpoint, live);
    let found = found.map_err(|error| match error {
        core::Error::Host(error) => error,
        core::Error::Engine(error) => graph.engine_error(py, &error),
    })?;
    let tasks = PyList::empty(py);
    for planned in &found.tasks {
        let name = graph.node_name(py, planned.task.node);
        let path: Bound<'_, PyTuple> = task::path(py, graph, &planned.task)?;
        tasks.append((info.task_id(&planned.task), name, path, planned.finished))?;
    }
    Ok((
        tasks,
        chunks::shown(py, graph, &found.values, chunks::Bare(graph.bare_state))?,
    ))
}
