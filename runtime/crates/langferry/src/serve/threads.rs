//! The threads this process knows of. Their states are in the saver; what is said about them is only here.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use langferry_pystd::Exception;
use serde_json::{Map, json};
use tokio::sync::{Mutex as Turn, OwnedMutexGuard};

use crate::Json;
use crate::serve::now;
use crate::serve::snapshot::{Snapshot, told_interrupts};

/// All threads that were made or run since the server was started.
#[derive(Default)]
pub(super) struct Threads(Mutex<HashMap<String, Thread>>);

struct Thread {
    created: String,
    updated: String,
    metadata: Map<String, Json>,
    /// Held while the thread runs; those who wait get it in order.
    turn: Arc<Turn<()>>,
    /// How the last run failed, if it did.
    error: Option<String>,
}

impl Thread {
    fn new(metadata: Map<String, Json>, created: String) -> Self {
        Thread {
            updated: created.clone(),
            created,
            metadata,
            turn: Arc::default(),
            error: None,
        }
    }
}

impl Threads {
    fn known(&self) -> MutexGuard<'_, HashMap<String, Thread>> {
        // nothing that holds the lock can panic halfway
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn has(&self, id: &str) -> bool {
        self.known().contains_key(id)
    }

    /// Whether the thread was not there before.
    pub(super) fn add(&self, id: &str, metadata: Map<String, Json>) -> bool {
        match self.known().entry(id.to_owned()) {
            Entry::Occupied(_) => false,
            Entry::Vacant(place) => {
                place.insert(Thread::new(metadata, now()));
                true
            }
        }
    }

    pub(super) fn forget(&self, id: &str) {
        self.known().remove(id);
    }

    /// What the run of a thread holds. A thread of an earlier process is known from then on.
    pub(super) fn turn(&self, id: &str) -> Arc<Turn<()>> {
        let mut known = self.known();
        let thread = known.entry(id.to_owned());
        let thread = thread.or_insert_with(|| Thread::new(Map::new(), now()));
        Arc::clone(&thread.turn)
    }

    /// Whether what a run holds is still that of the thread, which another one of its name may have followed.
    pub(super) fn is_turn_of(&self, id: &str, held: &OwnedMutexGuard<()>) -> bool {
        let known = self.known();
        let turn = known.get(id).map(|thread| &thread.turn);
        turn.is_some_and(|turn| Arc::ptr_eq(turn, OwnedMutexGuard::mutex(held)))
    }

    /// A run of the thread has ended.
    pub(super) fn ended(&self, id: &str, error: Option<String>) {
        if let Some(thread) = self.known().get_mut(id) {
            thread.updated = now();
            thread.error = error;
        }
    }

    /// How the last run of the thread failed, if it did.
    pub(super) fn error(&self, id: &str) -> Option<String> {
        self.known().get(id)?.error.clone()
    }

    /// The thread as the server tells of it.
    pub(super) fn told(&self, id: &str, snapshot: Option<&Snapshot>) -> Result<Json, Exception> {
        let values = snapshot.map(Snapshot::values).transpose()?;
        let interrupts = snapshot.map(told_interrupts).transpose()?;
        let stopped = snapshot.is_some_and(Snapshot::is_stopped);
        let known = self.known();
        let thread = known.get(id);
        let running = thread.is_some_and(|thread| thread.turn.try_lock().is_err());
        let failed = thread.is_some_and(|thread| thread.error.is_some());
        let status = match (running, failed, stopped) {
            (true, _, _) => "busy",
            (_, true, _) => "error",
            (_, _, true) => "interrupted",
            _ => "idle",
        };
        let stored = snapshot.map(Snapshot::created_at);
        let stored = stored.as_ref();
        Ok(json!({
            "thread_id": id,
            "created_at": thread.map(|thread| &thread.created).or(stored),
            "updated_at": thread.map(|thread| &thread.updated).or(stored),
            "metadata": thread.map(|thread| &thread.metadata).unwrap_or(&Map::new()),
            "status": status,
            "config": {},
            "values": values,
            "interrupts": interrupts.unwrap_or_else(|| json!({})),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_that_is_made_again_has_another_turn() {
        let threads = Threads::default();
        assert!(threads.add("a", Map::new()));
        assert!(!threads.add("a", Map::new()));
        let held = threads.turn("a").try_lock_owned().unwrap();
        assert!(threads.is_turn_of("a", &held));
        threads.forget("a");
        assert!(!threads.is_turn_of("a", &held));
        threads.add("a", Map::new());
        assert!(!threads.is_turn_of("a", &held));
    }
}
