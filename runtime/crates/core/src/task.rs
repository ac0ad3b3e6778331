//! A task: one node's turn in one superstep, from planned to settled.

use std::sync::Arc;

use crate::call::{Input, NodeOutput};
use crate::error::{Error, Failure};
use crate::ids::{NodeId, TaskPath, TaskRef};
use crate::scratchpad::Scratchpad;
use crate::write::{Interrupt, Write};

#[derive(Clone)]
pub(crate) enum TaskInput<V> {
    /// The run's input, which the start task writes to the state.
    Start(NodeOutput<V>),
    Node(Input<V>),
    /// Its node has it.
    Taken,
}

pub(crate) enum Phase<V, E> {
    /// Its node is still to be called.
    Ready,
    AwaitingNode,
    AwaitingRoute,
    /// What its node or router gave is written; what comes next is still to be seen.
    Answered,
    /// Its node or router did not return.
    Stopped(Failure<V, E>),
    /// The driver has kept what the node once wrote on this input.
    Recalled(Vec<Write<V>>),
    Done,
    /// Done by what the driver has kept.
    Cached,
    /// Done in an earlier run on the same checkpoint.
    Restored,
    Failed(Arc<Error<E>>),
    /// Failed, but another task handles that. `None`: it failed in an earlier run.
    Handled(Option<Arc<Error<E>>>),
    BubbledUp(Arc<Error<E>>),
    Interrupted(Vec<Interrupt<V>>),
}

pub(crate) struct Task<V, E> {
    pub at: TaskRef,
    pub input: TaskInput<V>,
    pub pad: Scratchpad<V>,
    pub timeout: Option<V>,
    pub writes: Vec<Write<V>>,
    /// How many of the node's branches have been taken.
    pub routed: usize,
    pub phase: Phase<V, E>,
}

impl<V: Clone, E> Task<V, E> {
    pub fn is_settled(&self) -> bool {
        matches!(
            self.phase,
            Phase::Done
                | Phase::Cached
                | Phase::Restored
                | Phase::Failed(_)
                | Phase::Handled(_)
                | Phase::BubbledUp(_)
                | Phase::Interrupted(_)
        )
    }

    /// Whether it was settled by something else than an end of its own or by its handler.
    pub fn is_halted(&self) -> bool {
        matches!(
            self.phase,
            Phase::Failed(_) | Phase::BubbledUp(_) | Phase::Interrupted(_)
        )
    }

    pub fn is_restored(&self) -> bool {
        matches!(self.phase, Phase::Restored)
    }

    /// What the task is known by in another run on the same checkpoint.
    pub fn key(&self) -> (NodeId, TaskPath) {
        (self.at.node, self.at.path)
    }

    /// The writes to be kept for a resumed run, upstream's `put_writes`.
    pub fn recorded(&self) -> Vec<Write<V>> {
        match &self.phase {
            Phase::Done | Phase::Cached | Phase::Failed(_) | Phase::Handled(Some(_)) => {
                self.writes.clone()
            }
            Phase::Interrupted(interrupts) if !interrupts.is_empty() => {
                let mut writes = vec![Write::Interrupt(interrupts.clone())];
                writes.extend(self.answers());
                writes
            }
            _ => Vec::new(),
        }
    }

    /// The answers the task has used, as a write.
    pub fn answers(&self) -> Option<Write<V>> {
        let used = self.pad.used();
        (!used.is_empty()).then_some(Write::Resume(used))
    }
}
