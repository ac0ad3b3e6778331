//! What LangChain makes of an answer of Groq's chat completions.

use langferry::messages::construct;
use langferry_pystd::{Dict, Exception, Truthy, Value, ops, repr};

use crate::declared::declared;
use crate::kwargs::{dict, get, items, kwargs};
use crate::openai::tool_calls;

/// The fields its SDK has in an account of tokens, whether or not they are sent.
const USAGE: [&str; 9] = [
    "completion_tokens",
    "prompt_tokens",
    "total_tokens",
    "completion_time",
    "completion_tokens_details",
    "prompt_time",
    "prompt_tokens_details",
    "queue_time",
    "total_time",
];

/// The message in a whole answer of `model`.
///
/// # Errors
/// Unsupported for an answer without choices.
pub(super) fn message(
    answer: &Value,
    model: &str,
    tier: &str,
    effort: &Value,
) -> Result<Value, Exception> {
    let [choice, ..] = items(get(answer, "choices")) else {
        return Err(Exception::unsupported(format!(
            "an answer of Groq's API that is {}",
            repr(answer)
        )));
    };
    let raw = get(choice, "message");
    let usage = get(answer, "usage");
    let mut additional = Dict::new();
    for (name, key) in [
        ("reasoning_content", "reasoning"),
        ("executed_tools", "executed_tools"),
        ("function_call", "function_call"),
    ] {
        if get(raw, key).truthy() {
            additional.insert(name, get(raw, key).clone());
        }
    }
    let raw_calls: Vec<Value> = items(get(raw, "tool_calls")).iter().map(raw_call).collect();
    let (calls, invalid) = tool_calls(&Value::List(raw_calls.clone()));
    if !raw_calls.is_empty() {
        additional.insert("tool_calls", raw_calls);
    }
    let account = match usage {
        Value::Dict(_) => Value::Dict(declared(usage, &USAGE)),
        other => other.clone(),
    };
    let mut metadata = Dict::<Value, Value>::new();
    metadata.insert("token_usage", account);
    metadata.insert("model_name", model);
    metadata.insert(
        "system_fingerprint",
        get(answer, "system_fingerprint").clone(),
    );
    metadata.insert("service_tier", tier);
    if effort.truthy() {
        metadata.insert("reasoning_effort", effort.clone());
    }
    metadata.insert("finish_reason", get(choice, "finish_reason").clone());
    metadata.insert("logprobs", get(choice, "logprobs").clone());
    metadata.insert("model_provider", "groq");
    construct(
        "AIMessage",
        kwargs([
            (
                "content",
                match get(raw, "content") {
                    Value::None => "".into(),
                    content => content.clone(),
                },
            ),
            ("additional_kwargs", Value::Dict(additional)),
            ("response_metadata", Value::Dict(metadata)),
            ("tool_calls", Value::List(calls)),
            ("invalid_tool_calls", Value::List(invalid)),
            ("usage_metadata", usage_metadata(usage)?),
        ]),
    )
}

/// The call with the fields in the order its SDK has them; `null` is no argument.
fn raw_call(call: &Value) -> Value {
    let function = get(call, "function");
    let arguments = match get(function, "arguments") {
        Value::Str(null) if null == "null" => "{}".into(),
        other => other.clone(),
    };
    dict([
        ("id", get(call, "id").clone()),
        (
            "function",
            dict([
                ("arguments", arguments),
                ("name", get(function, "name").clone()),
            ]),
        ),
        ("type", get(call, "type").clone()),
    ])
}

fn usage_metadata(usage: &Value) -> Result<Value, Exception> {
    if !usage.truthy() {
        return Ok(Value::None);
    }
    let count = |name: &str| match get(usage, name) {
        Value::None => Value::from(0_i64),
        count => count.clone(),
    };
    let (input, output) = (count("prompt_tokens"), count("completion_tokens"));
    let total = match get(usage, "total_tokens") {
        Value::None => ops::add(&input, &output)?,
        total => total.clone(),
    };
    let mut account = dict([
        ("input_tokens", input),
        ("output_tokens", output),
        ("total_tokens", total),
    ]);
    for (name, from, key, own) in [
        (
            "input_token_details",
            "prompt_tokens_details",
            "cached_tokens",
            "cache_read",
        ),
        (
            "output_token_details",
            "completion_tokens_details",
            "reasoning_tokens",
            "reasoning",
        ),
    ] {
        let count = get(get(usage, from), key);
        if count.truthy() {
            account.set_item(name, dict([(own, count.clone())]))?;
        }
    }
    Ok(account)
}
