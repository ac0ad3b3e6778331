//! `ToolNode`: carries out the calls of an answer, at the same time, and answers each.

use std::sync::Arc;

use futures_util::future::join_all;
use langferry::messages::{construct, is_instance};
use langferry::objects;
use langferry::{command, is_command};
use langferry_pystd::json::{Dumps, dumps_with};
use langferry_pystd::{Exception, PyRepr, Truthy, Value, repr, str_of};

use crate::kwargs::{dict, get, items, kwargs, text};
use crate::tool_commands::checked;
use crate::tool_runtime::ToolRuntime;
use crate::tools::Tool;

/// What says what the model is told of an exception.
pub type ToolErrorHandler = dyn Fn(&Exception) -> Result<String, Exception> + Send + Sync;

/// What becomes of an exception that a tool raises (`handle_tool_errors`).
#[derive(Clone, Default)]
#[non_exhaustive]
pub enum ToolErrors {
    /// The model is told of wrong arguments; what a tool raises itself ends the run.
    #[default]
    WrongArguments,
    /// `False`: it ends the run.
    Raise,
    /// `True`: the model is told.
    Tell,
    /// The model is told this text.
    Say(String),
    /// The model is told of exceptions of these classes.
    TellOf(Vec<String>),
    /// The model is told what the function says.
    Ask(Arc<ToolErrorHandler>),
}

/// A node that carries out the calls of the last answer. Clones are the same node.
#[derive(Clone)]
pub struct ToolNode {
    tools: Arc<[Tool]>,
    errors: ToolErrors,
    run: ToolRuntime,
    messages_key: String,
}

impl ToolNode {
    /// `ToolNode(tools)`
    pub fn new(tools: impl IntoIterator<Item = Tool>) -> Self {
        ToolNode {
            tools: tools.into_iter().collect(),
            errors: ToolErrors::default(),
            run: ToolRuntime::default(),
            messages_key: "messages".to_owned(),
        }
    }

    /// The same node with another `messages_key`.
    #[must_use]
    pub fn messages_key(mut self, key: impl Into<String>) -> Self {
        self.messages_key = key.into();
        self
    }

    /// The same node in a run, of which its tools may ask more than their arguments.
    #[must_use]
    pub fn within(mut self, run: ToolRuntime) -> Self {
        self.run = run;
        self
    }

    /// The same node with another `handle_tool_errors`.
    #[must_use]
    pub fn handling(mut self, errors: ToolErrors) -> Self {
        self.errors = errors;
        self
    }

    /// The answers to all calls of the last `AIMessage`, in the order of the calls: messages, or commands.
    ///
    /// # Errors
    /// `ValueError` without such a message; what a tool raises, where that is not for the model.
    pub async fn invoke(&self, messages: &[Value]) -> Result<Vec<Value>, Exception> {
        let last = messages
            .iter()
            .rev()
            .find(|message| is_instance(message, "AIMessage"));
        let last = match (messages, last) {
            ([], _) => return Err(Exception::value_error("No message found in input")),
            (_, None) => return Err(Exception::value_error("No AIMessage found in input")),
            (_, Some(last)) => last,
        };
        let calls = last.attr("tool_calls")?;
        let answers = join_all(items(&calls).iter().map(|call| self.answer_in(call, true))).await;
        answers.into_iter().collect()
    }

    pub(crate) fn tools(&self) -> &[Tool] {
        &self.tools
    }

    /// The answer to one call.
    ///
    /// # Errors
    /// What a tool raises, where that is not for the model.
    pub async fn answer(&self, call: &Value) -> Result<Value, Exception> {
        self.answer_in(call, false).await
    }

    /// The answer to one call, of a node that is given a state or the call alone.
    async fn answer_in(&self, call: &Value, of_state: bool) -> Result<Value, Exception> {
        let name = text(get(call, "name")).unwrap_or_default();
        let Some(tool) = self.tools.iter().find(|tool| tool.name() == name) else {
            let known: Vec<&str> = self.tools.iter().map(Tool::name).collect();
            let content = format!(
                "Error: {name} is not a valid tool, try one of [{}].",
                known.join(", ")
            );
            return told(call, content);
        };
        let run = self.run.for_call(get(call, "id"));
        // what the state lacks ends the run
        let filled = tool.filled(&run)?;
        let answered = match tool.invoke_filled(call, filled, &run).await {
            Ok(command) if is_command(&command) => {
                checked(command, call, &self.messages_key, of_state)
            }
            Ok(answer) => plain_content(answer),
            Err(error) => Err(error),
        };
        match answered {
            Err(error) if error.is("Exception") && !error.is("GraphBubbleUp") => {
                told(call, self.handled(error)?)
            }
            answered => answered,
        }
    }

    /// What the model is told of `error`.
    fn handled(&self, error: Exception) -> Result<String, Exception> {
        match &self.errors {
            ToolErrors::WrongArguments if error.is("ToolInvocationError") => {
                Ok(error.message().to_owned())
            }
            ToolErrors::WrongArguments | ToolErrors::Raise => Err(error),
            ToolErrors::TellOf(classes) if !classes.iter().any(|class| error.is(class)) => {
                Err(error)
            }
            ToolErrors::Tell | ToolErrors::TellOf(_) => Ok(format!(
                "Error: {}\n Please fix your mistakes.",
                shown(&error)?
            )),
            ToolErrors::Say(text) => Ok(text.clone()),
            ToolErrors::Ask(handler) => handler(&error),
        }
    }
}

