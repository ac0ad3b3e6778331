//! What nodes are and what they return.

use std::borrow::Cow;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use langferry_core::{self as core, EngineError};
use langferry_pystd::{Exception, Value, str_of};
use langferry_trace::DecodeError;

use crate::Json;
use crate::command::{Command, PARENT, is_command};
use crate::compiled::CompiledGraph;
use crate::context::Context;
use crate::error::engine_exception;
use crate::fields::Fields;
use crate::panic::{caught, caught_while_waiting};
use crate::state::{State, decode_state};
use crate::state_value::{Shared, downcast};
use crate::target::Target;
use crate::update::Update;

/// What a node gives back: writes in order, then destinations.
#[derive(Clone, Debug, Default)]
pub struct NodeOutput {
    pub(crate) writes: Vec<(Cow<'static, str>, Shared)>,
    pub(crate) goto: Vec<Target>,
}

/// What a `ParentCommand` carries from a node of a graph to the graph around it: that graph's node is taken to
/// have returned it.
pub(crate) struct ForParent(pub NodeOutput);

/// What a `ParentCommand` carries from a graph that a node has run to that node, which is taken to have returned it.
pub(crate) struct ForCaller(pub NodeOutput);

/// What a node returns. One that panics raises the [`Exception`] it panics with, or else a `Panic`, which only
/// `BaseException` is a base of.
pub type NodeResult = Result<NodeOutput, Exception>;

impl NodeOutput {
    /// `return None`.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// What a node has returned: a dict, a `Command`, or a list with commands in it.
    ///
    /// # Errors
    /// `InvalidUpdateError` for a text, a number or a bool; a `ParentCommand` for a command to the graph around this
    /// one; unsupported for what else is neither `None` nor a dict of strings.
    pub fn of(returned: Value) -> NodeResult {
        match returned {
            Value::None => Ok(Self::none()),
            Value::List(parts) | Value::Tuple(parts) if parts.iter().any(is_command) => {
                let parts: Result<Vec<_>, _> = parts.into_iter().map(Self::of).collect();
                Ok(parts?.into())
            }
            command if is_command(&command) => Self::of_command(&command),
            Value::Dict(entries) => {
                let mut update = Update::new();
                for (channel, value) in entries {
                    let Value::Str(channel) = channel else {
                        return Err(Exception::unsupported(
                            "an update with a key that is no text",
                        ));
                    };
                    update.set(channel, value);
                }
                Ok(update.into())
            }
            Value::Str(_) | Value::Int(_) | Value::Float(_) | Value::Bool(_) => {
                let value = str_of(&returned);
                Err(engine_exception(&EngineError::InvalidReturn { value }))
            }
            other => Err(Exception::unsupported(format!(
                "an update of a {}",
                other.class_name()
            ))),
        }
    }
}

/// The text of a coroutine that nobody waits for, which is all that `LangGraph` tells of it.
#[must_use]
pub fn coroutine_text(name: &str) -> String {
    let place = name.as_ptr();
    format!("<coroutine object {name} at {place:p}>")
}

impl NodeOutput {
    fn of_command(command: &Value) -> NodeResult {
        let unsupported = |what: &str| Exception::unsupported(format!("a Command with {what}"));
        if command.attr("resume")? != Value::None {
            return Err(unsupported("an answer, returned by a node"));
        }
        let writes = match command.attr("update")? {
            update @ (Value::None | Value::Dict(_)) => Self::of(update)?.writes,
            _ => return Err(unsupported("an update that is no dict")),
        };
        let output = NodeOutput {
            writes,
            goto: Target::all_of(command.attr("goto")?)?,
        };
        match command.attr("graph")? {
            Value::None => Ok(output),
            Value::Str(graph) if graph == PARENT => {
                Err(Exception::parent_command(Arc::new(ForParent(output))))
            }
            _ => Err(unsupported("the name of a graph")),
        }
    }
}

impl From<Update> for NodeOutput {
    fn from(update: Update) -> Self {
        NodeOutput {
            writes: update.into_writes(),
            goto: Vec::new(),
        }
    }
}

impl From<Command> for NodeOutput {
    fn from(command: Command) -> Self {
        NodeOutput {
            writes: command.update.into_writes(),
            goto: command.goto,
        }
    }
}

/// A node may return a list that holds commands: their writes, then their destinations.
impl<T: Into<NodeOutput>> From<Vec<T>> for NodeOutput {
    fn from(parts: Vec<T>) -> Self {
        let mut whole = NodeOutput::none();
        for part in parts.into_iter().map(Into::into) {
            let NodeOutput { writes, goto } = part;
            whole.writes.extend(writes);
            whole.goto.extend(goto);
        }
        whole
    }
}

/// A future of a node or router.
pub(crate) type Pending<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// The state a node or router is called on, before its type is known.
pub(crate) struct Given<'a> {
    /// The channels its schema names, in order.
    pub schema: &'a [core::ChannelId],
    pub input: core::Input<Shared>,
    /// Who is called, for errors.
    pub callee: &'a str,
}

