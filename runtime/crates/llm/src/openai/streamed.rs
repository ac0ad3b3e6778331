//! The message in an answer that came in pieces (`streaming=True`).

use langferry::messages::construct;
use langferry_pystd::json::loads;
use langferry_pystd::{Dict, Exception, Truthy, Value};
use uuid::Uuid;

use crate::kwargs::{dict, get, items, kwargs, text};
use crate::openai::answer::usage_metadata;
use crate::parsers::partial_json;

/// The message whose pieces are the events of `answer`.
///
/// # Errors
/// `APIError` for an error among the events; `ValueError` where there are none.
pub(super) fn message(answer: &str) -> Result<Value, Exception> {
    let (mut content, mut usage) = (String::new(), Value::None);
    let mut metadata = Dict::new();
    let mut calls: Vec<Call> = Vec::new();
    let mut told = false;
    for data in answer.lines().filter_map(|line| line.strip_prefix("data:")) {
        if data.trim() == "[DONE]" {
            break;
        }
        let piece = loads(data.trim())?;
        if get(&piece, "error").truthy() {
            let error = get(&piece, "error");
            let message = match get(error, "message") {
                Value::Str(message) if !message.is_empty() => message.clone(),
                _ => "An error occurred during streaming".to_owned(),
            };
            let bases = ["OpenAIError", "Exception", "BaseException"];
            return Err(Exception::with_bases(
                "APIError",
                bases.map(Into::into),
                message,
            ));
        }
        told = true;
        if let account @ Value::Dict(_) = get(&piece, "usage") {
            usage = usage_metadata(account, get(&piece, "service_tier"))?;
        }
        let [choice, ..] = items(get(&piece, "choices")) else {
            continue;
        };
        let delta = get(choice, "delta");
        content.push_str(text(get(delta, "content")).unwrap_or_default());
        if get(delta, "function_call").truthy() {
            return Err(Exception::unsupported("a function_call in pieces"));
        }
        for call in items(get(delta, "tool_calls")) {
            add(&mut calls, call);
        }
        if get(choice, "finish_reason").truthy() {
            metadata.insert("finish_reason", get(choice, "finish_reason").clone());
            for (name, key) in [
                ("model_name", "model"),
                ("system_fingerprint", "system_fingerprint"),
                ("service_tier", "service_tier"),
            ] {
                if get(&piece, key).truthy() {
                    metadata.insert(name, get(&piece, key).clone());
                }
            }
        }
        if get(choice, "logprobs").truthy() {
            return Err(Exception::unsupported("logprobs in pieces"));
        }
        metadata.set_default("model_provider", "openai");
    }
    if !told {
        return Err(Exception::value_error("No generation chunks were returned"));
    }
    // what ends the answer is told before who gave it
    let provider = metadata.pop_or(&Value::from("model_provider"), Value::None);
    metadata.insert("model_provider", provider);
    let (mut valid, mut invalid) = (Vec::new(), Vec::new());
    for call in calls {
        call.put(&mut valid, &mut invalid);
    }
    construct(
        "AIMessage",
        kwargs([
            ("content", content.into()),
            ("response_metadata", Value::Dict(metadata)),
            ("id", format!("lc_run--{}", Uuid::now_v7()).into()),
            ("tool_calls", Value::List(valid)),
            ("invalid_tool_calls", Value::List(invalid)),
            ("usage_metadata", usage),
        ]),
    )
}

/// A call in the making.
struct Call {
    index: Value,
    id: Value,
    name: String,
    arguments: String,
}

/// Adds a piece to the call of its index.
fn add(calls: &mut Vec<Call>, piece: &Value) {
    let index = get(piece, "index");
    let function = get(piece, "function");
    let own = calls.iter().position(|call| &call.index == index);
    let place = own.unwrap_or_else(|| {
        calls.push(Call {
            index: index.clone(),
            id: Value::None,
            name: String::new(),
            arguments: String::new(),
        });
        calls.len() - 1
    });
    let call = &mut calls[place];
    if get(piece, "id").truthy() {
        call.id = get(piece, "id").clone();
    }
    call.name
        .push_str(text(get(function, "name")).unwrap_or_default());
    call.arguments
        .push_str(text(get(function, "arguments")).unwrap_or_default());
}

impl Call {
    /// Adds the call to those whose arguments are a dict, though they may end early, or else to the others.
    fn put(self, valid: &mut Vec<Value>, invalid: &mut Vec<Value>) {
        let args = match self.arguments.as_str() {
            "" => Ok(dict([])),
            arguments => partial_json(arguments),
        };
        match args {
            Ok(args @ Value::Dict(_)) => valid.push(dict([
                ("name", self.name.into()),
                ("args", args),
                ("id", self.id),
            ])),
            _ => invalid.push(dict([
                ("name", self.name.into()),
                ("args", self.arguments.into()),
                ("id", self.id),
                ("error", Value::None),
            ])),
        }
    }
}
