//! Building what a run's nodes and routers are given.

use std::sync::{Arc, OnceLock};

use langferry_core as core;
use pyo3::exceptions::PyRuntimeError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::{Call, Run, Work};
use crate::chunks;
use crate::graph::Body;
use crate::task::{self, Task, Who};
use crate::value::Value;

impl Run {
    pub(super) fn body(&self, call: &Call) -> PyResult<&Body> {
        let graph = self.graph();
        match call {
            Call::Route { branch, .. } => Ok(&graph.routers[branch.index()].body),
            Call::Node { task, .. } => graph.nodes[task.node.index()]
                .as_ref()
                .ok_or_else(|| PyRuntimeError::new_err("the start node has no body")),
        }
    }

    pub(super) fn prepare(&mut self, py: Python<'_>, call: Call) -> PyResult<Work> {
        let mut limited = None;
        let (task, scratchpad, input) = match &call {
            Call::Node {
                task,
                input,
                scratchpad,
                timeout,
            } => {
                let built = self.node_input(py, task, input)?;
                if let Some(timeout) = timeout {
                    limited = Some(self.limited(py, task, timeout)?);
                }
                if self.graph().core.is_cached(task.node) {
                    self.note_cache_key(py, task, &built)?;
                }
                (task, scratchpad, built)
            }
            Call::Route {
                task,
                branch,
                input,
                scratchpad,
            } => (
                task,
                scratchpad,
                self.route_input(py, task, *branch, input)?,
            ),
        };
        let engine = Task {
            info: Arc::clone(&self.info),
            who: Who::Planned(*task),
            scratchpad: scratchpad.clone(),
            run: Arc::downgrade(&self.core),
            saves: self.saves,
            text: OnceLock::new(),
            error: self.error_to_handle(task),
        };
        let scope = self.scope_type.call1(py, (&self.host, engine))?;
        Ok(Work {
            scope,
            input: input.unbind(),
            limited,
            call,
        })
    }

    pub(super) fn node_input<'py>(
        &mut self,
        py: Python<'py>,
        task: &core::TaskRef,
        input: &core::Input<Value>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let steps = self.steps_of(task);
        let graph = self.info.graph.get();
        let values = match input {
            core::Input::Arg(arg) => return Ok(arg.bind(py).clone()),
            core::Input::State(values) => values,
        };
        let Some(body) = &graph.nodes[task.node.index()] else {
            return chunks::shown(py, graph, values, chunks::Bare(graph.root));
        };
        let built = chunks::state_for(
            py,
            graph,
            body,
            values,
            graph.core.reads_bare(task.node),
            steps,
            &mut self.latest,
        );
        built.inspect_err(|error| {
            let path = task::path(py, graph, task)
                .map(|path| path.to_string())
                .unwrap_or_default();
            let name = graph.core.node_name(task.node);
            let note = format!("Before task with name '{name}' and path '{path}'");
            // a note is a courtesy: the error itself goes on either way
            let _ = error
                .value(py)
                .call_method1(intern!(py, "add_note"), (note,));
        })
    }

    pub(super) fn route_input<'py>(
        &mut self,
        py: Python<'py>,
        task: &core::TaskRef,
        branch: core::BranchId,
        values: &core::Values<Value>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let steps = self.steps_of(task);
        let is_root = self.is_root(self.graph().core.branch_input(branch));
        let graph = self.info.graph.get();
        let router = &graph.routers[branch.index()];
        let state = chunks::state_for(
            py,
            graph,
            &router.body,
            values,
            is_root,
            steps,
            &mut self.latest,
        )?;
        let returned = match task.node {
            core::NodeId::START => self.input.as_ref(),
            _ => self.returned.get(task),
        };
        if router.passthrough
            && let Ok(state) = state.cast::<PyDict>()
            && let Some(Ok(returned)) = returned.map(|returned| returned.bind(py).cast::<PyDict>())
        {
            let merged = returned.copy()?;
            merged.update(state.as_mapping())?;
            return Ok(merged.into_any());
        }
        Ok(state)
    }

    pub(super) fn is_root(&self, reads: &[core::ChannelId]) -> bool {
        matches!(reads, [only] if self.graph().core.channel_name(*only) == core::ROOT)
    }

    pub(super) fn steps_of(&self, task: &core::TaskRef) -> (i64, i64) {
        (task.step, self.info.stop)
    }
}
