//! What LangChain makes a message of: strings, pairs, dicts and messages.

use langferry_pystd::{Dict, Exception, PyRepr, Set, Truthy, Value, repr, str_of};

use crate::messages::class::{AI, Class, FUNCTION, HUMAN, REMOVE, SYSTEM, TOOL};
use crate::messages::construction::{Arguments, construct};
use crate::messages::tool_calls;

/// The classes a serialised message names, by the bare names of them and of their chunks.
const SERIALISED: [&Class; 6] = [&HUMAN, &AI, &SYSTEM, &FUNCTION, &TOOL, &REMOVE];

/// Whether `value` is a message with all its fields, and no chunk.
pub(super) fn is_message(value: &Value) -> bool {
    match (Class::of(value), value) {
        (Some((class, false)), Value::Record { fields, .. }) => {
            fields.items().len() >= class.fields().count()
        }
        _ => false,
    }
}

/// `value` as a message; what is one already stays as it is, unless it is a chunk.
pub(super) fn message(value: Value) -> Result<Value, Exception> {
    if is_message(&value) {
        return Ok(value);
    }
    match (Class::of(&value), value) {
        (Some((class, true)), Value::Record { fields, .. }) => whole(class, fields),
        // an encoded message may lack what has a default
        (Some((class, false)), Value::Record { mut fields, .. }) => {
            fields.pop_or("type", Value::None);
            construct(class, fields)
        }
        (_, Value::Str(text)) => make(&"human".into(), text.into(), Dict::new()),
        (_, pair @ (Value::List(_) | Value::Tuple(_) | Value::Bytes(_))) => from_pair(&pair),
        (_, Value::Dict(keys)) => from_dict(keys),
        (_, Value::Record { class, .. } | Value::Enum { class, .. }) => {
            Err(Exception::unsupported(format!("a {class} as a message")))
        }
        (_, other) => {
            let class = match &other {
                Value::Date(_) | Value::Time(_) | Value::DateTime(_) | Value::TimeDelta(_) => {
                    format!("datetime.{}", other.py_type())
                }
                other => other.py_type().into_owned(),
            };
            let message = with_link(format!("Unsupported message type: <class '{class}'>"));
            Err(Exception::new("NotImplementedError", message))
        }
    }
}

/// The message that a chunk is a piece of.
fn whole(class: &Class, mut chunk: Dict<String, Value>) -> Result<Value, Exception> {
    let mut arguments = Arguments::new();
    for name in class.fields().filter(|&name| name != "type") {
        if let Ok(value) = chunk.pop(name) {
            arguments.insert(name, value);
        }
    }
    construct(class, arguments)
}

fn from_pair(pair: &Value) -> Result<Value, Exception> {
    let items: Vec<Value> = pair.iter()?.collect();
    match <[Value; 2]>::try_from(items) {
        Ok([role, content]) => make(&role, content, Dict::new()),
        Err(_) => Err(Exception::new(
            "NotImplementedError",
            "Message as a sequence must be (role string, template)",
        )),
    }
}

fn from_dict(dict: Dict<Value, Value>) -> Result<Value, Exception> {
    if let Some(class) = deserialised(&dict)?
        && let Some(Value::Dict(keys)) = dict.get("kwargs")
    {
        let mut arguments = Dict::from([(Value::from("type"), Value::from(class.kind))]);
        arguments.update(keys.clone());
        return from_dict(arguments);
    }
    let mut rest = dict.clone();
    let role = rest.pop("role").or_else(|_| rest.pop("type"));
    let (Ok(role), Ok(content)) = (role, rest.pop("content")) else {
        return Err(Exception::value_error(with_link(format!(
            "Message dict must contain 'role' and 'content' keys, got {}",
            repr(&dict)
        ))));
    };
    let content = if content.truthy() { content } else { "".into() };
    let mut named = Arguments::new();
    for (key, value) in rest {
        match key {
            Value::Str(name) => named.insert(name, value),
            _ => return Err(Exception::type_error("keywords must be strings")),
        }
    }
    make(&role, content, named)
}

/// The class of a message as LangChain serialises it.
fn deserialised(dict: &Dict<Value, Value>) -> Result<Option<&'static Class>, Exception> {
    let is = |key: &str, value: Value| dict.get(key) == Some(&value);
    if !is("lc", 1_i64.into()) || !is("type", "constructor".into()) {
        return Ok(None);
    }
    let (Some(Value::List(path)), Some(Value::Dict(_))) = (dict.get("id"), dict.get("kwargs"))
    else {
        return Ok(None);
    };
    let Some(name) = path.last() else {
        return Ok(None);
    };
    hashable(name)?;
    let Value::Str(name) = name else {
        return Ok(None);
    };
    Ok(SERIALISED.into_iter().find(|class| {
        let rest = name.strip_prefix(class.name());
        // there are no chunks of removals
        rest == Some("") || (rest == Some("Chunk") && *class != &REMOVE)
    }))
}

