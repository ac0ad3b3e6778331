//! LangGraph's stored checkpoints outside Python.
//!
//! [`codec`] is its serialisation of values, [`Store`] what its savers keep in their tables, and
//! [`Thread`] one thread in such a store while a run goes on: the engine's checkpoints by LangGraph's
//! names, so that a thread begun by either goes on with the other.

pub mod codec;
mod dying;
#[cfg(feature = "sqlite")]
mod sqlite;
mod store;
mod thread;
mod values;
mod versions;
mod writes;

pub use dying::DyingStore;
#[cfg(feature = "sqlite")]
pub use sqlite::Sqlite;
pub use store::{Place, Put, Row, Store, StoreError, StoredWrite, replaces};
pub use thread::{Setting, Thread};
pub use values::Values;
