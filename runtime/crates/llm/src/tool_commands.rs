//! Commands that tools return.

use langferry::messages::is_instance;
use langferry::objects;
use langferry_pystd::{Exception, Value};

use crate::kwargs::{get, items, text};

/// What stands for all messages where some are removed.
const REMOVE_ALL: &str = "__remove_all__";

/// The command that a tool has returned for `call`, whose messages answer it.
///
/// `of_state` says that the node is given a state, and not the call alone.
///
/// # Errors
/// `ValueError` where a command for this graph does not answer the call; unsupported for an update that is neither
/// a dict nor `None`, and for messages that are none yet.
pub(crate) fn checked(
    mut command: Value,
    call: &Value,
    messages_key: &str,
    of_state: bool,
) -> Result<Value, Exception> {
    let unsupported = |what: &str| Exception::unsupported(format!("a tool's Command with {what}"));
    let mut update = match command.attr("update")? {
        Value::None => return Ok(command),
        update @ Value::Dict(_) => update,
        _ => return Err(unsupported("an update that is no dict")),
    };
    let mut messages = match get(&update, messages_key) {
        Value::None => Vec::new(),
        Value::List(messages) => messages.clone(),
        _ => return Err(unsupported("messages that are no list")),
    };
    if messages.iter().any(|x| !is_instance(x, "BaseMessage")) {
        return Err(unsupported("messages that are not objects"));
    }
    if let [one] = &messages[..]
        && is_instance(one, "RemoveMessage")
        && text(&one.attr("id")?) == Some(REMOVE_ALL)
    {
        return Ok(command);
    }
    let mut answers = false;
    for message in &mut messages {
        if is_instance(message, "ToolMessage") && message.attr("tool_call_id")? == *get(call, "id")
        {
            let named = std::mem::take(message);
            *message = objects::with_field(named, "name", get(call, "name").clone())?;
            answers = true;
        }
    }
    if !answers && command.attr("graph")? == Value::None {
        return Err(unanswered(call, &messages, of_state)?);
    }
    if !items(get(&update, messages_key)).is_empty() {
        update.set_item(messages_key, Value::List(messages))?;
    }
    if let Value::Record { fields, .. } = &mut command {
        fields.insert("update", update);
    }
    Ok(command)
}

/// The error of a command without an answer to its call.
fn unanswered(call: &Value, messages: &[Value], of_state: bool) -> Result<Exception, Exception> {
    let example = match of_state {
        true => {
            "`Command(update={\"messages\": [ToolMessage(\"Success\", tool_call_id=tool_call_id), ...]}, ...)`"
        }
        false => {
            "`Command(update=[ToolMessage(\"Success\", tool_call_id=tool_call_id), ...], ...)`"
        }
    };
    let name = text(get(call, "name")).unwrap_or_default();
    let got = objects::repr_of(&Value::List(messages.to_vec()))?;
    Ok(Exception::value_error(format!(
        "Expected to have a matching ToolMessage in Command.update for tool '{name}', got: {got}. Every tool call \
         (LLM requesting to call a tool) in the message history MUST have a corresponding ToolMessage. You can fix it \
         by modifying the tool to return {example}."
    )))
}
