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
        let told = |context: &Context| context.for_tool(id.clone(), self.state.clone());
        ToolRuntime {
            call_id: id.clone(),
            context: self.context.as_ref().map(told),
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

/// What a run gives a tool for an argument of which models are not told.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Filled {
    /// `config: RunnableConfig`
    Config,
    /// `InjectedToolCallId`
    ToolCallId,
    /// `InjectedState`, where the state must have these keys.
    State(Vec<String>),
    /// `InjectedState("field")`
    Field(String),
    /// The same for an argument that has a default.
    FieldIfThere(String),
}

impl Filled {
    /// The argument; `None` where its default is to stand.
    ///
    /// # Errors
    /// `KeyError` for a field that the state lacks.
    pub(crate) fn of(&self, run: &ToolRuntime) -> Result<Option<Value>, Exception> {
        Ok(Some(match self {
            Filled::Config => run.config()?,
            Filled::ToolCallId => run.tool_call_id(),
            Filled::State(_) => run.state()?,
            Filled::Field(name) => run.state()?.item(name.as_str())?,
            Filled::FieldIfThere(name) => match run.state()? {
                Value::Dict(fields) => return Ok(fields.get(&Value::from(name.as_str())).cloned()),
                other => other.item(name.as_str())?,
            },
        }))
    }

    /// Whether the state has all that pydantic wants of it.
    pub(crate) fn is_whole(&self, run: &ToolRuntime) -> bool {
        match (self, run.state()) {
            (Filled::State(keys), Ok(Value::Dict(state))) => keys
                .iter()
                .all(|key| state.contains_key(&Value::from(key.as_str()))),
            _ => true,
        }
    }
}
