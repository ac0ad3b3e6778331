//! Keeps threads in an SQLite file, in LangGraph's tables and format.

use std::path::Path;
use std::sync::Arc;

use langferry_checkpoint::{DyingStore, Sqlite, Store};
use langferry_pystd::Exception;

use crate::compiled::CompiledGraph;
use crate::config::RunConfig;
use crate::saver::stored::{StoredThread, raised};
use crate::saver::{SavedThread, Saver};

/// Keeps threads in an SQLite file that LangGraph's `SqliteSaver` reads and writes as well: a thread begun
/// by either goes on with the other.
#[derive(Clone)]
pub struct SqliteSaver(Arc<dyn Store>);

impl SqliteSaver {
    /// Opens a file, which is made if there is none.
    ///
    /// # Errors
    /// `OperationalError` when it cannot be opened or is no database.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Exception> {
        let opened = Sqlite::open(path).map_err(raised)?;
        Ok(SqliteSaver(Arc::new(opened)))
    }

    /// The same, ending the process as a crash would once it has stored so many things. For tests.
    #[must_use]
    pub(crate) fn dying_after(self, stores: u64) -> Self {
        SqliteSaver(Arc::new(DyingStore::new(self.0, stores)))
    }
}

impl Saver for SqliteSaver {
    fn open(
        &self,
        graph: &CompiledGraph,
        config: &RunConfig,
    ) -> Result<Box<dyn SavedThread>, Exception> {
        let store = Arc::clone(&self.0);
        Ok(Box::new(StoredThread::open(store, graph, config)))
    }
}
