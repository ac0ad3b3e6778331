//! Keeps threads in this process.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use langferry_core::{Checkpoint, PendingWrites, Write, Writer};
use langferry_pystd::{Exception, Value};
use langferry_trace::TraceValue as _;

use crate::compiled::CompiledGraph;
use crate::config::RunConfig;
use crate::saver::{By, SavedThread, Saver};
use crate::state_value::Shared;

/// Keeps the latest checkpoint of every thread in this process.
///
/// A checkpoint's slots belong to the graph that made it: one saver serves one graph.
#[derive(Clone, Debug, Default)]
pub struct MemorySaver(Arc<Mutex<HashMap<String, Latest>>>);

#[derive(Clone, Debug)]
struct Latest {
    checkpoint: Arc<Checkpoint<Shared>>,
    pending: Vec<PendingWrites<Shared>>,
}

impl MemorySaver {
    /// An empty saver.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn threads(&self) -> MutexGuard<'_, HashMap<String, Latest>> {
        // a panic elsewhere cannot leave the map half changed
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Saver for MemorySaver {
    fn open(
        &self,
        _graph: &CompiledGraph,
        config: &RunConfig,
    ) -> Result<Box<dyn SavedThread>, Exception> {
        Ok(Box::new(MemoryThread {
            saver: self.clone(),
            key: key(config),
        }))
    }

    fn delete(&self, config: &RunConfig) -> Result<(), Exception> {
        self.threads().remove(&key(config));
        Ok(())
    }
}

/// As keys of a Python dict, `1` and `"1"` differ.
fn key(config: &RunConfig) -> String {
    let id = config.get("thread_id").map(Value::to_trace);
    id.unwrap_or_default().to_string()
}

struct MemoryThread {
    saver: MemorySaver,
    key: String,
}

impl SavedThread for MemoryThread {
    fn load(&mut self) -> Result<Option<Checkpoint<Shared>>, Exception> {
        let latest = self.saver.threads().get(&self.key).cloned();
        Ok(latest.map(|latest| Checkpoint {
            pending: latest.pending,
            ..(*latest.checkpoint).clone()
        }))
    }

    fn put(&mut self, checkpoint: Checkpoint<Shared>) -> Result<(), Exception> {
        let latest = Latest {
            checkpoint: Arc::new(checkpoint),
            pending: Vec::new(),
        };
        self.saver.threads().insert(self.key.clone(), latest);
        Ok(())
    }

    fn put_writes(&mut self, by: By, writes: Vec<Write<Shared>>) -> Result<(), Exception> {
        let writer = match by {
            By::Command => Writer::Input,
            By::Task { task, .. } => Writer::Task(task.node, task.path),
        };
        if let Some(latest) = self.saver.threads().get_mut(&self.key) {
            latest.pending.retain(|pending| pending.writer != writer);
            latest.pending.push(PendingWrites { writer, writes });
        }
        Ok(())
    }

    fn blocks(&self) -> bool {
        false
    }
}
