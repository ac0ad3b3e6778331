//! The sans-IO engine: LangGraph's superstep algorithm as a state machine.
//!
//! A driver builds a [`Graph`] with [`StateGraph`], starts a [`Run`] and repeats: call [`Run::next`],
//! pass its events on, perform its calls, hand the results to [`Run::complete`] and [`Run::routed`].
//! Calls may run at the same time and finish in any order; the engine keeps the planned order. One
//! `next` does all that can be done without the driver, so a superstep without routers is one batch of
//! calls ([`Run::follow_ups`] adds the routers to it). A driver that performs calls where they come up can
//! have the engine ask it for them on the way ([`Performer`]). The engine has no threads, clock, randomness or
//! I/O, and knows values only through [`Host`].
//!
//! ```
//! use std::sync::Arc;
//! use langferry_core::*;
//!
//! /// Values are whole numbers; the only reducer adds.
//! struct Numbers;
//! impl Host for Numbers {
//!     type Value = i64;
//!     type Error = String;
//!     fn reduce(&mut self, _: ReducerId, current: i64, update: i64) -> Result<i64, String> {
//!         Ok(current + update)
//!     }
//!     fn initial(&mut self, _: ReducerId) -> Option<i64> {
//!         Some(0)
//!     }
//! }
//!
//! let mut graph = StateGraph::new();
//! graph.add_channel("total", ChannelKind::Reducer(ReducerId(0)))?;
//! graph.add_node(NodeSpec::new("double", ["total"]))?;
//! graph.add_edge(START, "double")?;
//! let targets = Some(vec!["double".to_owned(), END.to_owned()]);
//! let input = vec!["total".to_owned()];
//! graph.add_branch("double", BranchSpec { name: "enough".to_owned(), input, targets })?;
//! let graph = Arc::new(graph.compile()?);
//!
//! let total = graph.channel_id("total").unwrap();
//! let config = Config { interest: Interest::STREAMS, ..Config::new(25) };
//! let mut run = Run::new(Arc::clone(&graph), Start::Input(vec![(total, 3)]), None, config);
//! let mut host = Numbers;
//! let outcome = loop {
//!     let step = run.next(&mut host);
//!     for event in step.events {
//!         // into the streams the user asked for
//!         drop(event);
//!     }
//!     for call in step.calls {
//!         match call {
//!             Call::Node { task, input: Input::State(values), .. } => {
//!                 let (_, value) = values[0];
//!                 run.complete(task, Ok(vec![(total, value)].into()));
//!             }
//!             Call::Node { .. } => unreachable!("nothing is sent here"),
//!             Call::Route { task, input, .. } => {
//!                 let next = if input[0].1 >= 20 { END } else { "double" };
//!                 run.routed(task, Ok(vec![next.into()]));
//!             }
//!         }
//!     }
//!     if let Some(outcome) = step.outcome {
//!         break outcome;
//!     }
//! };
//! assert!(matches!(outcome, Outcome::Finished { values } if values == [(total, 24)]));
//! # Ok::<(), GraphError>(())
//! ```
//!
//! The specification is LangGraph 1.2.22, down to the order of writes and the text of errors. A superstep
//! costs what it touches: changed channels and tasks. Only with a saver it also costs a pointer for each
//! channel, as a checkpoint holds them all.
//!
//! Not carried, so that a face has to refuse it: channels other than
//! [`ChannelKind`]'s, managed values, and a `Send` to [`START`] (an [`EngineError::Unsupported`]).

mod begin;
mod builder;
mod call;
mod called;
mod channel;
mod checkpoint;
mod config;
mod delta;
mod error;
mod event;
mod execute;
mod finish;
mod graph;
mod graph_error;
mod groups;
mod handlers;
mod host;
mod ids;
mod inspection;
mod names;
mod performing;
mod plan;
mod results;
mod run;
mod saving;
mod scratchpad;
mod shown;
mod state;
mod stats;
mod subscribed;
mod sync;
mod task;
mod update;
mod values;
mod write;

pub use builder::{BranchSpec, NodeSpec, StateGraph};
pub use call::{Call, Input, NodeOutput, NodeResult, RouteResult, Send, Target};
pub use called::{Called, CalledName, CalledResult, Caller, Returned};
pub use channel::Signal;
pub use checkpoint::{Checkpoint, Counter, Saved, Source};
pub use config::{
    Breakpoints, Command, Config, DeltaConfig, Outcome, Output, Replay, Resume, Start, Step, Stop,
};
pub use delta::{KeptDeltas, LastCheckpoint};
pub use error::{EngineError, Error, Failure, NewInterrupt};
pub use event::{Event, Interest, Order, Update};
pub use graph::{ChannelKind, END, Graph, ROOT, START};
pub use graph_error::GraphError;
pub use host::{Host, TaskName};
pub use ids::{BranchId, CalledRef, ChannelId, HostedId, NodeId, ReducerId, TaskPath, TaskRef};
pub use inspection::{Inspection, PlannedTask};
pub use names::{Names, ShortNames};
pub use performing::{Performed, Performer};
pub use run::Run;
pub use scratchpad::{NullResume, Scratchpad};
pub use stats::Stats;
pub use subscribed::{SubscribedGraph, Subscriber};
pub use values::Values;
pub use write::{Interrupt, PendingWrites, Write, Writer};
