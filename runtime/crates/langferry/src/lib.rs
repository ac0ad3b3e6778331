//! The facade generated programs use: typed graphs on the tokio driver.
//!
//! ```
//! use langferry::prelude::*;
//!
//! #[derive(Clone, Debug, Default, State)]
//! struct Counter {
//!     start: Slot<Int>,
//!     #[state(reducer = langferry::operator::add)]
//!     log: Slot<Vec<String>>,
//! }
//!
//! fn count(state: &Counter, _: &Context) -> NodeResult {
//!     let start = state.start()?;
//!     Ok(Counter::update().start(start + 1).log(vec![format!("from {start}")]).into())
//! }
//!
//! let mut graph = StateGraph::new::<Counter>("counter");
//! graph.add_node("count", count).add_edge(START, "count").add_edge("count", END);
//! let graph = graph.compile()?;
//!
//! let input = Counter { start: Int::from(1).into(), ..Counter::default() };
//! let output = graph.invoke_blocking(input, &RunConfig::default())?;
//! assert_eq!(output.encoded().to_string(), r#"{"start":2,"log":["from 1"]}"#);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod arguments;
#[cfg(feature = "bridge")]
pub mod bridge;
pub mod cli;
mod command;
mod compiled;
mod config;
mod context;
mod custom;
mod driver;
mod error;
#[cfg(feature = "extension")]
pub mod extension;
mod fields;
mod graph;
mod host;
mod input;
pub mod messages;
mod node;
mod object_state;
pub mod objects;
pub mod operator;
mod output;
mod panic;
mod path_map;
pub mod prelude;
mod recorder;
mod reduction;
mod saver;
mod send;
#[cfg(feature = "serve")]
mod serve;
pub mod settings;
mod shape;
mod slot;
mod state;
mod state_value;
mod store;
mod stream;
mod subgraph;
mod target;
mod trace;
mod update;
mod waiting;

/// An allocator for a binary to name as its `#[global_allocator]`. Steps make and drop many small values, which
/// it is faster at than the system's.
#[cfg(feature = "allocator")]
pub use mimalloc::MiMalloc as Allocator;

pub use langferry_checkpoint as checkpoint;
pub use langferry_checkpoint::codec::ClassKind;
pub use langferry_core::{Checkpoint, END, Interrupt, START, Write};
pub use langferry_macros::{Record, State};
pub use langferry_pystd as pystd;
pub use langferry_pystd::Exception;
pub use langferry_trace::{DecodeError, TraceValue, events};
/// An encoded value.
pub use serde_json::Value as Json;

pub use crate::command::{Command, command, is_command};
pub use crate::compiled::CompiledGraph;
pub use crate::config::RunConfig;
pub use crate::context::Context;
pub use crate::error::GraphError;
pub use crate::fields::{EncodedFields, Fields};
pub use crate::graph::{NodeName, StateGraph};
pub use crate::input::Input;
pub use crate::node::{NodeOutput, NodeResult, coroutine_text};
pub use crate::object_state::{ObjectClass, ObjectField};
pub use crate::output::Output;
pub use crate::path_map::PathMap;
pub use crate::reduction::{Change, Reduction, reduce_with};
pub use crate::saver::{By, MemorySaver, SavedThread, Saver, StoredSaver};
pub use crate::send::Send;
pub use crate::send::sent;
pub use crate::shape::{Bound, Shape, Shaped};
pub use crate::slot::Slot;
pub use crate::state::{ChannelSpec, State, decode_state, encode_state};
pub use crate::state_value::{Shared, StateValue};
pub use crate::store::MemoryStore;
pub use crate::stream::{Chunk, Chunks, StreamMode};
pub use crate::target::{IntoTargets, RouteResult, Target};
pub use crate::trace::Case;
pub use crate::update::Update;
pub use crate::waiting::wait;

#[cfg(doctest)]
#[doc = include_str!("../../../../docs/rust-api.md")]
struct Guide;
