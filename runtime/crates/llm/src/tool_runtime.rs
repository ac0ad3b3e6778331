//! What a tool may ask of the run that calls it, beside its arguments.

use langferry::Context;
use langferry_pystd::{Dict, Exception, Int, Truthy, Value};

use crate::kwargs::dict;

/// What LangGraph copies from `configurable` to a config's `metadata`.
const IN_METADATA: [&str; 6] = [
    "thread_id",
    "checkpoint_id",
    "checkpoint_ns",
    "run_id",
    "assistant_id",
    "graph_id",
];

/// The run that calls a tool; without one, nothing can be asked of it. Clones are the same.
#[derive(Clone, Debug, Default)]
pub struct ToolRuntime {
    context: Option<Context>,
    state: Option<Value>,
    call_id: Value,
    is_awaited: bool,
}

impl ToolRuntime {
    /// The run that a node is a part of.
    #[must_use]
    pub fn new(context: &Context) -> Self {
        ToolRuntime {
            context: Some(context.clone()),
            ..Self::default()
        }
    }

    /// The same with the state that the tools' node is given.
    #[must_use]
    pub fn with_state(mut self, state: Value) -> Self {
        self.state = Some(state);
        self
    }

    /// The same for a tool that is waited for (`ainvoke`).
    #[must_use]
    pub fn awaited(mut self) -> Self {
        self.is_awaited = true;
        self
    }

    /// Whether the tool is waited for.
    pub(crate) fn is_awaited(&self) -> bool {
        self.is_awaited
    }

    pub(crate) fn for_call(&self, id: &Value) -> Self {
        ToolRuntime {
            call_id: id.clone(),
            ..self.clone()
        }
    }

    /// What the node that calls the tool is given next to the state.
    ///
    /// # Errors
    /// Unsupported, when no node calls the tool.
    pub fn context(&self) -> Result<&Context, Exception> {
        let missing = || Exception::unsupported("a tool that needs its run, called by no node");
        self.context.as_ref().ok_or_else(missing)
    }

    /// `Annotated[..., InjectedState]`
    ///
    /// # Errors
    /// Unsupported, when it is not known.
    pub fn state(&self) -> Result<Value, Exception> {
        let missing = || Exception::unsupported("a tool that needs the state, called without it");
        self.state.clone().ok_or_else(missing)
    }

    /// `Annotated[str, InjectedToolCallId]`
    #[must_use]
    pub fn tool_call_id(&self) -> Value {
        self.call_id.clone()
    }

    /// `config: RunnableConfig`, as bridged functions are given it.
    ///
    /// # Errors
    /// Unsupported, when no node calls the tool.
    pub fn config(&self) -> Result<Value, Exception> {
        let config = self.context()?.config();
        let configurable: Dict<Value, Value> = config
            .all_configurable()
            .items()
            .map(|(key, value)| (key.as_str().into(), value.clone()))
            .collect();
        let metadata: Dict<Value, Value> = configurable
            .items()
            .filter(|(key, value)| {
                IN_METADATA.iter().any(|x| **key == Value::from(*x)) && value.truthy()
            })
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        Ok(dict([
            ("metadata", Value::Dict(metadata)),
            ("callbacks", Value::None),
            ("configurable", Value::Dict(configurable)),
            (
                "recursion_limit",
                Int::from(config.recursion_limit()).into(),
            ),
        ]))
    }
}
