//! The path map of a conditional edge: from what a router returns to nodes.

use langferry_core::{self as core, EngineError};
use langferry_pystd::{Exception, Value};

use crate::state_value::Shared;
use crate::target::Target;

/// Which node each result of a router leads to.
#[derive(Clone, Debug, Default)]
pub struct PathMap(Option<Vec<(Value, String)>>);

impl PathMap {
    /// No map: the router names nodes itself.
    #[must_use]
    pub fn any() -> Self {
        PathMap(None)
    }

    /// The router names nodes itself, and only these.
    pub fn targets<S: Into<String>>(names: impl IntoIterator<Item = S>) -> Self {
        let names = names.into_iter().map(Into::into);
        names
            .map(|name: String| (Value::from(name.clone()), name))
            .collect()
    }

    /// The nodes it can lead to, or `None` when that is not known.
    pub(crate) fn destinations(&self) -> Option<Vec<String>> {
        let map = self.0.as_ref().filter(|map| !map.is_empty())?;
        Some(map.iter().map(|(_, node)| node.clone()).collect())
    }

    /// Adds to `resolved` what the engine is told when the router has returned `targets`.
    pub(crate) fn resolve(
        &self,
        graph: &core::Graph,
        targets: Vec<Target>,
        resolved: &mut Vec<core::Target<Shared>>,
    ) -> Result<(), core::Failure<Shared, Exception>> {
        let map = self.0.as_ref().filter(|map| !map.is_empty());
        resolved.reserve(targets.len());
        for target in targets {
            resolved.push(match (target, map) {
                (Target::Send(send), _) => core::Target::Send(send.into()),
                (Target::Node(name), None) => graph.target(&name),
                (Target::Node(name), Some(map)) => graph.target(find_name(map, name)?),
                (Target::Key(Value::None), None) => {
                    return Err(core::Failure::Engine(EngineError::InvalidDestination));
                }
                (Target::Key(key), None) => core::Target::Node(langferry_pystd::str_of(&key)),
                (Target::Key(key), Some(map)) => graph.target(find(map, key)?),
            });
        }
        Ok(())
    }
}

type Refused = core::Failure<Shared, Exception>;

/// `map[key]`.
fn find(map: &[(Value, String)], key: Value) -> Result<&str, Refused> {
    match map.iter().find(|(known, _)| *known == key) {
        Some((_, node)) => Ok(node),
        None => Err(core::Failure::Error(Exception::raise("KeyError", [key]))),
    }
}

/// `map[name]`; most keys are the names of nodes.
fn find_name(map: &[(Value, String)], name: String) -> Result<&str, Refused> {
    let named = |(known, _): &&(Value, String)| matches!(known, Value::Str(key) if **key == *name);
    match map.iter().find(named) {
        Some((_, node)) => Ok(node),
        None => find(map, Value::from(name)),
    }
}

impl<K: Into<Value>, N: Into<String>> FromIterator<(K, N)> for PathMap {
    fn from_iter<I: IntoIterator<Item = (K, N)>>(pairs: I) -> Self {
        let mut map: Vec<(Value, String)> = Vec::new();
        for (key, node) in pairs {
            let (key, node) = (key.into(), node.into());
            match map.iter_mut().find(|(known, _)| *known == key) {
                Some((_, old)) => *old = node,
                None => map.push((key, node)),
            }
        }
        PathMap(Some(map))
    }
}

impl<K: Into<Value>, N: Into<String>, const LEN: usize> From<[(K, N); LEN]> for PathMap {
    fn from(pairs: [(K, N); LEN]) -> Self {
        pairs.into_iter().collect()
    }
}
