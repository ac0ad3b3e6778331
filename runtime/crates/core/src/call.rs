//! What the engine asks of a driver, and what the driver answers.

use crate::error::Failure;
use crate::ids::{BranchId, ChannelId, NodeId, TaskRef};
use crate::scratchpad::Scratchpad;
use crate::values::Values;

/// What a node gets.
#[derive(Clone, Debug)]
pub enum Input<V> {
    /// The part of the state the node reads; absent channels are left out.
    State(Values<V>),
    /// The argument of the `Send` that made the task.
    Arg(V),
}

/// One call for the driver to perform. Calls of one batch may run at the same time.
#[derive(Clone, Debug)]
pub enum Call<V> {
    /// Run the task's node; answer with [`Run::complete`](crate::Run::complete).
    Node {
        /// The task; its `node` says what to run.
        task: TaskRef,
        /// The node's input.
        input: Input<V>,
        /// Answers for `interrupt()`.
        scratchpad: Scratchpad<V>,
        /// How long the `Send` that made the task lets it run, in the driver's own terms.
        timeout: Option<V>,
    },
    /// Run a router after its node; answer with [`Run::routed`](crate::Run::routed).
    Route {
        /// The task whose node has just finished.
        task: TaskRef,
        /// The router to run.
        branch: BranchId,
        /// The state as this task alone has changed it.
        input: Values<V>,
        /// Answers for `interrupt()`, shared with the node's call.
        scratchpad: Scratchpad<V>,
    },
}

/// A task for the next superstep with an input of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct Send<V> {
    /// Name of the node to run. Unknown names are ignored with a warning, as upstream does.
    pub node: String,
    /// The node's input.
    pub arg: V,
    /// How long the task may run, in the driver's own terms.
    pub timeout: Option<V>,
}

/// Where to go next: the result of a router or of `Command(goto=...)`.
#[derive(Clone, Debug, PartialEq)]
pub enum Target<V> {
    /// A node by name, or [`END`](crate::END).
    Node(String),
    /// A node by its slot, from [`Graph::target`](crate::Graph::target).
    Slot(NodeId),
    /// A node with an input of its own.
    Send(Send<V>),
}

impl<V> From<&str> for Target<V> {
    fn from(name: &str) -> Self {
        Target::Node(name.to_owned())
    }
}

impl<V> From<Send<V>> for Target<V> {
    fn from(send: Send<V>) -> Self {
        Target::Send(send)
    }
}

/// What a node returned: state writes in order (a channel may come twice), then where to go.
#[derive(Clone, Debug)]
pub struct NodeOutput<V> {
    /// Writes to state channels. The driver has already dropped keys that are no channels.
    pub updates: Vec<(ChannelId, V)>,
    /// Targets of `Command(goto=...)`, in order.
    pub goto: Vec<Target<V>>,
}

impl<V> NodeOutput<V> {
    /// Empties it.
    pub(crate) fn clear(&mut self) {
        self.updates.clear();
        self.goto.clear();
    }
}

impl<V> Default for NodeOutput<V> {
    fn default() -> Self {
        NodeOutput {
            updates: Vec::new(),
            goto: Vec::new(),
        }
    }
}

impl<V> From<Vec<(ChannelId, V)>> for NodeOutput<V> {
    fn from(updates: Vec<(ChannelId, V)>) -> Self {
        NodeOutput {
            updates,
            goto: Vec::new(),
        }
    }
}

/// The answer to [`Call::Node`].
pub type NodeResult<V, E> = Result<NodeOutput<V>, Failure<V, E>>;
/// The answer to [`Call::Route`], after the driver applied the branch's path map.
pub type RouteResult<V, E> = Result<Vec<Target<V>>, Failure<V, E>>;
