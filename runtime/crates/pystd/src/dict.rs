//! Python's `dict`: in order of insertion, equal in any order.

use std::fmt;
use std::hash::Hash;
use std::ops::BitOr;
use std::sync::Arc;

use indexmap::{Equivalent, IndexMap};

use crate::{Exception, PyRepr, repr};

/// A mapping that remembers the order of insertion.
///
/// A clone shares the entries until one of the two is changed: states and messages are handed from step
/// to step far more often than they are changed.
pub struct Dict<K, V>(Arc<IndexMap<K, V>>);

impl<K, V> Dict<K, V> {
    /// `{}`
    pub fn new() -> Self {
        Self(Arc::default())
    }

    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `d.items()`
    pub fn items(&self) -> impl DoubleEndedIterator<Item = (&K, &V)> + ExactSizeIterator {
        self.0.iter()
    }

    /// `d.keys()`, also what iterating over `d` gives.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &K> + ExactSizeIterator {
        self.0.keys()
    }

    /// `d.values()`
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &V> + ExactSizeIterator {
        self.0.values()
    }

    /// `d.clear()`
    pub fn clear(&mut self) {
        self.0 = Arc::default();
    }
}

impl<K: Clone, V: Clone> Dict<K, V> {
    fn own(&mut self) -> &mut IndexMap<K, V> {
        Arc::make_mut(&mut self.0)
    }

    /// `d.values()`, to change them in place.
    pub fn values_mut(&mut self) -> impl DoubleEndedIterator<Item = &mut V> + ExactSizeIterator {
        self.own().values_mut()
    }

    /// `d.popitem()`
    ///
    /// # Errors
    /// `KeyError` when empty.
    pub fn pop_item(&mut self) -> Result<(K, V), Exception> {
        self.own()
            .pop()
            .ok_or_else(|| Exception::raise("KeyError", ["popitem(): dictionary is empty".into()]))
    }
}

impl<K: Hash + Eq, V> Dict<K, V> {
    /// `d.get(key)`
    pub fn get<Q: Hash + Equivalent<K> + ?Sized>(&self, key: &Q) -> Option<&V> {
        self.0.get(key)
    }

    /// `d[key]`
    ///
    /// # Errors
    /// `KeyError`
    pub fn item<Q: Hash + Equivalent<K> + PyRepr + ?Sized>(
        &self,
        key: &Q,
    ) -> Result<&V, Exception> {
        self.0
            .get(key)
            .ok_or_else(|| Exception::key_error(repr(key)))
    }

    /// `key in d`
    pub fn contains_key<Q: Hash + Equivalent<K> + ?Sized>(&self, key: &Q) -> bool {
        self.0.contains_key(key)
    }
}

impl<K: Hash + Eq + Clone, V: Clone> Dict<K, V> {
    /// `d[key]`, to change it in place.
    ///
    /// # Errors
    /// `KeyError`
    pub fn item_mut<Q: Hash + Equivalent<K> + PyRepr + ?Sized>(
        &mut self,
        key: &Q,
    ) -> Result<&mut V, Exception> {
        self.own()
            .get_mut(key)
            .ok_or_else(|| Exception::key_error(repr(key)))
    }

    /// `d[key] = value`
    pub fn insert(&mut self, key: impl Into<K>, value: impl Into<V>) {
        self.own().insert(key.into(), value.into());
    }

    /// `d.setdefault(key, default)`
    pub fn set_default(&mut self, key: impl Into<K>, default: impl Into<V>) -> &mut V {
        self.own()
            .entry(key.into())
            .or_insert_with(|| default.into())
    }

    /// `del d[key]`
    ///
    /// # Errors
    /// `KeyError`
    pub fn delete<Q: Hash + Equivalent<K> + PyRepr + ?Sized>(
        &mut self,
        key: &Q,
    ) -> Result<(), Exception> {
        self.pop(key).map(drop)
    }

    /// `d.pop(key)`
    ///
    /// # Errors
    /// `KeyError`
    pub fn pop<Q: Hash + Equivalent<K> + PyRepr + ?Sized>(
        &mut self,
        key: &Q,
    ) -> Result<V, Exception> {
        self.own()
            .shift_remove(key)
            .ok_or_else(|| Exception::key_error(repr(key)))
    }

    /// `d.pop(key, default)`
    pub fn pop_or<Q: Hash + Equivalent<K> + ?Sized>(
        &mut self,
        key: &Q,
        default: impl Into<V>,
    ) -> V {
        self.own()
            .shift_remove(key)
            .unwrap_or_else(|| default.into())
    }

    /// `d.update(other)`
    pub fn update(&mut self, other: impl IntoIterator<Item = (K, V)>) {
        self.own().extend(other);
    }
}

impl<K, V> Clone for Dict<K, V> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<K, V> Default for Dict<K, V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K: Hash + Eq, V: PartialEq> PartialEq for Dict<K, V> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<K: Hash + Eq, V: Eq> Eq for Dict<K, V> {}

impl<K: fmt::Debug, V: fmt::Debug> fmt::Debug for Dict<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<K: Hash + Eq, V> FromIterator<(K, V)> for Dict<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(items: I) -> Self {
        Self(Arc::new(items.into_iter().collect()))
    }
}

impl<K: Hash + Eq, V, const N: usize> From<[(K, V); N]> for Dict<K, V> {
    fn from(items: [(K, V); N]) -> Self {
        items.into_iter().collect()
    }
}

impl<K: Hash + Eq + Clone, V: Clone> Extend<(K, V)> for Dict<K, V> {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, items: I) {
        self.own().extend(items);
    }
}

impl<K: Clone, V: Clone> IntoIterator for Dict<K, V> {
    type Item = (K, V);
    type IntoIter = indexmap::map::IntoIter<K, V>;

    fn into_iter(self) -> Self::IntoIter {
        Arc::unwrap_or_clone(self.0).into_iter()
    }
}

impl<'a, K, V> IntoIterator for &'a Dict<K, V> {
    type Item = (&'a K, &'a V);
    type IntoIter = indexmap::map::Iter<'a, K, V>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<K: Hash + Eq + Clone, V: Clone> BitOr for &Dict<K, V> {
    type Output = Dict<K, V>;

    fn bitor(self, other: Self) -> Dict<K, V> {
        let mut merged = self.clone();
        merged.update(other.clone());
        merged
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clone_shares_its_entries_until_one_of_the_two_changes() {
        let first: Dict<String, i32> = Dict::from([("a".to_owned(), 1)]);
        let mut second = first.clone();
        assert!(Arc::ptr_eq(&first.0, &second.0));
        second.insert("a", 2);
        assert_eq!(first.get("a"), Some(&1));
        assert_eq!(second.get("a"), Some(&2));
    }

    #[test]
    fn clearing_one_leaves_the_other() {
        let first: Dict<String, i32> = Dict::from([("a".to_owned(), 1)]);
        let mut second = first.clone();
        second.clear();
        assert_eq!((first.count(), second.count()), (1, 0));
    }

    #[test]
    fn what_is_taken_out_of_a_shared_dict_is_a_copy() {
        let first: Dict<String, i32> = Dict::from([("a".to_owned(), 1)]);
        let taken: Vec<_> = first.clone().into_iter().collect();
        assert_eq!(taken, [("a".to_owned(), 1)]);
        assert_eq!(first.count(), 1);
    }
}
