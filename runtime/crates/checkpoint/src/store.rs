//! What LangGraph's savers keep, whichever database they keep it in.

use std::fmt;

use langferry_names::channels::fixed_index;

use crate::codec::{CodecError, Typed};

/// A thread, and which graph's checkpoints in it: the outermost one's namespace is empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The thread's id as text.
    pub thread: String,
    /// LangGraph's `checkpoint_ns`.
    pub namespace: String,
}

/// A checkpoint to be stored.
#[derive(Clone, Debug)]
pub struct Put {
    /// Its id.
    pub id: String,
    /// The checkpoint it follows.
    pub parent: Option<String>,
    /// The checkpoint.
    pub checkpoint: Typed,
    /// JSON text.
    pub metadata: String,
}

/// One write of a task on a checkpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredWrite {
    /// The task's id.
    pub task: String,
    /// The task's path, by which writes are sorted.
    pub path: String,
    /// Place among the task's writes; negative for what says what happened to the task.
    pub index: i64,
    /// The channel.
    pub channel: String,
    /// The value.
    pub value: Typed,
}

/// Whether writes are stored in place of what a task has stored before: they all say what happened to it.
#[must_use]
pub fn replaces(writes: &[StoredWrite]) -> bool {
    let mut channels = writes.iter().map(|write| write.channel.as_str());
    channels.all(|channel| fixed_index(channel).is_some())
}

/// A stored checkpoint.
#[derive(Clone, Debug)]
pub struct Row {
    /// The checkpoint and what it is known by.
    pub put: Put,
    /// What was written on it, in the order in which LangGraph applies it.
    pub writes: Vec<StoredWrite>,
}

/// LangGraph's tables of checkpoints.
pub trait Store: Send + Sync {
    /// The checkpoint with an id, or the newest one.
    ///
    /// # Errors
    /// When the database cannot be read.
    fn get(&self, place: &Place, id: Option<&str>) -> Result<Option<Row>, StoreError>;

    /// All checkpoints, newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    fn list(&self, place: &Place) -> Result<Vec<Row>, StoreError>;

    /// Stores a checkpoint.
    ///
    /// # Errors
    /// When the database cannot be written.
    fn put(&self, place: &Place, put: &Put) -> Result<(), StoreError>;

    /// Stores what one task wrote on a checkpoint, all or nothing. What is stored already stays, unless
    /// the writes [replace](replaces) it.
    ///
    /// # Errors
    /// When the database cannot be written.
    fn put_writes(
        &self,
        place: &Place,
        checkpoint: &str,
        writes: &[StoredWrite],
    ) -> Result<(), StoreError>;

    /// Drops a thread: its checkpoints and what was written on them, in all namespaces.
    ///
    /// # Errors
    /// When the database cannot be written.
    fn delete(&self, thread: &str) -> Result<(), StoreError>;
}

/// Why something cannot be stored or read back.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoreError {
    /// A value that LangGraph's format does not hold, or bytes that are none of it.
    Value(CodecError),
    /// What is stored is not what this graph could have stored.
    Foreign(String),
    /// The database says no.
    Database(String),
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StoreError::Value(error) => error.fmt(f),
            StoreError::Foreign(reason) | StoreError::Database(reason) => f.write_str(reason),
        }
    }
}

impl std::error::Error for StoreError {}

impl From<CodecError> for StoreError {
    fn from(error: CodecError) -> Self {
        StoreError::Value(error)
    }
}
