//! How the engine folds values: by calling the state's reducers in Python.

use std::sync::Arc;

use langferry_core as core;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyInt, PyList, PyString};

use crate::graph::Graph;
use crate::ids;
use crate::task::RunInfo;
use crate::value::Value;

/// The engine's window to Python.
pub(crate) struct PythonHost {
    pub info: Arc<RunInfo>,
    pub saves: bool,
    /// Whose `control`, once there is one, can ask the run to stop: an object with `drain_requested` and
    /// `drain_reason`.
    pub run: Option<Py<PyAny>>,
}

impl PythonHost {
    fn graph(&self) -> &Graph {
        self.info.graph.get()
    }
}

impl core::Host for PythonHost {
    type Value = Value;
    type Error = PyErr;

    fn reduce(
        &mut self,
        reducer: core::ReducerId,
        current: Value,
        update: Value,
    ) -> PyResult<Value> {
        let fold = &self.graph().reducers[reducer.0 as usize].fold;
        Python::attach(|py| fold.call1(py, (current.0, update.0)).map(Value))
    }

    fn initial(&mut self, reducer: core::ReducerId) -> Option<Value> {
        let initial = self.graph().reducers[reducer.0 as usize].initial.as_ref()?;
        // a type that cannot be made without arguments was found out when the graph was built
        Python::attach(|py| initial.call0(py).ok().map(Value))
    }

    fn open(&mut self, channel: core::HostedId, kept: Option<Value>) -> PyResult<Option<Value>> {
        let graph = self.graph();
        let channel = &graph.hosted[channel.0 as usize];
        Python::attach(|py| {
            let kept = kept.map_or_else(|| graph.missing.clone_ref(py), |kept| kept.0);
            let open = channel.call_method1(py, intern!(py, "from_checkpoint"), (kept,))?;
            Ok(Some(Value(open)))
        })
    }

    fn tell(&mut self, channel: &Value, signal: core::Signal<Value>) -> PyResult<bool> {
        Python::attach(|py| {
            let channel = channel.bind(py);
            let changed = match signal {
                core::Signal::Update(values) => {
                    let values = PyList::new(py, values.iter().map(|value| value.bind(py)))?;
                    channel.call_method1(intern!(py, "update"), (values,))?
                }
                core::Signal::Replay(writes) => return replay(channel, writes).map(|()| true),
                core::Signal::Consume => channel.call_method0(intern!(py, "consume"))?,
                core::Signal::Finish => channel.call_method0(intern!(py, "finish"))?,
            };
            changed.is_truthy()
        })
    }

    fn look(&mut self, channel: &Value) -> PyResult<Option<Value>> {
        Python::attach(|py| {
            let channel = channel.bind(py);
            let available = channel.call_method0(intern!(py, "is_available"))?;
            if !available.is_truthy()? {
                return Ok(None);
            }
            Ok(Some(channel.call_method0(intern!(py, "get"))?.into()))
        })
    }

    fn stable(&mut self, channel: core::HostedId, write: Value) -> PyResult<Value> {
        let graph = self.graph();
        let channel = &graph.hosted[channel.0 as usize];
        Python::attach(|py| graph.face.stable.call1(py, (channel, write.0)).map(Value))
    }

    fn keep(&mut self, channel: &Value) -> PyResult<Option<Value>> {
        let graph = self.graph();
        Python::attach(|py| {
            let kept = channel.bind(py).call_method0(intern!(py, "checkpoint"))?;
            Ok((!kept.is(&graph.missing)).then(|| kept.into()))
        })
    }

    fn twin(&mut self, channel: &Value) -> PyResult<Value> {
        Python::attach(|py| Ok(Value(channel.0.call_method0(py, intern!(py, "copy"))?)))
    }

    fn overwrite(&mut self, value: &Value) -> Option<Value> {
        Python::attach(|py| overwrite(self.graph(), value.bind(py)))
    }

    fn drained(&mut self) -> Option<String> {
        let run = self.run.as_ref()?;
        Python::attach(|py| {
            let control = run.bind(py).getattr(intern!(py, "control")).ok()?;
            if control.is_none() {
                return None;
            }
            // an object that cannot say so asks for nothing
            let asked = control.getattr(intern!(py, "drain_requested")).ok()?;
            if !asked.is_truthy().unwrap_or(false) {
                return None;
            }
            let reason = control.getattr(intern!(py, "drain_reason")).ok()?;
            Some(reason.extract().unwrap_or_else(|_| "shutdown".to_owned()))
        })
    }

    fn checkpoint_id(&mut self, step: i64) -> Option<String> {
        let id = match &self.graph().face.new_checkpoint_id {
            None if !self.saves => String::new(),
            None => ids::new_checkpoint_id(step, None),
            // an id that cannot be made is an id that nothing is found by
            Some(make) => Python::attach(|py| {
                make.call1(py, (step, self.saves))
                    .and_then(|id| id.extract(py))
                    .unwrap_or_default()
            }),
        };
        if !id.is_empty() {
            self.info.remember(step, id.clone());
        }
        Some(id)
    }

    fn interrupt_id(&mut self, task: &core::TaskName<'_>, answered: usize) -> String {
        let namespace = &self.info.namespace;
        let id = ids::task_id(task, namespace);
        ids::interrupt_id(&ids::task_namespace(task, namespace, &id), answered)
    }

    fn called_interrupt_id(&mut self, called: &core::CalledName, answered: usize) -> String {
        ids::interrupt_id(&called.namespace, answered)
    }
}

/// Folds writes of many steps into a channel object: at once if it can, or else one by one.
fn replay(channel: &Bound<'_, PyAny>, writes: Vec<Value>) -> PyResult<()> {
    let py = channel.py();
    if channel.hasattr(intern!(py, "replay_writes"))? {
        let writes = writes.into_iter().map(|write| ("", "", write.0));
        let writes = PyList::new(py, writes.collect::<Vec<_>>())?;
        channel.call_method1(intern!(py, "replay_writes"), (writes,))?;
        return Ok(());
    }
    for write in writes {
        let values = PyList::new(py, [write.0])?;
        channel.call_method1(intern!(py, "update"), (values,))?;
    }
    Ok(())
}

/// The value in an `Overwrite`, in any of the three forms it has before and after being stored.
fn overwrite(graph: &Graph, value: &Bound<'_, PyAny>) -> Option<Value> {
    let py = value.py();
    if value.is_exact_instance_of::<PyList>()
        || value.is_exact_instance_of::<PyString>()
        || value.is_exact_instance_of::<PyInt>()
    {
        return None;
    }
    if let Ok(dict) = value.cast::<PyDict>() {
        let marker = intern!(py, "__overwrite__");
        if dict.len() == 1
            && let Ok(Some(wrapped)) = dict.get_item(marker)
        {
            return Some(wrapped.into());
        }
        let kind = dict.get_item(intern!(py, "type")).ok()??;
        let marked = kind.eq(marker).unwrap_or(false);
        return if marked {
            dict.get_item(intern!(py, "value")).ok()?.map(Value::from)
        } else {
            None
        };
    }
    let wraps = value
        .is_instance(graph.face.overwrite.bind(py))
        .unwrap_or(false);
    if wraps {
        value.getattr(intern!(py, "value")).ok().map(Value::from)
    } else {
        None
    }
}
