//! What Python sees of one task: who it is, and its answers to `interrupt()`.

use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};

use langferry_core as core;
use langferry_names::tasks;
use pyo3::exceptions::{PyKeyError, PyRuntimeError};
use pyo3::prelude::*;
use pyo3::sync::MutexExt;
use pyo3::types::{PyDict, PyList, PyString, PyTuple};

use crate::called::{self, CallTelling, CalledTask};
use crate::chunks;
use crate::graph::Graph;
use crate::host::PythonHost;
use crate::ids;
use crate::output::read_writes;
use crate::value::Value;

/// What all tasks of a run share.
pub(crate) struct RunInfo {
    pub graph: Py<Graph>,
    pub namespace: String,
    /// The last step the run may take.
    pub stop: i64,
    /// Ids of the latest checkpoints by step; empty when nothing is saved.
    pub checkpoints: Mutex<Vec<(i64, String)>>,
    /// Stands in for the checkpoints' ids when nothing is saved.
    pub unsaved: OnceLock<String>,
    /// Where chunks of called tasks go.
    pub calls: CallTelling,
}

impl RunInfo {
    /// Remembers the id of a new checkpoint. Tasks of the step before it may still be reported.
    pub(crate) fn remember(&self, step: i64, id: String) {
        let mut known = self
            .checkpoints
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        known.retain(|(old, _)| *old >= step - 2 && *old != step);
        known.push((step, id));
    }

    pub(crate) fn planned_on(&self, step: i64) -> String {
        let known = self
            .checkpoints
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        match known.iter().find(|(made_at, _)| *made_at == step - 1) {
            Some((_, id)) => id.clone(),
            None => self
                .unsaved
                .get_or_init(|| ids::new_checkpoint_id(0, None))
                .clone(),
        }
    }

