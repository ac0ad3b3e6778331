//! Performing a run's calls, and handing their results to the engine.

use langferry_core as core;
use pyo3::exceptions::{PyException, PyStopIteration};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyList;

use super::{Call, Run, Work};
use crate::output::{read_failure, read_output, read_targets};
use crate::value::Value;

impl Run {
    pub(super) fn perform<'py>(
        &self,
        py: Python<'py>,
        work: &Work,
    ) -> PyResult<PyResult<Bound<'py, PyAny>>> {
        let run = self.run_of(work)?;
        let context = copy_context(py)?;
        Ok(context.call_method1(intern!(py, "run"), (run, &work.input, &work.scope)))
    }

    /// Has the host run several nodes at once.
    pub(super) fn start_fan_out(&mut self, py: Python<'_>) -> PyResult<()> {
        let calls = self.side_by_side(py)?;
        let running = self
            .host
            .call_method1(py, intern!(py, "fan_out"), (calls,))?;
        self.fan_out = Some(running);
        Ok(())
    }

    /// All calls that wait, as the host takes them to run at once.
    fn side_by_side<'py>(&mut self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let calls = PyList::empty(py);
        for work in std::mem::take(&mut self.work) {
            let run = self.run_of(&work)?.clone_ref(py);
            calls.append((self.next_key, run, &work.input, &work.scope))?;
            self.handed_out.insert(self.next_key, work);
            self.next_key += 1;
        }
        Ok(calls)
    }

    /// Waits for some of the nodes that run at once, and has those that are new join them.
    pub(super) fn join_some(&mut self, py: Python<'_>) -> PyResult<()> {
        let more = self.side_by_side(py)?;
        let Some(running) = &self.fan_out else {
            return Ok(());
        };
        let running = running.bind(py);
        let results = match more.is_empty() {
            true => running.call_method0(intern!(py, "__next__")),
            false => running.call_method1(intern!(py, "send"), (more,)),
        };
        match results {
            Err(error) if error.is_instance_of::<PyStopIteration>(py) => {
                self.fan_out = None;
                Ok(())
            }
            Err(error) => Err(error),
            Ok(results) => {
                for result in results.try_iter()? {
                    let (key, ok, value) = result?.extract()?;
                    self.finish(py, key, ok, value)?;
                }
                Ok(())
            }
        }
    }

    /// Waits for what still runs on other threads; what it returns no longer matters.
    pub(super) fn abandon(&mut self, py: Python<'_>) -> PyResult<()> {
        self.end_sharing(py)?;
        if self.core(py).awaits_called() {
            self.host.call_method0(py, intern!(py, "abandon_called"))?;
        }
        match self.fan_out.take() {
            Some(results) => results.call_method0(py, intern!(py, "close")).map(drop),
            None => Ok(()),
        }
    }

    /// Hands a call's result to the engine.
    ///
    /// An exception that is no `Exception` (an interrupt from the keyboard) is not the task's: it
    /// ends the run at once.
    pub(super) fn take(
        &mut self,
        py: Python<'_>,
        call: &Call,
        result: PyResult<Bound<'_, PyAny>>,
    ) -> PyResult<()> {
        match call {
            Call::Node { task, .. } => {
                let read = result.and_then(|returned| {
                    let output = read_output(self.graph(), &returned)?;
                    Ok((output, returned))
                });
                let read = read.or_else(|error| self.commanded(py, task, error));
                let result = match read {
                    Ok((output, returned)) => {
                        if self.graph().core.has_branches(task.node) {
                            self.returned.insert(*task, returned.unbind());
                        }
                        Ok(output)
                    }
                    Err(error) => Err(self.failure(py, task, error)?),
                };
                self.core(py).complete(*task, result);
            }
            Call::Route { task, branch, .. } => {
                let read = result.and_then(|answer| {
                    let targets = self.graph().routers[branch.index()].targets.bind(py);
                    read_targets(self.graph(), &targets.call1((answer,))?)
                });
                let result = match read {
                    Ok(targets) => Ok(targets),
                    Err(error) => Err(self.failure(py, task, error)?),
                };
                self.core(py).routed(*task, result);
            }
        }
        Ok(())
    }

    /// What a command that was raised out of a graph run by the task means for this graph, if it is
    /// meant for it; otherwise the exception that carries it on.
    fn commanded<'py>(
        &self,
        py: Python<'py>,
        task: &core::TaskRef,
        error: PyErr,
    ) -> PyResult<(core::NodeOutput<Value>, Bound<'py, PyAny>)> {
        let graph = self.graph();
        let raised = error.value(py);
        if !raised.is_instance(graph.face.parent_command.bind(py))? {
            return Err(error);
        }
        let namespace = self.info.namespace_of(task);
        let name = graph.node_name(py, task.node);
        let command = graph.face.take_command.bind(py);
        let command = command.call1((raised, namespace, name))?;
        if command.is_none() {
            return Err(error);
        }
        Ok((read_output(graph, &command)?, command))
    }

    pub(super) fn failure(
        &mut self,
        py: Python<'_>,
        task: &core::TaskRef,
        error: PyErr,
    ) -> PyResult<core::Failure<Value, PyErr>> {
        let error = self.as_failure(py, task, error)?;
        let failure = read_failure(py, self.graph(), error);
        let handled = self.graph().core.handler(task.node).is_some();
        self.task_failed |=
            !handled && !matches!(failure, core::Failure::Interrupt(_) | core::Failure::Again);
        if let core::Failure::Error(error) | core::Failure::Refusal(error) = &failure {
            let note = format!(
                "During task with name '{}' and id '{}'",
                self.graph().core.node_name(task.node),
                self.info.task_id(task)
            );
            error
                .value(py)
                .call_method1(intern!(py, "add_note"), (note,))?;
            if self.saves {
                self.raised.insert(*task, error.clone_ref(py));
            }
            if handled {
                let raised = error.value(py).clone().into_any().unbind();
                self.to_handle.insert((task.node, task.path), raised);
            }
        }
        Ok(failure)
    }

    /// What a task has failed with, given what it raised: an exception that is no `Exception` is either
    /// the task's all the same, or nobody's but the run's.
    fn as_failure(&self, py: Python<'_>, task: &core::TaskRef, error: PyErr) -> PyResult<PyErr> {
        if error.is_instance_of::<PyException>(py) {
            return Ok(error);
        }
        let graph = self.graph();
        let read = graph.face.as_failure.bind(py);
        let read = read.call1((error.value(py), graph.node_name(py, task.node)))?;
        match read.is_none() {
            true => Err(error),
            false => Ok(PyErr::from_value(read)),
        }
    }
}

/// A copy of this thread's context, in which a node's changes of context variables stay.
pub(super) fn copy_context(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    static COPY_CONTEXT: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    COPY_CONTEXT
        .import(py, "contextvars", "copy_context")?
        .call0()
}
