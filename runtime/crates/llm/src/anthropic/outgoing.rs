//! Messages in the form of Anthropic's API.

use langferry::messages::is_instance;
use langferry_pystd::{Exception, Truthy, Value, re, str_, str_of};
use sha2::{Digest, Sha256};

use crate::kwargs::{dict, get, items, text};

/// The system's text, and the turns of the conversation.
///
/// # Errors
/// `ValueError` for several messages of the system, and for a picture's address that is none; unsupported for content
/// blocks not known here.
pub(super) fn messages(
    messages: &[Value],
    may_instruct_later: bool,
) -> Result<(Option<Value>, Vec<Value>), Exception> {
    let merged = merged(messages)?;
    let last = merged.iter().rposition(|turn| turn.role != Role::System);
    let mut system = None;
    let mut sent = Vec::new();
    for (place, turn) in merged.iter().enumerate() {
        if turn.role == Role::System {
            if place > 0 && may_instruct_later {
                return Err(Exception::unsupported(
                    "a SystemMessage within a conversation with this model",
                ));
            }
            if place > 0 && system.is_some() {
                return Err(Exception::value_error(
                    "Received multiple non-consecutive system messages.",
                ));
            }
            system = Some(system_content(&turn.content)?);
            continue;
        }
        let is_answer = turn.role == Role::Assistant;
        let mut content = content(turn)?;
        if is_answer && Some(place) == last {
            content = without_last_space(content);
        }
        if is_answer && Some(place) < last && !content.truthy() {
            continue;
        }
        let role = if is_answer { "assistant" } else { "user" };
        sent.push(dict([("role", role.into()), ("content", content)]));
    }
    Ok((
        system.filter(|system| system != &Value::List(Vec::new())),
        sent,
    ))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    System,
    User,
    Assistant,
}

/// A message, or several of one side that follow each other.
struct Turn {
    role: Role,
    content: Value,
    /// The answer itself, where it is one.
    answer: Option<Value>,
}

/// Messages of the system and of the user that follow each other become one; a tool's answer is the user's.
fn merged(messages: &[Value]) -> Result<Vec<Turn>, Exception> {
    let mut turns: Vec<Turn> = Vec::new();
    for message in messages {
        let is = |class: &str| is_instance(message, class);
        let (role, content) = if is("SystemMessage") {
            (Role::System, message.attr("content")?)
        } else if is("HumanMessage") {
            (Role::User, message.attr("content")?)
        } else if is("ToolMessage") {
            (Role::User, tool_result(message)?)
        } else if is("AIMessage") {
            (Role::Assistant, message.attr("content")?)
        } else {
            let kind = str_of(&message.attr("type")?);
            return Err(Exception::raise("KeyError", [kind.into()]));
        };
        match turns.last_mut() {
            Some(last) if last.role == role && role != Role::Assistant => {
                let mut blocks = as_blocks(&last.content);
                blocks.extend(as_blocks(&content));
                last.content = Value::List(blocks);
            }
            _ => turns.push(Turn {
                role,
                content,
                answer: (role == Role::Assistant).then(|| message.clone()),
            }),
        }
    }
    Ok(turns)
}

fn as_blocks(content: &Value) -> Vec<Value> {
    match content {
        Value::Str(_) => vec![text_block(content.clone())],
        blocks => items(blocks).to_vec(),
    }
}

fn text_block(text: Value) -> Value {
    dict([("type", "text".into()), ("text", text)])
}

fn tool_result(message: &Value) -> Result<Value, Exception> {
    let content = message.attr("content")?;
    let is_result = |block: &Value| text(get(block, "type")) == Some("tool_result");
    if content.truthy() && items(&content).iter().any(is_result) {
        return Err(Exception::unsupported(
            "a ToolMessage of tool_result blocks",
        ));
    }
    if items(&content)
        .iter()
        .any(|block| get(block, "cache_control") != &Value::None)
    {
        return Err(Exception::unsupported("cache_control in a ToolMessage"));
    }
    let failed = message.attr("status")? == Value::from("error");
    Ok(Value::List(vec![dict([
        ("type", "tool_result".into()),
        ("content", content),
        ("tool_use_id", call_id(&message.attr("tool_call_id")?)?),
        ("is_error", failed.into()),
    ])]))
}

