//! Messages made by a program, and asked for their class.

use langferry_pystd::{Dict, Exception, PyRepr, Value};

use crate::messages::class::Class;
use crate::messages::{coercion, construction};

/// `class(**arguments)`, as `construct("ToolMessage", …)`; a positional argument is the `content`.
///
/// # Errors
/// Unsupported, where pydantic raises a `ValidationError`, and for a class that is none of messages; else what the
/// class raises itself.
pub fn construct(class: &str, arguments: Dict<String, Value>) -> Result<Value, Exception> {
    match Class::named(class) {
        Some(class) => construction::construct(class, arguments),
        None => Err(Exception::unsupported(format!("a message of {class}"))),
    }
}

/// `HumanMessage(content)`
///
/// # Errors
/// As [`construct`].
pub fn human(content: impl Into<Value>) -> Result<Value, Exception> {
    of_content("HumanMessage", content)
}

/// `AIMessage(content)`
///
/// # Errors
/// As [`construct`].
pub fn ai(content: impl Into<Value>) -> Result<Value, Exception> {
    of_content("AIMessage", content)
}

/// `SystemMessage(content)`
///
/// # Errors
/// As [`construct`].
pub fn system(content: impl Into<Value>) -> Result<Value, Exception> {
    of_content("SystemMessage", content)
}

/// `ToolMessage(content, tool_call_id=tool_call_id)`
///
/// # Errors
/// As [`construct`].
pub fn tool(content: impl Into<Value>, tool_call_id: impl Into<Value>) -> Result<Value, Exception> {
    let arguments = [
        ("content", content.into()),
        ("tool_call_id", tool_call_id.into()),
    ];
    construct("ToolMessage", named(arguments))
}

/// `RemoveMessage(id=id)`
///
/// # Errors
/// As [`construct`].
pub fn remove(id: impl Into<Value>) -> Result<Value, Exception> {
    construct(
        "RemoveMessage",
        named([("content", "".into()), ("id", id.into())]),
    )
}

/// The messages in a chat model's input: a text, or a list of what LangChain makes messages of.
///
/// # Errors
/// `ValueError` for other inputs; what LangChain raises for what it cannot make messages of.
pub fn from_input(input: Value) -> Result<Vec<Value>, Exception> {
    match input {
        Value::List(items) | Value::Tuple(items) => {
            items.into_iter().map(coercion::message).collect()
        }
        text @ Value::Str(_) => Ok(vec![human(text)?]),
        other => {
            let class = match &other {
                Value::Record { class, .. } | Value::Enum { class, .. } => class.clone(),
                other => other.py_type().into_owned(),
            };
            Err(Exception::value_error(format!(
                "Invalid input type <class '{class}'>. Must be a PromptValue, str, or list of BaseMessages."
            )))
        }
    }
}

/// `isinstance(value, class)`, for a class of messages or `BaseMessage`.
#[must_use]
pub fn is_instance(value: &Value, class: &str) -> bool {
    match Class::of(value) {
        Some((own, chunk)) => {
            let whole = class.strip_suffix("Chunk");
            match whole {
                Some(whole) => chunk && (whole == own.name() || whole == "BaseMessage"),
                None => class == own.name() || class == "BaseMessage",
            }
        }
        None => false,
    }
}

fn of_content(class: &str, content: impl Into<Value>) -> Result<Value, Exception> {
    construct(class, named([("content", content.into())]))
}

fn named<const N: usize>(arguments: [(&str, Value); N]) -> Dict<String, Value> {
    arguments
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}
