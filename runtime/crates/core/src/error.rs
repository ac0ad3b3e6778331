//! What can go wrong in a run, with the class names and messages LangGraph users know.

use std::fmt;

use crate::write::Interrupt;

const HELP: &str = "https://docs.langchain.com/oss/python/langgraph/errors/";

/// An error the engine itself raises. `Display` gives the text of upstream's exception.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EngineError {
    /// Two writes to a channel that holds one value a step.
    ConcurrentUpdate {
        /// The channel.
        channel: String,
    },
    /// Two `Overwrite`s of one reducer channel in one step.
    ConcurrentOverwrite,
    /// Two writes to a guarded ephemeral channel in one step.
    ConcurrentEphemeral {
        /// The channel.
        channel: String,
    },
    /// The step limit was used up.
    RecursionLimit {
        /// The limit.
        limit: u64,
    },
    /// The limit itself is zero.
    InvalidRecursionLimit,
    /// A run without input and without anything to resume.
    NoInput,
    /// A `Command` that says nothing. Upstream trips over a variable of its own here.
    EmptyCommand,
    /// `Command(resume=...)` without a saver.
    ResumeWithoutSaver,
    /// One answer for several open interrupts.
    AmbiguousResume,
    /// A router returned `None` or [`START`](crate::START).
    InvalidDestination,
    /// A router sent a packet to [`END`](crate::END).
    SendToEnd,
    /// A node returned something that is not an update; holds its `str()`.
    InvalidReturn {
        /// The value as text.
        value: String,
    },
    /// `Command(graph=PARENT)` in a graph without a parent.
    NoParentGraph,
    /// The run was asked to stop between two steps.
    Drained {
        /// Why.
        reason: String,
    },
    /// Nothing was ever written to a channel that is read on its own.
    EmptyChannel,
    /// The program uses a corner of LangGraph that this engine does not carry.
    Unsupported {
        /// What it is.
        what: String,
    },
}

impl EngineError {
    /// Name of the Python class upstream raises.
    #[must_use]
    pub fn class_name(&self) -> &'static str {
        match self {
            Self::ConcurrentUpdate { .. }
            | Self::ConcurrentOverwrite
            | Self::ConcurrentEphemeral { .. }
            | Self::SendToEnd
            | Self::InvalidReturn { .. }
            | Self::NoParentGraph => "InvalidUpdateError",
            Self::RecursionLimit { .. } => "GraphRecursionError",
            Self::NoInput => "EmptyInputError",
            Self::Drained { .. } => "GraphDrained",
            Self::EmptyCommand => "UnboundLocalError",
            Self::InvalidRecursionLimit | Self::InvalidDestination => "ValueError",
            Self::ResumeWithoutSaver | Self::AmbiguousResume => "RuntimeError",
            Self::EmptyChannel => "EmptyChannelError",
            Self::Unsupported { .. } => "NotImplementedError",
        }
    }
}

impl fmt::Display for EngineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let help = "\nFor troubleshooting, visit: ";
        match self {
            Self::ConcurrentUpdate { channel } => write!(
                f,
                "At key '{channel}': Can receive only one value per step. Use an Annotated key to \
                 handle multiple values.{help}{HELP}INVALID_CONCURRENT_GRAPH_UPDATE"
            ),
            Self::ConcurrentOverwrite => write!(
                f,
                "Can receive only one Overwrite value per super-step.\
                 {help}{HELP}INVALID_CONCURRENT_GRAPH_UPDATE"
            ),
            Self::ConcurrentEphemeral { channel } => write!(
                f,
                "At key '{channel}': EphemeralValue(guard=True) can receive only one value per \
                 step. Use guard=False if you want to store any one of multiple values."
            ),
            Self::RecursionLimit { limit } => write!(
                f,
                "Recursion limit of {limit} reached without hitting a stop condition. You can \
                 increase the limit by setting the `recursion_limit` config key.\
                 {help}{HELP}GRAPH_RECURSION_LIMIT"
            ),
            Self::InvalidRecursionLimit => f.write_str("recursion_limit must be at least 1"),
            Self::NoInput => f.write_str("Received no input for __start__"),
            Self::EmptyCommand => f.write_str(
                "cannot access local variable 'resume_is_map' where it is not associated with a value",
            ),
            Self::ResumeWithoutSaver => {
                f.write_str("Cannot use Command(resume=...) without checkpointer")
            }
            Self::AmbiguousResume => f.write_str(
                "When there are multiple pending interrupts, you must specify the interrupt id \
                 when resuming. Docs: https://docs.langchain.com/oss/python/langgraph/interrupts\
                 #handling-multiple-interrupts.",
            ),
            Self::InvalidDestination => f.write_str("Branch did not return a valid destination"),
            Self::SendToEnd => f.write_str("Cannot send a packet to the END node"),
            Self::InvalidReturn { value } => write!(
                f,
                "Expected dict, got {value}{help}{HELP}INVALID_GRAPH_NODE_RETURN_VALUE"
            ),
            Self::NoParentGraph => f.write_str("There is no parent graph"),
            Self::Drained { reason } => f.write_str(reason),
            Self::EmptyChannel => Ok(()),
            Self::Unsupported { what } => write!(f, "{what} is not supported by langferry"),
        }
    }
}

impl std::error::Error for EngineError {}

/// Why a run failed: the engine refused, or the driver's code raised.
#[derive(Debug)]
pub enum Error<E> {
    /// The engine's own error.
    Engine(EngineError),
    /// What a node, router or reducer raised.
    Host(E),
}

impl<E> From<EngineError> for Error<E> {
    fn from(error: EngineError) -> Self {
        Error::Engine(error)
    }
}

/// Why a node or router did not return.
#[derive(Debug)]
pub enum Failure<V, E> {
    /// `interrupt()` found no answer. The other tasks of the step still finish.
    Interrupt(Vec<NewInterrupt<V>>),
    /// It raised. The run fails, see [`Run::next`](crate::Run::next).
    Error(E),
    /// The driver refused the result in LangGraph's name (for example [`EngineError::InvalidReturn`]).
    Engine(EngineError),
    /// It refused the answer to its question. That is recorded as its error, but the other tasks of
    /// the step finish before the run fails with it.
    Refusal(E),
    /// It raised something that concerns an outer graph (`ParentCommand`): nothing is recorded for
    /// the task, and the run fails with it once the other tasks have finished.
    BubbleUp(E),
    /// The task is to start over, from its node's first line: what it has written does not count.
    Again,
}

/// An interrupt as the driver reports it.
#[derive(Clone, Debug, PartialEq)]
pub struct NewInterrupt<V> {
    /// What the node asks.
    pub value: V,
    /// The id when it is already known (raised in a nested graph), else the engine asks the host.
    pub id: Option<String>,
}

impl<V> NewInterrupt<V> {
    pub(crate) fn with_id(self, id: impl FnOnce() -> String) -> Interrupt<V> {
        Interrupt {
            value: self.value,
            id: self.id.unwrap_or_else(id),
        }
    }
}

impl<V, E> From<Error<E>> for Failure<V, E> {
    fn from(error: Error<E>) -> Self {
        match error {
            Error::Engine(error) => Failure::Engine(error),
            Error::Host(error) => Failure::Error(error),
        }
    }
}

impl<V, E> Failure<V, E> {
    /// The usual interrupt: one question, whose id the engine works out.
    pub fn interrupt(value: V) -> Self {
        Failure::Interrupt(vec![NewInterrupt { value, id: None }])
    }
}