/// The id of a call, or where Anthropic would refuse it, one made of it.
fn call_id(id: &Value) -> Result<Value, Exception> {
    let Value::Str(own) = id else {
        return Ok(id.clone());
    };
    if own.is_empty() || re::match_(r"^[a-zA-Z0-9_-]+$", own, re::NONE)?.is_some() {
        return Ok(id.clone());
    }
    let digest: String = Sha256::digest(own.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    Ok(format!("toolu_{}", &digest[..24]).into())
}

fn system_content(content: &Value) -> Result<Value, Exception> {
    let Value::List(blocks) = content else {
        return Ok(content.clone());
    };
    let blocks = blocks.iter().map(|block| match text(get(block, "type")) {
        Some("text") => Ok(narrowed(block)),
        None if matches!(block, Value::Str(_)) => Ok(text_block(block.clone())),
        _ => Err(Exception::unsupported(format!(
            "the block {block} in a SystemMessage"
        ))),
    });
    blocks.collect::<Result<_, _>>().map(Value::List)
}

/// A block of text with the keys Anthropic knows.
fn narrowed(block: &Value) -> Value {
    let known = ["type", "text", "cache_control", "citations"];
    let kept = known.into_iter().filter_map(|key| match get(block, key) {
        Value::None => None,
        value => Some((key.into(), value.clone())),
    });
    Value::Dict(kept.collect())
}

fn content(turn: &Turn) -> Result<Value, Exception> {
    let content = match &turn.content {
        Value::List(blocks) => {
            let mut sent = Vec::new();
            for block in blocks {
                sent.extend(outgoing(block, turn)?);
            }
            Value::List(sent)
        }
        text => text.clone(),
    };
    let Some(answer) = &turn.answer else {
        return Ok(content);
    };
    let (calls, invalid) = (
        answer.attr("tool_calls")?,
        answer.attr("invalid_tool_calls")?,
    );
    if !calls.truthy() && !invalid.truthy() {
        return Ok(content);
    }
    let mut blocks = match &content {
        Value::Str(text) if text.is_empty() => Vec::new(),
        content => as_blocks(content),
    };
    for call in items(&calls) {
        let id = call_id(get(call, "id"))?;
        if !used(&blocks, &id) {
            blocks.push(tool_use(get(call, "name"), get(call, "args"), id));
        }
    }
    for call in items(&invalid) {
        let (id, name) = (get(call, "id"), get(call, "name"));
        if !id.truthy() || !name.truthy() {
            continue;
        }
        let id = call_id(id)?;
        if !used(&blocks, &id) {
            let args = match get(call, "args") {
                Value::Str(args) if !args.is_empty() => langferry_pystd::json::loads(args),
                _ => Ok(dict([])),
            };
            let args = match args {
                Ok(args @ Value::Dict(_)) => args,
                _ => dict([]),
            };
            blocks.push(tool_use(name, &args, id));
        }
    }
    Ok(Value::List(blocks))
}

fn used(blocks: &[Value], id: &Value) -> bool {
    let is_use = |block: &&Value| text(get(block, "type")) == Some("tool_use");
    blocks
        .iter()
        .filter(is_use)
        .any(|block| get(block, "id") == id)
}

fn tool_use(name: &Value, args: &Value, id: Value) -> Value {
    dict([
        ("type", "tool_use".into()),
        ("name", name.clone()),
        ("input", args.clone()),
        ("id", id),
    ])
}

/// The block as it is sent, if it is.
fn outgoing(block: &Value, turn: &Turn) -> Result<Option<Value>, Exception> {
    if let Value::Str(_) = block {
        return Ok(Some(text_block(block.clone())));
    }
    match text(get(block, "type")) {
        None => Err(Exception::value_error(
            "Dict content block must have a type key",
        )),
        Some("text") => {
            let empty = str_::strip(text(get(block, "text")).unwrap_or_default()).is_empty();
            Ok((!empty).then(|| narrowed(block)))
        }
        Some("refusal") => Ok(None),
        Some("image_url") => {
            let url = get(get(block, "image_url"), "url");
            Ok(Some(dict([
                ("type", "image".into()),
                ("source", source(&str_of(url))?),
            ])))
        }
        Some("image") if get(block, "source") != &Value::None => Ok(Some(block.clone())),
        Some("tool_use") => {
            let id = get(block, "id");
            let calls = match &turn.answer {
                Some(answer) => answer.attr("tool_calls")?,
                None => Value::None,
            };
            let call = items(&calls).iter().find(|call| get(call, "id") == id);
            let (name, args) = match call {
                Some(call) => (get(call, "name"), get(call, "args")),
                None => (get(block, "name"), get(block, "input")),
            };
            Ok(Some(tool_use(name, args, call_id(id)?)))
        }
        Some("tool_result") => match get(block, "content") {
            Value::Str(_) => Ok(Some(block.clone())),
            Value::List(parts) => {
                let mut sent = Vec::new();
                for part in parts {
                    sent.extend(outgoing(part, turn)?);
                }
                let mut block = block.clone();
                block.set_item("content", sent)?;
                Ok(Some(block))
            }
            _ => Err(Exception::unsupported(
                "a tool_result block without content",
            )),
        },
        Some("thinking") => {
            let known = ["type", "thinking", "cache_control", "signature"];
            let kept = known.into_iter().filter_map(|key| match get(block, key) {
                Value::None => None,
                value => Some((key.into(), value.clone())),
            });
            Ok(Some(Value::Dict(kept.collect())))
        }
        Some(kind) => Err(Exception::unsupported(format!(
            "a content block of type {kind}"
        ))),
    }
}

/// A picture, by its address or in it.
fn source(url: &str) -> Result<Value, Exception> {
    if let Some(found) = re::match_(r"^data:(image/.+);base64,(.+)$", url, re::NONE)? {
        return Ok(dict([
            ("type", "base64".into()),
            ("media_type", found.group(1)?.into()),
            ("data", found.group(2)?.into()),
        ]));
    }
    if re::match_(r"^https?://.*$", url, re::NONE)?.is_some() {
        return Ok(dict([("type", "url".into()), ("url", url.into())]));
    }
    Err(Exception::value_error(
        "Malformed url parameter. Must be either an image URL (https://example.com/image.jpg) or base64 \
         encoded string (data:image/png;base64,'/9j/4AAQSk'...)",
    ))
}

fn without_last_space(content: Value) -> Value {
    match content {
        Value::Str(text) => str_::rstrip(&text).into(),
        Value::List(mut blocks) => {
            if let Some(last) = blocks.last_mut()
                && text(get(last, "type")) == Some("text")
            {
                let text = text(get(last, "text")).map(str_::rstrip);
                if let Value::Dict(keys) = last {
                    keys.insert("text", text.unwrap_or_default());
                }
            }
            Value::List(blocks)
        }
        other => other,
    }
}
