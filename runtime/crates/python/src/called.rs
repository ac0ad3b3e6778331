//! Tasks that a running task calls: who they are, and what is told of them.
//!
//! All this happens on the thread or in the coroutine that calls or runs the task, beside the run itself.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use langferry_core as core;
use pyo3::exceptions::{PyException, PyRuntimeError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::MutexExt;
use pyo3::types::{PyList, PyString, PyTuple};

use crate::chunks::{self, Finished, Modes};
use crate::host::PythonHost;
use crate::ids::{self, CallSite};
use crate::output::{read_failure, read_output_of};
use crate::saved;
use crate::task::{Task, Who};
use crate::value::Value;

const PUSH: &str = "__pregel_push";

/// A called task as Python and savers know it.
pub(crate) struct CalledTask {
    pub task: core::CalledRef,
    pub name: Py<PyString>,
    /// Its id, and the namespace in which its own graphs keep their checkpoints.
    pub known_by: Arc<core::CalledName>,
    pub caller: Py<Task>,
    /// Its place among the calls of its caller.
    pub place: u32,
    /// Positional and keyword arguments.
    pub input: Py<PyAny>,
    /// What an earlier run on the checkpoint has returned.
    pub known: Option<Value>,
    pub is_known: bool,
    /// What is to be told of its end.
    pub ending: Mutex<Vec<Chunk>>,
}

type Chunk = (&'static str, Py<PyAny>);

/// Where what is told of called tasks goes: to the sink of the run, or into a queue until the run looks.
#[derive(Default)]
pub(crate) struct CallTelling {
    pub modes: Modes,
    pub sink: Option<Py<PyAny>>,
    /// What is asked for a task's metadata.
    pub host: Option<Py<PyAny>>,
    queue: Mutex<VecDeque<Chunk>>,
}

impl CallTelling {
    pub(crate) fn new(modes: Modes, sink: Option<Py<PyAny>>, host: Py<PyAny>) -> Self {
        CallTelling {
            modes,
            sink,
            host: Some(host),
            queue: Mutex::default(),
        }
    }

    /// The oldest chunk that no sink took.
    pub(crate) fn pop(&self) -> Option<Chunk> {
        self.queue().pop_front()
    }

    fn queue(&self) -> MutexGuard<'_, VecDeque<Chunk>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self, py: Python<'_>, (mode, chunk): Chunk) -> PyResult<()> {
        match &self.sink {
            // no namespace: it is the run's own
            Some(sink) => sink
                .call_method1(py, intern!(py, "put"), ((py.None(), mode, chunk),))
                .map(drop),
            None => {
                self.queue().push_back((mode, chunk));
                Ok(())
            }
        }
    }

    /// What the tasks of a node show of the caller's metadata and tags.
    fn metadata<'py>(
        &self,
        py: Python<'py>,
        node: &Bound<'py, PyString>,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        let Some(host) = &self.host else {
            return Ok(None);
        };
        let metadata = host
            .bind(py)
            .call_method1(intern!(py, "task_metadata"), (node,))?;
        Ok((!metadata.is_none()).then_some(metadata))
    }

    /// The chunks that show the start or the end of a task.
    fn of_task(
        &self,
        py: Python<'_>,
        step: i64,
        kind: &str,
        chunk: &Bound<'_, PyAny>,
    ) -> PyResult<Vec<Chunk>> {
        let mut chunks = Vec::new();
        if self.modes.tasks {
            chunks.push(("tasks", chunk.clone().unbind()));
        }
        if self.modes.debug {
            let chunk = chunks::debug(py, step, kind, chunk)?;
            chunks.push(("debug", chunk.unbind()));
        }
        Ok(chunks)
    }
}

