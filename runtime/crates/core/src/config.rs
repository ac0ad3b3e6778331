//! How a run starts, what it reports and how it ends.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::call::{Call, NodeOutput, Target};
use crate::error::Error;
use crate::event::{Event, Interest, Order};
use crate::graph::Graph;
use crate::graph_error::GraphError;
use crate::ids::{ChannelId, NodeId};
use crate::scratchpad::NullResume;
use crate::write::Interrupt;

/// What a run is started with. The checkpoint, if any, is given to [`Run::new`](crate::Run::new).
#[derive(Clone, Debug)]
pub enum Start<V> {
    /// New input: writes to channels of the input schema. May be empty (`{}`).
    Input(Vec<(ChannelId, V)>),
    /// No input (`None`): go on from the checkpoint.
    Continue,
    /// A `Command`.
    Command(Command<V>),
    /// Writes to the state in the name of nodes, as one superstep (`update_state`). The nodes' routers
    /// are called; then the run is over.
    Update(Vec<(NodeId, NodeOutput<V>)>),
    /// As `Input`, but the run is over as soon as the input is taken in.
    Receive(Vec<(ChannelId, V)>),
    /// Ends the thread: tasks that wait are dropped, what finished ones wrote is kept.
    Clear,
}

/// How a run goes on from a checkpoint that was asked for by its id.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Replay {
    /// Ask all questions again: answers that earlier runs were given do not count.
    pub ask_again: bool,
    /// Run the tasks of the first step again, even those that have finished.
    pub rerun: bool,
    /// Make a checkpoint of its own first, so that the thread branches there.
    pub fork: bool,
}

/// Settings of channels that checkpoints hold as writes ([`ChannelKind::Delta`](crate::ChannelKind)).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeltaConfig {
    /// Supersteps after which such a channel is stored whole even if nothing was written to it.
    pub bound: u64,
    /// The checkpoint the run starts from is the thread's newest: nothing was built on it yet, so that
    /// more writes can be stored there.
    pub newest: bool,
    /// Writes that wait on that checkpoint may be read by another branch of the thread.
    pub branches: bool,
}

impl Default for DeltaConfig {
    fn default() -> Self {
        DeltaConfig {
            bound: 5000,
            newest: true,
            branches: true,
        }
    }
}

/// A `Command` as input: the parts may be combined.
#[derive(Clone, Debug)]
pub struct Command<V> {
    /// Answers to interrupts.
    pub resume: Option<Resume<V>>,
    /// Writes to state channels and targets, applied before the run goes on.
    pub output: NodeOutput<V>,
}

impl<V> Command<V> {
    /// `Command(resume=value)`.
    pub fn resume(value: V) -> Self {
        Command {
            resume: Some(Resume::Value(value)),
            output: NodeOutput::default(),
        }
    }

    /// `Command(goto=target)`.
    pub fn goto(target: impl Into<Target<V>>) -> Self {
        let output = NodeOutput {
            updates: Vec::new(),
            goto: vec![target.into()],
        };
        Command {
            resume: None,
            output,
        }
    }
}

/// The `resume` of a `Command`.
#[derive(Clone, Debug)]
pub enum Resume<V> {
    /// One answer, for the only open interrupt.
    Value(V),
    /// Answers by interrupt id.
    ByInterrupt(Vec<(String, V)>),
}

/// Nodes to stop at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Breakpoints {
    /// Nowhere.
    #[default]
    None,
    /// At every node (`"*"`).
    All,
    /// At these nodes.
    Nodes(HashSet<NodeId>),
}

impl Breakpoints {
    /// Breakpoints by node name.
    ///
    /// # Errors
    /// When the graph has no such node.
    pub fn at<'a>(
        graph: &Graph,
        names: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, GraphError> {
        let find = |name: &str| {
            let unknown = || GraphError::UnknownInterruptNode {
                node: name.to_owned(),
            };
            graph.node_id(name).ok_or_else(unknown)
        };
        let nodes: HashSet<NodeId> = names.into_iter().map(find).collect::<Result<_, _>>()?;
        Ok(if nodes.is_empty() {
            Breakpoints::None
        } else {
            Breakpoints::Nodes(nodes)
        })
    }