impl Given<'_> {
    fn read<S: State>(self) -> Result<S, Exception> {
        let state = match self.input {
            core::Input::State(values) => {
                S::read(&mut Fields::of_channels(self.schema, values.into_vec()))
            }
            core::Input::Arg(arg) => match downcast::<S>(arg) {
                Ok(state) => Ok(Arc::unwrap_or_clone(state)),
                Err(other) => decode_argument(&other.encoded()),
            },
        };
        state.map_err(|error| {
            Exception::unsupported(format!(
                "the input of `{}` as a {}: {error}",
                self.callee,
                S::NAME
            ))
        })
    }
}

/// What `Send` gives a node stays what it is: nothing is made an object of.
fn decode_argument<S: State>(encoded: &Json) -> Result<S, DecodeError> {
    match S::OBJECT {
        None => decode_state(encoded),
        Some(object) => {
            let known: Vec<&str> = object.fields.iter().map(|field| field.name).collect();
            S::read(&mut Fields::of_object(object.class, &known, encoded)?)
        }
    }
}

type SyncFunction<T> = dyn Fn(Given<'_>, &Context) -> Result<T, Exception> + Send + Sync;
type AsyncFunction<T> = dyn Fn(Given<'_>, Context) -> Pending<Result<T, Exception>> + Send + Sync;

/// A function without its state type: `T` is what it returns.
#[derive(Clone)]
pub(crate) enum Function<T> {
    Sync(Arc<SyncFunction<T>>),
    Async(Arc<AsyncFunction<T>>),
}

impl<T: Send + 'static> Function<T> {
    pub(crate) fn sync<S: State>(
        function: impl Fn(&S, &Context) -> Result<T, Exception> + Send + Sync + 'static,
    ) -> Self {
        Function::Sync(Arc::new(move |given, context| {
            let callee = given.callee;
            let state = given.read::<S>()?;
            caught(callee, || function(&state, context))
        }))
    }

    pub(crate) fn asynchronous<S: State, F>(
        function: impl Fn(S, Context) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<T, Exception>> + Send + 'static,
    {
        Function::Async(Arc::new(move |given, context| {
            let name = given.callee.to_owned();
            // an ordinary function may make the future, and panic before it is polled
            let call = given
                .read::<S>()
                .and_then(|state| caught(&name, || Ok(function(state, context))));
            match call {
                Ok(call) => Box::pin(async move { caught_while_waiting(&name, call).await }),
                Err(error) => Box::pin(std::future::ready(Err(error))),
            }
        }))
    }
}

/// What runs when a task of a node is due.
#[derive(Clone)]
pub(crate) enum Node {
    Function(Function<NodeOutput>),
    Graph(CompiledGraph),
}

/// What decides after a node.
pub(crate) type Router = Function<Vec<Target>>;
