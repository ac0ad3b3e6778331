//! What can be wrong with a graph's wiring, in LangGraph's words.

use std::fmt;

/// A graph that cannot be built. Upstream raises `ValueError` for all of these.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[allow(missing_docs)] // the fields are the names that `Display` puts into the message
pub enum GraphError {
    /// A node of that name is there already.
    DuplicateNode { node: String },
    /// A node named like [`START`](crate::START) or [`END`](crate::END).
    ReservedNode { node: String },
    /// A node named like one of LangGraph's own keys.
    ReservedNodeName { node: String },
    /// A node name with `|` or `:`.
    ReservedCharacter { character: char },
    /// A channel named like one of LangGraph's own keys.
    ReservedChannel { channel: String },
    /// A channel declared twice with different reducers.
    ChannelKindDiffers { channel: String },
    /// A schema names a channel that is none.
    UnknownChannel { reader: String, channel: String },
    /// An edge from [`END`](crate::END).
    EndAsSource,
    /// An edge to [`START`](crate::START).
    StartAsTarget,
    /// A join of nodes that are not added yet.
    AddNodeFirst { node: String },
    /// Two branches of one name at one node.
    DuplicateBranch { branch: String, node: String },
    /// An edge from nowhere.
    UnknownSource { node: String },
    /// An edge to nowhere.
    UnknownTarget { node: String },
    /// A path map with an unknown node.
    UnknownBranchTarget {
        node: String,
        branch: String,
        target: String,
    },
    /// Nothing leads from [`START`](crate::START).
    NoEntryPoint,
    /// A breakpoint at an unknown node.
    UnknownInterruptNode { node: String },
}

impl GraphError {
    /// Name of the Python class upstream raises.
    #[must_use]
    pub fn class_name(&self) -> &'static str {
        "ValueError"
    }
}

impl fmt::Display for GraphError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DuplicateNode { node } => write!(f, "Node `{node}` already present."),
            Self::ReservedNode { node } => write!(f, "Node `{node}` is reserved."),
            Self::ReservedNodeName { node } => write!(f, "Node name '{node}' is reserved"),
            Self::ReservedCharacter { character } => write!(
                f,
                "'{character}' is a reserved character and is not allowed in the node names."
            ),
            Self::ReservedChannel { channel } => {
                write!(f, "Channel name '{channel}' is reserved")
            }
            Self::ChannelKindDiffers { channel } => {
                write!(
                    f,
                    "Channel '{channel}' already exists with a different type"
                )
            }
            Self::UnknownChannel { reader, channel } => {
                write!(
                    f,
                    "Node {reader} reads channel '{channel}' not in known channels"
                )
            }
            Self::EndAsSource => f.write_str("END cannot be a start node"),
            Self::StartAsTarget => f.write_str("START cannot be an end node"),
            Self::AddNodeFirst { node } => write!(f, "Need to add_node `{node}` first"),
            Self::DuplicateBranch { branch, node } => {
                write!(
                    f,
                    "Branch with name `{branch}` already exists for node `{node}`"
                )
            }
            Self::UnknownSource { node } => {
                write!(f, "Found edge starting at unknown node '{node}'")
            }
            Self::UnknownTarget { node } => write!(f, "Found edge ending at unknown node `{node}`"),
            Self::UnknownBranchTarget {
                node,
                branch,
                target,
            } => write!(
                f,
                "At '{node}' node, '{branch}' branch found unknown target '{target}'"
            ),
            Self::NoEntryPoint => f.write_str(
                "Graph must have an entrypoint: add at least one edge from START to another node",
            ),
            Self::UnknownInterruptNode { node } => write!(f, "Interrupt node `{node}` not found"),
        }
    }
}

impl std::error::Error for GraphError {}
