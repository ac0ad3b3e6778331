//! Turning what the engine says into chunks for the caller and work for the saver.

use std::collections::HashMap;

use langferry_core as core;
use langferry_names::tasks;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString};

use super::{Event, Item, Run};
use crate::chunks::{self, Finished};
use crate::saved;
use crate::task;
use crate::value::Value;

/// Whose the writes of commands are.
pub(super) const NULL_TASK_ID: &str = "00000000-0000-0000-0000-000000000000";

impl Run {
    /// Turns an event into chunks and into work for the saver.
    pub(super) fn tell(
        &mut self,
        py: Python<'_>,
        event: Event,
        inputs: &HashMap<core::TaskRef, Py<PyAny>>,
    ) -> PyResult<()> {
        match event {
            Event::Values {
                values, interrupts, ..
            } => {
                let chunk =
                    chunks::values(py, self.graph(), &values, interrupts.as_deref(), self.bare)?;
                self.items.push_back(Item::Chunk("values", chunk.unbind()));
            }
            Event::Update {
                task,
                update,
                cached,
            } => {
                let chunk = chunks::update(py, self.graph(), &task, &update, cached, self.bare)?;
                self.items.push_back(Item::Chunk("updates", chunk.unbind()));
            }
            Event::Interrupted { interrupts, .. } => {
                let chunk = chunks::interrupted(py, &interrupts)?;
                self.items.push_back(Item::Chunk("updates", chunk.unbind()));
            }
            Event::TaskStarted { task, input } => {
                let input = match inputs.get(&task) {
                    Some(input) => input.bind(py).clone(),
                    None => self.node_input(py, &task, &input)?,
                };
                let name = self.graph().node_name(py, task.node);
                let metadata = self
                    .host
                    .bind(py)
                    .call_method1(intern!(py, "task_metadata"), (name,))?;
                let metadata = (!metadata.is_none()).then_some(metadata);
                let id = self.info.task_id(&task);
                let triggers = self.graph().core.trigger_names(&task);
                let chunk = chunks::task_started(py, (&id, name), &triggers, &input, metadata)?;
                self.tell_task(py, task.step, "task", chunk)?;
            }
            Event::TaskFinished {
                task,
                writes,
                error,
                interrupts,
            } => {
                let error = match error {
                    None => None,
                    Some(error) => {
                        Some(self.to_exception(py, &error)?.into_value(py).into_bound(py))
                    }
                };
                let id = self.info.task_id(&task);
                let error = error.map(Bound::into_any);
                let finished = Finished {
                    id: &id,
                    name: self.graph().node_name(py, task.node),
                    result: chunks::result(py, self.graph(), &writes)?,
                    error,
                    interrupts: &interrupts,
                };
                let chunk = chunks::task_finished(py, &finished)?;
                self.tell_task(py, task.step, "task_result", chunk)?;
            }
            Event::Planned {
                step,
                tasks,
                values,
            } => self.tell_planned(py, step, &tasks, &values)?,
            Event::Checkpoint(checkpoint) => {
                let checkpoint = self.checkpoint_to_python(py, &checkpoint)?;
                self.items
                    .push_back(Item::Checkpoint(checkpoint.into_any().unbind()));
            }
            Event::Passed {
                id,
                step,
                source,
                counters,
            } => {
                let passed =
                    saved::passed_to_python(py, self.graph(), &id, step, source, &counters)?;
                self.items
                    .push_back(Item::Checkpoint(passed.into_any().unbind()));
            }
            Event::TaskWrites { task, writes } => {
                let saved = self.written(py, &task, &writes)?;
                self.items.push_back(Item::Writes(saved.unbind()));
            }
            Event::InputWrites { writes } => {
                let writes = saved::writes_to_python(py, self.graph(), &writes, None)?;
                let saved = (py.None(), py.None(), writes).into_pyobject(py)?;
                self.items
                    .push_back(Item::Writes(saved.into_any().unbind()));
            }
            Event::CommandWrites { writes } => {
                let writes = saved::command_to_python(py, self.graph(), &writes)?;
                let saved = (NULL_TASK_ID, py.None(), writes).into_pyobject(py)?;
                self.items
                    .push_back(Item::Writes(saved.into_any().unbind()));
            }
            Event::Keep { task, writes } => {
                if let Some(key) = self.cache_keys.remove(&task) {
                    let writes = saved::writes_to_python(py, self.graph(), &writes, None)?;
                    let kept = (key, writes).into_pyobject(py)?;
                    self.items.push_back(Item::Keep(kept.into_any().unbind()));
                }
            }
            Event::Warning(text) => {
                self.host.call_method1(py, intern!(py, "warn"), (text,))?;
            }
        }
        Ok(())
    }

