//! The engine's window to Rust values: what reducers do.

use langferry_core::{Host, ReducerId, TaskName};
use langferry_names as names;
use langferry_pystd::Exception;

use crate::compiled::CompiledGraph;
use crate::panic::caught;
use crate::state_value::Shared;

/// LangGraph's namespace of the outermost graph.
const NAMESPACE: &str = "";

/// Reduces with the functions of a graph's channels.
pub(crate) struct StateHost {
    graph: CompiledGraph,
    refused: bool,
    /// Checkpoints are kept, and found again by ids that tell them apart.
    keeps: bool,
}

impl StateHost {
    pub(crate) fn new(graph: CompiledGraph, keeps: bool) -> Self {
        StateHost {
            graph,
            refused: false,
            keeps,
        }
    }

    /// Whether a reducer has raised.
    pub(crate) fn has_refused(&self) -> bool {
        self.refused
    }
}

impl Host for StateHost {
    type Value = Shared;
    type Error = Exception;

    fn reduce(
        &mut self,
        reducer: ReducerId,
        current: Shared,
        update: Shared,
    ) -> Result<Shared, Exception> {
        self.reduce_all(reducer, current, &mut std::iter::once(update))
    }

    fn reduce_all(
        &mut self,
        reducer: ReducerId,
        current: Shared,
        updates: &mut dyn Iterator<Item = Shared>,
    ) -> Result<Shared, Exception> {
        let spec = &self.graph.reducers()[reducer.0 as usize];
        match spec.reduction {
            Some(reduction) => caught(spec.name, || (reduction.fold)(current, updates))
                .inspect_err(|_| self.refused = true),
            None => Ok(updates.last().unwrap_or(current)),
        }
    }

    fn overwrites(&self) -> bool {
        false
    }

    fn initial(&mut self, reducer: ReducerId) -> Option<Shared> {
        self.graph.reducers()[reducer.0 as usize]
            .initial
            .map(|initial| initial())
    }

    fn checkpoint_id(&mut self, step: i64) -> Option<String> {
        self.keeps.then(|| names::new_checkpoint_id(step, None))
    }

    fn interrupt_id(&mut self, task: &TaskName<'_>, answered: usize) -> String {
        let id = names::task_id(task, NAMESPACE);
        let namespace = names::task_namespace(task, NAMESPACE, &id);
        names::interrupt_id(&namespace, answered)
    }
}
