//! Where a thread's state is kept between runs.

mod memory;
mod stored;

use langferry_core::{Checkpoint, TaskRef, Write};
use langferry_pystd::Exception;

pub use crate::saver::memory::MemorySaver;
pub use crate::saver::stored::StoredSaver;

use crate::compiled::CompiledGraph;
use crate::config::RunConfig;
use crate::input::Input;
use crate::state_value::Shared;

/// Keeps the state of threads.
pub trait Saver: Send + Sync {
    /// The thread that `config` names, for a run of `graph`.
    ///
    /// # Errors
    /// When it cannot be found out.
    fn open(
        &self,
        graph: &CompiledGraph,
        config: &RunConfig,
    ) -> Result<Box<dyn SavedThread>, Exception>;

    /// Forgets the thread that `config` names.
    ///
    /// # Errors
    /// When it cannot be forgotten.
    fn delete(&self, config: &RunConfig) -> Result<(), Exception> {
        let _ = config;
        Err(Exception::unsupported("a saver that deletes no threads"))
    }
}

/// One thread in a saver, while a run goes on.
pub trait SavedThread: Send {
    /// The newest checkpoint, with what was written on it since.
    ///
    /// # Errors
    /// When it cannot be read.
    fn load(&mut self) -> Result<Option<Checkpoint<Shared>>, Exception>;

    /// The run begins with this.
    fn begin(&mut self, input: &Input) {
        let _ = input;
    }

    /// Keeps a new checkpoint, on which nothing is written yet.
    ///
    /// # Errors
    /// When it cannot be written.
    fn put(&mut self, checkpoint: Checkpoint<Shared>) -> Result<(), Exception>;

    /// Keeps what was written on the newest checkpoint, in place of what the same one wrote before.
    ///
    /// # Errors
    /// When it cannot be written.
    fn put_writes(&mut self, by: By, writes: Vec<Write<Shared>>) -> Result<(), Exception>;

    /// Whether keeping something may take so long that other tasks should not wait for it.
    fn blocks(&self) -> bool {
        true
    }
}

/// Who wrote on a checkpoint.
#[derive(Clone, Debug)]
pub enum By {
    /// The `Command` a run was given.
    Command,
    /// A task, which may have raised something.
    Task {
        /// The task.
        task: TaskRef,
        /// What it raised.
        raised: Option<Exception>,
    },
}
