//! A run's state between supersteps, for a saver to keep.

use std::sync::OnceLock;

use crate::call::{NodeOutput, Send};
use crate::ids::{ChannelId, NodeId};
use crate::write::PendingWrites;

/// Everything needed to go on in a new [`Run`](crate::Run) on the same graph.
///
/// Slots are only valid for the graph they come from; a saver that outlives the program stores names
/// ([`Graph::channel_name`](crate::Graph::channel_name)) and looks them up again.
#[derive(Clone, Debug)]
pub struct Checkpoint<V> {
    /// Opaque id, from [`Host::checkpoint_id`](crate::Host::checkpoint_id).
    pub id: String,
    /// The superstep that made it: -1 is the input's, 0 the one that spreads the input.
    pub step: i64,
    /// What made it.
    pub source: Source,
    /// Channels that hold something; joins and the channel of packets also when they are empty.
    pub values: Vec<(ChannelId, Saved<V>)>,
    /// Versions of the channels that were ever written, in the order in which they first were.
    pub versions: Vec<(ChannelId, u64)>,
    /// The versions of its triggers each node last ran on, in the order in which nodes first ran.
    /// A node that was only ever sent to has seen none.
    pub versions_seen: Vec<(NodeId, Vec<(ChannelId, u64)>)>,
    /// Names of the tasks that were called in the thread so far, sorted.
    pub called: Vec<String>,
    /// The highest version when the run was last resumed: breakpoints fire only on later updates.
    pub interrupt_seen: u64,
    /// All versions at that moment, when it was this run that was resumed.
    pub resumed_at: Option<Vec<(ChannelId, u64)>>,
    /// Channels updated by the step, sorted by slot.
    pub updated: Vec<ChannelId>,
    /// How long ago delta channels were stored whole; those stored now are not among them.
    pub counters: Vec<Counter>,
    /// Writes of the step after it, when that step did not complete. Empty in
    /// [`Event::Checkpoint`](crate::Event::Checkpoint); put
    /// [`Run::pending_writes`](crate::Run::pending_writes) here when a run ends.
    pub pending: Vec<PendingWrites<V>>,
}

/// The id of a run's newest checkpoint. One that is the number of its step is written out when somebody asks.
#[derive(Debug)]
pub(crate) struct CheckpointId {
    step: i64,
    text: OnceLock<String>,
}

impl CheckpointId {
    /// The id of the checkpoint made at `step`, if it has one of its own.
    pub fn new(step: i64, given: Option<String>) -> Self {
        CheckpointId {
            step,
            text: given.map_or_else(OnceLock::new, OnceLock::from),
        }
    }

    pub fn as_str(&self) -> &str {
        self.text.get_or_init(|| self.step.to_string())
    }
}

/// Checkpoints since a delta channel was stored whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counter {
    /// The channel.
    pub channel: ChannelId,
    /// Those that updated it.
    pub updates: u64,
    /// All of them.
    pub supersteps: u64,
}

/// What made a checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// New input.
    Input,
    /// A superstep.
    Loop,
    /// An update from outside.
    Update,
    /// A branch that a run begins at an earlier checkpoint.
    Fork,
}

/// What a channel holds.
#[derive(Clone, Debug)]
pub enum Saved<V> {
    /// A state value.
    Value(V),
    /// The whole value of a delta channel.
    Snapshot(V),
    /// What a checkpoint does not hold: the value at an earlier one, if there was any, and all that
    /// was written since, oldest first. Only read, never made.
    History {
        /// What the channel held, as it was stored.
        seed: Option<V>,
        /// The writes.
        writes: Vec<V>,
    },
    /// The input, in the channel [`START`](crate::START).
    Input(NodeOutput<V>),
    /// A branch was taken; `finished` matters for deferred nodes only.
    Branch {
        /// Whether the run got to its end, which lets deferred nodes run.
        finished: bool,
    },
    /// The sources a join has seen.
    Join {
        /// The sources, sorted.
        seen: Vec<NodeId>,
        /// Whether the run got to its end, which lets deferred nodes run.
        finished: bool,
    },
    /// Packets for the next superstep.
    Sends(Vec<Send<V>>),
}
