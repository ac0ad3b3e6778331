//! Looking at a checkpoint without running anything.

use std::sync::Arc;

use crate::checkpoint::Checkpoint;
use crate::config::{Config, Start};
use crate::graph::Graph;
use crate::host::Host;
use crate::ids::{ChannelId, TaskRef};
use crate::run::{Failed, Run};
use crate::task::Phase;

/// A task that a run would go on with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlannedTask {
    /// The task.
    pub task: TaskRef,
    /// An earlier run on the checkpoint has finished it.
    pub finished: bool,
}

/// Where a thread stands.
#[derive(Clone, Debug)]
pub struct Inspection<V> {
    /// The tasks planned on the checkpoint, in order.
    pub tasks: Vec<PlannedTask>,
    /// All state channels that hold a value, with the writes of commands applied.
    pub values: Vec<(ChannelId, V)>,
}

impl<V: Clone> Inspection<V> {
    /// Looks at a checkpoint; with `live`, the writes of tasks that have finished count already.
    ///
    /// # Errors
    /// What a reducer raises.
    pub fn of<H: Host<Value = V>>(
        graph: Arc<Graph>,
        host: &mut H,
        checkpoint: Checkpoint<V>,
        live: bool,
    ) -> Result<Self, Failed<H>> {
        let mut run = Run::<H>::new(graph, Start::Continue, None, Config::new(1));
        let state = run.load(host, Some(checkpoint))?;
        run.state = Some(state);
        run.updated = None;
        run.find_tasks(host)?;
        run.restore_finished();
        let finished = |phase: &Phase<V, H::Error>| matches!(phase, Phase::Restored);
        let planned = run.tasks.iter().map(|task| PlannedTask {
            task: task.at,
            finished: finished(&task.phase),
        });
        let tasks: Vec<_> = planned.collect();
        if !run.input_writes.is_empty()
            && let Some(mut state) = run.state.take()
        {
            run.apply_input_writes(host, &mut state)?;
            run.state = Some(state);
        }
        if live && tasks.iter().any(|task| task.finished) {
            run.tasks.retain(|task| finished(&task.phase));
            run.apply_tasks(host)?;
        }
        let channels = run.graph.state.clone();
        let values = run.state.as_mut().map(|state| state.read(&channels));
        Ok(Inspection {
            tasks,
            values: values.unwrap_or_default(),
        })
    }
}
