//! Where a thread's state is kept between runs.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use langferry_core::Checkpoint;
use langferry_pystd::Exception;

use crate::state_value::Shared;

/// Keeps the latest checkpoint of every thread.
///
/// A checkpoint's slots belong to the graph that made it: one saver serves one graph.
pub trait Saver: Send + Sync {
    /// The latest checkpoint of `thread`.
    ///
    /// # Errors
    /// When it cannot be read.
    fn load(&self, thread: &str) -> Result<Option<Arc<Checkpoint<Shared>>>, Exception>;

    /// Replaces the checkpoint of `thread`.
    ///
    /// # Errors
    /// When it cannot be written.
    fn save(&self, thread: &str, checkpoint: Arc<Checkpoint<Shared>>) -> Result<(), Exception>;
}

/// Keeps checkpoints in this process.
#[derive(Debug, Default)]
pub struct MemorySaver(Mutex<HashMap<String, Arc<Checkpoint<Shared>>>>);

impl MemorySaver {
    /// An empty saver.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl Saver for MemorySaver {
    fn load(&self, thread: &str) -> Result<Option<Arc<Checkpoint<Shared>>>, Exception> {
        // a panic elsewhere cannot leave the map half changed
        let threads = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(threads.get(thread).cloned())
    }

    fn save(&self, thread: &str, checkpoint: Arc<Checkpoint<Shared>>) -> Result<(), Exception> {
        let mut threads = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        threads.insert(thread.to_owned(), checkpoint);
        Ok(())
    }
}
