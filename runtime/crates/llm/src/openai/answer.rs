//! What LangChain makes of an answer of OpenAI's chat completions.

use langferry::messages::construct;
use langferry_pystd::json::loads_with;
use langferry_pystd::{Dict, Exception, Truthy, Value, ops, repr, str_of};

use crate::declared::declared;
use crate::kwargs::{dict, get, items, kwargs};
use crate::openai::Service;

/// The fields its SDK has in an account of tokens, whether or not they are sent.
const USAGE: [&str; 5] = [
    "completion_tokens",
    "prompt_tokens",
    "total_tokens",
    "completion_tokens_details",
    "prompt_tokens_details",
];
const COMPLETION_DETAILS: [&str; 5] = [
    "accepted_prediction_tokens",
    "audio_tokens",
    "reasoning_tokens",
    "rejected_prediction_tokens",
    "text_tokens",
];
const PROMPT_DETAILS: [&str; 5] = [
    "audio_tokens",
    "cache_write_tokens",
    "cached_tokens",
    "image_tokens",
    "text_tokens",
];

/// The message in a whole answer of `model`, which its SDK `parses` where a form was asked for.
///
/// # Errors
/// `ValueError` for an error in an answer that passes for a success; `TypeError` and `KeyError` for one without
/// choices.
pub(super) fn message(
    answer: &Value,
    model: &str,
    service: Service,
    parses: bool,
) -> Result<Value, Exception> {
    let Value::Dict(_) = answer else {
        return Err(Exception::unsupported(format!(
            "an answer of OpenAI's API that is {}",
            repr(answer)
        )));
    };
    let error = get(answer, "error");
    if error.truthy() {
        return Err(Exception::raise("ValueError", [error.clone()]));
    }
    let choices = get(answer, "choices");
    let Some(choice) = items(choices).first() else {
        return Err(Exception::unsupported(format!(
            "an answer of OpenAI's API with the choices {}",
            repr(choices)
        )));
    };
    let finish = get(choice, "finish_reason");
    if parses && [Value::from("length"), "content_filter".into()].contains(finish) {
        return Err(Exception::unsupported(format!(
            "an answer in a form that ended for the reason {}",
            repr(finish)
        )));
    }
    if service == Service::Azure && finish == &Value::from("content_filter") {
        return Err(Exception::value_error(
            "Azure has not provided the response due to a content filter being triggered",
        ));
    }
    let raw = get(choice, "message");
    let usage = get(answer, "usage");
    let tier = get(answer, "service_tier");

    let mut metadata = Dict::from([
        (Value::from("token_usage"), declared_usage(usage)),
        ("model_provider".into(), "openai".into()),
        ("model_name".into(), named(answer, "model", model)),
        (
            "system_fingerprint".into(),
            get(answer, "system_fingerprint").clone(),
        ),
        ("id".into(), get(answer, "id").clone()),
    ]);
    if tier.truthy() {
        metadata.insert("service_tier", tier.clone());
    }
    let prompt_filter = get(answer, "prompt_filter_results");
    if service == Service::Azure && prompt_filter != &Value::None {
        metadata.insert("prompt_filter_results", prompt_filter.clone());
    }
    metadata.insert("finish_reason", finish.clone());
    metadata.insert("logprobs", get(choice, "logprobs").clone());
    if service == Service::Azure {
        let filter = match get(choice, "content_filter_results") {
            Value::None => dict([]),
            filter => filter.clone(),
        };
        metadata.insert("content_filter_results", filter);
    }

    let (calls, invalid) = tool_calls(get(raw, "tool_calls"));
    let mut additional = Dict::new();
    if parses {
        // where the answer is of a class, the instance follows
        additional.insert("parsed", Value::None);
    }
    for name in ["function_call", "audio"] {
        if get(raw, name).truthy() {
            additional.insert(name, get(raw, name).clone());
        }
    }
    additional.insert("refusal", get(raw, "refusal").clone());
    let content = match get(raw, "content") {
        Value::None => "".into(),
        content => content.clone(),
    };
    let usage = match usage {
        Value::Dict(_) => usage_metadata(usage, tier)?,
        _ => Value::None,
    };
    construct(
        "AIMessage",
        kwargs([
            ("content", content),
            ("additional_kwargs", Value::Dict(additional)),
            ("response_metadata", Value::Dict(metadata)),
            ("tool_calls", Value::List(calls)),
            ("invalid_tool_calls", Value::List(invalid)),
            ("usage_metadata", usage),
        ]),
    )
}

