//! What nodes write for whoever watches a run: `stream_mode="custom"`.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::Json;

/// Chunks that nobody has been shown yet. Clones are the same.
#[derive(Clone, Debug, Default)]
pub(crate) struct CustomChunks(Arc<Mutex<VecDeque<Json>>>);

impl CustomChunks {
    /// The next chunk to show.
    pub fn take(&self) -> Option<Json> {
        self.chunks().pop_front()
    }

    pub fn put(&self, chunk: Json) {
        self.chunks().push_back(chunk);
    }

    fn chunks(&self) -> MutexGuard<'_, VecDeque<Json>> {
        // nothing that holds the lock can panic halfway
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
