//! What a driver supplies so that the engine can work on values it knows nothing about.

use crate::called::CalledName;
use crate::channel::Signal;
use crate::graph::Graph;
use crate::ids::{HostedId, ReducerId, TaskPath, TaskRef};

/// The engine's window to the driver's values. All calls happen inside [`Run::next`](crate::Run::next).
pub trait Host {
    /// A state value. Cloning should be cheap (a shared pointer, a Python reference).
    type Value: Clone;
    /// What a node, router or reducer raises.
    type Error;

    /// Folds `update` into `current`, as the channel's reducer says.
    ///
    /// `current` is moved out of the channel, so that its last owner may extend it in place.
    ///
    /// # Errors
    /// Whatever the reducer raises; the run fails with it.
    fn reduce(
        &mut self,
        reducer: ReducerId,
        current: Self::Value,
        update: Self::Value,
    ) -> Result<Self::Value, Self::Error>;

    /// Folds several updates, oldest first, none of them an `Overwrite`. The default calls [`Host::reduce`]
    /// for each.
    ///
    /// # Errors
    /// Whatever the reducer raises; the run fails with it.
    fn reduce_all(
        &mut self,
        reducer: ReducerId,
        current: Self::Value,
        updates: &mut dyn Iterator<Item = Self::Value>,
    ) -> Result<Self::Value, Self::Error> {
        let mut folded = current;
        for update in updates {
            folded = self.reduce(reducer, folded, update)?;
        }
        Ok(folded)
    }

    /// The value a reducer channel starts with, or `None` when its first write becomes its value.
    fn initial(&mut self, reducer: ReducerId) -> Option<Self::Value>;

    /// Whether any value can be an `Overwrite`.
    fn overwrites(&self) -> bool {
        true
    }

    /// The wrapped value when `value` is an `Overwrite` for a reducer channel.
    fn overwrite(&mut self, value: &Self::Value) -> Option<Self::Value> {
        let _ = value;
        None
    }

    /// A write to a delta channel as it is stored and applied: one that gives the same value each time
    /// it is folded in again. The default takes every write for such a one.
    ///
    /// # Errors
    /// When it is nothing that could be written.
    fn stable(
        &mut self,
        channel: HostedId,
        write: Self::Value,
    ) -> Result<Self::Value, Self::Error> {
        let _ = channel;
        Ok(write)
    }

    /// A channel of the driver's own kind, empty or as a checkpoint kept it.
    ///
    /// What it gives stands for the channel in the other methods on channels. The default is for
    /// drivers without such channels.
    ///
    /// # Errors
    /// Whatever the channel raises; the run fails with it.
    fn open(
        &mut self,
        channel: HostedId,
        kept: Option<Self::Value>,
    ) -> Result<Option<Self::Value>, Self::Error> {
        let _ = channel;
        Ok(kept)
    }

    /// Tells a channel what happened; gives whether it changed.
    ///
    /// # Errors
    /// Whatever the channel raises; the run fails with it.
    fn tell(
        &mut self,
        channel: &Self::Value,
        signal: Signal<Self::Value>,
    ) -> Result<bool, Self::Error> {
        let _ = (channel, signal);
        Ok(false)
    }

    /// A channel's value, if it is available.
    ///
    /// # Errors
    /// Whatever the channel raises; the run fails with it.
    fn look(&mut self, channel: &Self::Value) -> Result<Option<Self::Value>, Self::Error> {
        Ok(Some(channel.clone()))
    }

    /// What a checkpoint is to keep of a channel.
    ///
    /// # Errors
    /// Whatever the channel raises; the run fails with it.
    fn keep(&mut self, channel: &Self::Value) -> Result<Option<Self::Value>, Self::Error> {
        Ok(Some(channel.clone()))
    }

    /// A copy of a channel, to be changed on its own.
    ///
    /// # Errors
    /// Whatever the channel raises; the run fails with it.
    fn twin(&mut self, channel: &Self::Value) -> Result<Self::Value, Self::Error> {
        Ok(channel.clone())
    }

    /// Why the run is to stop before its next step, if someone has asked for that.
    fn drained(&mut self) -> Option<String> {
        None
    }

    /// A new id for the checkpoint made at `step`; `None` for the step's number, which costs nothing
    /// while nobody asks for it. Interrupt ids are derived from it.
    fn checkpoint_id(&mut self, step: i64) -> Option<String> {
        let _ = step;
        None
    }

    /// The id of an interrupt, given how many answers its task already has.
    ///
    /// It must depend on nothing but its arguments: it is asked again when a run is resumed by id.
    fn interrupt_id(&mut self, task: &TaskName<'_>, answered: usize) -> String {
        let path = match task.path {
            TaskPath::Pull => "pull".to_owned(),
            TaskPath::Push(index) => format!("push{index}"),
            TaskPath::Update(index) => format!("update{index}"),
            TaskPath::Handler { failed, push } => format!("handler{failed:?}{push:?}"),
        };
        let TaskName {
            checkpoint_id,
            step,
            node,
            ..
        } = task;
        format!("{checkpoint_id}:{step}:{node}:{path}:{answered}")
    }

    /// As [`Host::interrupt_id`], for a called task.
    fn called_interrupt_id(&mut self, called: &CalledName, answered: usize) -> String {
        format!("{}:{answered}", called.namespace)
    }
}

/// Everything that identifies a task over several runs on the same checkpoint.
#[derive(Clone, Debug)]
pub struct TaskName<'a> {
    /// Id of the checkpoint the task was planned on.
    pub checkpoint_id: &'a str,
    /// The superstep.
    pub step: i64,
    /// The node's name.
    pub node: &'a str,
    /// How the task came about.
    pub path: TaskPath,
    /// The task whose failure it handles.
    pub failed: Option<Box<TaskName<'a>>>,
    /// Names of all channels that can trigger the task, sorted.
    pub triggers: Vec<&'a str>,
}

impl<'a> TaskName<'a> {
    /// The name of a task that was planned on a checkpoint.
    #[must_use]
    pub fn new(graph: &'a Graph, checkpoint_id: &'a str, at: &TaskRef) -> Self {
        let failed = at.path.failed().map(|(node, path)| {
            let failed = TaskRef { node, path, ..*at };
            Box::new(TaskName::new(graph, checkpoint_id, &failed))
        });
        TaskName {
            checkpoint_id,
            step: at.step,
            node: graph.node_name(at.node),
            path: at.path,
            failed,
            triggers: graph.trigger_names(at),
        }
    }
}