/// Makes a message of its role, its content and the other keys of its dict.
fn make(role: &Value, content: Value, mut named: Arguments) -> Result<Value, Exception> {
    if named.contains_key("message_type") {
        return Err(Exception::type_error(
            "_create_message_from_message_type() got multiple values for argument 'message_type'",
        ));
    }
    let mut given = |name: &str| named.pop(name).ok().filter(|value| *value != Value::None);
    let (name, tool_call_id) = (given("name"), given("tool_call_id"));
    let (tool_calls, id) = (given("tool_calls"), given("id"));

    let mut arguments = Arguments::from([("content".to_owned(), content)]);
    let mut put = |key: &str, value: Option<Value>| {
        if let Some(value) = value {
            arguments.insert(key, value);
        }
    };
    put("name", name);
    put("tool_call_id", tool_call_id);
    if named.truthy() {
        let metadata = named.pop("response_metadata").ok();
        put("response_metadata", metadata.filter(Truthy::truthy));
        put("additional_kwargs", Some(additional(named)?));
    }
    put("id", id);
    let tool_calls = tool_calls.map(|calls| tool_calls::from_openai(&calls));
    put("tool_calls", tool_calls.transpose()?);
    of_role(role, arguments)
}

/// The keys that are no field's go to `additional_kwargs`, along with what was given as that.
fn additional(mut named: Arguments) -> Result<Value, Exception> {
    let given = named.pop("additional_kwargs");
    let mut all: Dict<Value, Value> = named
        .into_iter()
        .map(|(key, value)| (Value::Str(key), value))
        .collect();
    match given {
        Ok(Value::Dict(more)) => all.update(more),
        Ok(pairs) => all.update(from_pairs(&pairs)?),
        Err(_) => {}
    }
    Ok(Value::Dict(all))
}

/// The items that `dict.update(pairs)` adds.
fn from_pairs(pairs: &Value) -> Result<Vec<(Value, Value)>, Exception> {
    let pairs = pairs.iter()?.enumerate().map(|(place, pair)| {
        let items = pair.iter().map_err(|_| {
            Exception::type_error(format!(
                "cannot convert dictionary update sequence element #{place} to a sequence"
            ))
        })?;
        match <[Value; 2]>::try_from(items.collect::<Vec<_>>()) {
            Ok([key, value]) => hashable(&key).map(|()| (key, value)),
            Err(items) => Err(Exception::value_error(format!(
                "dictionary update sequence element #{place} has length {}; 2 is required",
                items.len()
            ))),
        }
    });
    pairs.collect()
}

fn of_role(role: &Value, mut arguments: Arguments) -> Result<Value, Exception> {
    hashable(role)?;
    let name = match role {
        Value::Str(name) => name.as_str(),
        _ => "",
    };
    match name {
        "human" | "user" => {
            mark_example(&mut arguments);
            construct(&HUMAN, arguments)
        }
        "ai" | "assistant" => {
            mark_example(&mut arguments);
            construct(&AI, arguments)
        }
        "system" => construct(&SYSTEM, arguments),
        "developer" => {
            if !arguments.contains_key("additional_kwargs") {
                arguments.insert("additional_kwargs", Value::Dict(Dict::new()));
            }
            if let Ok(Value::Dict(additional)) = arguments.item_mut("additional_kwargs") {
                additional.insert("__openai_role__", "developer");
            }
            construct(&SYSTEM, arguments)
        }
        "function" => construct(&FUNCTION, arguments),
        "tool" => {
            let (artifact, status) = (
                from_additional(&mut arguments, "artifact"),
                from_additional(&mut arguments, "status"),
            );
            if let Some(status) = status.filter(|status| *status != Value::None) {
                arguments.insert("status", status);
            }
            arguments.insert("artifact", artifact.unwrap_or_default());
            construct(&TOOL, arguments)
        }
        "remove" => {
            if !arguments.contains_key("id") {
                return Err(Exception::type_error(
                    "RemoveMessage.__init__() missing 1 required positional argument: 'id'",
                ));
            }
            arguments.insert("content", "");
            construct(&REMOVE, arguments)
        }
        _ => Err(Exception::value_error(with_link(format!(
            "Unexpected message type: '{}'. Use one of 'human', 'user', 'ai', 'assistant', 'function', \
             'tool', 'system', or 'developer'.",
            str_of(role)
        )))),
    }
}

fn mark_example(arguments: &mut Arguments) {
    if let Some(example) = from_additional(arguments, "example").filter(Truthy::truthy) {
        arguments.insert("example", example);
    }
}

/// Takes a key out of `additional_kwargs`.
fn from_additional(arguments: &mut Arguments, key: &str) -> Option<Value> {
    match arguments.item_mut("additional_kwargs") {
        Ok(Value::Dict(additional)) => additional.pop(key).ok(),
        _ => None,
    }
}

/// Raises what looking `value` up in a set does.
fn hashable(value: &Value) -> Result<(), Exception> {
    match value {
        Value::Record { .. } if Class::of(value).is_some() => {
            let class = value.py_type();
            Err(Exception::type_error(format!("unhashable type: '{class}'")))
        }
        // an enum may be a str as well
        Value::Record { class, .. } | Value::Enum { class, .. } => Err(Exception::unsupported(
            format!("a {class} in a message's representation"),
        )),
        plain => Value::FrozenSet(Set::new())
            .contains(plain.clone())
            .map(drop),
    }
}

fn with_link(message: String) -> String {
    format!(
        "{message}\nFor troubleshooting, visit: https://docs.langchain.com/oss/python/langchain\
         /errors/MESSAGE_COERCION_FAILURE "
    )
}
