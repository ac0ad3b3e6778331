//! `trim_messages`: the first or the last of a list that do not count too much.

use langferry_pystd::{Exception, Int, Truthy, Value, len, ops};

use crate::messages::class::{AI, Class, SYSTEM, TOOL};
use crate::messages::selection::convert;
use crate::objects;

/// How messages are counted: `len` counts them, `approximate` what they may cost a model.
type Count = fn(&[Value]) -> Result<Int, Exception>;

/// What messages cost beside their text.
const PER_MESSAGE: i64 = 3;
const PER_IMAGE: i64 = 85;
const CHARACTERS_PER_TOKEN: i64 = 4;

/// `count_tokens_approximately(values)`
///
/// # Errors
/// As [`convert`]; `ValueError` for a message that nobody says.
pub fn approximate_tokens(values: &Value) -> Result<Int, Exception> {
    approximately(&convert(values)?)
}

/// `trim_messages(values, strategy="first", token_counter=counter, ...)`
///
/// # Errors
/// As [`convert`] and [`approximate_tokens`].
pub fn trim_first(
    values: &Value,
    most: &Int,
    counter: &str,
    end_on: &Value,
) -> Result<Vec<Value>, Exception> {
    first(convert(values)?, most, count_by(counter), end_on)
}

/// `trim_messages(values, strategy="last", token_counter=counter, ...)`
///
/// # Errors
/// As [`convert`] and [`approximate_tokens`].
pub fn trim_last(
    values: &Value,
    most: &Int,
    counter: &str,
    include_system: bool,
    start_on: &Value,
    end_on: &Value,
) -> Result<Vec<Value>, Exception> {
    let (mut messages, count) = (convert(values)?, count_by(counter));
    let end = end_before_others(&messages, end_on)?;
    messages.truncate(end);
    let is_kept = include_system && messages.first().is_some_and(|first| is(first, &SYSTEM));
    let system = is_kept.then(|| messages.remove(0));
    let left = match &system {
        Some(system) => (most - count(std::slice::from_ref(system))?).max(Int::from(0)),
        None => most.clone(),
    };
    messages.reverse();
    let kept = first(messages, &left, count, start_on)?;
    Ok(system.into_iter().chain(kept.into_iter().rev()).collect())
}

fn count_by(counter: &str) -> Count {
    match counter {
        "len" => |messages| Ok(len(messages)),
        _ => approximately,
    }
}

/// As many messages from the start as fit, up to the last one that the list may end on.
fn first(
    mut messages: Vec<Value>,
    most: &Int,
    count: Count,
    end_on: &Value,
) -> Result<Vec<Value>, Exception> {
    if messages.is_empty() {
        return Ok(messages);
    }
    let mut fitting = messages.len();
    if count(&messages)? > *most {
        let mut fewest = 0;
        while fewest < fitting {
            let middle = (fewest + fitting).div_ceil(2);
            if count(&messages[..middle])? <= *most {
                fewest = middle;
            } else {
                fitting = middle - 1;
            }
        }
    }
    let end = end_before_others(&messages[..fitting], end_on)?;
    messages.truncate(end);
    Ok(messages)
}

/// Where the messages end without the last ones that are of no type in `end_on`.
fn end_before_others(messages: &[Value], end_on: &Value) -> Result<usize, Exception> {
    let mut end = messages.len();
    while end_on.truthy() && end > 0 && !is_of_type(&messages[end - 1], end_on)? {
        end -= 1;
    }
    Ok(end)
}

fn is_of_type(message: &Value, wanted: &Value) -> Result<bool, Exception> {
    let own = message.attr("type")?;
    match wanted {
        Value::Str(_) => Ok(own == *wanted),
        several => several.contains(own),
    }
}

fn is(message: &Value, wanted: &Class) -> bool {
    Class::of(message).is_some_and(|(class, _)| class == wanted)
}

fn approximately(messages: &[Value]) -> Result<Int, Exception> {
    let mut tokens = Int::from(0);
    for message in messages {
        let mut characters = Int::from(0);
        let content = message.attr("content")?;
        match &content {
            Value::List(blocks) => {
                for block in blocks {
                    match block.item("type") {
                        Ok(kind) if kind == "image".into() || kind == "image_url".into() => {
                            tokens += PER_IMAGE;
                        }
                        Ok(kind) if kind == "text".into() => {
                            let text = block.item("text").unwrap_or_else(|_| "".into());
                            characters += text.len()?;
                        }
                        _ => characters += shown(block)?,
                    }
                }
            }
            text => characters += shown(text)?,
        }
        let calls_count = is(message, &AI) && !matches!(content, Value::List(_));
        if calls_count && message.attr("tool_calls")?.truthy() {
            characters += len(&objects::repr_of(&message.attr("tool_calls")?)?);
        }
        if is(message, &TOOL) {
            characters += message.attr("tool_call_id")?.len()?;
        }
        characters += role(message)?.len()?;
        let name = message.attr("name")?;
        if name.truthy() {
            characters += name.len()?;
        }
        let rounded_up = characters + (CHARACTERS_PER_TOKEN - 1);
        tokens =
            tokens + ops::floor_div(&rounded_up, &Int::from(CHARACTERS_PER_TOKEN))? + PER_MESSAGE;
    }
    Ok(tokens)
}

/// How long a part of a content is: a text as it is, anything else as Python writes it out.
fn shown(part: &Value) -> Result<Int, Exception> {
    match part {
        Value::Str(text) => Ok(len(text)),
        other => Ok(len(&objects::repr_of(other)?)),
    }
}

/// What OpenAI calls those who say a message.
fn role(message: &Value) -> Result<Value, Exception> {
    match Class::of(message).map(|(class, _)| class.kind) {
        Some("ai") => Ok("assistant".into()),
        Some("human") => Ok("user".into()),
        Some(kind @ ("tool" | "function")) => Ok(kind.into()),
        Some("system") => {
            let told = message.attr("additional_kwargs")?.item("__openai_role__");
            match told.unwrap_or_else(|_| "system".into()) {
                role @ Value::Str(_) => Ok(role),
                other => Err(Exception::type_error(format!(
                    "Expected '__openai_role__' to be a str, got {}",
                    other.class_name()
                ))),
            }
        }
        Some("chat") => message.attr("role"),
        _ => Err(Exception::value_error(format!(
            "Unknown BaseMessage type {}.",
            message.class_text()?
        ))),
    }
}
