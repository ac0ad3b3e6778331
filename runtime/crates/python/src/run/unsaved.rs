//! Checkpoints for the saver, and what a run that stores at its end leaves to be stored.

use std::sync::PoisonError;

use langferry_core as core;
use pyo3::exceptions::PyRuntimeError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::MutexExt;
use pyo3::types::{PyDict, PyList};

use super::Run;
use super::telling::NULL_TASK_ID;
use crate::ids;
use crate::saved;
use crate::task;
use crate::value::Value;

impl Run {
    /// A checkpoint for the saver, with its names of the versions.
    pub(super) fn checkpoint_to_python<'py>(
        &self,
        py: Python<'py>,
        checkpoint: &core::Checkpoint<Value>,
    ) -> PyResult<Bound<'py, PyDict>> {
        let Some(versions) = &self.versions else {
            return Err(PyRuntimeError::new_err(
                "the saver has no names for versions",
            ));
        };
        let versions = versions.bind(py);
        let names = versions.getattr(intern!(py, "names"))?;
        let names = names.cast_into::<PyList>()?;
        let newest = checkpoint.versions.iter().map(|(_, version)| *version);
        let newest = usize::try_from(newest.max().unwrap_or_default())?;
        while names.len() < newest {
            versions.call_method0(intern!(py, "add_name"))?;
        }
        saved::checkpoint_to_python(py, self.graph(), checkpoint, self.input.as_ref(), &names)
    }

    /// The last checkpoint, if the run has made one, with `deltas`: per write to a delta channel that it
    /// implies without holding it, `(step, task id, path, channel, value)`; of the input and of commands
    /// the task id and path are `None`.
    pub(super) fn left_checkpoint<'py>(
        &mut self,
        py: Python<'py>,
    ) -> PyResult<Option<Bound<'py, PyDict>>> {
        let last = {
            let core = self.core.lock_py_attached(py);
            let mut core = core.unwrap_or_else(PoisonError::into_inner);
            core.last_checkpoint(&mut self.engine_host)
        };
        let last = last.map_err(|error| match self.to_exception(py, &error) {
            Ok(error) | Err(error) => error,
        })?;
        let Some(core::LastCheckpoint { checkpoint, kept }) = last else {
            return Ok(None);
        };
        let graph = self.graph();
        let dict = self.checkpoint_to_python(py, &checkpoint)?;
        let deltas = PyList::empty(py);
        for step in &kept {
            for (writer, channel, value) in &step.writes {
                let writer = match writer {
                    None => None,
                    Some(writer) => Some((
                        self.id_on(&step.checkpoint_id, writer),
                        task::path(py, graph, writer)?,
                    )),
                };
                let (id, path) = writer.unzip();
                let channel = graph.channel_name(py, *channel);
                deltas.append((step.step, id, path, channel, value.bind(py)))?;
            }
        }
        dict.set_item("deltas", deltas)?;
        dict.set_item("first_step", self.core(py).first_step())?;
        Ok(Some(dict))
    }

    fn id_on(&self, checkpoint_id: &str, task: &core::TaskRef) -> String {
        let graph = &self.graph().core;
        let name = core::TaskName::new(graph, checkpoint_id, task);
        ids::task_id(&name, &self.info.namespace)
    }

    /// What tasks of the step that was not completed have written, as `(task id, path, writes)`; of
    /// commands the path is `None`.
    pub(super) fn left_writes<'py>(&mut self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let left = PyList::empty(py);
        let (step, open, pending): (i64, bool, Vec<core::PendingWrites<Value>>) = {
            let run = self.core(py);
            (run.step(), run.answer_is_open(), run.pending_writes())
        };
        for pending in pending {
            match pending.writer {
                // the saver's keeper has them already
                core::Writer::Called(_) => {}
                core::Writer::Input => {
                    let mut writes = pending.writes;
                    if !open {
                        // an answer that was used answers no other question
                        writes.retain(|write| !matches!(write, core::Write::Resume(_)));
                    }
                    if writes.is_empty() {
                        continue;
                    }
                    let writes = saved::command_to_python(py, self.graph(), &writes)?;
                    left.append((NULL_TASK_ID, py.None(), writes))?;
                }
                core::Writer::Task(node, path) => {
                    let at = core::TaskRef {
                        step,
                        index: 0,
                        node,
                        path,
                    };
                    let mut raised = self.raised.iter();
                    let raised = raised.find(|(task, _)| (task.node, task.path) == (node, path));
                    let error = raised.map(|(_, error)| error);
                    let writes = saved::writes_to_python(py, self.graph(), &pending.writes, error)?;
                    let path = task::path(py, self.graph(), &at)?;
                    left.append((self.info.task_id(&at), path, writes))?;
                }
            }
        }
        Ok(left)
    }
}
