//! Ids and names of what is stored, for Python.

pub(crate) use langferry_names::{
    CallSite, called_id, interrupt_id, node_namespace, task_id, task_namespace,
};
use pyo3::pyfunction;

/// A new version 6 UUID, with 48 random bits as its `node` unless the caller has drawn them.
#[pyfunction]
#[pyo3(signature = (step, node=None))]
pub(crate) fn new_checkpoint_id(step: i64, node: Option<u64>) -> String {
    langferry_names::new_checkpoint_id(step, node)
}

/// The XXH3 hash of 128 bits as 32 hex digits: the form of LangGraph's keys in caches.
#[pyfunction]
pub(crate) fn digest(data: &[u8]) -> String {
    langferry_names::digest(data)
}