/// What a `ToolNode` returns: the answers, or a list with the commands among them.
#[must_use]
pub fn tool_outputs(messages_key: &str, answers: Vec<Value>) -> Value {
    let in_dict = |answers| dict([(messages_key, Value::List(answers))]);
    if !answers.iter().any(is_command) {
        return in_dict(answers);
    }
    let (going_nowhere, others): (Vec<_>, Vec<_>) =
        answers.into_iter().partition(leaves_for_no_agent);
    let outputs = others.into_iter().map(|answer| match is_command(&answer) {
        true => answer,
        false => in_dict(vec![answer]),
    });
    let mut outputs: Vec<Value> = outputs.collect();
    if let Some(first) = going_nowhere.first() {
        let graph = first.attr("graph").unwrap_or_default();
        outputs.push(command(graph, Value::None, Value::List(Vec::new())));
    }
    Value::List(outputs)
}

/// Whether it is a command to the graph around this one with an empty list to go to: LangGraph takes all of these for
/// one, of which nothing but the list is left.
fn leaves_for_no_agent(answer: &Value) -> bool {
    let of = |name: &str| answer.attr(name).unwrap_or_default();
    is_command(answer)
        && of("graph") == Value::from("__parent__")
        && matches!(of("goto"), Value::List(goto) if goto.is_empty())
}

/// `tools_condition(messages)`: `"tools"` where the last message calls some, or else `"__end__"`.
///
/// # Errors
/// `ValueError` without messages.
pub fn tools_condition(messages: &[Value]) -> Result<&'static str, Exception> {
    let Some(last) = messages.last() else {
        return Err(Exception::value_error(
            "No messages found in input state to tool_edge: {'messages': []}",
        ));
    };
    let calls = last.attr("tool_calls").unwrap_or_default();
    Ok(match items(&calls) {
        [] => "__end__",
        _ => "tools",
    })
}

/// `tools_condition(state)` of a state as a program holds it: a dict, or the list of messages.
///
/// # Errors
/// `ValueError` and `IndexError` without messages.
pub fn tools_condition_of(state: &Value) -> Result<String, Exception> {
    let messages = match state {
        Value::Dict(_) => get(state, "messages").clone(),
        Value::List(_) => state.clone(),
        other => {
            let class = other.class_name();
            return Err(Exception::unsupported(format!(
                "tools_condition() of {class}"
            )));
        }
    };
    if !messages.truthy() && matches!(state, Value::Dict(_)) {
        return Err(Exception::value_error(format!(
            "No messages found in input state to tool_edge: {}",
            objects::str_of(state)?
        )));
    }
    let last = messages.item(-1)?;
    let calls = objects::attr_or(&last, "tool_calls", Vec::<Value>::new())?;
    let next = if items(&calls).is_empty() {
        "__end__"
    } else {
        "tools"
    };
    Ok(next.to_owned())
}

fn told(call: &Value, content: String) -> Result<Value, Exception> {
    construct(
        "ToolMessage",
        kwargs([
            ("content", content.into()),
            ("name", get(call, "name").clone()),
            ("tool_call_id", get(call, "id").clone()),
            ("status", "error".into()),
        ]),
    )
}

/// `repr(error)`
fn shown(error: &Exception) -> Result<String, Exception> {
    if error.shown().is_none() {
        error.args()?;
    }
    Ok(repr(error))
}

/// A list of texts becomes the JSON of it; a list of content blocks stays as it is.
fn plain_content(mut answer: Value) -> Result<Value, Exception> {
    let content = answer.attr("content")?;
    let blocks = |content: &Value| items(content).iter().all(is_block);
    if !matches!(content, Value::Str(_))
        && !blocks(&content)
        && let Value::Record { fields, .. } = &mut answer
    {
        fields.insert("content", as_text(&content)?);
    }
    Ok(answer)
}

/// The types of content blocks in a tool's answer.
const BLOCKS: [&str; 8] = [
    "text",
    "image_url",
    "image",
    "json",
    "search_result",
    "custom_tool_call_output",
    "document",
    "file",
];

pub(crate) fn is_block(item: &Value) -> bool {
    text(get(item, "type")).is_some_and(|kind| BLOCKS.contains(&kind))
}

/// The JSON of a value, or else its `str`.
pub(crate) fn as_text(value: &Value) -> Result<String, Exception> {
    let options = Dumps {
        ensure_ascii: false,
        ..Dumps::default()
    };
    match dumps_with(value, &options) {
        Err(error) if error.is("TypeError") => match value {
            Value::Record { class, .. } | Value::Enum { class, .. } => Err(Exception::unsupported(
                format!("str() of a {class} as a tool's answer"),
            )),
            Value::Set(_) | Value::FrozenSet(_) => Err(Exception::unsupported(format!(
                "str() of a {} as a tool's answer",
                value.py_type()
            ))),
            value => Ok(str_of(value)),
        },
        read => read,
    }
}
