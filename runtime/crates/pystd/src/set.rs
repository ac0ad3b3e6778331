//! Python's `set`: its order is not defined, so nothing here depends on one.

use std::cmp::Ordering;
use std::fmt;
use std::hash::Hash;
use std::ops::{BitAnd, BitOr, BitXor, Sub};

use indexmap::{Equivalent, IndexSet};

use crate::{Exception, PyRepr, repr};

/// A set of hashable items.
#[derive(Clone)]
pub struct Set<T>(IndexSet<T>);

impl<T: Eq + Hash> Set<T> {
    /// `set()`
    pub fn new() -> Self {
        Self(IndexSet::new())
    }

    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The items, for what does not depend on their order.
    pub fn unordered(&self) -> impl Iterator<Item = &T> {
        self.0.iter()
    }

    /// `item in s`
    pub fn has<Q: Hash + Equivalent<T> + ?Sized>(&self, item: &Q) -> bool {
        self.0.contains(item)
    }

    /// `s.add(item)`
    pub fn add(&mut self, item: impl Into<T>) {
        self.0.insert(item.into());
    }

    /// `s.discard(item)`
    pub fn discard<Q: Hash + Equivalent<T> + ?Sized>(&mut self, item: &Q) {
        self.0.swap_remove(item);
    }

    /// `s.remove(item)`
    ///
    /// # Errors
    /// `KeyError`
    pub fn remove<Q: Hash + Equivalent<T> + PyRepr + ?Sized>(
        &mut self,
        item: &Q,
    ) -> Result<(), Exception> {
        if self.0.swap_remove(item) {
            Ok(())
        } else {
            Err(Exception::key_error(repr(item)))
        }
    }

    /// `s.update(items)`
    pub fn update(&mut self, items: impl IntoIterator<Item = T>) {
        self.0.extend(items);
    }

    /// `s.clear()`
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// `s.issubset(other)`, `s <= other`
    pub fn is_subset(&self, other: &Self) -> bool {
        self.0.is_subset(&other.0)
    }

    /// `s.issuperset(other)`, `s >= other`
    pub fn is_superset(&self, other: &Self) -> bool {
        other.is_subset(self)
    }

    /// `s.isdisjoint(other)`
    pub fn is_disjoint(&self, other: &Self) -> bool {
        self.0.is_disjoint(&other.0)
    }
}

impl<T: Eq + Hash> Default for Set<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Eq + Hash> PartialEq for Set<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<T: Eq + Hash> Eq for Set<T> {}

/// A set is less than another when it is a proper subset.
impl<T: Eq + Hash> PartialOrd for Set<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        match (self.is_subset(other), other.is_subset(self)) {
            (true, true) => Some(Ordering::Equal),
            (true, false) => Some(Ordering::Less),
            (false, true) => Some(Ordering::Greater),
            (false, false) => None,
        }
    }
}

impl<T: fmt::Debug> fmt::Debug for Set<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<T: Eq + Hash> FromIterator<T> for Set<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self(items.into_iter().collect())
    }
}

impl<T: Eq + Hash, const N: usize> From<[T; N]> for Set<T> {
    fn from(items: [T; N]) -> Self {
        items.into_iter().collect()
    }
}

macro_rules! operator {
    ($($Op:ident $op:ident)+) => {$(
        impl<T: Eq + Hash + Clone> $Op for &Set<T> {
            type Output = Set<T>;

            fn $op(self, other: Self) -> Set<T> {
                Set($Op::$op(&self.0, &other.0))
            }
        }
    )+};
}

operator!(BitOr bitor BitAnd bitand BitXor bitxor Sub sub);
