//! What surrounds the run of a node: results kept in a cache, errors to handle, limits of time.

use langferry_core as core;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyList;

use super::{Call, Run, Work};
use crate::saved;
use crate::value::Value;

impl Run {
    pub(super) fn run_of<'a>(&'a self, work: &'a Work) -> PyResult<&'a Py<PyAny>> {
        match &work.limited {
            Some((run, _)) => Ok(run),
            None => Ok(&self.body(&work.call)?.run),
        }
    }

    pub(super) fn arun_of<'a>(&'a self, work: &'a Work) -> PyResult<&'a Py<PyAny>> {
        match &work.limited {
            Some((_, arun)) => Ok(arun),
            None => Ok(&self.body(&work.call)?.arun),
        }
    }

    /// The body of a node for a task whose time is limited by the packet that made it.
    pub(super) fn limited(
        &self,
        py: Python<'_>,
        task: &core::TaskRef,
        timeout: &Value,
    ) -> PyResult<(Py<PyAny>, Py<PyAny>)> {
        let name = self.graph().node_name(py, task.node);
        let arguments = (name, timeout.bind(py));
        let limited = self
            .host
            .call_method1(py, intern!(py, "limited"), arguments)?;
        limited.extract(py)
    }

    /// What the task that this one handles has failed with.
    pub(super) fn error_to_handle(&mut self, task: &core::TaskRef) -> Option<Py<PyAny>> {
        self.to_handle.remove(&task.path.failed()?)
    }

    /// Remembers by which key a task's result is kept, if there is a cache.
    pub(super) fn note_cache_key(
        &mut self,
        py: Python<'_>,
        task: &core::TaskRef,
        input: &Bound<'_, PyAny>,
    ) -> PyResult<()> {
        let name = self.graph().node_name(py, task.node);
        let key = self
            .host
            .call_method1(py, intern!(py, "cache_key"), (name, input))?;
        if !key.is_none(py) {
            self.cache_keys.insert(*task, key);
            self.may_recall = true;
        }
        Ok(())
    }

    /// The calls that were handed out whose results may be kept, with their keys in the cache.
    pub(super) fn recallable(&mut self, py: Python<'_>) -> Vec<(usize, Py<PyAny>)> {
        if !std::mem::take(&mut self.may_recall) {
            return Vec::new();
        }
        self.handed_out
            .iter()
            .filter_map(|(&call, work)| {
                let key = self.cache_key_of(work)?;
                Some((call, key.clone_ref(py)))
            })
            .collect()
    }

    /// Asks the cache for the results of the calls that wait.
    pub(super) fn recall_waiting(&mut self, py: Python<'_>) -> PyResult<()> {
        self.may_recall = false;
        let keys = PyList::new(
            py,
            self.work.iter().filter_map(|work| self.cache_key_of(work)),
        )?;
        let found = self.host.call_method1(py, intern!(py, "recall"), (keys,))?;
        let mut found = found
            .extract::<Vec<Option<Bound<'_, PyAny>>>>(py)?
            .into_iter();
        for work in std::mem::take(&mut self.work) {
            let kept = match self.cache_key_of(&work) {
                Some(_) => found.next().flatten(),
                None => None,
            };
            match kept {
                Some(writes) => self.take_kept(py, &work, &writes)?,
                None => self.work.push_back(work),
            }
        }
        Ok(())
    }

    pub(super) fn take_kept(
        &mut self,
        py: Python<'_>,
        work: &Work,
        writes: &Bound<'_, PyAny>,
    ) -> PyResult<()> {
        let Call::Node { task, .. } = &work.call else {
            return Ok(());
        };
        let writes = saved::writes_from_python(py, self.graph(), writes)?;
        self.cache_keys.remove(task);
        self.core(py).recall(*task, writes);
        Ok(())
    }

    fn cache_key_of(&self, work: &Work) -> Option<&Py<PyAny>> {
        match &work.call {
            Call::Node { task, .. } => self.cache_keys.get(task),
            Call::Route { .. } => None,
        }
    }
}
