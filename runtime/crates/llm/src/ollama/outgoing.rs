//! Messages and tools in the form of Ollama's API.

use langferry::messages::is_instance;
use langferry_pystd::{Dict, Exception, Truthy, Value};

use crate::kwargs::{dict, get, items, text};

/// The message as it is sent; empty parts are left out.
///
/// # Errors
/// `TypeError` and `ValueError`, unsupported for content blocks not known here.
pub(super) fn message(message: &Value) -> Result<Value, Exception> {
    let is = |class: &str| is_instance(message, class);
    let role = if is("HumanMessage") {
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
        return Err(Exception::type_error(
            "Received unsupported message type for Ollama.",
        ));
    };
    let (mut content, mut images) = (String::new(), Vec::new());
    match message.attr("content")? {
        Value::Str(text) => content = text,
        blocks => {
            for block in items(&blocks) {
                add(block, &mut content, &mut images)?;
            }
        }
    }
    let mut sent = Dict::from([(Value::from("role"), role)]);
    if !content.is_empty() {
        sent.insert("content", content);
    }
    if !images.is_empty() {
        sent.insert("images", images);
    }
    if is("AIMessage") {
        let calls = message.attr("tool_calls")?;
        let calls: Vec<Value> = items(&calls)
            .iter()
            .map(|call| {
                let function = dict([
                    ("name", get(call, "name").clone()),
                    ("arguments", get(call, "args").clone()),
                ]);
                dict([("function", function)])
            })
            .collect();
        if !calls.is_empty() {
            sent.insert("tool_calls", calls);
        }
        let thought = message.attr("additional_kwargs")?;
        let thought = get(&thought, "reasoning_content");
        if thought.truthy() {
            sent.insert("thinking", thought.clone());
        }
    }
    Ok(Value::Dict(sent))
}

fn add(block: &Value, content: &mut String, images: &mut Vec<Value>) -> Result<(), Exception> {
    match (block, text(get(block, "type"))) {
        (Value::Str(own), _) => content.push_str(&format!("\n{own}")),
        (_, Some("text")) => {
            let own = text(get(block, "text")).unwrap_or_default();
            content.push_str(&format!("\n{own}"));
        }
        (_, Some("tool_use")) => {}
        (_, Some("image_url")) => {
            let url = match get(block, "image_url") {
                Value::Str(url) => Some(url.as_str()),
                dict => text(get(dict, "url")),
            };
            let url = url.ok_or_else(|| {
                Exception::value_error(
                    "Only string image_url or dict with string 'url' inside content parts are supported.",
                )
            })?;
            let parts: Vec<&str> = url.split(',').collect();
            images.push(Value::from(*parts.get(1).unwrap_or(&parts[0])));
        }
        (_, Some(kind @ ("image" | "audio" | "video" | "file"))) => {
            return Err(Exception::unsupported(format!(
                "a content block of type {kind}"
            )));
        }
        _ => {
            return Err(Exception::value_error(
                "Unsupported message content type. Must either have type 'text' or type 'image_url' with a \
                 string 'image_url' field.",
            ));
        }
    }
    Ok(())
}

/// The tool with the keys its SDK knows; the others are not sent.
pub(super) fn tool(tool: &Value) -> Value {
    let function = get(tool, "function");
    let parameters = get(function, "parameters");
    let mut sent = dict([("type", "function".into())]);
    let mut described = kept(function, &["name", "description"]);
    if let Value::Dict(_) = parameters {
        let mut own = kept(parameters, &["$defs", "items", "required"]);
        own.insert("type", "object");
        if let Value::Dict(properties) = get(parameters, "properties") {
            let known = ["type", "items", "description", "enum"];
            let properties = properties
                .items()
                .map(|(name, property)| (name.clone(), Value::Dict(kept(property, &known))));
            own.insert("properties", Value::Dict(properties.collect()));
        }
        described.insert("parameters", Value::Dict(own));
    }
    if let Value::Dict(keys) = &mut sent {
        keys.insert("function", Value::Dict(described));
    }
    sent
}

fn kept(dict: &Value, keys: &[&str]) -> Dict<Value, Value> {
    let kept = keys.iter().filter_map(|&key| match get(dict, key) {
        Value::None => None,
        value => Some((key.into(), value.clone())),
    });
    kept.collect()
}
