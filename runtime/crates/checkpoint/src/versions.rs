//! What LangGraph's savers call the versions that the engine counts.
//!
//! Both grow together: the n-th version the engine made is the n-th name. A name is the count and a
//! random part, so that two branches of a thread have different ones.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{BuildHasher as _, RandomState};

use langferry_core::{ChannelId, Checkpoint, Graph, NodeId};
use langferry_names::channels::INTERRUPT;
use serde_json::{Map, Value as Json};

use crate::store::StoreError;

const INPUT: &str = "__input__";

/// Versions of channels, by slot.
pub(crate) type Numbers = Vec<(ChannelId, u64)>;

/// The names of one thread's versions, as a run goes on.
pub(crate) struct Versions {
    /// By number, which begins with one.
    names: Vec<String>,
    seen: Map<String, Json>,
}

/// A stored checkpoint's versions as the engine counts them.
pub(crate) struct Counted {
    pub versions: Numbers,
    pub seen: Vec<(NodeId, Numbers)>,
    pub called: Vec<String>,
    pub interrupt_seen: u64,
}

impl Versions {
    pub(crate) fn new() -> Self {
        Versions {
            names: Vec::new(),
            seen: Map::from_iter([(INPUT.to_owned(), Json::Object(Map::new()))]),
        }
    }

    pub(crate) fn read(
        &mut self,
        graph: &Graph,
        versions: &Map<String, Json>,
        all_seen: &Map<String, Json>,
    ) -> Result<Counted, StoreError> {
        self.seen.extend(all_seen.clone());
        let mut names = BTreeSet::new();
        let seen = self.seen.values().filter_map(Json::as_object);
        for name in seen.flat_map(Map::values).chain(versions.values()) {
            let Some(name) = name.as_str() else {
                let reason =
                    format!("a channel's version is {name}, which is none of a SQLite saver");
                return Err(StoreError::Foreign(reason));
            };
            names.insert(name.to_owned());
        }
        self.names = names.into_iter().collect();
        let numbers: BTreeMap<&str, u64> = self.names.iter().map(String::as_str).zip(1..).collect();
        let number = |name: &Json| name.as_str().and_then(|name| numbers.get(name).copied());
        let counted = |versions: &Map<String, Json>| -> Numbers {
            let slots = versions
                .iter()
                .filter_map(|(channel, name)| Some((graph.channel_id(channel)?, number(name)?)));
            slots.collect()
        };
        let nothing = Map::new();
        let interrupted = self.seen.get(INTERRUPT).and_then(Json::as_object);
        let interrupted = interrupted.unwrap_or(&nothing);
        let is_new = |(channel, version): (&String, &Json)| match interrupted.get(channel) {
            None => true,
            Some(seen) => version.as_str() > seen.as_str(),
        };
        let top = u64::try_from(self.names.len()).unwrap_or(u64::MAX);
        let mut found = Counted {
            versions: counted(versions),
            seen: Vec::new(),
            called: Vec::new(),
            // a breakpoint only asks whether anything is newer
            interrupt_seen: match versions.iter().any(is_new) {
                true => top.saturating_sub(1),
                false => top,
            },
        };
        for (who, seen) in all_seen {
            let Some(seen) = seen.as_object() else {
                return Err(StoreError::Foreign(format!(
                    "versions seen by {who} are no dict"
                )));
            };
            match graph.node_id(who) {
                Some(node) => found.seen.push((node, counted(seen))),
                // only tasks that were called have seen nothing
                None if seen.is_empty() && who != INPUT => found.called.push(who.clone()),
                None => {}
            }
        }
        Ok(found)
    }

    /// The versions of a checkpoint, and those seen, as they are stored.
    pub(crate) fn write<V>(
        &mut self,
        graph: &Graph,
        made: &Checkpoint<V>,
    ) -> (Map<String, Json>, Map<String, Json>) {
        let highest = made.versions.iter().map(|(_, number)| *number).max();
        let highest = usize::try_from(highest.unwrap_or(0)).unwrap_or(usize::MAX);
        while self.names.len() < highest {
            self.names.push(next(self.names.last().map(String::as_str)));
        }
        let named = |numbers: &Numbers| -> Map<String, Json> {
            let names = numbers.iter().filter_map(|(channel, number)| {
                let place = usize::try_from(*number).ok()?.checked_sub(1)?;
                let name = self.names.get(place)?.clone();
                Some((graph.channel_name(*channel).to_owned(), name.into()))
            });
            names.collect()
        };
        if let Some(at) = &made.resumed_at {
            let seen = self
                .seen
                .entry(INTERRUPT)
                .or_insert_with(|| Map::new().into());
            if let Some(seen) = seen.as_object_mut() {
                seen.extend(named(at));
            }
        }
        for (node, numbers) in &made.versions_seen {
            let seen = named(numbers).into();
            self.seen.insert(graph.node_name(*node).to_owned(), seen);
        }
        for name in &made.called {
            self.seen.entry(name).or_insert_with(|| Map::new().into());
        }
        (named(&made.versions), self.seen.clone())
    }
}

/// The name after `newest`.
fn next(newest: Option<&str>) -> String {
    let count = newest.and_then(|name| name.split('.').next()?.parse().ok());
    let count = count.unwrap_or(0u64) + 1;
    // 53 bits are what a float between 0 and 1 can hold
    let bits = RandomState::new().hash_one(count) >> 11;
    #[allow(clippy::cast_precision_loss, reason = "53 bits are exact")]
    let part = bits as f64 / (1u64 << 53) as f64;
    format!("{count:032}.{:0>16}", langferry_pystd::repr(&part))
}

#[cfg(test)]
mod tests {
    use super::next;

    #[test]
    fn names_grow() {
        let first = next(None);
        let second = next(Some(&first));
        assert!(first.starts_with("00000000000000000000000000000001."));
        assert!(second > first, "{second} after {first}");
        assert!(second.len() >= 49, "{second}");
    }
}