/// Takes in a call of a task by another one.
pub(crate) fn call<'py>(
    py: Python<'py>,
    caller: &Bound<'py, Task>,
    name: Bound<'py, PyString>,
    input: Bound<'py, PyAny>,
) -> PyResult<Task> {
    let by = caller.get();
    let info = &by.info;
    let run = by.run()?;
    let text = name.to_str()?;
    let checkpoint_id = info.planned_on(by.step());
    let (namespace, path) = by.text(py);
    let named = |place| {
        let site = CallSite {
            checkpoint_id: &checkpoint_id,
            step: by.step(),
            namespace,
            path,
            place,
        };
        let id = ids::called_id(text, &site);
        core::CalledName {
            name: text.to_owned(),
            namespace: format!("{}:{id}", ids::node_namespace(namespace, text)),
            id,
        }
    };
    let mut host = host_of(by);
    let called = run
        .lock_py_attached(py)
        .unwrap_or_else(PoisonError::into_inner)
        .call_task(&mut host, by.as_caller(), named);
    let Some(called) = called else {
        return Err(PyRuntimeError::new_err(
            "the task that calls does not run any more",
        ));
    };
    let task = CalledTask {
        task: called.task,
        name: name.unbind(),
        known_by: called.name,
        caller: caller.clone().unbind(),
        place: called.place,
        input: input.unbind(),
        is_known: called.known.is_some(),
        known: called.known.and_then(|returned| returned.value),
        ending: Mutex::default(),
    };
    tell_started(py, by, &task)?;
    Ok(Task {
        info: Arc::clone(info),
        who: Who::Called(task),
        scratchpad: called.scratchpad,
        run: by.run.clone(),
        saves: by.saves,
        text: OnceLock::new(),
        error: None,
    })
}

fn tell_started(py: Python<'_>, by: &Task, task: &CalledTask) -> PyResult<()> {
    let calls = &by.info.calls;
    if !(calls.modes.tasks || calls.modes.debug) {
        return Ok(());
    }
    let metadata = calls.metadata(py, &by.node_name(py))?;
    let (shown, input) = (
        (task.known_by.id.as_str(), task.name.bind(py)),
        task.input.bind(py),
    );
    let chunk = chunks::task_started(py, shown, &[PUSH], input, metadata)?;
    for chunk in calls.of_task(py, by.step(), "task", &chunk)? {
        calls.tell(py, chunk)?;
    }
    Ok(())
}

/// Takes a called task's result: the writes for a saver as `(id, path, writes)`, if there are any.
///
/// `written` is what the task wrote to channels while it ran, as the face reads it. A result that was kept
/// elsewhere is `cached`. The run waits for [`end`].
pub(crate) fn finish<'py>(
    py: Python<'py>,
    ended: &Task,
    ok: bool,
    result: Bound<'py, PyAny>,
    written: Option<Bound<'py, PyAny>>,
    cached: bool,
) -> PyResult<Option<Bound<'py, PyTuple>>> {
    let Who::Called(called) = &ended.who else {
        return Err(PyRuntimeError::new_err("only called tasks are finished"));
    };
    let graph = ended.info.graph.get();
    let mut raised = None;
    let outcome = match ok {
        true => Ok(returned(py, ended, &result, written)?),
        false => {
            let error = PyErr::from_value(result.clone());
            raised = Some(error.clone_ref(py));
            Err(if error.is_instance_of::<PyException>(py) {
                read_failure(py, graph, error)
            } else {
                core::Failure::Error(error)
            })
        }
    };
    let failed = matches!(
        outcome,
        Err(core::Failure::Error(_) | core::Failure::Refusal(_))
    );
    if failed {
        let name = called.name.bind(py);
        let note = format!(
            "During task with name '{name}' and id '{}'",
            called.known_by.id
        );
        result.call_method1(intern!(py, "add_note"), (note,))?;
    }
    let mut updates = match &outcome {
        Ok(returned) => returned.updates.clone(),
        Err(_) => Vec::new(),
    };
    updates.retain(|(channel, _)| graph.core.shows(*channel));
    let shown = ok || failed;
    let writes = ended
        .run()?
        .lock_py_attached(py)
        .unwrap_or_else(PoisonError::into_inner)
        .finish_called(&mut host_of(ended), called.task, outcome);
    let Some(writes) = writes else {
        return Ok(None);
    };
    if shown {
        let error = failed.then(|| result.clone());
        let chunks = ending(py, ended, called, (&result, &updates), error, cached)?;
        *called.ending() = chunks;
    }
    if writes.is_empty() {
        return Ok(None);
    }
    let writes = saved::writes_to_python(py, graph, &writes, raised.as_ref())?;
    (called.known_by.id.as_str(), path(py, called)?, writes)
        .into_pyobject(py)
        .map(Some)
}

