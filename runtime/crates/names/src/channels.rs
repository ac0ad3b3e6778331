//! The channels under which LangGraph stores what a task did, state or not.

use std::borrow::Cow;

use langferry_core::{Graph, Write};

/// Packets for the next superstep.
pub const TASKS: &str = "__pregel_tasks";
/// Answers that a task has used, or a command gives.
pub const RESUME: &str = "__resume__";
/// Questions a task stopped at.
pub const INTERRUPT: &str = "__interrupt__";
/// What a task raised.
pub const ERROR: &str = "__error__";
/// What a called task returned.
pub const RETURN: &str = "__return__";
/// Whose failure is handled by another task.
pub const ERROR_SOURCE: &str = "__error_source_node__";
/// A task finished without any other write.
pub const NO_WRITES: &str = "__no_writes__";
/// A task that LangGraph has begun to call.
pub const SCHEDULED: &str = "__scheduled__";
/// What the channels that make a node run are called, before the node's name.
pub const BRANCH: &str = "branch:to:";
/// What the channels of joins are called, before the names of the nodes.
pub const JOIN: &str = "join:";

/// The channel a write is stored under.
#[must_use]
pub fn channel_of<'a, V>(graph: &'a Graph, write: &'a Write<V>) -> Cow<'a, str> {
    match write {
        Write::Channel(channel, _) | Write::Join(channel, _) => graph.channel_name(*channel).into(),
        Write::Branch(node) => format!("{BRANCH}{}", graph.node_name(*node)).into(),
        Write::Send(_) => TASKS.into(),
        Write::Unknown(name) => name.into(),
        Write::Return(_) => RETURN.into(),
        Write::Nothing => NO_WRITES.into(),
        Write::Resume(_) => RESUME.into(),
        Write::Interrupt(_) => INTERRUPT.into(),
        Write::Error => ERROR.into(),
        Write::ErrorSource(_) => ERROR_SOURCE.into(),
    }
}

/// A write's place among a task's stored ones: fixed for what says what happened to the task, so that it
/// is stored once, and else its place among the writes that were stored together.
#[must_use]
pub fn index_of(channel: &str, place: usize) -> i64 {
    fixed_index(channel).unwrap_or_else(|| i64::try_from(place).unwrap_or(i64::MAX))
}

/// The fixed place of a channel that has one.
#[must_use]
pub fn fixed_index(channel: &str) -> Option<i64> {
    match channel {
        ERROR => Some(-1),
        SCHEDULED => Some(-2),
        INTERRUPT => Some(-3),
        RESUME => Some(-4),
        _ => None,
    }
}
