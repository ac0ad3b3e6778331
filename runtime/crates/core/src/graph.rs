//! A compiled graph: every name a slot, every write a node makes known beforehand.

use crate::call::{NodeOutput, Target};
use crate::delta::DeltaSlot;
use crate::error::EngineError;
use crate::ids::{BranchId, ChannelId, HostedId, NodeId, ReducerId, TaskPath, TaskRef};
use crate::names::Names;
use crate::write::Write;

/// Name of the hidden node before the first.
pub const START: &str = "__start__";
/// Name that ends a path.
pub const END: &str = "__end__";
/// Name of the channel of a state that is a single value.
pub const ROOT: &str = "__root__";
pub(crate) const TASKS: &str = "__pregel_tasks";
pub(crate) const PUSH: &str = "__pregel_push";
pub(crate) const UPDATE: &str = "__interrupt__";

/// How a state channel treats its writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChannelKind {
    /// Holds the last value; one write a step.
    LastValue,
    /// Folds writes into its value (`Annotated[T, reducer]`).
    Reducer(ReducerId),
    /// Holds a value for one step only.
    Ephemeral {
        /// Refuse two writes in a step.
        guard: bool,
    },
    /// Whatever the driver makes of it.
    Hosted(HostedId),
    /// A channel of the driver's own that checkpoints hold as the writes made to it.
    Delta {
        /// The channel.
        channel: HostedId,
        /// Updates after which a checkpoint holds it whole.
        snapshot_frequency: u64,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Slot {
    State(ChannelKind),
    Start,
    Branch { deferred: bool },
    Join { names: usize, deferred: bool },
    Tasks,
}

impl Slot {
    /// Whether a task empties the channel by running on it.
    pub fn is_consumed(&self) -> bool {
        match self {
            Slot::Join { .. } => true,
            Slot::Branch { deferred } => *deferred,
            Slot::State(kind) => {
                matches!(kind, ChannelKind::Hosted(_) | ChannelKind::Delta { .. })
            }
            Slot::Start | Slot::Tasks => false,
        }
    }
}

/// The delta channels among slots.
pub(crate) fn deltas(slots: &[Slot]) -> Vec<DeltaSlot> {
    let delta = |(channel, slot): (ChannelId, &Slot)| match *slot {
        Slot::State(ChannelKind::Delta {
            channel: hosted,
            snapshot_frequency: frequency,
        }) => Some(DeltaSlot {
            channel,
            hosted,
            frequency,
        }),
        _ => None,
    };
    let slots = (0..).map(ChannelId).zip(slots);
    slots.filter_map(delta).collect()
}

#[derive(Debug)]
pub(crate) struct Node {
    pub name: String,
    pub input: Vec<ChannelId>,
    /// The schema is the single channel [`ROOT`], without which the node cannot run.
    pub root: bool,
    /// Which of the interned input schemas `input` is, to share values between tasks.
    pub schema: u32,
    /// Sorted by channel name.
    pub triggers: Vec<ChannelId>,
    /// A trigger is emptied when the node has run on it.
    pub consumes: bool,
    pub edges: Vec<NodeId>,
    pub joins: Vec<ChannelId>,
    pub branches: Vec<BranchId>,
    /// What runs in the same step when the node fails.
    pub handler: Option<NodeId>,
    /// The driver keeps what the node's tasks write.
    pub cached: bool,
    /// Place among all node names, sorted.
    pub rank: u32,
}

#[derive(Debug)]
pub(crate) struct Branch {
    pub name: String,
    pub input: Vec<ChannelId>,
}

/// A graph ready to run. Share it between runs with an `Arc`.
#[derive(Debug)]
pub struct Graph {
    pub(crate) slots: Vec<Slot>,
    pub(crate) channel_names: Vec<String>,
    pub(crate) channel_ids: Names<String, ChannelId>,
    pub(crate) nodes: Vec<Node>,
    pub(crate) node_ids: Names<String, NodeId>,
    pub(crate) branches: Vec<Branch>,
    /// By channel: the nodes it triggers.
    pub(crate) triggered: Vec<Vec<NodeId>>,
    pub(crate) state: Vec<ChannelId>,
    pub(crate) output: Vec<ChannelId>,
    pub(crate) start: ChannelId,
    pub(crate) tasks: ChannelId,
    /// By node: its channel `branch:to:<node>` ([`Graph::start`] for the start node).
    pub(crate) entry: Vec<ChannelId>,
    /// The channels of kind [`ChannelKind::Delta`].
    pub(crate) deltas: Vec<DeltaSlot>,
    /// Nodes subscribe to channels, and input is written to channels: there are no edges.
    pub(crate) subscribed: bool,
}

impl Graph {
    /// The slot of a channel, state channels and hidden ones alike.
    #[must_use]
    pub fn channel_id(&self, name: &str) -> Option<ChannelId> {
        self.channel_ids.get(name).copied()
    }

    /// Upstream's name of a channel.
    #[must_use]
    pub fn channel_name(&self, channel: ChannelId) -> &str {
        &self.channel_names[channel.index()]
    }

    /// All channels, hidden ones too, in slot order.
    pub fn channel_names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.channel_names.iter().map(String::as_str)
    }

    /// The slot of a node.
    #[must_use]
    pub fn node_id(&self, name: &str) -> Option<NodeId> {
        /// So few are found sooner by name than by hash.
        const FEW: usize = 8;
        match self.nodes.len() {
            ..=FEW => {
                let mut nodes = (0..).map(NodeId).zip(&self.nodes);
                let found = nodes.find(|(_, node)| node.name == name);
                found.map(|(id, _)| id)
            }
            _ => self.node_ids.get(name).copied(),
        }
    }

    /// The name of a node.
    #[must_use]
    pub fn node_name(&self, node: NodeId) -> &str {
        &self.nodes[node.index()].name
    }

    /// All nodes in the order they were added, [`START`] first.
    pub fn node_names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.nodes.iter().map(|node| node.name.as_str())
    }

    /// The channels a node reads, in schema order.
    #[must_use]
    pub fn node_input(&self, node: NodeId) -> &[ChannelId] {
        &self.nodes[node.index()].input
    }

    /// The name of a branch.
    #[must_use]
    pub fn branch_name(&self, branch: BranchId) -> &str {
        &self.branches[branch.index()].name
    }

    /// The channels a router reads, in schema order.
    #[must_use]
    pub fn branch_input(&self, branch: BranchId) -> &[ChannelId] {
        &self.branches[branch.index()].input
    }

    /// The state channels, in the order they were added.
    #[must_use]
    pub fn state_channels(&self) -> &[ChannelId] {
        &self.state
    }

    /// Whether streams show a channel. Where nodes subscribe to channels, these may be a part of them.
    #[must_use]
    pub fn shows(&self, channel: ChannelId) -> bool {
        !self.subscribed || self.state.contains(&channel)
    }

    /// The channels of the output schema.
    #[must_use]
    pub fn output_channels(&self) -> &[ChannelId] {
        &self.output
    }

    /// Whether a channel is no state channel.
    #[must_use]
    pub fn is_hidden(&self, channel: ChannelId) -> bool {
        !matches!(self.slots[channel.index()], Slot::State(_))
    }

    /// Whether what a hidden channel triggers waits until the run has nothing else to do.
    #[must_use]
    pub fn is_deferred(&self, channel: ChannelId) -> bool {
        matches!(
            self.slots[channel.index()],
            Slot::Branch { deferred: true } | Slot::Join { deferred: true, .. }
        )
    }

    /// Whether a node has routers.
    #[must_use]
    pub fn has_branches(&self, node: NodeId) -> bool {
        !self.nodes[node.index()].branches.is_empty()
    }

    /// Whether checkpoints may hold a channel as the writes made to it.
    #[must_use]
    pub fn is_delta(&self, channel: ChannelId) -> bool {
        self.deltas.iter().any(|delta| delta.channel == channel)
    }

    /// The nodes a channel triggers.
    #[must_use]
    pub fn subscribers(&self, channel: ChannelId) -> &[NodeId] {
        &self.triggered[channel.index()]
    }

    /// Whether a channel folds writes into its value.
    #[must_use]
    pub fn is_reducer(&self, channel: ChannelId) -> bool {
        let slot = &self.slots[channel.index()];
        matches!(slot, Slot::State(ChannelKind::Reducer(_)))
    }

    /// The channels that checkpoints hold as writes.
    pub fn delta_channels(&self) -> impl Iterator<Item = ChannelId> {
        self.deltas.iter().map(|delta| delta.channel)
    }

    /// Whether the graph has channels that checkpoints hold as writes.
    #[must_use]
    pub fn has_deltas(&self) -> bool {
        !self.deltas.is_empty()
    }

    /// Whether a node reads one channel as a bare value.
    #[must_use]
    pub fn reads_bare(&self, node: NodeId) -> bool {
        self.nodes[node.index()].root
    }

    /// The channel that holds the input until the first step.
    #[must_use]
    pub fn start_channel(&self) -> ChannelId {
        self.start
    }

    /// The node that handles the failures of a node.
    #[must_use]
    pub fn handler(&self, node: NodeId) -> Option<NodeId> {
        self.nodes[node.index()].handler
    }

    /// Whether any node's failures are handled.
    #[must_use]
    pub fn has_handlers(&self) -> bool {
        self.nodes.iter().any(|node| node.handler.is_some())
    }

    /// Whether the driver keeps what the node's tasks write.
    #[must_use]
    pub fn is_cached(&self, node: NodeId) -> bool {
        self.nodes[node.index()].cached
    }

    pub(crate) fn has_cached(&self) -> bool {
        self.nodes.iter().any(|node| node.cached)
    }

    /// The triggers of a task, as mode `tasks` shows them.
    #[must_use]
    pub fn trigger_names(&self, task: &TaskRef) -> Vec<&str> {
        match task.path {
            TaskPath::Push(_) | TaskPath::Handler { .. } => vec![PUSH],
            TaskPath::Update(_) => vec![UPDATE],
            TaskPath::Pull => self.nodes[task.node.index()]
                .triggers
                .iter()
                .map(|&channel| self.channel_name(channel))
                .collect(),
        }
    }

    /// Where a name leads: the slot of a node, so that it need not be looked up again, or the name itself.
    #[must_use]
    pub fn target<V>(&self, name: &str) -> Target<V> {
        match self.destination(name) {
            Some(node) => Target::Slot(node),
            None => Target::Node(name.to_owned()),
        }
    }

    /// A node's writes in upstream's order: updates, goto, static edges, joins. Takes them out of `output`.
    pub(crate) fn write_output<V>(
        &self,
        node: NodeId,
        output: &mut NodeOutput<V>,
        writes: &mut Vec<Write<V>>,
    ) {
        let spec = &self.nodes[node.index()];
        writes.reserve(output.updates.len() + spec.edges.len());
        let updates = output.updates.drain(..);
        writes.extend(updates.map(|(id, value)| Write::Channel(id, value)));
        if !output.goto.is_empty() {
            let targets = output.goto.drain(..).filter(leads_on);
            writes.extend(targets.map(|target| self.write_to(target)));
        }
        writes.extend(spec.edges.iter().map(|&to| Write::Branch(to)));
        writes.extend(spec.joins.iter().map(|&join| Write::Join(join, node)));
    }

    /// A router's writes; all its targets are checked before the first is written.
    pub(crate) fn write_targets<V>(
        &self,
        targets: &mut Vec<Target<V>>,
        writes: &mut Vec<Write<V>>,
    ) -> Result<(), EngineError> {
        let mut sends_to_end = false;
        for target in &*targets {
            match target {
                Target::Node(name) if name == START => return Err(EngineError::InvalidDestination),
                Target::Send(send) => sends_to_end |= send.node == END,
                _ => {}
            }
        }
        if sends_to_end {
            return Err(EngineError::SendToEnd);
        }
        writes.reserve(targets.len());
        let targets = targets.drain(..).filter(leads_on);
        writes.extend(targets.map(|target| self.write_to(target)));
        Ok(())
    }

    /// Whether a target is the name of no node.
    pub(crate) fn leads_nowhere<V>(&self, targets: &[Target<V>]) -> bool {
        targets.iter().any(|target| match target {
            Target::Node(name) => name != END && self.destination(name).is_none(),
            _ => false,
        })
    }

    /// The write that going to a target is. Only after a node does [`END`] mean that there is none.
    pub(crate) fn write_to<V>(&self, target: Target<V>) -> Write<V> {
        match target {
            Target::Slot(node) => Write::Branch(node),
            Target::Send(send) => Write::Send(send),
            Target::Node(name) => self.branch_to(&name),
        }
    }

    /// The write that makes the named node run; to a channel that does not exist when there is none.
    pub(crate) fn branch_to<V>(&self, name: &str) -> Write<V> {
        match self.destination(name) {
            Some(node) => Write::Branch(node),
            None => Write::Unknown(format!("branch:to:{name}")),
        }
    }

    /// The node a `goto` or a router's result names, if it is one that can be gone to.
    pub(crate) fn destination(&self, name: &str) -> Option<NodeId> {
        self.node_id(name)
            .filter(|&node| node != NodeId::START && !self.subscribed)
    }
}

fn leads_on<V>(target: &Target<V>) -> bool {
    !matches!(target, Target::Node(name) if name == END)
}
