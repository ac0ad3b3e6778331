//! What LangChain makes of an answer of Gemini's API.

use langferry::messages::construct;
use langferry_pystd::json::{dumps, loads};
use langferry_pystd::{Dict, Exception, Float, Int, Truthy, Value, int, repr, str_of};
use uuid::Uuid;

use crate::kwargs::{dict, get, items, kwargs, text};
use crate::sdk;
use crate::transport::Failure;

/// The message in a whole answer.
///
/// # Errors
/// Unsupported for an answer that was stopped, and for parts not known here.
pub(super) fn message(answer: &Value) -> Result<Value, Exception> {
    let [candidate, ..] = items(get(answer, "candidates")) else {
        return Err(Exception::unsupported(format!(
            "an answer of Gemini that is {}",
            repr(answer)
        )));
    };
    for unknown in ["safetyRatings", "groundingMetadata", "citationMetadata"] {
        if get(candidate, unknown).truthy() {
            return Err(Exception::unsupported(format!("{unknown} of Gemini")));
        }
    }
    let version = text(get(answer, "modelVersion")).unwrap_or_default();
    if is_of_later_kind(version) {
        let message = format!("an answer of Google's model {version}");
        return Err(Exception::unsupported(message));
    }
    if get(answer, "promptFeedback") != &Value::None {
        return Err(Exception::unsupported("promptFeedback of Gemini"));
    }
    let finish = get(candidate, "finishReason");
    if !["STOP", "MAX_TOKENS"].contains(&text(finish).unwrap_or_default()) {
        return Err(Exception::unsupported(format!(
            "an answer of Gemini that ended for the reason {finish}"
        )));
    }
    let (mut content, mut calls) = (Content::None, Vec::new());
    let mut additional = Dict::new();
    for part in items(get(get(candidate, "content"), "parts")) {
        if get(part, "thoughtSignature") != &Value::None {
            return Err(Exception::unsupported("a signed part of Gemini"));
        }
        let call = get(part, "functionCall");
        match get(part, "text") {
            Value::Str(own) if get(part, "thought").truthy() => content.add(dict([
                ("type", "thinking".into()),
                ("thinking", own.as_str().into()),
            ])),
            Value::Str(own) => content.add_text(own.trim_end_matches('\n')),
            _ if call != &Value::None => {
                let args = whole(get(call, "args"))?;
                additional.insert(
                    "function_call",
                    dict([
                        ("name", get(call, "name").clone()),
                        ("arguments", dumps(args.clone())?.into()),
                    ]),
                );
                let id = match get(call, "id") {
                    Value::None => Uuid::new_v4().to_string().into(),
                    id => id.clone(),
                };
                calls.push(dict([
                    ("name", get(call, "name").clone()),
                    ("args", args),
                    ("id", id),
                ]));
            }
            _ => {
                return Err(Exception::unsupported(format!(
                    "the part {} of Gemini",
                    repr(part)
                )));
            }
        }
    }
    construct(
        "AIMessage",
        kwargs([
            ("content", content.into_value()),
            ("additional_kwargs", Value::Dict(additional)),
            (
                "response_metadata",
                dict([
                    ("finish_reason", finish.clone()),
                    ("model_name", get(answer, "modelVersion").clone()),
                    ("safety_ratings", Value::List(Vec::new())),
                    ("model_provider", "google_genai".into()),
                ]),
            ),
            ("tool_calls", Value::List(calls)),
            (
                "usage_metadata",
                usage_metadata(get(answer, "usageMetadata")),
            ),
        ]),
    )
}

/// Whether LangChain makes other content of what a model says: of Gemini 3 and later.
fn is_of_later_kind(version: &str) -> bool {
    let version = version.to_lowercase();
    let name = version.rsplit('/').next().unwrap_or_default();
    name.split("gemini-").skip(1).any(|rest| {
        let digits = rest.chars().take_while(char::is_ascii_digit);
        digits
            .collect::<String>()
            .parse::<u32>()
            .is_ok_and(|major| major >= 3)
    })
}

/// The content in the making: a text, or a list as soon as there is more than one part.
enum Content {
    None,
    Text(String),
    List(Vec<Value>),
}

impl Content {
    fn add_text(&mut self, own: &str) {
        if own.is_empty() {
            return;
        }
        let thinks = |block: &Value| text(get(block, "type")) == Some("thinking");
        match self {
            Content::None => *self = Content::Text(own.to_owned()),
            Content::List(blocks) if blocks.iter().any(thinks) => {
                blocks.push(dict([("type", "text".into()), ("text", own.into())]));
            }
            _ => self.add(own.into()),
        }
    }

