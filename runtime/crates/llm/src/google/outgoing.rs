//! Messages in the form of Gemini's API.

use langferry::messages::is_instance;
use langferry_pystd::json::loads;
use langferry_pystd::{Exception, Truthy, Value, re, str_of};

use crate::kwargs::{dict, get, items, text};

/// The system's instruction, and the turns of the conversation.
///
/// With `to_human` a system's message that comes first goes into the human's message right after it.
///
/// # Errors
/// Unsupported for messages and content blocks not known here.
pub(super) fn contents(
    messages: &[Value],
    to_human: bool,
) -> Result<(Option<Value>, Vec<Value>), Exception> {
    let is = is_instance;
    let mut turns = Vec::new();
    for message in messages {
        // the API would refuse it, so LangChain leaves it out
        let empty = is(message, "HumanMessage") && !message.attr("content")?.truthy();
        if !is(message, "ToolMessage") && !empty {
            turns.push(message);
        }
    }
    let mut system: Option<Vec<Value>> = None;
    let mut sent = Vec::new();
    for (place, message) in turns.into_iter().enumerate() {
        if is(message, "SystemMessage") {
            let own = parts(&message.attr("content")?)?;
            match &mut system {
                None if place == 0 => system = Some(own),
                // a later one counts only where there is a first one
                None => {}
                Some(all) => all.extend(own),
            }
        } else if is(message, "HumanMessage") {
            let mut own = parts(&message.attr("content")?)?;
            if to_human && place == 1 {
                own.splice(0..0, system.take().unwrap_or_default());
            }
            sent.push(turn("user", own));
        } else if is(message, "AIMessage") {
            answered(message, messages, &mut sent)?;
        } else {
            return Err(Exception::unsupported(format!("{message} sent to Gemini")));
        }
    }
    let system = system.map(|parts| dict([("parts", Value::List(parts))]));
    Ok((system, sent))
}

fn turn(role: &str, parts: Vec<Value>) -> Value {
    dict([("parts", Value::List(parts)), ("role", role.into())])
}

fn part(text: Value) -> Value {
    dict([("text", text)])
}

/// An answer with its calls, and the tools' answers to them.
fn answered(message: &Value, all: &[Value], sent: &mut Vec<Value>) -> Result<(), Exception> {
    let additional = message.attr("additional_kwargs")?;
    if get(&additional, "__gemini_function_call_thought_signatures__") != &Value::None {
        return Err(Exception::unsupported("a signed call sent to Gemini"));
    }
    let calls = message.attr("tool_calls")?;
    let content = match message.attr("content")? {
        Value::Str(own) if own.is_empty() => Value::List(Vec::new()),
        content => content,
    };
    let mut own = parts(&content)?;
    if items(&calls).is_empty() {
        if get(&additional, "function_call") != &Value::None {
            return Err(Exception::unsupported("a function_call sent to Gemini"));
        }
        if own.is_empty() {
            own.push(part("".into()));
        }
        sent.push(turn("model", own));
        return Ok(());
    }
    let mut results = Vec::new();
    for call in items(&calls) {
        let function = dict([
            ("args", get(call, "args").clone()),
            ("name", get(call, "name").clone()),
        ]);
        own.push(dict([("functionCall", function)]));
    }
    let mut open: Vec<&Value> = items(&calls).iter().collect();
    for answer in all {
        if !is_instance(answer, "ToolMessage") {
            continue;
        }
        let id = answer.attr("tool_call_id")?;
        if let Some(place) = open.iter().position(|call| get(call, "id") == &id) {
            results.push(result(answer, open.remove(place))?);
        }
    }
    sent.push(turn("model", own));
    if !results.is_empty() {
        sent.push(turn("user", results));
    }
    Ok(())
}

fn result(answer: &Value, call: &Value) -> Result<Value, Exception> {
    let name = match answer.attr("name")? {
        name if name.truthy() => name,
        _ => get(call, "name").clone(),
    };
    let response = match answer.attr("content")? {
        Value::Str(own) => match loads(&own) {
            Ok(read) => read,
            Err(error) if error.is("JSONDecodeError") => own.into(),
            Err(error) => return Err(error),
        },
        blocks => {
            if items(&blocks)
                .iter()
                .any(|block| text(get(block, "type")) != Some("text"))
            {
                return Err(Exception::unsupported("a tool's picture sent to Gemini"));
            }
            blocks
        }
    };
    let response = match response {
        read @ Value::Dict(_) => read,
        other => dict([("output", other)]),
    };
    let function = dict([("name", name), ("response", response)]);
    Ok(dict([("functionResponse", function)]))
}

fn parts(content: &Value) -> Result<Vec<Value>, Exception> {
    let blocks = match content {
        Value::List(blocks) => blocks,
        text => return Ok(vec![part(text.clone())]),
    };
    let mut sent = Vec::new();
    for block in blocks {
        match (block, text(get(block, "type"))) {
            (Value::Str(_), _) => sent.push(part(block.clone())),
            (_, Some("text")) => sent.push(part(get(block, "text").clone())),
            // the calls are sent as such
            (_, Some("tool_use")) => {}
            (_, Some("image_url")) => {
                let url = match get(block, "image_url") {
                    Value::Str(url) => url.clone(),
                    dict => str_of(get(dict, "url")),
                };
                sent.push(picture(&url)?);
            }
            (_, kind) => {
                return Err(Exception::unsupported(format!(
                    "a content block of type {kind:?} sent to Gemini"
                )));
            }
        }
    }
    Ok(sent)
}

/// A picture within its address; others would have to be fetched first.
fn picture(url: &str) -> Result<Value, Exception> {
    match re::match_(r"^data:(image/\w{2,4});base64,(.*)$", url, re::NONE)? {
        Some(found) => {
            let data = dict([
                ("data", found.group(2)?.into()),
                ("mime_type", found.group(1)?.into()),
            ]);
            Ok(dict([("inlineData", data)]))
        }
        None => Err(Exception::unsupported(
            "a picture by its address sent to Gemini",
        )),
    }
}
