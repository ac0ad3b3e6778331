//! `Send`: a task for the next superstep, with an input of its own.

use std::any::Any;
use std::sync::Arc;

use langferry_core as core;
use langferry_trace::TraceValue;

use crate::state_value::Shared;

/// Runs `node` on `arg` in the next superstep.
#[derive(Clone, Debug)]
pub struct Send {
    pub(crate) node: String,
    pub(crate) arg: Shared,
}

impl Send {
    /// A packet for `node`. An `arg` that is not of the type the node reads is converted by its keys.
    pub fn new(
        node: impl Into<String>,
        arg: impl TraceValue + Any + std::marker::Send + Sync,
    ) -> Self {
        Send {
            node: node.into(),
            arg: Arc::new(arg),
        }
    }
}

impl From<Send> for core::Send<Shared> {
    fn from(send: Send) -> Self {
        core::Send {
            node: send.node,
            arg: send.arg,
            timeout: None,
        }
    }
}
