//! What LangChain makes of an answer of Ollama's API.

use langferry::messages::construct;
use langferry_pystd::json::loads;
use langferry_pystd::str_::splitlines;
use langferry_pystd::{Dict, Exception, Truthy, Value, ops, repr, str_of};
use uuid::Uuid;

use crate::kwargs::{dict, get, items, kwargs, text};

/// The fields its SDK has in the last piece of an answer, whether or not they are sent, but for the message.
const ANSWER: [&str; 11] = [
    "model",
    "created_at",
    "done",
    "done_reason",
    "total_duration",
    "load_duration",
    "prompt_eval_count",
    "prompt_eval_duration",
    "eval_count",
    "eval_duration",
    "logprobs",
];

/// The message in an answer, which comes in lines.
///
/// # Errors
/// `ResponseError` for an error among them, `ValueError` where there are none.
pub(super) fn message(answer: &str) -> Result<Value, Exception> {
    let (mut content, mut calls) = (String::new(), Vec::new());
    let (mut metadata, mut usage) = (Value::None, Value::None);
    let mut told = false;
    for line in splitlines(answer, false) {
        if line.trim().is_empty() {
            continue;
        }
        let piece = loads(&line)?;
        if get(&piece, "error").truthy() {
            return Err(response_error(get(&piece, "error"), -1));
        }
        let message = get(&piece, "message");
        let part = text(get(message, "content")).unwrap_or_default();
        let done = get(&piece, "done") == &Value::Bool(true);
        if done && text(get(&piece, "done_reason")) == Some("load") && part.trim().is_empty() {
            continue;
        }
        told = true;
        content.push_str(part);
        calls.extend(items(get(message, "tool_calls")).iter().map(call));
        if done {
            metadata = Value::Dict(last(&piece));
            usage = usage_metadata(&piece)?;
        }
    }
    if !told {
        return Err(Exception::value_error(
            "No data received from Ollama stream.",
        ));
    }
    construct(
        "AIMessage",
        kwargs([
            ("content", content.into()),
            (
                "response_metadata",
                match metadata {
                    Value::None => dict([]),
                    metadata => metadata,
                },
            ),
            (
                "tool_calls",
                Value::List(calls.into_iter().collect::<Result<_, _>>()?),
            ),
            ("usage_metadata", usage),
        ]),
    )
}

/// What its SDK raises.
pub(super) fn response_error(error: &Value, code: i64) -> Exception {
    Exception::with_bases(
        "ResponseError",
        ["Exception", "BaseException"].map(Into::into),
        format!("{} (status code: {code})", str_of(error)),
    )
}

/// What LangChain keeps of the last piece. The SDK drops what it does not know, unlike those of other vendors.
fn last(piece: &Value) -> Dict<Value, Value> {
    let fields = ANSWER.iter();
    let mut kept: Dict<Value, Value> = fields
        .map(|&name| (name.into(), get(piece, name).clone()))
        .collect();
    kept.insert("model_name", get(piece, "model").clone());
    kept.insert("model_provider", "ollama");
    kept
}

fn usage_metadata(piece: &Value) -> Result<Value, Exception> {
    let (input, output) = (get(piece, "prompt_eval_count"), get(piece, "eval_count"));
    if input == &Value::None || output == &Value::None {
        return Ok(Value::None);
    }
    Ok(dict([
        ("input_tokens", input.clone()),
        ("output_tokens", output.clone()),
        ("total_tokens", ops::add(input, output)?),
    ]))
}

/// A call, with an id of ours as Ollama gives none.
fn call(raw: &Value) -> Result<Value, Exception> {
    let function = get(raw, "function");
    let Value::Dict(arguments) = get(function, "arguments") else {
        return Err(Exception::unsupported(format!(
            "the call {} of Ollama",
            repr(raw)
        )));
    };
    let name = get(function, "name");
    let mut args = Dict::new();
    for (key, value) in arguments {
        if key == &Value::from("functionName") && value == name {
            continue;
        }
        let parsed = match value {
            Value::Str(own) => match loads(own) {
                Ok(parsed @ (Value::Dict(_) | Value::List(_))) => parsed,
                Err(_) if own.starts_with(['{', '[', '(']) => {
                    return Err(Exception::unsupported(format!(
                        "the argument {} of a call, which may be a literal of Python",
                        repr(value)
                    )));
                }
                _ => value.clone(),
            },
            other => other.clone(),
        };
        args.insert(key, parsed);
    }
    Ok(dict([
        ("name", name.clone()),
        ("args", Value::Dict(args)),
        ("id", Uuid::new_v4().to_string().into()),
    ]))
}
