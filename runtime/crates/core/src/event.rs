//! What a run tells its driver as it goes: the raw material of every stream mode.

use std::sync::Arc;

use crate::call::Input;
use crate::checkpoint::{Checkpoint, Counter, Source};
use crate::error::Error;
use crate::ids::{ChannelId, TaskRef};
use crate::write::{Interrupt, Write};

/// Something that happened, in the order upstream's streams show it.
///
/// The hidden start task is never reported.
#[derive(Clone, Debug)]
pub enum Event<V, E> {
    /// Mode `tasks`: a task is about to run. All tasks of a step are announced first.
    TaskStarted {
        /// The task; its triggers are [`Graph::trigger_names`](crate::Graph::trigger_names).
        task: TaskRef,
        /// Its input.
        input: Input<V>,
    },
    /// Mode `updates`: what one finished task wrote. Comes before its [`Event::TaskFinished`].
    Update {
        /// The task.
        task: TaskRef,
        /// Its writes to the output channels.
        update: Update<V>,
        /// The writes were kept from an earlier run or by the driver, the task was not run.
        cached: bool,
    },
    /// Mode `updates`: the chunk `{"__interrupt__": (...)}`.
    Interrupted {
        /// The step that was not completed.
        step: i64,
        /// The task that asked, or `None` at a breakpoint (then `interrupts` is empty).
        task: Option<TaskRef>,
        /// The questions.
        interrupts: Vec<Interrupt<V>>,
    },
    /// Mode `tasks`: the result of a task that ran.
    TaskFinished {
        /// The task.
        task: TaskRef,
        /// Its writes to state channels, in order; a channel may come twice.
        writes: Vec<(ChannelId, V)>,
        /// What it raised.
        error: Option<Arc<Error<E>>>,
        /// The questions it stopped at.
        interrupts: Vec<Interrupt<V>>,
    },
    /// Mode `values`: the state after a step that changed it.
    Values {
        /// The step.
        step: i64,
        /// The output channels that hold a value, in order.
        values: Vec<(ChannelId, V)>,
        /// Set when a task stopped at `interrupt()`: the chunk's `__interrupt__`.
        interrupts: Option<Vec<Interrupt<V>>>,
    },
    /// Mode `checkpoints`: the tasks planned on the last checkpoint.
    Planned {
        /// Step of that checkpoint.
        step: i64,
        /// The tasks to come, in planned order.
        tasks: Vec<TaskRef>,
        /// All state channels that hold a value, in order.
        values: Vec<(ChannelId, V)>,
    },
    /// For a saver: the state after a step.
    Checkpoint(Box<Checkpoint<V>>),
    /// With [`Config::at_exit`](crate::Config::at_exit), in place of a checkpoint: what it would be
    /// known by.
    Passed {
        /// Its id.
        id: String,
        /// Its step.
        step: i64,
        /// What made it.
        source: Source,
        /// How long ago delta channels were stored whole.
        counters: Vec<Counter>,
    },
    /// For a saver: input to channels at once, to be kept with the checkpoint the run started from.
    InputWrites {
        /// The writes, in order.
        writes: Vec<Write<V>>,
    },
    /// For a saver that stores each task's writes as it finishes: all of them, control marks too.
    TaskWrites {
        /// The task.
        task: TaskRef,
        /// Its writes.
        writes: Vec<Write<V>>,
    },
    /// For a saver: what commands have written on the checkpoint the run starts from, in this run and
    /// in earlier ones.
    CommandWrites {
        /// The writes; answers come last.
        writes: Vec<Write<V>>,
    },
    /// What a finished task of a [cached](crate::NodeSpec::cached) node wrote, for the driver to keep.
    Keep {
        /// The task.
        task: TaskRef,
        /// Its writes.
        writes: Vec<Write<V>>,
    },
    /// Something upstream logs a warning for and ignores.
    Warning(String),
}

/// A task's writes to the output channels, as mode `updates` shows them.
#[derive(Clone, Debug, PartialEq)]
pub enum Update<V> {
    /// No write: `None`.
    Nothing,
    /// One dict.
    One(Vec<(ChannelId, V)>),
    /// A channel was written twice: a list of dicts with one key each.
    Many(Vec<(ChannelId, V)>),
}

/// Which events a driver wants. Unwanted ones cost nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Interest {
    /// [`Event::Values`].
    pub values: bool,
    /// No event, but [`Run::last_values`](crate::Run::last_values).
    pub result: bool,
    /// [`Event::Update`] and [`Event::Interrupted`].
    pub updates: bool,
    /// [`Event::TaskStarted`] and [`Event::TaskFinished`].
    pub tasks: bool,
    /// [`Event::Planned`]; only with [`Interest::save`], as upstream.
    pub planned: bool,
    /// [`Event::Checkpoint`], or [`Event::Passed`]. Also says that there is a saver, which `Command(resume=...)` needs.
    pub save: bool,
    /// [`Event::TaskWrites`].
    pub task_writes: bool,
}

impl Interest {
    /// The three stream modes of a trace.
    pub const STREAMS: Interest = Interest {
        values: true,
        result: false,
        updates: true,
        tasks: true,
        planned: false,
        save: false,
        task_writes: false,
    };
}

/// In which order the results of one step's tasks are told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// Planned order: a result waits for those planned before it. Deterministic.
    #[default]
    Planned,
    /// As they arrive, as upstream's live streams.
    Arrival,
}
