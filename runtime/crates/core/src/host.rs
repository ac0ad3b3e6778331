//! What a driver supplies so that the engine can work on values it knows nothing about.

use crate::ids::{ReducerId, TaskPath};

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

    /// The value a reducer channel starts with, or `None` when its first write becomes its value.
    fn initial(&mut self, reducer: ReducerId) -> Option<Self::Value>;

    /// The wrapped value when `value` is an `Overwrite` for a reducer channel.
    fn overwrite(&mut self, value: &Self::Value) -> Option<Self::Value> {
        let _ = value;
        None
    }

    /// A new id for the checkpoint made at `step`. Interrupt ids are derived from it.
    fn checkpoint_id(&mut self, step: i64) -> String {
        step.to_string()
    }

    /// The id of an interrupt, given how many answers its task already has.
    ///
    /// It must depend on nothing but its arguments: it is asked again when a run is resumed by id.
    fn interrupt_id(&mut self, task: &TaskName<'_>, answered: usize) -> String {
        let path = match task.path {
            TaskPath::Pull => "pull".to_owned(),
            TaskPath::Push(index) => format!("push{index}"),
        };
        let TaskName {
            checkpoint_id,
            step,
            node,
            ..
        } = task;
        format!("{checkpoint_id}:{step}:{node}:{path}:{answered}")
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
    /// Names of all channels that can trigger the task, sorted.
    pub triggers: Vec<&'a str>,
}
