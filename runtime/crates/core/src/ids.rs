//! Slots: the small integers that stand for names once a graph is compiled.

/// A channel of a compiled graph; state channels come first, in the order they were added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ChannelId(pub u32);

/// A node of a compiled graph; [`NodeId::START`] is the hidden node that spreads the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub u32);

/// A branch (a router) of a compiled graph, numbered in the order branches were added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BranchId(pub u32);

/// A reducer; the driver gives it its meaning in [`Host::reduce`](crate::Host::reduce).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ReducerId(pub u32);

/// A channel of the driver's own kind; see [`Host::open`](crate::Host::open).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct HostedId(pub u32);

impl ChannelId {
    /// The slot as an index, for a driver's own tables.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

impl NodeId {
    /// The hidden node that writes the input to the state and fires the edges from [`START`](crate::START).
    pub const START: NodeId = NodeId(0);

    /// The slot as an index, for a driver's own tables.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

impl BranchId {
    /// The slot as an index, for a driver's own tables.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// Where a task came from, which also decides when its writes are applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TaskPath {
    /// A trigger channel of the node was updated.
    Pull,
    /// A `Send`, with its place among the sends of the step before.
    Push(u32),
    /// An update from outside, with its place among those of the step ([`Start::Update`](crate::Start::Update)).
    Update(u32),
    /// A task of the same step failed, and this one handles it ([`NodeSpec::handler`](crate::NodeSpec::handler)).
    Handler {
        /// The node that failed.
        failed: NodeId,
        /// That task's place, if a `Send` made it.
        push: Option<u32>,
    },
}

impl TaskPath {
    /// The path of the task that handles the failure of a task.
    #[must_use]
    pub fn handler(failed: NodeId, path: TaskPath) -> Self {
        let push = match path {
            TaskPath::Push(place) => Some(place),
            _ => None,
        };
        TaskPath::Handler { failed, push }
    }

    /// The task whose failure is handled: its node and path.
    #[must_use]
    pub fn failed(self) -> Option<(NodeId, TaskPath)> {
        match self {
            TaskPath::Handler { failed, push } => {
                Some((failed, push.map_or(TaskPath::Pull, TaskPath::Push)))
            }
            _ => None,
        }
    }
}

/// A task that a running task has called. Copy it freely; hand it back to
/// [`Run::finish_called`](crate::Run::finish_called).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CalledRef {
    /// The superstep of its caller.
    pub step: i64,
    /// Its place among the calls of the superstep.
    pub index: u32,
}

/// One task of one superstep. Copy it freely; hand it back to [`Run::complete`](crate::Run::complete).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TaskRef {
    /// The superstep (the input is applied in -1, first nodes run in 1).
    pub step: i64,
    /// Place in the planned order of the superstep: sends first, then nodes by name.
    pub index: u32,
    /// The node to run.
    pub node: NodeId,
    /// How the task came about.
    pub path: TaskPath,
}
