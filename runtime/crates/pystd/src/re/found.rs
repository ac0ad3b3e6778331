//! A match and its groups.

use std::sync::Arc;

use super::Pattern;
use super::matcher::Groups;
use crate::{Dict, Exception, Int, Truthy};

/// A match of a pattern in a text.
#[derive(Clone, Debug)]
pub struct Match {
    pattern: Pattern,
    text: Arc<[char]>,
    groups: Groups,
}

/// A group by its number or its name.
pub trait GroupKey {
    /// The number of the group, if the pattern has it.
    fn number(&self, names: &Dict<String, usize>) -> Option<usize>;
}

impl GroupKey for str {
    fn number(&self, names: &Dict<String, usize>) -> Option<usize> {
        names.get(self).copied()
    }
}

impl GroupKey for &str {
    fn number(&self, names: &Dict<String, usize>) -> Option<usize> {
        (**self).number(names)
    }
}

impl GroupKey for &String {
    fn number(&self, names: &Dict<String, usize>) -> Option<usize> {
        self.as_str().number(names)
    }
}

impl GroupKey for i64 {
    fn number(&self, _: &Dict<String, usize>) -> Option<usize> {
        usize::try_from(*self).ok()
    }
}

impl GroupKey for Int {
    fn number(&self, names: &Dict<String, usize>) -> Option<usize> {
        self.to_i64()?.number(names)
    }
}

impl GroupKey for &Int {
    fn number(&self, names: &Dict<String, usize>) -> Option<usize> {
        (**self).number(names)
    }
}

impl Match {
    pub(super) fn new(pattern: Pattern, text: Arc<[char]>, groups: Groups) -> Self {
        Self {
            pattern,
            text,
            groups,
        }
    }

    pub(super) fn whole(&self) -> (usize, usize) {
        self.bounds(0).unwrap_or_default()
    }

    fn bounds(&self, group: usize) -> Option<(usize, usize)> {
        self.groups[group * 2].zip(self.groups[group * 2 + 1])
    }

    /// What a group matched, if it took part.
    pub(super) fn text(&self, group: usize) -> Option<String> {
        self.bounds(group)
            .map(|(start, end)| self.text[start..end].iter().collect())
    }

    pub(super) fn between(&self, start: usize, end: usize) -> String {
        self.text[start..end].iter().collect()
    }

    pub(super) fn group_count(&self) -> usize {
        self.pattern.0.groups
    }

    fn resolve(&self, key: &impl GroupKey) -> Result<usize, Exception> {
        key.number(&self.pattern.0.names)
            .filter(|&group| group <= self.group_count())
            .ok_or_else(|| Exception::index_error("no such group"))
    }

    /// `m.group(key)`, `m[key]`
    ///
    /// # Errors
    /// `IndexError`
    pub fn group(&self, key: impl GroupKey) -> Result<Option<String>, Exception> {
        Ok(self.text(self.resolve(&key)?))
    }

    /// `m.groups()`
    pub fn groups(&self) -> Vec<Option<String>> {
        (1..=self.group_count())
            .map(|group| self.text(group))
            .collect()
    }

    /// `m.groupdict()`
    pub fn groupdict(&self) -> Dict<String, Option<String>> {
        let names = self.pattern.0.names.items();
        names
            .map(|(name, &group)| (name.clone(), self.text(group)))
            .collect()
    }

    /// `m.span(key)`
    ///
    /// # Errors
    /// `IndexError`
    pub fn span(&self, key: impl GroupKey) -> Result<(Int, Int), Exception> {
        let bounds = self.bounds(self.resolve(&key)?);
        Ok(bounds.map_or((Int::new(-1), Int::new(-1)), |(start, end)| {
            (start.into(), end.into())
        }))
    }

    /// `m.start(key)`
    ///
    /// # Errors
    /// `IndexError`
    pub fn start(&self, key: impl GroupKey) -> Result<Int, Exception> {
        Ok(self.span(key)?.0)
    }

    /// `m.end(key)`
    ///
    /// # Errors
    /// `IndexError`
    pub fn end(&self, key: impl GroupKey) -> Result<Int, Exception> {
        Ok(self.span(key)?.1)
    }
}

impl Truthy for Match {
    fn truthy(&self) -> bool {
        true
    }
}