/// Tells of a called task's end, and lets its step end.
pub(crate) fn end(py: Python<'_>, ended: &Task) -> PyResult<()> {
    let Who::Called(called) = &ended.who else {
        return Ok(());
    };
    let told = std::mem::take(&mut *called.ending());
    for chunk in told {
        ended.info.calls.tell(py, chunk)?;
    }
    ended
        .run()?
        .lock_py_attached(py)
        .unwrap_or_else(PoisonError::into_inner)
        .end_called(called.task);
    Ok(())
}

impl CalledTask {
    fn ending(&self) -> MutexGuard<'_, Vec<Chunk>> {
        self.ending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn returned(
    py: Python<'_>,
    ended: &Task,
    result: &Bound<'_, PyAny>,
    written: Option<Bound<'_, PyAny>>,
) -> PyResult<core::Returned<Value>> {
    let mut returned = core::Returned::value(Value::from(result.clone()));
    if let Some(written) = written {
        let graph = ended.info.graph.get();
        let output = read_output_of(graph, &written, graph.state_keys.bind(py))?;
        (returned.updates, returned.goto) = (output.updates, output.goto);
    }
    Ok(returned)
}

fn ending<'py>(
    py: Python<'py>,
    ended: &Task,
    called: &CalledTask,
    (result, updates): (&Bound<'py, PyAny>, &[(core::ChannelId, Value)]),
    error: Option<Bound<'py, PyAny>>,
    cached: bool,
) -> PyResult<Vec<Chunk>> {
    let calls = &ended.info.calls;
    let name = called.name.bind(py);
    let mut told = Vec::new();
    if calls.modes.updates && error.is_none() {
        let chunk = chunks::named_update(py, name, result.clone(), cached)?;
        told.push(("updates", chunk.unbind()));
    }
    if cached || !(calls.modes.tasks || calls.modes.debug) {
        return Ok(told);
    }
    let shown = chunks::result(py, ended.info.graph.get(), updates)?;
    if error.is_none() {
        shown.set_item(intern!(py, "__return__"), result)?;
    }
    let finished = Finished {
        id: &called.known_by.id,
        name,
        result: shown,
        error,
        interrupts: &[],
    };
    let chunk = chunks::task_finished(py, &finished)?;
    told.extend(calls.of_task(py, ended.step(), "task_result", &chunk)?);
    Ok(told)
}

/// A called task's path as a tuple.
pub(crate) fn path<'py>(py: Python<'py>, called: &CalledTask) -> PyResult<Bound<'py, PyTuple>> {
    let caller = called.caller.get().path(py)?;
    (PUSH, caller, called.place, true).into_pyobject(py)
}

/// A called task's path as savers sort it.
pub(crate) fn path_text(py: Python<'_>, called: &CalledTask) -> String {
    let (_, caller) = called.caller.get().text(py);
    format!("~{PUSH}, {caller}, {:010}, {:010}", called.place, 1)
}

/// Known results as Python: `(value,)`, or `None` when the task must run.
pub(crate) fn known<'py>(
    py: Python<'py>,
    called: &CalledTask,
) -> PyResult<Option<Bound<'py, PyList>>> {
    if !called.is_known {
        return Ok(None);
    }
    let value = called.known.as_ref().map(|value| value.bind(py));
    PyList::new(py, [value]).map(Some)
}

fn host_of(task: &Task) -> PythonHost {
    PythonHost {
        info: Arc::clone(&task.info),
        saves: task.saves,
        run: None,
    }
}