    /// Calls `with` on the full name of a task.
    pub(crate) fn with_name<R>(
        &self,
        task: &core::TaskRef,
        with: impl FnOnce(&core::TaskName<'_>) -> R,
    ) -> R {
        let graph = &self.graph.get().core;
        let checkpoint_id = self.planned_on(task.step);
        with(&core::TaskName::new(graph, &checkpoint_id, task))
    }

    /// The namespace in which graphs run by a task keep their checkpoints.
    pub(crate) fn namespace_of(&self, task: &core::TaskRef) -> String {
        self.with_name(task, |name| {
            let id = ids::task_id(name, &self.namespace);
            ids::task_namespace(name, &self.namespace, &id)
        })
    }

    pub(crate) fn task_id(&self, task: &core::TaskRef) -> String {
        self.with_name(task, |name| ids::task_id(name, &self.namespace))
    }
}

/// What a task is: the turn of a node, or a call by another task.
pub(crate) enum Who {
    Planned(core::TaskRef),
    Called(CalledTask),
}

/// One task of one superstep.
#[pyclass(module = "langferry._engine", frozen)]
pub(crate) struct Task {
    pub info: Arc<RunInfo>,
    pub who: Who,
    pub scratchpad: core::Scratchpad<Value>,
    pub run: Weak<Mutex<core::Run<PythonHost>>>,
    pub saves: bool,
    /// Namespace and path, once tasks it calls are named after them.
    pub text: OnceLock<(String, String)>,
    /// What the task that this one handles has failed with.
    pub error: Option<Py<PyAny>>,
}

#[pymethods]
impl Task {
    /// The node's name, or the called task's.
    #[getter]
    fn name<'py>(&self, py: Python<'py>) -> Bound<'py, PyString> {
        match &self.who {
            Who::Planned(_) => self.node_name(py),
            Who::Called(called) => called.name.bind(py).clone(),
        }
    }

    /// The superstep; first nodes run in 1.
    #[getter]
    pub(crate) fn step(&self) -> i64 {
        match &self.who {
            Who::Planned(task) => task.step,
            Who::Called(called) => called.task.step,
        }
    }

    /// The last step the run may take.
    #[getter]
    fn stop(&self) -> i64 {
        self.info.stop
    }

    /// The task's id, the same when the task is run again from the same checkpoint.
    #[getter]
    fn id(&self) -> String {
        match &self.who {
            Who::Planned(task) => self.info.task_id(task),
            Who::Called(called) => called.known_by.id.clone(),
        }
    }

    /// The id of the checkpoint the task was planned on.
    #[getter]
    fn checkpoint_id(&self) -> String {
        self.info.planned_on(self.step())
    }

    /// The namespace in which graphs run by the task keep their checkpoints.
    #[getter]
    fn namespace(&self) -> String {
        match &self.who {
            Who::Planned(task) => self.info.namespace_of(task),
            Who::Called(called) => called.known_by.namespace.clone(),
        }
    }

    /// Names of the channels that triggered the task.
    #[getter]
    fn triggers<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        match &self.who {
            Who::Planned(task) => PyTuple::new(py, self.info.graph.get().core.trigger_names(task)),
            Who::Called(_) => PyTuple::new(py, ["__pregel_push"]),
        }
    }

    /// Where the task came from: its node's name, its place among the sends of the last step, or its
    /// caller's path and its place among the caller's calls.
    #[getter]
    pub(crate) fn path<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        match &self.who {
            Who::Planned(task) => path(py, self.info.graph.get(), task),
            Who::Called(called) => called::path(py, called),
        }
    }

    /// Calls a task of this name with `(args, kwargs)`.
    ///
    /// Raises:
    ///     RuntimeError: When this task does not run any more.
    fn call<'py>(
        slf: &Bound<'py, Self>,
        name: Bound<'py, PyString>,
        input: Bound<'py, PyAny>,
    ) -> PyResult<Task> {
        called::call(slf.py(), slf, name, input)
    }

    /// What an earlier run on the same checkpoint has returned for this call, as `[value]`.
    #[getter]
    fn known<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyList>>> {
        match &self.who {
            Who::Planned(_) => Ok(None),
            Who::Called(called) => called::known(py, called),
        }
    }

    /// For a called task: what it returned, or the exception it raised. Gives what a saver is to store,
    /// as `(id, path, writes)`, or `None`.
    #[pyo3(signature = (ok, result, written=None, *, cached=false))]
    fn finish<'py>(
        &self,
        py: Python<'py>,
        ok: bool,
        result: Bound<'py, PyAny>,
        written: Option<Bound<'py, PyAny>>,
        cached: bool,
    ) -> PyResult<Option<Bound<'py, PyTuple>>> {
        called::finish(py, self, ok, result, written, cached)
    }

    /// For a called task: tells of its end, once what `finish` gave is stored; its step can end now.
    fn end(&self, py: Python<'_>) -> PyResult<()> {
        called::end(py, self)
    }

    /// Which attempt at the task this is, from 1.
    #[getter]
    fn attempt(&self) -> u32 {
        self.scratchpad.attempt()
    }

    /// What an error handler handles, as `(node, error)`; `None` for other tasks.
    #[getter]
    fn handles<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyTuple>>> {
        let Some((node, _)) = self.handled() else {
            return Ok(None);
        };
        let node = self.info.graph.get().node_name(py, node);
        (node, &self.error).into_pyobject(py).map(Some)
    }

    /// The namespace of the task that an error handler handles.
    #[getter]
    fn failed_namespace(&self) -> Option<String> {
        let (node, path) = self.handled()?;
        Some(self.info.namespace_of(&core::TaskRef {
            step: self.step(),
            index: 0,
            node,
            path,
        }))
    }

    /// The answer to the task's next interrupt as `(answer,)`, or `None`.
    ///
    /// With `check`, what it makes of the answer; an answer for which it raises stays unused.
    #[pyo3(signature = (check=None))]
    fn answer<'py>(
        &self,
        py: Python<'py>,
        check: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Option<Bound<'py, PyTuple>>> {
        let answer = self.scratchpad.checked_answer(|answer| match check {
            None => Ok(answer.0.bind(py).clone()),
            Some(check) => check.call1((answer.0.bind(py),)),
        });
        answer.map(|given| PyTuple::new(py, [given?])).transpose()
    }

    /// Starts over after a failure: the answers count from the first again.
    fn restart(&self) {
        self.scratchpad.restart();
    }

    /// How many graphs the task has run before the one that asks now.
    fn next_nested(&self) -> u32 {
        self.scratchpad.next_nested()
    }

    /// The values of channels, changed by writes that count for this reading only.
    fn read<'py>(
        &self,
        py: Python<'py>,
        channels: Vec<String>,
        writes: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyDict>> {
        let graph = self.info.graph.get();
        let ids = channels.iter().map(|name| {
            let unknown = || PyKeyError::new_err(name.clone());
            graph.core.channel_id(name).ok_or_else(unknown)
        });
        let ids: Vec<core::ChannelId> = ids.collect::<PyResult<_>>()?;
        let writes = read_writes(graph, writes)?;
        let run = self.run()?;
        let mut host = PythonHost {
            info: Arc::clone(&self.info),
            saves: self.saves,
            run: None,
        };
        let read = run
            .lock_py_attached(py)
            .unwrap_or_else(PoisonError::into_inner)
            .read(&mut host, &ids, writes);
        let values = read.map_err(|error| match error {
            core::Error::Host(error) => error,
            core::Error::Engine(error) => PyRuntimeError::new_err(error.to_string()),
        })?;
        chunks::dict(py, graph, &values)
    }

    /// The id of the interrupt that is asked now.
    fn interrupt_id(&self) -> String {
        ids::interrupt_id(&self.namespace(), self.scratchpad.answered())
    }
}

