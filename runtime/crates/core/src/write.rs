//! What a task wrote: state, routing and the control marks a resumed run needs.

use crate::call::Send;
use crate::ids::{ChannelId, NodeId, TaskPath};

/// A question a node asked with `interrupt()`.
#[derive(Clone, Debug, PartialEq)]
pub struct Interrupt<V> {
    /// What the node asks.
    pub value: V,
    /// Id to answer it by.
    pub id: String,
}

/// One write of a task.
#[derive(Clone, Debug, PartialEq)]
pub enum Write<V> {
    /// To a state channel.
    Channel(ChannelId, V),
    /// To `branch:to:<node>`.
    Branch(NodeId),
    /// To a `join:...` channel, by one of its sources.
    Join(ChannelId, NodeId),
    /// A packet for the next superstep.
    Send(Send<V>),
    /// To a channel that does not exist: ignored, with a warning, when it is applied.
    Unknown(String),
    /// What a called task returned, for its caller.
    Return(V),
    /// The task finished without any other write.
    Nothing,
    /// The answers the task used.
    Resume(Vec<V>),
    /// The questions the task stopped at.
    Interrupt(Vec<Interrupt<V>>),
    /// The task raised. What it raised is in [`Event::TaskFinished`](crate::Event::TaskFinished).
    Error,
    /// What the task raised, a task of this node, is handled by another.
    ErrorSource(NodeId),
}

impl<V> Write<V> {
    /// Whether the write says what happened to the task rather than what it made.
    pub(crate) fn is_control(&self) -> bool {
        matches!(
            self,
            Write::Resume(_) | Write::Interrupt(_) | Write::Error | Write::ErrorSource(_)
        )
    }
}

/// Whose pending writes these are: a task is found again by its node and path, as the step is the same.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Writer {
    /// The `Command` given as input.
    Input,
    /// A task of the step that was not completed.
    Task(NodeId, TaskPath),
    /// A task that was called by another one, by its [id](crate::CalledName::id).
    Called(String),
}

/// Writes of an unfinished superstep, to be stored with the checkpoint it started from.
#[derive(Clone, Debug, PartialEq)]
pub struct PendingWrites<V> {
    /// Who wrote.
    pub writer: Writer,
    /// The writes, in order.
    pub writes: Vec<Write<V>>,
}
