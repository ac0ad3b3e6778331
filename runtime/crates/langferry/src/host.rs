//! The engine's window to Rust values: what reducers do.

use langferry_core::{Host, ReducerId};
use langferry_pystd::Exception;

use crate::compiled::CompiledGraph;
use crate::panic::caught;
use crate::state_value::Shared;

/// Reduces with the functions of a graph's channels.
pub(crate) struct StateHost {
    graph: CompiledGraph,
    refused: bool,
}

impl StateHost {
    pub(crate) fn new(graph: CompiledGraph) -> Self {
        StateHost {
            graph,
            refused: false,
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
}
