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

    /// What the engine is told when the router has returned `targets`.
    pub(crate) fn resolve(
        &self,
        targets: Vec<Target>,
    ) -> Result<Vec<core::Target<Shared>>, core::Failure<Shared, Exception>> {
        let mapped: Vec<Target> = match self.0.as_ref().filter(|map| !map.is_empty()) {
            None => targets,
            Some(map) => targets
                .into_iter()
                .map(|target| find(map, target))
                .collect::<Result<_, _>>()
                .map_err(core::Failure::Error)?,
        };
        mapped
            .into_iter()
            .map(|target| match target {
                Target::Node(name) => Ok(core::Target::Node(name)),
                Target::Send(send) => Ok(core::Target::Send(core::Send {
                    node: send.node,
                    arg: send.arg,
                    timeout: None,
                })),
                Target::Key(Value::None) => {
                    Err(core::Failure::Engine(EngineError::InvalidDestination))
                }
                Target::Key(key) => Ok(core::Target::Node(langferry_pystd::str_of(&key))),
            })
            .collect()
    }
}

/// `map[key]`.
fn find(map: &[(Value, String)], target: Target) -> Result<Target, Exception> {
    let key = match target {
        Target::Send(send) => return Ok(Target::Send(send)),
        Target::Node(name) => Value::from(name),
        Target::Key(key) => key,
    };
    match map.iter().find(|(known, _)| *known == key) {
        Some((_, node)) => Ok(Target::Node(node.clone())),
        None => Err(Exception::raise("KeyError", [key])),
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