fn named(answer: &Value, key: &str, default: &str) -> Value {
    match get(answer, key) {
        Value::None => default.into(),
        found => found.clone(),
    }
}

/// The calls whose arguments are JSON, and the others with the reason.
pub(crate) fn tool_calls(raw: &Value) -> (Vec<Value>, Vec<Value>) {
    let (mut valid, mut invalid) = (Vec::new(), Vec::new());
    for call in items(raw) {
        let function = get(call, "function");
        let (name, arguments) = (get(function, "name"), get(function, "arguments"));
        match parsed(name, arguments) {
            Ok(args) => valid.push(dict([
                ("name", name.clone()),
                ("args", args),
                ("id", get(call, "id").clone()),
            ])),
            Err(reason) => invalid.push(dict([
                ("name", name.clone()),
                ("args", arguments.clone()),
                ("id", get(call, "id").clone()),
                ("error", reason.into()),
            ])),
        }
    }
    (valid, invalid)
}

fn parsed(name: &Value, arguments: &Value) -> Result<Value, String> {
    if !arguments.truthy() {
        return Ok(dict([]));
    }
    let text = str_of(arguments);
    match loads_with(&text, false) {
        Ok(args) if args.truthy() => Ok(args),
        Ok(_) => Ok(dict([])),
        Err(error) => Err(format!(
            "Function {} arguments:\n\n{text}\n\nare not valid JSON. Received JSONDecodeError {error}\n\
             For troubleshooting, visit: \
             https://docs.langchain.com/oss/python/langchain/errors/OUTPUT_PARSING_FAILURE ",
            str_of(name)
        )),
    }
}

/// The account with all fields the SDK declares.
fn declared_usage(usage: &Value) -> Value {
    let Value::Dict(_) = usage else {
        return Value::None;
    };
    let mut account = declared(usage, &USAGE);
    for (name, fields) in [
        ("completion_tokens_details", &COMPLETION_DETAILS),
        ("prompt_tokens_details", &PROMPT_DETAILS),
    ] {
        if let Value::Dict(_) = get(usage, name) {
            account.insert(name, Value::Dict(declared(get(usage, name), fields)));
        }
    }
    Value::Dict(account)
}

/// The account in LangChain's form.
pub(crate) fn usage_metadata(usage: &Value, tier: &Value) -> Result<Value, Exception> {
    let count = |name: &str| match get(usage, name) {
        Value::None => Value::from(0_i64),
        count => count.clone(),
    };
    let (input, output) = (count("prompt_tokens"), count("completion_tokens"));
    let prompt = get(usage, "prompt_tokens_details");
    let completion = get(usage, "completion_tokens_details");
    let tier = match tier {
        Value::Str(tier) if tier == "priority" || tier == "flex" => Some(tier.as_str()),
        _ => None,
    };
    let prefix = tier.map(|tier| format!("{tier}_")).unwrap_or_default();
    let mut of_input = Dict::new();
    put(&mut of_input, "audio", get(prompt, "audio_tokens"));
    put(
        &mut of_input,
        &format!("{prefix}cache_read"),
        get(prompt, "cached_tokens"),
    );
    put(
        &mut of_input,
        &format!("{prefix}cache_creation"),
        get(prompt, "cache_write_tokens"),
    );
    let mut of_output = Dict::new();
    put(&mut of_output, "audio", get(completion, "audio_tokens"));
    put(
        &mut of_output,
        &format!("{prefix}reasoning"),
        get(completion, "reasoning_tokens"),
    );
    if let Some(tier) = tier {
        // these are paid for otherwise, so they do not count twice
        of_input.insert(tier, less(&input, get(prompt, "cached_tokens"))?);
        of_output.insert(tier, less(&output, get(completion, "reasoning_tokens"))?);
    }
    let total = match get(usage, "total_tokens") {
        Value::None => ops::add(&input, &output)?,
        total => total.clone(),
    };
    Ok(dict([
        ("input_tokens", input),
        ("output_tokens", output),
        ("total_tokens", total),
        ("input_token_details", Value::Dict(of_input)),
        ("output_token_details", Value::Dict(of_output)),
    ]))
}

fn put(details: &mut Dict<Value, Value>, name: &str, count: &Value) {
    if count != &Value::None {
        details.insert(name, count.clone());
    }
}

fn less(count: &Value, part: &Value) -> Result<Value, Exception> {
    match part {
        Value::None => Ok(count.clone()),
        part => ops::sub(count, part),
    }
}