    pub(crate) fn contains(&self, node: NodeId) -> bool {
        match self {
            Breakpoints::None => false,
            Breakpoints::All => node != NodeId::START,
            Breakpoints::Nodes(nodes) => nodes.contains(&node),
        }
    }
}

/// The channels that `values`, `updates` and the outcome show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Output {
    /// The output schema, as `invoke` does.
    #[default]
    Schema,
    /// All state channels, as `stream` does.
    State,
    /// Those given by the caller (`output_keys`).
    Channels(Vec<ChannelId>),
}

/// A run's settings.
#[derive(Clone, Debug)]
pub struct Config<V> {
    /// How many supersteps may run, counted from where the run starts.
    pub recursion_limit: u64,
    /// Which events to make.
    pub interest: Interest,
    /// Order of the results of a step.
    pub order: Order,
    /// Channels to show.
    pub output: Output,
    /// Stop before these nodes.
    pub interrupt_before: Breakpoints,
    /// Stop after these nodes.
    pub interrupt_after: Breakpoints,
    /// The run is a node of an outer run: an interrupt is the outer run's to report.
    pub nested: bool,
    /// The outer task's answer of `Command(resume=value)`.
    pub parent: Option<NullResume<V>>,
    /// The outer run's answers by interrupt id. A run's own `Command` replaces them.
    pub answers: HashMap<String, V>,
    /// Whether to go on from the checkpoint, when the outer run says so; otherwise what the run is
    /// started with says it. An outer run that says so may give no input.
    pub resuming: Option<bool>,
    /// The driver tries each task once ([`Failure::Again`](crate::Failure::Again) is not for it), and its
    /// nodes neither call tasks nor number their graphs: a task is spared what only these need.
    pub simple: bool,
    /// Goes on from a checkpoint of the past.
    pub replay: Replay,
    /// Tells of no checkpoints and writes while it runs; the driver asks for them when it has ended
    /// ([`Run::last_checkpoint`](crate::Run::last_checkpoint)).
    pub at_exit: bool,
    /// How delta channels are stored.
    pub deltas: DeltaConfig,
}

impl<V> Config<V> {
    /// Settings without events and breakpoints.
    #[must_use]
    pub fn new(recursion_limit: u64) -> Self {
        Config {
            recursion_limit,
            interest: Interest::default(),
            order: Order::default(),
            output: Output::default(),
            interrupt_before: Breakpoints::default(),
            interrupt_after: Breakpoints::default(),
            nested: false,
            parent: None,
            answers: HashMap::new(),
            resuming: None,
            simple: false,
            replay: Replay::default(),
            at_exit: false,
            deltas: DeltaConfig::default(),
        }
    }
}

/// What [`Run::next`](crate::Run::next) hands to the driver, to be dealt with in this order.
#[derive(Debug)]
pub struct Step<V, E> {
    /// What happened since the last call.
    pub events: Vec<Event<V, E>>,
    /// How many of the events come before the tasks of the latest superstep planned since are begun.
    pub announced: usize,
    /// New calls to perform. Empty while the engine waits for calls it handed out before.
    pub calls: Vec<Call<V>>,
    /// Set once, when the run is over.
    pub outcome: Option<Outcome<V, E>>,
}

impl<V, E> Default for Step<V, E> {
    fn default() -> Self {
        Step {
            events: Vec::new(),
            announced: 0,
            calls: Vec::new(),
            outcome: None,
        }
    }
}

/// What stopped a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// A question that has no answer yet.
    Question,
    /// A breakpoint before a node.
    Before,
    /// A breakpoint after a node.
    After,
}

/// How a run ended.
#[derive(Debug)]
pub enum Outcome<V, E> {
    /// Nothing left to do.
    Finished {
        /// The output channels that hold a value.
        values: Vec<(ChannelId, V)>,
    },
    /// Stopped at `interrupt()` or at a breakpoint (then `interrupts` is empty).
    Interrupted {
        /// The output channels that hold a value, finished tasks' writes included.
        values: Vec<(ChannelId, V)>,
        /// The open questions of nodes; [`Run::asked_by_called`](crate::Run::asked_by_called) has those
        /// of the tasks that nodes have called.
        interrupts: Vec<Interrupt<V>>,
        /// What it stopped at.
        at: Stop,
    },
    /// It failed.
    Failed(Arc<Error<E>>),
}
