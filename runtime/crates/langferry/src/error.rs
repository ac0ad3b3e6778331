//! What is wrong with a graph that cannot be built, and the engine's errors as Python exceptions.

use std::borrow::Cow;
use std::fmt;

use langferry_core::{self as core, EngineError};
use langferry_pystd::Exception;

/// A graph that cannot be built.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum GraphError {
    /// LangGraph refuses the wiring as well.
    Wiring(core::GraphError),
    /// A graph with a saver of its own as a node of another.
    SubgraphSaver {
        /// The node.
        node: String,
    },
}

impl fmt::Display for GraphError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            GraphError::Wiring(error) => error.fmt(f),
            GraphError::SubgraphSaver { node } => {
                write!(
                    f,
                    "node `{node}`: a subgraph with a checkpointer of its own is not supported"
                )
            }
        }
    }
}

impl std::error::Error for GraphError {}

impl From<core::GraphError> for GraphError {
    fn from(error: core::GraphError) -> Self {
        GraphError::Wiring(error)
    }
}

/// The exception LangGraph would raise.
pub(crate) fn exception(error: &core::Error<Exception>) -> Exception {
    match error {
        core::Error::Host(exception) => exception.clone(),
        core::Error::Engine(error) => engine_exception(error),
    }
}

pub(crate) fn engine_exception(error: &EngineError) -> Exception {
    let class = error.class_name();
    let own_bases: &[&str] = match class {
        "InvalidUpdateError" | "EmptyInputError" | "EmptyChannelError" => &["Exception"],
        "GraphRecursionError" => &["RecursionError", "RuntimeError", "Exception"],
        _ => return Exception::new(class, error.to_string()),
    };
    let bases = own_bases
        .iter()
        .chain(&["BaseException"])
        .map(|&base| Cow::Borrowed(base));
    Exception::with_bases(class, bases, error.to_string())
}
