//! Where to go next: what routers return and `Command(goto=...)` names.

use langferry_pystd::{Exception, Int, Value};

use crate::send::Send;

/// A destination, or a key of the path map that leads to one.
#[derive(Clone, Debug)]
pub enum Target {
    /// A node by name, or `END`.
    Node(String),
    /// A node with an input of its own.
    Send(Send),
    /// A key that is no string.
    Key(Value),
}

impl Target {
    /// The destinations that a router has returned: one, or a sequence of them.
    ///
    /// # Errors
    /// Unsupported for an object, of which it is not known whether it is a destination.
    pub fn all_of(returned: Value) -> RouteResult {
        let found = match returned {
            Value::List(items) | Value::Tuple(items) => items,
            one => vec![one],
        };
        found
            .into_iter()
            .map(|target| match (Send::of(&target)?, target) {
                (Some(packet), _) => Ok(packet.into()),
                (None, other @ Value::Record { .. }) => Err(Exception::unsupported(format!(
                    "a destination that is a {}",
                    other.class_name()
                ))),
                (None, plain) => Ok(plain.into()),
            })
            .collect()
    }
}

/// What a router returns.
pub type RouteResult = Result<Vec<Target>, Exception>;

impl From<&str> for Target {
    fn from(name: &str) -> Self {
        Target::Node(name.to_owned())
    }
}

impl From<String> for Target {
    fn from(name: String) -> Self {
        Target::Node(name)
    }
}

impl From<&String> for Target {
    fn from(name: &String) -> Self {
        Target::Node(name.clone())
    }
}

impl From<Send> for Target {
    fn from(send: Send) -> Self {
        Target::Send(send)
    }
}

impl From<Value> for Target {
    fn from(key: Value) -> Self {
        match key {
            Value::Str(name) => Target::Node(name.to_string()),
            other => Target::Key(other),
        }
    }
}

impl From<bool> for Target {
    fn from(key: bool) -> Self {
        Target::Key(Value::from(key))
    }
}

impl From<Int> for Target {
    fn from(key: Int) -> Self {
        Target::Key(Value::from(key))
    }
}

/// `None`: no destination, which LangGraph refuses unless the path map has it.
impl<T: Into<Target>> From<Option<T>> for Target {
    fn from(target: Option<T>) -> Self {
        target.map_or(Target::Key(Value::None), Into::into)
    }
}

/// One destination or several, as `Command(goto=...)` takes them.
pub trait IntoTargets {
    /// The destinations in order.
    fn into_targets(self) -> Vec<Target>;
}

impl<T: Into<Target>> IntoTargets for T {
    fn into_targets(self) -> Vec<Target> {
        vec![self.into()]
    }
}

impl<T: Into<Target>> IntoTargets for Vec<T> {
    fn into_targets(self) -> Vec<Target> {
        self.into_iter().map(Into::into).collect()
    }
}

impl<T: Into<Target>, const N: usize> IntoTargets for [T; N] {
    fn into_targets(self) -> Vec<Target> {
        self.into_iter().map(Into::into).collect()
    }
}