    /// What a task wrote, for a saver: its id, path and writes.
    fn written<'py>(
        &mut self,
        py: Python<'py>,
        task: &core::TaskRef,
        writes: &[core::Write<Value>],
    ) -> PyResult<Bound<'py, PyAny>> {
        let raised = self.raised.remove(task);
        let writes = saved::writes_to_python(py, self.graph(), writes, raised.as_ref())?;
        let path = match &self.store {
            None => task::path(py, self.graph(), task)?.into_any(),
            Some(_) => PyString::new(py, &tasks::path_text(&self.graph().core, task)).into_any(),
        };
        let written = (self.info.task_id(task), path, writes).into_pyobject(py)?;
        Ok(written.into_any())
    }

    /// Stores what a task wrote, or leaves that to the host.
    pub(super) fn store_writes(&self, py: Python<'_>, written: &Bound<'_, PyAny>) -> PyResult<()> {
        let task = written.get_item(0)?;
        let Some(store) = self.store.as_ref().filter(|_| !task.is_none()) else {
            self.host
                .call_method1(py, intern!(py, "save_writes"), (written,))?;
            return Ok(());
        };
        let saving = self.host.bind(py).getattr(intern!(py, "saving"))?;
        let config = saving.getattr(intern!(py, "config"))?;
        let config = config.cast::<PyDict>()?;
        let (path, writes) = (written.get_item(1)?, written.get_item(2)?);
        let path = path.cast::<PyString>().ok();
        if let Err(error) = store.get().put_writes(py, config, &writes, &task, path) {
            let noted = (error.into_value(py),);
            self.host
                .call_method1(py, intern!(py, "note_unsaved"), noted)?;
        }
        Ok(())
    }

    pub(super) fn tell_task(
        &mut self,
        py: Python<'_>,
        step: i64,
        kind: &str,
        chunk: Bound<'_, PyAny>,
    ) -> PyResult<()> {
        if self.modes.tasks {
            self.items
                .push_back(Item::Chunk("tasks", chunk.clone().unbind()));
        }
        if self.modes.debug {
            let chunk = chunks::debug(py, step, kind, &chunk)?;
            self.items.push_back(Item::Chunk("debug", chunk.unbind()));
        }
        Ok(())
    }

    pub(super) fn tell_planned(
        &mut self,
        py: Python<'_>,
        step: i64,
        tasks: &[core::TaskRef],
        values: &[(core::ChannelId, Value)],
    ) -> PyResult<()> {
        let bare = chunks::Bare(self.graph().bare_state);
        let values = chunks::shown(py, self.graph(), values, bare)?;
        let planned = PyList::empty(py);
        for task in tasks {
            let name = self.graph().node_name(py, task.node);
            planned.append((
                self.info.task_id(task),
                name,
                task::path(py, self.graph(), task)?,
            ))?;
        }
        let item = (step, values, planned).into_pyobject(py)?;
        self.items
            .push_back(Item::Planned(item.into_any().unbind()));
        Ok(())
    }

    pub(super) fn to_exception(
        &self,
        py: Python<'_>,
        error: &core::Error<PyErr>,
    ) -> PyResult<PyErr> {
        match error {
            core::Error::Host(error) => Ok(error.clone_ref(py)),
            core::Error::Engine(error) => Ok(self.graph().engine_error(py, error)),
        }
    }
}
