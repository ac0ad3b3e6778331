//! A message in the form of OpenAI's chat completions.

use langferry::messages::is_instance;
use langferry_pystd::json::{Dumps, dumps_with};
use langferry_pystd::{Dict, Exception, Truthy, Value};

use crate::kwargs::{dict, get, items, text};

/// The blocks of other vendors' APIs that OpenAI's has no place for.
const DROPPED: [&str; 5] = [
    "tool_use",
    "thinking",
    "reasoning_content",
    "function_call",
    "code_interpreter_call",
];

/// The message as it is sent.
///
/// # Errors
/// Unsupported for content blocks not known here.
pub(super) fn message(message: &Value) -> Result<Value, Exception> {
    let content = content(&message.attr("content")?)?;
    let additional = message.attr("additional_kwargs")?;
    let mut sent = Dict::from([(Value::from("content"), content)]);
    let name = match message.attr("name")? {
        name if name.truthy() => name,
        _ => get(&additional, "name").clone(),
    };
    if name != Value::None {
        sent.insert("name", name);
    }
    let is = |class: &str| is_instance(message, class);
    if is("HumanMessage") {
        sent.insert("role", "user");
    } else if is("SystemMessage") {
        let role = match get(&additional, "__openai_role__") {
            Value::None => "system".into(),
            role => role.clone(),
        };
        sent.insert("role", role);
    } else if is("AIMessage") {
        sent.insert("role", "assistant");
        put_calls(message, &additional, &mut sent)?;
    } else if is("ToolMessage") {
        sent.pop_or(&Value::from("name"), Value::None);
        sent.insert("role", "tool");
        sent.insert("tool_call_id", message.attr("tool_call_id")?);
        if let Ok(Value::List(blocks)) = sent.item_mut(&Value::from("content")) {
            for block in blocks.iter_mut() {
                if get(block, "type") == &Value::from("text") {
                    *block = dict([
                        ("type", "text".into()),
                        ("text", get(block, "text").clone()),
                    ]);
                }
            }
        }
    } else if is("FunctionMessage") {
        sent.insert("role", "function");
    } else if is("ChatMessage") {
        sent.insert("role", message.attr("role")?);
    } else {
        return Err(Exception::type_error(format!("Got unknown type {message}")));
    }
    Ok(Value::Dict(sent))
}

/// The calls of an answer, which has no content then if it is empty.
fn put_calls(
    message: &Value,
    additional: &Value,
    sent: &mut Dict<Value, Value>,
) -> Result<(), Exception> {
    if let Some(calls) = calls(message)? {
        sent.insert("tool_calls", calls);
    } else if get(additional, "tool_calls") != &Value::None {
        let supported = items(get(additional, "tool_calls")).iter().map(|call| {
            let kept = ["id", "type", "function"].into_iter().filter_map(|key| {
                let value = get(call, key);
                (value != &Value::None).then(|| (key.into(), value.clone()))
            });
            Value::Dict(kept.collect())
        });
        let supported: Vec<Value> = supported.collect();
        sent.insert("tool_calls", supported);
    } else if get(additional, "function_call") != &Value::None {
        sent.insert("function_call", get(additional, "function_call").clone());
    } else {
        return Ok(());
    }
    let content = sent.item_mut(&Value::from("content"))?;
    if !content.truthy() {
        *content = Value::None;
    }
    Ok(())
}

/// The calls of an answer as they are sent, the invalid ones too; nothing where there are none.
pub(crate) fn calls(message: &Value) -> Result<Option<Value>, Exception> {
    let (calls, invalid) = (
        message.attr("tool_calls")?,
        message.attr("invalid_tool_calls")?,
    );
    if !calls.truthy() && !invalid.truthy() {
        return Ok(None);
    }
    let valid = items(&calls).iter().map(|call| {
        let arguments = dumps_with(get(call, "args"), &Dumps::UNESCAPED)?;
        Ok(outgoing_call(call, arguments.into()))
    });
    let invalid = items(&invalid)
        .iter()
        .map(|call| Ok(outgoing_call(call, get(call, "args").clone())));
    let all = valid.chain(invalid).collect::<Result<_, Exception>>()?;
    Ok(Some(Value::List(all)))
}

fn outgoing_call(call: &Value, arguments: Value) -> Value {
    dict([
        ("type", "function".into()),
        ("id", get(call, "id").clone()),
        (
            "function",
            dict([
                ("name", get(call, "name").clone()),
                ("arguments", arguments),
            ]),
        ),
    ])
}

fn content(content: &Value) -> Result<Value, Exception> {
    let blocks = match content {
        Value::List(blocks) if !blocks.is_empty() => blocks,
        other => return Ok(other.clone()),
    };
    let mut sent = Vec::new();
    for block in blocks {
        match text(get(block, "type")) {
            Some(kind) if DROPPED.contains(&kind) => {}
            // Anthropic's form of a picture
            Some("image") if matches!(get(block, "source"), Value::Dict(_)) => {
                sent.extend(picture(get(block, "source")));
            }
            Some("image" | "audio" | "file" | "video" | "non_standard" | "reasoning") => {
                return Err(Exception::unsupported(format!(
                    "a content block of type {}",
                    get(block, "type")
                )));
            }
            Some("text") if get(block, "extras") != &Value::None => {
                return Err(Exception::unsupported("a content block with extras"));
            }
            _ => sent.push(block.clone()),
        }
    }
    Ok(Value::List(sent))
}

fn picture(source: &Value) -> Option<Value> {
    let url = match text(get(source, "type"))? {
        "base64" => {
            let (kind, data) = (text(get(source, "media_type"))?, text(get(source, "data"))?);
            format!("data:{kind};base64,{data}")
        }
        "url" => text(get(source, "url"))?.to_owned(),
        _ => return None,
    };
    Some(dict([
        ("type", "image_url".into()),
        ("image_url", dict([("url", url.into())])),
    ]))
}
