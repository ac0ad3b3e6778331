//! The engine's window to Rust values: what reducers do.

use langferry_core::{Host, ReducerId};
use langferry_pystd::Exception;

use crate::compiled::CompiledGraph;
use crate::panic::caught;
use crate::state_value::Shared;

/// Reduces with the functions of a graph's channels.
pub(crate) struct StateHost(CompiledGraph);

impl StateHost {
    pub(crate) fn new(graph: CompiledGraph) -> Self {
        StateHost(graph)
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
        let spec = &self.0.reducers()[reducer.0 as usize];
        match spec.reduction {
            Some(reduction) => caught(spec.name, || (reduction.fold)(current, update)),
            None => Ok(update),
        }
    }

    fn initial(&mut self, reducer: ReducerId) -> Option<Shared> {
        self.0.reducers()[reducer.0 as usize]
            .initial
            .map(|initial| initial())
    }
}
