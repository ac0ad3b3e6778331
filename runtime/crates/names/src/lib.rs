//! The names by which LangGraph's savers know checkpoints, tasks and channels.
//!
//! The engine has slots; what is stored has names, made so that either engine finds the other's again.
//! `ids` makes those that are hashes, [`channels`] the ones under which writes are stored, and
//! [`tasks`] says which task a stored id belongs to.

pub mod channels;
mod ids;
pub mod tasks;

pub use ids::{
    CallSite, called_id, digest, interrupt_id, new_checkpoint_id, node_namespace, task_id,
    task_namespace,
};