    fn add(&mut self, block: Value) {
        match self {
            Content::None => *self = Content::List(vec![block]),
            Content::Text(first) => {
                *self = Content::List(vec![Value::from(first.as_str()), block]);
            }
            Content::List(blocks) => blocks.push(block),
        }
    }

    fn into_value(self) -> Value {
        match self {
            Content::None => "".into(),
            Content::Text(text) => text.into(),
            Content::List(blocks) => Value::List(blocks),
        }
    }
}

/// The arguments in which whole floats are ints.
fn whole(args: &Value) -> Result<Value, Exception> {
    Ok(match args {
        Value::None => dict([]),
        Value::Float(number) if number.fract() == 0.0 => Value::Int(int(&Float::from(*number))?),
        Value::List(items) => Value::List(items.iter().map(whole_item).collect::<Result<_, _>>()?),
        Value::Dict(keys) => Value::Dict(
            keys.items()
                .map(|(key, value)| Ok((key.clone(), whole_item(value)?)))
                .collect::<Result<_, Exception>>()?,
        ),
        other => other.clone(),
    })
}

fn whole_item(value: &Value) -> Result<Value, Exception> {
    match value {
        Value::None => Ok(Value::None),
        value => whole(value),
    }
}

fn usage_metadata(usage: &Value) -> Value {
    let count = |key: &str| match get(usage, key) {
        Value::Int(count) => count.clone(),
        _ => Int::from(0),
    };
    let thought = count("thoughtsTokenCount");
    let input = count("promptTokenCount") + count("toolUsePromptTokenCount");
    let output = count("candidatesTokenCount") + thought.clone();
    let (total, cached) = (count("totalTokenCount"), count("cachedContentTokenCount"));
    if [&input, &output, &total, &cached]
        .iter()
        .all(|count| count.is_zero())
    {
        return Value::None;
    }
    let mut account = Dict::from([
        (Value::from("input_tokens"), Value::from(input)),
        ("output_tokens".into(), output.into()),
        ("total_tokens".into(), total.into()),
        (
            "input_token_details".into(),
            dict([("cache_read", cached.into())]),
        ),
    ]);
    if !thought.is_zero() {
        account.insert(
            "output_token_details",
            dict([("reasoning", thought.into())]),
        );
    }
    Value::Dict(account)
}

/// What LangChain raises when a request to `model` failed.
pub(super) fn failure(model: &str, failure: Failure) -> Exception {
    let (code, body) = match failure {
        Failure::Status { code, body } => (code, body),
        failure => return sdk::of_http(&failure),
    };
    let told = loads(&body).unwrap_or_default();
    let status = str_of(get(get(&told, "error"), "status"));
    let message = format!("{code} {status}. {}", str_of(&told));
    if code >= 500 {
        return of(
            "GoogleAPIError",
            &["ServerError", "APIError", "ModelAPIError"],
            message,
        );
    }
    if message.contains("exceeds the maximum number of tokens allowed")
        || message.to_lowercase().contains("token limit")
    {
        return of(
            "GoogleContextOverflowError",
            &["ClientError", "APIError", "ContextOverflowError"],
            message,
        );
    }
    let message = format!("Error calling model '{model}' ({status}): {message}");
    let (class, general) = match code {
        400 => ("GoogleInvalidRequestError", "ModelInvalidRequestError"),
        401 => ("GoogleAuthenticationError", "ModelAuthenticationError"),
        403 => ("GooglePermissionDeniedError", "ModelPermissionDeniedError"),
        404 => ("GoogleModelNotFoundError", "ModelNotFoundError"),
        429 => ("GoogleRateLimitError", "ModelRateLimitError"),
        _ => {
            return Exception::with_bases(
                "ChatGoogleGenerativeAIError",
                ["GoogleGenerativeAIError", "Exception", "BaseException"].map(Into::into),
                message,
            );
        }
    };
    let own = [
        "ChatGoogleGenerativeAIError",
        "GoogleGenerativeAIError",
        general,
    ];
    of(class, &own, message)
}

fn of(class: &'static str, bases: &[&'static str], message: String) -> Exception {
    let general = [
        "ModelError",
        "LangChainException",
        "Exception",
        "BaseException",
    ];
    let bases = bases.iter().copied().chain(general);
    Exception::with_bases(class, bases.map(Into::into), message)
}

#[cfg(test)]
mod tests {
    use super::is_of_later_kind;

    #[test]
    fn the_kind_of_a_model_is_in_its_name() {
        for (version, later) in [
            ("gemini-2.5-flash-lite", false),
            ("gemma-3-27b", false),
            ("", false),
            ("gemini-flash-latest", false),
            ("models/Gemini-3.1-pro", true),
            ("gemini-10", true),
        ] {
            assert_eq!(is_of_later_kind(version), later, "{version}");
        }
    }
}
