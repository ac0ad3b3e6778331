//! The sans-IO engine: LangGraph's superstep algorithm as a state machine.
//!
//! A driver builds a [`Graph`] with [`StateGraph`], starts a [`Run`] and repeats: call [`Run::next`],
//! pass its events on, perform its calls, hand the results to [`Run::complete`] and [`Run::routed`].
//! Calls may run at the same time and finish in any order; the engine keeps the planned order. One
//! `next` does all that can be done without the driver, so a superstep without routers is one batch of
//! calls. The engine has no threads, clock, randomness or I/O, and knows values only through [`Host`].
//!
//! The specification is LangGraph 1.2.22, down to the order of writes and the text of errors.

mod builder;
mod call;
mod checkpoint;
mod config;
mod error;
mod event;
mod graph;
mod graph_error;
mod host;
mod ids;
mod scratchpad;
mod stats;
mod write;

pub use builder::{BranchSpec, NodeSpec, StateGraph};
pub use call::{Call, Input, NodeOutput, NodeResult, RouteResult, Send, Target, Values};
pub use checkpoint::{Checkpoint, Saved, Source};
pub use config::{Breakpoints, Command, Config, Outcome, Output, Resume, Start, Step};
pub use error::{EngineError, Error, Failure, NewInterrupt};
pub use event::{Event, Interest, Order, Update};
pub use graph::{ChannelKind, END, Graph, ROOT, START};
pub use graph_error::GraphError;
pub use host::{Host, TaskName};
pub use ids::{BranchId, ChannelId, NodeId, ReducerId, TaskPath, TaskRef};
pub use scratchpad::{NullResume, Scratchpad};
pub use stats::Stats;
pub use write::{Interrupt, PendingWrites, Write, Writer};
