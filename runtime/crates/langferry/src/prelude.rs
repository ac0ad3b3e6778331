//! Everything a generated module names.

pub use langferry_core::{END, START};
pub use langferry_macros::{Record, State};
pub use langferry_pystd::*;
pub use langferry_trace::TraceValue;

pub use crate::command::Command;
pub use crate::compiled::CompiledGraph;
pub use crate::config::RunConfig;
pub use crate::context::Context;
pub use crate::error::GraphError;
pub use crate::graph::{NodeName, StateGraph};
pub use crate::input::Input;
pub use crate::node::{NodeOutput, NodeResult};
pub use crate::path_map::PathMap;
pub use crate::saver::{MemorySaver, StoredSaver};
pub use crate::send::Send;
pub use crate::shape::{Bound, Shape, require_shape};
pub use crate::slot::{Slot, require_fields};
pub use crate::state::State;
pub use crate::store::MemoryStore;
pub use crate::target::{RouteResult, Target};
pub use crate::update::Update;
