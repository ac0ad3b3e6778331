//! Messages as pydantic constructs them: fields in order, defaults, conversions and extras.

use langferry_pystd::{Bytes, Dict, Exception, Value, repr, str_of};

use crate::messages::class::{AI, Class, FUNCTION, REMOVE, TOOL};
use crate::messages::tool_calls;

/// What a class is called with, in order.
pub(super) type Arguments = Dict<String, Value>;

/// `class(**arguments)`
///
/// # Errors
/// Unsupported, where pydantic raises a `ValidationError`; else what the class raises itself.
pub(super) fn construct(class: &Class, mut arguments: Arguments) -> Result<Value, Exception> {
    if class == &AI {
        tool_calls::prepare(&mut arguments)?;
    } else if class == &TOOL {
        prepare_tool(&mut arguments)?;
    }
    let mut fields = Dict::new();
    for name in class.fields() {
        let given = arguments.pop(name).ok();
        fields.insert(name, field(class, name, given)?);
    }
    fields.update(arguments);
    Ok(Value::Record {
        class: class.qualified.to_owned(),
        fields,
    })
}

/// What pydantic refuses, with an error whose text is its own.
pub(super) fn refused(class: &str, field: &str, value: Option<&Value>) -> Exception {
    let value = value.map_or_else(|| "nothing".to_owned(), repr);
    Exception::unsupported(format!(
        "a {class} whose {field} is {value}, as pydantic refuses it"
    ))
}

fn field(class: &Class, name: &str, given: Option<Value>) -> Result<Value, Exception> {
    let named = class == &FUNCTION && name == "name";
    Ok(match (name, given) {
        ("type", None) => class.kind.into(),
        ("additional_kwargs" | "response_metadata", None) => Value::Dict(Dict::new()),
        ("additional_kwargs" | "response_metadata", Some(value @ Value::Dict(_))) => value,
        ("tool_calls" | "invalid_tool_calls", None) => Value::List(Vec::new()),
        ("tool_calls" | "invalid_tool_calls", Some(value @ Value::List(_))) => value,
        ("status", None) => "success".into(),
        ("status", Some(Value::Str(status))) if status == "success" || status == "error" => {
            status.into()
        }
        ("artifact", given) => given.unwrap_or_default(),
        ("usage_metadata", None) => Value::None,
        // only a chunk brings one, and there it has been validated
        ("usage_metadata", Some(value @ (Value::None | Value::Dict(_)))) => value,
        ("name", None) if !named => Value::None,
        ("name", Some(Value::None)) if !named => Value::None,
        ("id", None | Some(Value::None)) => Value::None,
        ("id", Some(number @ (Value::Int(_) | Value::Float(_)))) => str_of(&number).into(),
        ("name" | "id" | "tool_call_id" | "role", Some(value)) => match text(value) {
            Ok(text) => text,
            Err(value) => return Err(refused(class.name(), name, Some(&value))),
        },
        ("content", None) if class == &REMOVE => "".into(),
        ("content", Some(value)) => content(class, value)?,
        (_, given) => return Err(refused(class.name(), name, given.as_ref())),
    })
}

/// A str, or the bytes of one; any other value as it came.
fn text(value: Value) -> Result<Value, Value> {
    match value {
        Value::Str(_) => Ok(value),
        Value::Bytes(bytes) => String::from_utf8(bytes.0)
            .map(Value::Str)
            .map_err(|error| Value::Bytes(Bytes(error.into_bytes()))),
        other => Err(other),
    }
}

/// `str | list[str | dict]`
fn content(class: &Class, value: Value) -> Result<Value, Exception> {
    match text(value).unwrap_or_else(|other| other) {
        text @ Value::Str(_) => Ok(text),
        Value::List(parts) | Value::Tuple(parts)
            if parts
                .iter()
                .all(|part| matches!(part, Value::Str(_) | Value::Dict(_))) =>
        {
            Ok(Value::List(parts))
        }
        other => Err(refused(class.name(), "content", Some(&other))),
    }
}

/// A tool's result is made text where it is none.
fn prepare_tool(arguments: &mut Arguments) -> Result<(), Exception> {
    let content = match arguments.item("content")?.clone() {
        Value::Str(text) => text.into(),
        Value::List(parts) | Value::Tuple(parts) => Value::List(
            parts
                .into_iter()
                .map(text_or_dict)
                .collect::<Result<_, _>>()?,
        ),
        other => shown(&other)?,
    };
    arguments.insert("content", content);
    let id = arguments.item("tool_call_id")?;
    if matches!(id, Value::Bool(_) | Value::Int(_) | Value::Float(_)) {
        let id = str_of(id);
        arguments.insert("tool_call_id", id);
    }
    Ok(())
}

fn text_or_dict(part: Value) -> Result<Value, Exception> {
    match part {
        Value::Str(_) | Value::Dict(_) => Ok(part),
        other => shown(&other),
    }
}

/// `str(value)`, where it is known how the class shows itself.
fn shown(value: &Value) -> Result<Value, Exception> {
    match value {
        Value::Record { class, .. } | Value::Enum { class, .. } => Err(Exception::unsupported(
            format!("str() of a {class} as the content of a ToolMessage"),
        )),
        Value::Set(items) | Value::FrozenSet(items) if items.unordered().count() > 1 => Err(
            Exception::unsupported("the order of a set as the content of a ToolMessage"),
        ),
        plain => Ok(str_of(plain).into()),
    }
}
