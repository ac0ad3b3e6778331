//! A process that ends in the middle of a thread, to prove that another one can go on with it.

use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::store::{Place, Put, Row, Store, StoreError, StoredWrite};

/// A store that aborts the process once so many things have been stored: nothing is written after that,
/// and nothing is closed or told.
pub struct DyingStore {
    store: Arc<dyn Store>,
    left: AtomicU64,
}

impl DyingStore {
    /// `store`, until it has stored `stores` checkpoints and writes of tasks.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, stores: u64) -> Self {
        DyingStore {
            store,
            left: AtomicU64::new(stores),
        }
    }

    fn count(&self) {
        if self.left.fetch_sub(1, Ordering::Relaxed) == 1 {
            process::abort();
        }
    }
}

impl Store for DyingStore {
    fn get(&self, place: &Place, id: Option<&str>) -> Result<Option<Row>, StoreError> {
        self.store.get(place, id)
    }

    fn list(&self, place: &Place) -> Result<Vec<Row>, StoreError> {
        self.store.list(place)
    }

    fn put(&self, place: &Place, put: &Put) -> Result<(), StoreError> {
        self.store.put(place, put)?;
        self.count();
        Ok(())
    }

    fn put_writes(
        &self,
        place: &Place,
        checkpoint: &str,
        writes: &[StoredWrite],
    ) -> Result<(), StoreError> {
        self.store.put_writes(place, checkpoint, writes)?;
        self.count();
        Ok(())
    }

    fn delete(&self, thread: &str) -> Result<(), StoreError> {
        self.store.delete(thread)
    }
}
