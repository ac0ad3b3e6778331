//! What Python sees of one task: who it is, and its answers to `interrupt()`.

use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};

use langferry_core as core;
use pyo3::exceptions::{PyKeyError, PyRuntimeError};
use pyo3::prelude::*;
use pyo3::sync::MutexExt;
use pyo3::types::{PyDict, PyTuple};

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

    fn planned_on(&self, step: i64) -> String {
        let known = self
            .checkpoints
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        match known.iter().find(|(made_at, _)| *made_at == step - 1) {
            Some((_, id)) => id.clone(),
            None => self
                .unsaved
                .get_or_init(|| ids::new_checkpoint_id(0))
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
        with(&core::TaskName {
            checkpoint_id: &checkpoint_id,
            step: task.step,
            node: graph.node_name(task.node),
            path: task.path,
            triggers: graph.trigger_names(task),
        })
    }

    pub(crate) fn task_id(&self, task: &core::TaskRef) -> String {
        self.with_name(task, |name| ids::task_id(name, &self.namespace))
    }
}

/// One task of one superstep.
#[pyclass(module = "langferry._engine", frozen)]
pub(crate) struct Task {
    pub info: Arc<RunInfo>,
    pub task: core::TaskRef,
    pub scratchpad: core::Scratchpad<Value>,
    pub run: Weak<Mutex<core::Run<PythonHost>>>,
    pub saves: bool,
}

#[pymethods]
impl Task {
    /// The node's name.
    #[getter]
    fn name<'py>(&self, py: Python<'py>) -> Bound<'py, PyAny> {
        self.info
            .graph
            .get()
            .node_name(py, self.task.node)
            .clone()
            .into_any()
    }

    /// The superstep; first nodes run in 1.
    #[getter]
    fn step(&self) -> i64 {
        self.task.step
    }

    /// The last step the run may take.
    #[getter]
    fn stop(&self) -> i64 {
        self.info.stop
    }

    /// The task's id, the same when the task is run again from the same checkpoint.
    #[getter]
    fn id(&self) -> String {
        self.info.task_id(&self.task)
    }

    /// The id of the checkpoint the task was planned on.
    #[getter]
    fn checkpoint_id(&self) -> String {
        self.info.planned_on(self.task.step)
    }

    /// The namespace in which graphs run by the task keep their checkpoints.
    #[getter]
    fn namespace(&self) -> String {
        self.info.with_name(&self.task, |name| {
            let id = ids::task_id(name, &self.info.namespace);
            ids::task_namespace(name, &self.info.namespace, &id)
        })
    }

    /// Names of the channels that triggered the task.
    #[getter]
    fn triggers<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.info.graph.get().core.trigger_names(&self.task))
    }

    /// Where the task came from: its node's name, or its place among the sends of the last step.
    #[getter]
    fn path<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        path(py, self.info.graph.get(), &self.task)
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
        let run = self
            .run
            .upgrade()
            .ok_or_else(|| PyRuntimeError::new_err("the run of this task is over"))?;
        let mut host = PythonHost {
            info: Arc::clone(&self.info),
            saves: self.saves,
            control: None,
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
    }
}