impl Task {
    pub(crate) fn run(&self) -> PyResult<Arc<Mutex<core::Run<PythonHost>>>> {
        self.run
            .upgrade()
            .ok_or_else(|| PyRuntimeError::new_err("the run of this task is over"))
    }

    /// The task whose failure this one handles.
    fn handled(&self) -> Option<(core::NodeId, core::TaskPath)> {
        match &self.who {
            Who::Planned(task) => task.path.failed(),
            Who::Called(_) => None,
        }
    }

    /// This task, as one that calls.
    pub(crate) fn as_caller(&self) -> core::Caller {
        match &self.who {
            Who::Planned(task) => core::Caller::Task(*task),
            Who::Called(called) => core::Caller::Called(called.task),
        }
    }

    /// The name of the node in whose turn the task runs.
    pub(crate) fn node_name<'py>(&self, py: Python<'py>) -> Bound<'py, PyString> {
        match &self.who {
            Who::Planned(task) => self.info.graph.get().node_name(py, task.node).clone(),
            Who::Called(called) => called.caller.get().node_name(py),
        }
    }

    /// Namespace and path as text, which the names of all tasks it calls begin with.
    pub(crate) fn text(&self, py: Python<'_>) -> &(String, String) {
        self.text.get_or_init(|| {
            let path = match &self.who {
                Who::Planned(task) => tasks::path_text(&self.info.graph.get().core, task),
                Who::Called(called) => called::path_text(py, called),
            };
            (self.namespace(), path)
        })
    }
}

/// A task's path as a tuple.
pub(crate) fn path<'py>(
    py: Python<'py>,
    graph: &Graph,
    task: &core::TaskRef,
) -> PyResult<Bound<'py, PyTuple>> {
    match task.path {
        core::TaskPath::Pull => ("__pregel_pull", graph.node_name(py, task.node)).into_pyobject(py),
        core::TaskPath::Push(index) => ("__pregel_push", index, false).into_pyobject(py),
        core::TaskPath::Update(index) => ("__interrupt__", index).into_pyobject(py),
        core::TaskPath::Handler { failed, push: None } => {
            let failed = graph.node_name(py, failed);
            ("__pregel_pull", failed, "node_error_handler", false).into_pyobject(py)
        }
        core::TaskPath::Handler {
            push: Some(index), ..
        } => ("__pregel_push", index, false, "node_error_handler", false).into_pyobject(py),
    }
}
