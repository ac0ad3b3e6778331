//! A message in the form of Groq's chat completions.

use langferry::messages::is_instance;
use langferry_pystd::{Dict, Exception, Truthy, Value};

use crate::kwargs::{get, items, text};
use crate::openai::outgoing_calls;

/// The message as it is sent.
///
/// # Errors
/// Unsupported for messages and content blocks not known here.
pub(super) fn message(message: &Value) -> Result<Value, Exception> {
    let is = |class: &str| is_instance(message, class);
    let content = message.attr("content")?;
    let additional = message.attr("additional_kwargs")?;
    let role: Value = if is("HumanMessage") {
        "user".into()
    } else if is("AIMessage") {
        "assistant".into()
    } else if is("SystemMessage") {
        "system".into()
    } else if is("ToolMessage") {
        "tool".into()
    } else if is("ChatMessage") {
        message.attr("role")?
    } else {
        return Err(Exception::unsupported(format!("{message} sent to Groq")));
    };
    let is_text = |block: &&Value| text(get(block, "type")) == Some("text");
    let known = |block: &Value| {
        is_text(&block) || matches!(text(get(block, "type")), Some("image_url" | "tool_use"))
    };
    if !items(&content).iter().all(known) {
        return Err(Exception::unsupported("a content block sent to Groq"));
    }
    let mut sent = Dict::from([
        (Value::from("role"), role),
        ("content".into(), content.clone()),
    ]);
    if is("ToolMessage") {
        sent.insert("tool_call_id", message.attr("tool_call_id")?);
    }
    if is("AIMessage") {
        if let Value::List(blocks) = &content {
            let texts: Vec<Value> = blocks.iter().filter(is_text).cloned().collect();
            let texts = if texts.is_empty() {
                "".into()
            } else {
                Value::List(texts)
            };
            sent.insert("content", texts);
        }
        let mut calls = outgoing_calls(message)?;
        if calls.is_none() && get(&additional, "tool_calls") != &Value::None {
            calls = Some(get(&additional, "tool_calls").clone());
        }
        let function = get(&additional, "function_call");
        if function != &Value::None {
            sent.insert("function_call", function.clone());
        }
        if calls.is_some() || function != &Value::None {
            let content = sent.item_mut(&Value::from("content"))?;
            if !content.truthy() {
                *content = Value::None;
            }
        }
        if let Some(calls) = calls {
            sent.insert("tool_calls", calls);
        }
    }
    if get(&additional, "name") != &Value::None {
        sent.insert("name", get(&additional, "name").clone());
    }
    Ok(Value::Dict(sent))
}
