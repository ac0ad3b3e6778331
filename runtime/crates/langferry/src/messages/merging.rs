//! `merge_message_runs`: one message for each run of messages of a kind.

use langferry_pystd::{Dict, Exception, Truthy, Value, json, len, ops};

use crate::messages::class::{AI, CHAT, Class, FUNCTION, REMOVE, TOOL};
use crate::messages::coercion;
use crate::messages::construction::{Arguments, construct};
use crate::messages::selection::convert;

/// The counts of tokens that a model's answer may tell, in the order in which they are kept.
const USAGE: [&str; 3] = ["input_tokens", "output_tokens", "total_tokens"];
const USAGE_DETAILS: [(&str, &[&str]); 2] = [
    (
        "input_token_details",
        &["audio", "cache_creation", "cache_read"],
    ),
    ("output_token_details", &["audio", "reasoning"]),
];

/// `merge_message_runs(values, chunk_separator=separator)`
///
/// # Errors
/// As [`convert`]; what LangChain raises where fields cannot be merged; unsupported for chunks, for messages that are
/// only to be removed, for calls that could not be read and for what is not plainly merged.
pub fn merge_runs(values: &Value, separator: &str) -> Result<Vec<Value>, Exception> {
    let mut merged: Vec<Value> = Vec::new();
    for message in convert(values)? {
        let class = whole_class(&message)?;
        match merged.pop() {
            Some(last) if class != &TOOL && whole_class(&last)? == class => {
                merged.push(joined(class, last, message, separator)?);
            }
            last => {
                merged.extend(last);
                merged.push(message);
            }
        }
    }
    Ok(merged)
}

fn whole_class(message: &Value) -> Result<&'static Class, Exception> {
    match Class::of(message) {
        Some((class, false)) if class != &REMOVE => Ok(class),
        _ => Err(Exception::unsupported(
            "runs with chunks, or with what removes messages",
        )),
    }
}

/// Two messages of a class as one.
fn joined(class: &Class, first: Value, second: Value, separator: &str) -> Result<Value, Exception> {
    let (first, second) = (fields(first)?, fields(second)?);
    let both = |name: &str| Ok::<_, Exception>((first.item(name)?, second.item(name)?));
    let mut arguments = Arguments::new();
    let (own, other) = both("content")?;
    arguments.insert("content", contents(own, other, separator)?);
    let (own, other) = both("additional_kwargs")?;
    arguments.insert("additional_kwargs", dicts(own, other)?);
    // that of the second one is thrown away
    arguments.insert(
        "response_metadata",
        first.item("response_metadata")?.clone(),
    );
    let id = match both("id")? {
        (own, other) if class == &AI => best_id(own, other),
        (own, _) => own.clone(),
    };
    arguments.insert("id", id);
    if class == &AI {
        let (own, other) = both("tool_calls")?;
        let calls = own
            .iter()?
            .chain(other.iter()?)
            .map(|call| read_again(&call));
        let calls = calls.collect::<Result<Vec<_>, _>>()?;
        let (own, other) = both("invalid_tool_calls")?;
        if own.truthy() || other.truthy() {
            return Err(Exception::unsupported(
                "runs with calls that could not be read",
            ));
        }
        arguments.insert("tool_calls", Value::List(calls));
        let (own, other) = both("usage_metadata")?;
        arguments.insert("usage_metadata", usage(own, other)?);
    }
    for (same, name, told) in [
        (&CHAT, "role", "ChatMessageChunks with different roles"),
        (
            &FUNCTION,
            "name",
            "FunctionMessageChunks with different names",
        ),
    ] {
        if class == same {
            let (own, other) = both(name)?;
            if own != other {
                return Err(Exception::value_error(format!(
                    "Cannot concatenate {told}."
                )));
            }
            arguments.insert(name, own.clone());
        }
    }
    construct(class, arguments)
}

/// All fields of a message.
fn fields(message: Value) -> Result<Arguments, Exception> {
    match coercion::message(message)? {
        Value::Record { fields, .. } => Ok(fields),
        other => Err(Exception::unsupported(format!(
            "the fields of a {}",
            other.class_name()
        ))),
    }
}

