//! The events of a trace.
//!
//! Generated from `trace.schema.json` by `build_support/generate_trace.py`; edit the schema.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// The version of the schema these types were made from.
pub const SCHEMA_VERSION: i64 = 1;

/// An exception as a user meets it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TraceError {
    /// The bare name of the exception's class.
    pub r#type: String,
    /// What `str()` of the exception gives.
    pub message: String,
}

/// What one `interrupt()` showed to the outside. Ids are left out: they come from checkpoint ids.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InterruptValue {
    /// The interrupt's payload.
    pub value: Json,
}

/// The first line: who recorded what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// The version of this schema.
    pub schema: i64,
    /// What ran the graph, say `langgraph`, `shim`, `python` or `crate`.
    pub engine: String,
    /// The engine's version.
    pub engine_version: String,
    /// The program, as the case names it.
    pub program: String,
    /// The name of the case.
    pub case: String,
}

/// Whether `value` is an input or the answer to an interrupt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunStartKind {
    /// `input`
    Input,
    /// `resume`
    Resume,
}

/// The graph is called.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunStart {
    /// The position of the run in its case, from 0.
    pub run: i64,
    /// Whether `value` is an input or the answer to an interrupt.
    pub kind: RunStartKind,
    /// The input, or the resume value.
    pub value: Json,
}

/// A task was planned for a superstep.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// The run it belongs to.
    pub run: i64,
    /// The superstep, numbered as LangGraph's debug stream does: the first nodes of a new thread run in
    /// step 1.
    pub step: i64,
    /// The node.
    pub name: String,
    /// The channels that triggered it, sorted; internal ones as LangGraph names them.
    pub triggers: Vec<String>,
    /// What the node is given.
    pub input: Json,
}

/// What the updates stream shows for one task.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Update {
    /// The run it belongs to.
    pub run: i64,
    /// The superstep of the task.
    pub step: i64,
    /// The node.
    pub node: String,
    /// None, the update, or a list of updates.
    pub value: Json,
}

/// A task ended. In a superstep of several tasks of which one fails, which others still end is a
/// matter of timing; readers leave such results and updates out before they compare.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TaskResult {
    /// The run it belongs to.
    pub run: i64,
    /// The superstep of the task.
    pub step: i64,
    /// The node.
    pub name: String,
    /// Writes to state channels in the order they were made. LangGraph's stream groups the writes of
    /// one channel; readers do so before they compare.
    pub writes: Vec<(String, Json)>,
    /// The exception the node raised.
    pub error: Option<TraceError>,
    /// What the task interrupted with.
    pub interrupts: Vec<InterruptValue>,
}

/// The superstep stopped to ask. One event for all its interrupts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Interrupt {
    /// The run it belongs to.
    pub run: i64,
    /// The superstep that stopped.
    pub step: i64,
    /// The interrupts, in planned order of their tasks; empty for a static breakpoint.
    pub interrupts: Vec<InterruptValue>,
}

/// A chunk of the values stream. Chunks that only repeat the state to carry `__interrupt__` are
/// left out: the interrupt event says it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Values {
    /// The run it belongs to.
    pub run: i64,
    /// The superstep after which the state was so: 0 for a new thread's input, and the step before the
    /// first one run for what a resumed run starts from.
    pub step: i64,
    /// The output channels that hold something.
    pub value: Json,
}

/// How it ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunEndStatus {
    /// `finished`
    Finished,
    /// `interrupted`
    Interrupted,
    /// `failed`
    Failed,
}

/// The call returned or raised.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunEnd {
    /// The run it belongs to.
    pub run: i64,
    /// How it ended.
    pub status: RunEndStatus,
    /// What `invoke` returns, without `__interrupt__`: the last values chunk; None when there was none
    /// or the run failed.
    pub output: Json,
    /// The exception that came out of the call.
    pub error: Option<TraceError>,
}

/// One line of a trace: what a graph did, told so that two engines can be compared. A trace is JSON
/// lines: one header, then the case's runs in order, each from run_start to run_end. Events of a
/// superstep stand in the order in which its tasks were planned, whatever order they finished in:
/// all task events, then for every task its update and its task_result, then interrupt, then
/// values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum TraceEvent {
    /// The first line: who recorded what.
    Header(Header),
    /// The graph is called.
    RunStart(RunStart),
    /// A task was planned for a superstep.
    Task(Task),
    /// What the updates stream shows for one task.
    Update(Update),
    /// A task ended. In a superstep of several tasks of which one fails, which others still end is a
    /// matter of timing; readers leave such results and updates out before they compare.
    TaskResult(TaskResult),
    /// The superstep stopped to ask. One event for all its interrupts.
    Interrupt(Interrupt),
    /// A chunk of the values stream. Chunks that only repeat the state to carry `__interrupt__` are
    /// left out: the interrupt event says it.
    Values(Values),
    /// The call returned or raised.
    RunEnd(RunEnd),
}

impl From<Header> for TraceEvent {
    fn from(event: Header) -> Self {
        Self::Header(event)
    }
}

impl From<RunStart> for TraceEvent {
    fn from(event: RunStart) -> Self {
        Self::RunStart(event)
    }
}

impl From<Task> for TraceEvent {
    fn from(event: Task) -> Self {
        Self::Task(event)
    }
}

impl From<Update> for TraceEvent {
    fn from(event: Update) -> Self {
        Self::Update(event)
    }
}

impl From<TaskResult> for TraceEvent {
    fn from(event: TaskResult) -> Self {
        Self::TaskResult(event)
    }
}

impl From<Interrupt> for TraceEvent {
    fn from(event: Interrupt) -> Self {
        Self::Interrupt(event)
    }
}

impl From<Values> for TraceEvent {
    fn from(event: Values) -> Self {
        Self::Values(event)
    }
}

impl From<RunEnd> for TraceEvent {
    fn from(event: RunEnd) -> Self {
        Self::RunEnd(event)
    }
}
