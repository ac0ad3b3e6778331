//! The state as it is shown while a run goes on and at its end.

use crate::event::{Event, Order};
use crate::host::Host;
use crate::ids::ChannelId;
use crate::run::Run;
use crate::write::Interrupt;

/// What mode `values` showed last.
pub(crate) enum Shown<V> {
    Nothing,
    /// The state as it still is.
    AsItIs,
    Values(Vec<(ChannelId, V)>),
}

impl<H: Host> Run<H> {
    /// The output channels that hold a value.
    pub(crate) fn read_output(&mut self) -> Vec<(ChannelId, H::Value)> {
        self.state
            .as_mut()
            .map(|state| state.read(&self.output))
            .unwrap_or_default()
    }

    pub(crate) fn shows(&self, updated: &[ChannelId]) -> bool {
        updated
            .iter()
            .any(|channel| self.in_output[channel.index()])
    }

    pub(crate) fn tell_values(&mut self, interrupts: Option<Vec<Interrupt<H::Value>>>) {
        if self.config.interest.result {
            self.shown = if self.output_settles() {
                Shown::AsItIs
            } else {
                Shown::Values(self.read_output())
            };
        }
        if self.config.interest.values {
            let values = self.read_output();
            self.events.push(Event::Values {
                step: self.step,
                values,
                interrupts,
            });
        }
    }

    /// The state as mode `values` showed it last, for a driver with [`Interest::result`]; `None` if
    /// it never did.
    ///
    /// [`Interest::result`]: crate::Interest::result
    pub fn last_values(&mut self) -> Option<Vec<(ChannelId, H::Value)>> {
        match std::mem::replace(&mut self.shown, Shown::Nothing) {
            Shown::Nothing => None,
            Shown::AsItIs => Some(self.read_output()),
            Shown::Values(values) => Some(values),
        }
    }

    /// Whether the output channels change only by updates that mode `values` shows.
    fn output_settles(&mut self) -> bool {
        if let Some(settles) = self.settles {
            return settles;
        }
        let settles = self.state.as_ref().is_some_and(|state| {
            let settles = |&id: &ChannelId| !state.channel(id).is_transient();
            self.output.iter().all(settles)
        });
        self.settles = Some(settles);
        settles
    }

    pub(crate) fn tells_on_arrival(&self) -> bool {
        self.config.order == Order::Arrival
    }
}
