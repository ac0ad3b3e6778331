//! What messages say, as text.

use langferry_pystd::{Exception, Truthy, Value, str_, str_of};

use crate::messages::class::{AI, Class};
use crate::objects;

/// `message.text`: the content, or the text in its blocks.
///
/// # Errors
/// `AttributeError` where it is no message.
pub fn text(message: &Value) -> Result<String, Exception> {
    let blocks = match message.attr("content")? {
        Value::Str(text) => return Ok(text),
        blocks => blocks,
    };
    let mut text = String::new();
    for block in blocks.iter()? {
        match &block {
            Value::Str(own) => text.push_str(own),
            block if key(block, "type") == Value::from("text") => {
                if let Value::Str(own) = key(block, "text") {
                    text.push_str(&own);
                }
            }
            _ => {}
        }
    }
    Ok(text)
}

/// `message.pretty_repr()`; `message.pretty_print()` prints it.
///
/// # Errors
/// `AttributeError` where it is no message.
pub fn pretty_repr(message: &Value) -> Result<String, Exception> {
    let title = title(&str_::title(&str_of(&message.attr("type")?)));
    let name = match message.attr("name")? {
        Value::None => String::new(),
        name => format!("\nName: {}", str_of(&name)),
    };
    let content = str_of(&message.attr("content")?);
    let base = format!("{title}{name}\n\n{content}");
    if !matches!(Class::of(message), Some((class, _)) if class == &AI) {
        return Ok(base);
    }
    let mut lines = vec![str_::strip(&base)];
    for (heading, field) in [
        ("Tool Calls:", "tool_calls"),
        ("Invalid Tool Calls:", "invalid_tool_calls"),
    ] {
        let calls = message.attr(field)?;
        if calls.truthy() {
            lines.push(heading.to_owned());
            for call in calls.iter()? {
                describe(&call, &mut lines);
            }
        }
    }
    Ok(str_::strip(&lines.join("\n")))
}

/// `get_buffer_string(messages, human_prefix, ai_prefix)`: a line for each, after who says it.
///
/// # Errors
/// `ValueError` for what is no message that somebody says.
pub fn buffer_string(
    messages: &Value,
    human_prefix: &str,
    ai_prefix: &str,
) -> Result<String, Exception> {
    let mut lines = Vec::new();
    for message in messages.iter()? {
        let class = Class::of(&message).map(|(class, _)| class);
        let role = match class.map(|class| class.kind) {
            Some("human") => human_prefix.to_owned(),
            Some("ai") => ai_prefix.to_owned(),
            Some("system") => "System".to_owned(),
            Some("function") => "Function".to_owned(),
            Some("tool") => "Tool".to_owned(),
            Some("chat") => str_of(&message.attr("role")?),
            _ => {
                let told = objects::str_of(&message)?;
                return Err(Exception::value_error(format!(
                    "Got unsupported message type: {told}"
                )));
            }
        };
        let calls = if class == Some(&AI) {
            told_calls(&message)?
        } else {
            String::new()
        };
        lines.push(format!("{role}: {}{calls}", text(&message)?));
    }
    Ok(lines.join("\n"))
}

/// What a model calls, as it stands after what it says.
fn told_calls(message: &Value) -> Result<String, Exception> {
    let calls = message.attr("tool_calls")?;
    if calls.truthy() {
        return objects::str_of(&calls);
    }
    match message.attr("additional_kwargs")?.item("function_call") {
        Ok(call) => objects::str_of(&call),
        Err(_) => Ok(String::new()),
    }
}

/// A line of eighty signs with the title in its middle.
fn title(kind: &str) -> String {
    let title = format!(" {kind} Message ");
    let length = title.chars().count();
    let before = "=".repeat(80_usize.saturating_sub(length) / 2);
    let after = if length % 2 == 1 { "=" } else { "" };
    format!("{before}{title}{before}{after}")
}

fn describe(call: &Value, lines: &mut Vec<String>) {
    let (name, id) = (str_of(&key(call, "name")), str_of(&key(call, "id")));
    lines.push(format!("  {name} ({id})"));
    lines.push(format!(" Call ID: {id}"));
    let error = key(call, "error");
    if error.truthy() {
        lines.push(format!("  Error: {}", str_of(&error)));
    }
    lines.push("  Args:".to_owned());
    match key(call, "args") {
        Value::Str(text) => lines.push(format!("    {text}")),
        Value::Dict(args) => {
            for (name, value) in &args {
                lines.push(format!("    {}: {}", str_of(name), str_of(value)));
            }
        }
        _ => {}
    }
}

fn key(dict: &Value, name: &str) -> Value {
    dict.item(name).unwrap_or_default()
}
