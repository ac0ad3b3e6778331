//! What a node writes to the state: channels and values, in order.

use std::any::Any;
use std::borrow::Cow;
use std::sync::Arc;

use langferry_trace::TraceValue;

use crate::slot::Slot;
use crate::state_value::Shared;

/// The dict a node returns. Like a dict, it keeps one value a key, at the place of its first writing.
///
/// Generated code uses the typed builder of each state; this is what it builds.
#[derive(Clone, Debug, Default)]
pub struct Update(Vec<(Cow<'static, str>, Shared)>);

impl Update {
    /// `{}`.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Writes `value` to `channel`. Keys that are no channels of the graph are dropped when the node is done.
    pub fn set(
        &mut self,
        channel: impl Into<Cow<'static, str>>,
        value: impl TraceValue + Any + Send + Sync,
    ) {
        self.set_shared(channel.into(), Arc::new(value));
    }

    /// Writes the value of `slot`, if it has one.
    pub fn set_slot<T: TraceValue + Any + Send + Sync>(
        &mut self,
        channel: &'static str,
        slot: &Slot<T>,
    ) {
        if let Some(value) = slot.shared() {
            self.set_shared(channel.into(), value);
        }
    }

    pub(crate) fn set_shared(&mut self, channel: Cow<'static, str>, value: Shared) {
        match self.0.iter_mut().find(|(known, _)| *known == channel) {
            Some((_, old)) => *old = value,
            None => self.0.push((channel, value)),
        }
    }

    /// Whether nothing is written.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The writes in order.
    pub fn writes(&self) -> impl Iterator<Item = (&str, &Shared)> {
        self.0
            .iter()
            .map(|(channel, value)| (channel.as_ref(), value))
    }

    pub(crate) fn into_writes(self) -> Vec<(Cow<'static, str>, Shared)> {
        self.0
    }
}

impl FromIterator<(Cow<'static, str>, Shared)> for Update {
    fn from_iter<I: IntoIterator<Item = (Cow<'static, str>, Shared)>>(writes: I) -> Self {
        let mut update = Update::new();
        for (channel, value) in writes {
            update.set_shared(channel, value);
        }
        update
    }
}
