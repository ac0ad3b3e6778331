//! Python's `collections.Counter` of texts: how often each is there, in the order in which they come first.

use crate::{Contains, Dict, Int, PyLen, Truthy};

/// A `Counter` of texts, of which the count is 0 where they are not there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Counter(Dict<String, Int>);

impl Counter {
    /// `Counter(texts)`
    pub fn of(texts: impl IntoIterator<Item = String>) -> Self {
        let mut counts = Dict::new();
        for text in texts {
            let before: Int = counts.get(text.as_str()).cloned().unwrap_or_default();
            counts.insert(text, before + 1);
        }
        Self(counts)
    }

    /// `counter.most_common()`
    pub fn ranked(&self) -> Vec<(String, Int)> {
        let mut pairs = self.items();
        pairs.sort_by(|(_, a), (_, b)| b.cmp(a));
        pairs
    }

    /// `counter.most_common(count)`
    pub fn most_common(&self, count: impl Into<Int>) -> Vec<(String, Int)> {
        let mut pairs = self.ranked();
        pairs.truncate(count.into().count());
        pairs
    }

    /// `counter[text]`
    pub fn item(&self, text: &str) -> Int {
        self.0.get(text).cloned().unwrap_or_default()
    }

    /// `list(counter)`
    pub fn keys(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }

    /// `counter.values()`
    pub fn values(&self) -> Vec<Int> {
        self.0.values().cloned().collect()
    }

    /// `counter.items()`
    pub fn items(&self) -> Vec<(String, Int)> {
        self.0
            .items()
            .map(|(text, count)| (text.clone(), count.clone()))
            .collect()
    }
}

impl<Q: AsRef<str> + ?Sized> Contains<Q> for Counter {
    fn py_contains(&self, item: &Q) -> bool {
        self.0.contains_key(item.as_ref())
    }
}

impl PyLen for Counter {
    fn py_len(&self) -> usize {
        self.0.py_len()
    }
}

impl Truthy for Counter {
    fn truthy(&self) -> bool {
        self.0.truthy()
    }
}
