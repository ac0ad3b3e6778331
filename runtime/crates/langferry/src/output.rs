//! What a run gives back.

use std::any::Any;

use langferry_core::{ChannelId, Interrupt};
use langferry_pystd::Exception;

use crate::Json;
use crate::compiled::CompiledGraph;
use crate::fields::Fields;
use crate::state::State;
use crate::state_value::{Shared, downcast_ref};

/// The channels of a graph's output schema, and the questions it stopped at.
#[derive(Clone, Debug)]
pub struct Output {
    graph: CompiledGraph,
    values: Vec<(ChannelId, Shared)>,
    interrupts: Vec<Interrupt<Shared>>,
}

impl Output {
    pub(crate) fn new(
        graph: CompiledGraph,
        values: Vec<(ChannelId, Shared)>,
        interrupts: Vec<Interrupt<Shared>>,
    ) -> Self {
        Output {
            graph,
            values,
            interrupts,
        }
    }

    /// The value of `channel`, when it holds a `T`.
    #[must_use]
    pub fn get<T: Any>(&self, channel: &str) -> Option<&T> {
        let (wanted, _) = self.graph.channel(channel)?;
        let (_, value) = self.values.iter().find(|(channel, _)| *channel == wanted)?;
        downcast_ref(value)
    }

    /// The output as a struct; channels that `S` lacks are left out.
    ///
    /// # Errors
    /// Unsupported, when a channel of `S` has another type in the graph.
    pub fn state<S: State>(&self) -> Result<S, Exception> {
        let (mut schema, mut values) = (Vec::new(), Vec::new());
        for spec in S::channels() {
            let Some((wanted, _)) = self.graph.channel(spec.name) else {
                let name = spec.name;
                return Err(Exception::unsupported(format!(
                    "the graph has no channel `{name}`"
                )));
            };
            schema.push(wanted);
            values.extend(
                self.values
                    .iter()
                    .find(|(channel, _)| *channel == wanted)
                    .cloned(),
            );
        }
        S::read(&mut Fields::of_channels(&schema, values)).map_err(Exception::unsupported)
    }

    /// The questions the run stopped at, with the ids to answer them by.
    #[must_use]
    pub fn interrupts(&self) -> &[Interrupt<Shared>] {
        &self.interrupts
    }

    /// The channels as a dict in the trace's encoding, without the questions.
    #[must_use]
    pub fn encoded(&self) -> Json {
        self.graph.encode(&self.values)
    }

    pub(crate) fn into_values(self) -> Vec<(ChannelId, Shared)> {
        self.values
    }
}
