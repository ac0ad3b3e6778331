//! Channel values on their way to a node or router.

use std::ops::Deref;
use std::sync::Arc;

use crate::ids::ChannelId;

/// Channel values that are present, in the order of the schema they were read with.
///
/// Tasks that read the same share them; a task that reads alone is given values of its own, to take.
#[derive(Clone, Debug)]
pub struct Values<V>(Held<V>);

#[derive(Clone, Debug)]
enum Held<V> {
    Own(Vec<(ChannelId, V)>),
    Shared(Arc<[(ChannelId, V)]>),
}

impl<V> Values<V> {
    /// The same values, cheap to clone.
    pub(crate) fn into_shared(self) -> Self {
        match self.0 {
            Held::Own(values) => Values(Held::Shared(values.into())),
            shared @ Held::Shared(_) => Values(shared),
        }
    }
}

impl<V: Clone> Values<V> {
    /// The values themselves, copied only where others share them.
    #[must_use]
    pub fn into_vec(self) -> Vec<(ChannelId, V)> {
        match self.0 {
            Held::Own(values) => values,
            Held::Shared(values) => values.to_vec(),
        }
    }
}

impl<V> From<Vec<(ChannelId, V)>> for Values<V> {
    fn from(values: Vec<(ChannelId, V)>) -> Self {
        Values(Held::Own(values))
    }
}

impl<V> Deref for Values<V> {
    type Target = [(ChannelId, V)];

    fn deref(&self) -> &Self::Target {
        match &self.0 {
            Held::Own(values) => values,
            Held::Shared(values) => values,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;

    #[test]
    fn values_of_ones_own_are_taken() {
        let value = Rc::new(1);
        let values = Values::from(vec![(ChannelId(0), Rc::clone(&value))]);
        let taken = values.into_vec();
        assert_eq!((taken.len(), Rc::strong_count(&value)), (1, 2));
    }

    #[test]
    fn shared_values_are_copied() {
        let value = Rc::new(1);
        let values = Values::from(vec![(ChannelId(0), Rc::clone(&value))]).into_shared();
        let others = values.clone();
        assert_eq!(Rc::strong_count(&value), 2, "a clone copies nothing");
        assert_eq!(values.into_vec().len(), 1);
        assert_eq!(others[0], (ChannelId(0), value));
    }
}
