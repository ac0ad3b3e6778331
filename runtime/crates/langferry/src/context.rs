//! What a running node can ask for: answers from people, and its run's configuration.

use std::sync::Arc;

use langferry_core::Scratchpad;
use langferry_pystd::{Exception, Int, Value};
use langferry_trace::TraceValue;

use crate::Json;
use crate::compiled::CompiledGraph;
use crate::config::RunConfig;
use crate::custom::CustomChunks;
use crate::error::GraphError;
use crate::input::Input;
use crate::state_value::{Shared, downcast_ref};
use crate::store::MemoryStore;
use crate::subgraph::run_by_node;

/// What nodes and routers are given next to the state. Clones are the same context.
#[derive(Clone, Debug)]
pub struct Context {
    run: Arc<RunScope>,
    /// There only while a node or router runs.
    scratchpad: Option<Scratchpad<Shared>>,
    remaining_steps: i64,
    /// The channels as a dict, for a node that is sent its input and reads them.
    state: Option<Value>,
    /// There only where a tool runs.
    call: Option<Arc<ToolCall>>,
}

/// What a tool is told of the call that runs it, beside its arguments.
#[derive(Debug)]
struct ToolCall {
    id: Value,
    state: Option<Value>,
}

/// What all calls of a run share.
#[derive(Debug)]
pub(crate) struct RunScope {
    pub config: RunConfig,
    /// What the graph is to the one around it, for errors.
    pub nested_in: Option<String>,
    /// Where what nodes write is kept until it is shown, if somebody watches.
    pub custom: Option<CustomChunks>,
    /// That of the outermost graph.
    pub store: Option<MemoryStore>,
}

impl Context {
    pub(crate) fn new(run: RunScope) -> Self {
        Context {
            run: Arc::new(run),
            scratchpad: None,
            remaining_steps: 0,
            state: None,
            call: None,
        }
    }

    /// The same for a run that somebody watches.
    pub(crate) fn writing_to(self, custom: CustomChunks) -> Self {
        let run = RunScope {
            config: self.run.config.clone(),
            nested_in: self.run.nested_in.clone(),
            custom: Some(custom),
            store: self.run.store.clone(),
        };
        Context {
            run: Arc::new(run),
            ..self
        }
    }

    /// A context of its own for a call with `scratchpad`.
    pub(crate) fn with(&self, scratchpad: Scratchpad<Shared>) -> Self {
        Context {
            run: Arc::clone(&self.run),
            scratchpad: Some(scratchpad),
            ..self.clone()
        }
    }

    /// Shows the calls to come the channels.
    pub(crate) fn show(&mut self, state: Option<Value>) {
        self.state = state;
    }

    /// The channels that hold a value, as a dict: for a node that was added as one that
    /// [sees the state](crate::NodeName::seeing_state), while it runs on what was sent to it.
    ///
    /// # Errors
    /// Unsupported for any other node.
    pub fn state(&self) -> Result<Value, Exception> {
        let missing = || Exception::unsupported("the state, read by a node that is not shown it");
        self.state.clone().ok_or_else(missing)
    }

    /// The same for a tool that a node runs, with the id of the call and the state as the tool is shown it.
    #[must_use]
    pub fn for_tool(&self, id: Value, state: Option<Value>) -> Self {
        Context {
            call: Some(Arc::new(ToolCall { id, state })),
            ..self.clone()
        }
    }

    /// `runtime.state` of a tool.
    ///
    /// # Errors
    /// Unsupported, where no `ToolNode` runs it.
    pub fn tool_state(&self) -> Result<Value, Exception> {
        let missing = || Exception::unsupported("a tool that needs the state, called without it");
        let state = self.call.as_ref().and_then(|call| call.state.clone());
        state.ok_or_else(missing)
    }

    /// `runtime.tool_call_id` of a tool; `None` where it is not run for a call.
    #[must_use]
    pub fn tool_call_id(&self) -> Value {
        self.call
            .as_ref()
            .map(|call| call.id.clone())
            .unwrap_or_default()
    }

    /// Lends the context to a call with `scratchpad`.
    pub(crate) fn lent<T>(
        &mut self,
        scratchpad: Scratchpad<Shared>,
        call: impl FnOnce(&Context) -> T,
    ) -> T {
        self.scratchpad = Some(scratchpad);
        let result = call(self);
        self.scratchpad = None;
        result
    }

