//! What LangChain makes of an answer of Anthropic's API.

use langferry::messages::construct;
use langferry_pystd::{Dict, Exception, Int, Truthy, Value, repr};

use crate::declared::declared;
use crate::kwargs::{dict, get, kwargs, merged, text};

/// The fields its SDK has in an answer, whether or not they are sent, but for those LangChain leaves out.
const ANSWER: [&str; 8] = [
    "id",
    "container",
    "diagnostics",
    "model",
    "stop_details",
    "stop_reason",
    "stop_sequence",
    "usage",
];
const USAGE: [&str; 10] = [
    "cache_creation",
    "cache_creation_input_tokens",
    "cache_read_input_tokens",
    "inference_geo",
    "input_tokens",
    "output_tokens",
    "output_tokens_details",
    "server_tool_use",
    "service_tier",
    "speed",
];
const CACHE_CREATION: [&str; 2] = ["ephemeral_1h_input_tokens", "ephemeral_5m_input_tokens"];

/// The message in a whole answer.
///
/// # Errors
/// Unsupported for content blocks not known here.
pub(super) fn message(answer: &Value) -> Result<Value, Exception> {
    let content = get(answer, "content");
    let Value::List(blocks) = content else {
        return Err(Exception::unsupported(format!(
            "an answer of Anthropic's API that is {}",
            repr(answer)
        )));
    };
    let blocks = blocks.iter().map(block).collect::<Result<Vec<_>, _>>()?;
    let usage = get(answer, "usage");
    let mut metadata = declared(answer, &ANSWER);
    for left_out in ["content", "role", "type"] {
        metadata.pop_or(&Value::from(left_out), Value::None);
    }
    let mut account = declared(usage, &USAGE);
    if let created @ Value::Dict(_) = get(usage, "cache_creation") {
        account.insert(
            "cache_creation",
            Value::Dict(declared(created, &CACHE_CREATION)),
        );
    }
    metadata.insert("usage", Value::Dict(account));
    metadata.insert("model_name", get(answer, "model").clone());
    metadata.insert("model_provider", "anthropic");

    let calls = blocks.iter().filter(|block| is(block, "tool_use"));
    let calls: Vec<Value> = calls
        .map(|block| {
            dict([
                ("name", get(block, "name").clone()),
                ("args", get(block, "input").clone()),
                ("id", get(block, "id").clone()),
            ])
        })
        .collect();
    let content = match blocks.as_slice() {
        [only] if is(only, "text") && !get(only, "citations").truthy() => get(only, "text").clone(),
        _ => Value::List(blocks),
    };
    construct(
        "AIMessage",
        kwargs([
            ("content", content),
            ("response_metadata", Value::Dict(metadata)),
            ("tool_calls", Value::List(calls)),
            ("usage_metadata", usage_metadata(usage)),
        ]),
    )
}

fn is(block: &Value, kind: &str) -> bool {
    text(get(block, "type")) == Some(kind)
}

/// The block with the fields its SDK has.
fn block(block: &Value) -> Result<Value, Exception> {
    let mut fields = match text(get(block, "type")) {
        Some("text") => declared(block, &["text", "type"]),
        Some("tool_use") => declared(block, &["id", "input", "name", "type", "toolset_name"]),
        Some("thinking") => declared(block, &["signature", "thinking", "type"]),
        _ => {
            return Err(Exception::unsupported(format!(
                "the block {} in an answer",
                repr(block)
            )));
        }
    };
    for left_out in ["citations", "caller"] {
        if fields.get(&Value::from(left_out)) == Some(&Value::None) {
            fields.pop_or(&Value::from(left_out), Value::None);
        }
    }
    Ok(Value::Dict(fields))
}

/// The account in LangChain's form, in which the tokens of the cache are part of the input.
fn usage_metadata(usage: &Value) -> Value {
    let count = |dict: &Value, key: &str| match get(dict, key) {
        Value::Int(count) => count.clone(),
        _ => Int::from(0),
    };
    let created = get(usage, "cache_creation");
    let ephemeral = ["ephemeral_5m_input_tokens", "ephemeral_1h_input_tokens"];
    let specific = count(created, ephemeral[0]) + count(created, ephemeral[1]);
    let mut details = Dict::new();
    for (name, key) in [
        ("cache_read", "cache_read_input_tokens"),
        ("cache_creation", "cache_creation_input_tokens"),
    ] {
        if get(usage, key) != &Value::None {
            details.insert(name, get(usage, key).clone());
        }
    }
    for key in ephemeral {
        if get(created, key) != &Value::None {
            details.insert(key, get(created, key).clone());
        }
    }
    let cached = match specific.is_zero() {
        true => count(usage, "cache_creation_input_tokens"),
        false => {
            // or else they would count twice
            details.insert("cache_creation", Int::from(0));
            specific
        }
    };
    let input = count(usage, "input_tokens") + count(usage, "cache_read_input_tokens") + cached;
    let output = count(usage, "output_tokens");
    let account = dict([
        ("input_tokens", input.clone().into()),
        ("output_tokens", output.clone().into()),
        ("total_tokens", (input + output).into()),
        ("input_token_details", Value::Dict(details)),
    ]);
    match get(get(usage, "output_tokens_details"), "thinking_tokens") {
        Value::None => account,
        thought => merged(
            &account,
            &dict([(
                "output_token_details",
                dict([("reasoning", thought.clone())]),
            )]),
        ),
    }
}