fn contents(first: &Value, second: &Value, separator: &str) -> Result<Value, Exception> {
    Ok(match (first, second) {
        (Value::Str(own), Value::Str(other)) => {
            let between = if own.is_empty() || other.is_empty() {
                ""
            } else {
                separator
            };
            format!("{own}{between}{other}").into()
        }
        (text, Value::List(blocks)) if matches!(text, Value::Str(_)) => {
            Value::List([std::slice::from_ref(text), blocks].concat())
        }
        (own, other @ Value::List(_)) => lists(own, other)?,
        (Value::List(blocks), text) => {
            let mut blocks = blocks.clone();
            match blocks.last_mut() {
                Some(last @ Value::Str(_)) => *last = ops::add(&*last, text)?,
                Some(_) if text.truthy() => blocks.push(text.clone()),
                _ => {}
            }
            Value::List(blocks)
        }
        _ => return Err(Exception::unsupported("this content in a run of messages")),
    })
}

/// One list after the other; items that have an index would be merged.
fn lists(first: &Value, second: &Value) -> Result<Value, Exception> {
    for item in second.iter()? {
        if matches!(&item, Value::Dict(_)) && item.contains("index")? {
            return Err(Exception::unsupported(
                "blocks with an index in a run of messages",
            ));
        }
    }
    ops::add(first, second)
}

/// What is told beside the content, key by key.
fn dicts(first: &Value, second: &Value) -> Result<Value, Exception> {
    let (Value::Dict(first), Value::Dict(second)) = (first, second) else {
        return Err(Exception::unsupported("what is told in a run of messages"));
    };
    let mut merged = first.clone();
    for (key, value) in second.items() {
        let own = merged.get(key).cloned().unwrap_or_default();
        if value == &Value::None && merged.contains_key(key) {
            continue;
        }
        let is_identity = ["id", "output_version", "model_provider"]
            .iter()
            .any(|name| *key == Value::from(*name));
        let made = match (&own, value) {
            (Value::None, _) => value.clone(),
            (Value::Dict(_), Value::Dict(_)) => dicts(&own, value)?,
            (Value::List(_), Value::List(_)) => lists(&own, value)?,
            (Value::Str(_), Value::Str(_)) if is_identity && own == *value => own,
            (Value::Str(_), Value::Str(_)) if *key != Value::from("index") => {
                ops::add(&own, value)?
            }
            _ => return Err(Exception::unsupported("what is told in a run of messages")),
        };
        merged.insert(key.clone(), made);
    }
    Ok(Value::Dict(merged))
}

/// A provider's id before one of a run, and this before any other.
fn best_id(first: &Value, second: &Value) -> Value {
    let rank = |id: &Value| match id {
        Value::Str(id) if id.is_empty() => None,
        Value::Str(id) if id.starts_with("lc_run-") => Some(1),
        Value::Str(id) if id.starts_with("lc_") => Some(0),
        Value::Str(_) => Some(2),
        _ => None,
    };
    let best = if rank(second) > rank(first) {
        second
    } else {
        first
    };
    rank(best).map_or(Value::None, |_| best.clone())
}

/// A call, whose arguments go through JSON.
fn read_again(call: &Value) -> Result<Value, Exception> {
    let args = json::loads(&json::dumps(call.item("args")?)?)?;
    let pairs = [
        ("name", call.item("name")?),
        ("args", args),
        ("id", call.item("id")?),
        ("type", "tool_call".into()),
    ];
    Ok(Value::Dict(
        pairs
            .into_iter()
            .map(|(key, value)| (key.into(), value))
            .collect(),
    ))
}

/// What both answers cost.
fn usage(first: &Value, second: &Value) -> Result<Value, Exception> {
    let (Value::Dict(own), Value::Dict(other)) = (first, second) else {
        return Ok(if first.truthy() { first } else { second }.clone());
    };
    let mut sums = Dict::new();
    for name in USAGE {
        sums.insert(name, ops::add(own.item(name)?, other.item(name)?)?);
    }
    for (name, parts) in USAGE_DETAILS {
        let details: Vec<&Value> = [own, other]
            .into_iter()
            .filter_map(|x| x.get(name))
            .collect();
        let mut summed = Dict::new();
        for part in parts {
            let given = details.iter().filter_map(|x| x.item(*part).ok());
            if let Some(sum) = given.map(Ok).reduce(|a, b| ops::add(&a?, &b?)) {
                summed.insert(*part, sum?);
            }
        }
        let known = len(&summed);
        if details
            .iter()
            .any(|x| x.len().is_ok_and(|count| count > known))
        {
            return Err(Exception::unsupported(
                "these counts of tokens in a run of messages",
            ));
        }
        if !details.is_empty() {
            sums.insert(name, Value::Dict(summed));
        }
    }
    Ok(Value::Dict(sums))
}