    /// Tells the calls to come how many supersteps are left.
    pub(crate) fn count_steps(&mut self, remaining: i64) {
        self.remaining_steps = remaining;
    }

    /// How many supersteps the run may still take (`RemainingSteps`).
    #[must_use]
    pub fn remaining_steps(&self) -> i64 {
        self.remaining_steps
    }

    /// A state, as LangGraph shows it where `RemainingSteps` is a part of its schema.
    ///
    /// # Errors
    /// `TypeError`, the state is no dict.
    pub fn with_remaining_steps(&self, mut state: Value) -> Result<Value, Exception> {
        state.set_item("remaining_steps", Int::from(self.remaining_steps))?;
        Ok(state)
    }

    /// Asks a person: `interrupt(value)`.
    ///
    /// Gives the answer when the run was resumed with one. The node runs again from its start then, and each
    /// call of `interrupt` gets its answer in the order of the calls.
    ///
    /// # Errors
    /// `GraphInterrupt` when there is no answer yet; hand it on with `?`. Within a graph that is a node of
    /// another graph or run by one, an unsupported exception.
    pub fn interrupt(&self, value: impl TraceValue) -> Result<Value, Exception> {
        if let Some(place) = &self.run.nested_in {
            return Err(Exception::unsupported(format!("interrupt() in {place}")));
        }
        match self.scratchpad.as_ref().and_then(Scratchpad::answer) {
            Some(answer) => decode_value(&answer),
            None => {
                let question: Shared =
                    Arc::new(Value::from_trace(&value.to_trace()).map_err(Exception::unsupported)?);
                Err(Exception::interrupt(Arc::new(Question(question))))
            }
        }
    }

    /// Writes for whoever watches the run (`StreamWriter`); lost where nobody does.
    ///
    /// As in LangGraph, nobody watches what a graph within another one writes.
    pub fn write(&self, chunk: &impl TraceValue) {
        self.write_encoded(|| chunk.to_trace());
    }

    /// Whether somebody is shown what is written.
    #[cfg(feature = "bridge")]
    pub(crate) fn is_watched(&self) -> bool {
        self.run.custom.is_some()
    }

    pub(crate) fn write_encoded(&self, chunk: impl FnOnce() -> Json) {
        if let Some(custom) = &self.run.custom {
            custom.put(chunk());
        }
    }

    /// Runs another graph on a dict, `graph.invoke(input)` in a node: with this run's config, and without a thread of
    /// its own. Gives the channels of the graph's output schema as a dict.
    ///
    /// Nothing is awaited, so no node of that graph may need the executor that this node runs on.
    ///
    /// # Errors
    /// What the graph raises; unsupported, when it cannot be compiled.
    pub fn invoke(
        &self,
        graph: &Result<CompiledGraph, GraphError>,
        input: Value,
        recursion_limit: Option<u64>,
    ) -> Result<Value, Exception> {
        let graph = graph.as_ref().map_err(Exception::unsupported)?;
        let mut config = self.run.config.clone();
        if let Some(limit) = recursion_limit {
            config = config.with_recursion_limit(limit);
        }
        run_by_node(
            graph,
            Input::Encoded(input.to_trace()),
            config,
            self.store(),
        )
    }

    /// The store of the outermost graph, if it has one: what LangGraph gives for `store: BaseStore`.
    #[must_use]
    pub fn store(&self) -> Option<MemoryStore> {
        self.run.store.clone()
    }

    /// The run's configuration.
    #[must_use]
    pub fn config(&self) -> &RunConfig {
        &self.run.config
    }

    /// `config["configurable"].get("thread_id")`.
    #[must_use]
    pub fn thread_id(&self) -> Option<&Value> {
        self.run.config.get("thread_id")
    }
}

fn decode_value(answer: &Shared) -> Result<Value, Exception> {
    match downcast_ref::<Value>(answer) {
        Some(value) => Ok(value.clone()),
        None => Value::from_trace(&answer.encoded()).map_err(Exception::unsupported),
    }
}

/// What a `GraphInterrupt` carries from the node to the driver.
pub(crate) struct Question(pub Shared);
