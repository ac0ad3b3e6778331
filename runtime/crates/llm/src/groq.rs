//! `ChatGroq`: Groq's form of OpenAI's chat completions.

use std::time::Duration;

use langferry::messages::{construct, is_instance};
use langferry_pystd::{Dict, Exception, Truthy, Value, ops, repr};

use crate::declared::declared;
use crate::kwargs::{Kwargs, body, dict, get, items, kwargs, text};
use crate::model::{ChatModel, Provider};
use crate::openai::{outgoing_calls, tool_calls};
use crate::schema::Schema;
use crate::sdk::{self, Sdk};
use crate::settings::{Settings, first_set};
use crate::structured::Reading;
use crate::tools::openai_tool;
use crate::transport::{Failure, Request, Retries};

/// What is not done here, or would replace the HTTP client.
const REFUSED: [&str; 10] = [
    "streaming",
    "groq_proxy",
    "http_client",
    "http_async_client",
    "default_query",
    "reasoning_format",
    "reasoning_effort",
    "callbacks",
    "cache",
    "rate_limiter",
];

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

/// `ChatGroq(**arguments)`
///
/// # Errors
/// `GroqError` without a key; unsupported for arguments and values not known here.
pub fn chat_groq(arguments: Kwargs) -> Result<ChatModel, Exception> {
    let mut settings = Settings::new("ChatGroq", arguments);
    settings.without(&REFUSED)?;
    let model = settings.text(&["model", "model_name"])?;
    let model = model.ok_or_else(|| Exception::unsupported("ChatGroq() without a model"))?;
    let url = settings.text(&["base_url", "groq_api_base"])?;
    let url = url.or_else(|| first_set(&["GROQ_API_BASE", "GROQ_BASE_URL"]));
    let url = url.unwrap_or_else(|| "https://api.groq.com".to_owned());
    let key = settings.secret(&["api_key", "groq_api_key"], &["GROQ_API_KEY"])?;
    let Some(key) = key else {
        return Err(Exception::with_bases(
            "GroqError",
            ["Exception", "BaseException"].map(Into::into),
            "The api_key client option must be set either by passing api_key to the client or by setting the \
             GROQ_API_KEY environment variable",
        ));
    };
    let mut headers = vec![
        ("authorization".to_owned(), format!("Bearer {key}")),
        ("content-type".to_owned(), "application/json".to_owned()),
    ];
    headers.extend(settings.headers(&["default_headers"])?);
    let temperature = match settings.float(&["temperature"])? {
        None => Value::Float(0.7),
        // LangChain sends no zero
        Some(Value::Float(0.0)) => Value::Float(1e-8),
        Some(other) => other,
    };
    let tier = settings.text(&["service_tier"])?;
    let tier = tier.unwrap_or_else(|| "on_demand".to_owned());
    let mut parameters = Dict::from([
        (Value::from("model"), Value::from(model.as_str())),
        ("stream".into(), false.into()),
        (
            "n".into(),
            settings.int(&["n"])?.unwrap_or_else(|| 1_i64.into()),
        ),
        ("temperature".into(), temperature),
        (
            "stop".into(),
            settings
                .take(&["stop", "stop_sequences"])
                .unwrap_or_default(),
        ),
        ("reasoning_format".into(), Value::None),
        ("reasoning_effort".into(), Value::None),
        ("service_tier".into(), tier.as_str().into()),
    ]);
    if let Some(Value::Dict(more)) = settings.take(&["model_kwargs"]) {
        parameters.update(more);
    }
    if let Some(most) = settings.int(&["max_tokens"])? {
        parameters.insert("max_tokens", most);
    }
    let timeout = settings.seconds(&["timeout", "request_timeout"])?;
    let retries = settings.count(&["max_retries"])?;
    settings.finish()?;
    Ok(ChatModel::new(Groq {
        model,
        tier,
        url: format!("{}/openai/v1/chat/completions", url.trim_end_matches('/')),
        headers,
        parameters,
        timeout: Some(Duration::from_secs_f64(timeout.unwrap_or(60.0))),
        retries: Retries {
            most: retries.unwrap_or(2),
            longest_wait: Duration::from_secs(60),
            patient: true,
        },
    }))
}

/// A model and how to reach it.
#[derive(Debug)]
struct Groq {
    model: String,
    tier: String,
    url: String,
    headers: Vec<(String, String)>,
    /// What every request says, but for the messages.
    parameters: Dict<Value, Value>,
    timeout: Option<Duration>,
    retries: Retries,
}

impl Provider for Groq {
    fn request(&self, messages: &[Value], options: &Kwargs) -> Result<Request, Exception> {
        let outgoing = messages
            .iter()
            .map(outgoing)
            .collect::<Result<Vec<_>, _>>()?;
        let mut payload = self.parameters.clone();
        payload.insert("messages", outgoing);
        for (name, value) in options {
            // what LangChain binds for its own traces stays here
            if name != "ls_structured_output_format" {
                payload.insert(name.as_str(), value.clone());
            }
        }
        Ok(Request {
            url: self.url.clone(),
            headers: self.headers.clone(),
            body: body(Value::Dict(payload))?,
            timeout: self.timeout,
            retries: self.retries,
        })
    }

    fn message(&self, answer: &str, _: &Kwargs) -> Result<Value, Exception> {
        let answer = langferry_pystd::json::loads(answer)?;
        let [choice, ..] = items(get(&answer, "choices")) else {
            return Err(Exception::unsupported(format!(
                "an answer of Groq's API that is {}",
                repr(&answer)
            )));
        };
        let raw = get(choice, "message");
        let usage = get(&answer, "usage");
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
                (
                    "response_metadata",
                    dict([
                        ("token_usage", account),
                        ("model_name", self.model.as_str().into()),
                        (
                            "system_fingerprint",
                            get(&answer, "system_fingerprint").clone(),
                        ),
                        ("service_tier", self.tier.as_str().into()),
                        ("finish_reason", get(choice, "finish_reason").clone()),
                        ("logprobs", get(choice, "logprobs").clone()),
                        ("model_provider", "groq".into()),
                    ]),
                ),
                ("tool_calls", Value::List(calls)),
                ("invalid_tool_calls", Value::List(invalid)),
                ("usage_metadata", usage_metadata(usage)?),
            ]),
        )
    }

    fn failure(&self, failure: Failure) -> Exception {
        sdk::failure(Sdk::Groq, failure)
    }

    fn tools(&self, tools: &[Value], mut arguments: Kwargs) -> Result<Kwargs, Exception> {
        let choice = arguments.pop_or("tool_choice", Value::None);
        arguments.pop_or("strict", Value::None);
        let formatted = tools
            .iter()
            .map(|tool| openai_tool(tool, &Value::None))
            .collect::<Result<Vec<_>, _>>()?;
        let named = |name: &Value| {
            dict([
                ("type", "function".into()),
                ("function", dict([("name", name.clone())])),
            ])
        };
        let mut bound = arguments;
        let choice = match &choice {
            nothing if !nothing.truthy() => Value::None,
            Value::Str(any) if any == "any" => "required".into(),
            Value::Str(kind) if ["auto", "none", "required"].contains(&kind.as_str()) => {
                choice.clone()
            }
            Value::Str(_) => named(&choice),
            Value::Bool(_) => match formatted.as_slice() {
                [only] => named(get(get(only, "function"), "name")),
                several => {
                    return Err(Exception::value_error(format!(
                        "tool_choice can only be True when there is one tool. Received {} tools.",
                        several.len()
                    )));
                }
            },
            _ => choice.clone(),
        };
        if choice != Value::None {
            bound.insert("tool_choice", choice);
        }
        bound.insert("tools", formatted);
        Ok(bound)
    }

    fn structured(
        &self,
        schema: Option<&Schema>,
        arguments: &mut Kwargs,
    ) -> Result<(Kwargs, Reading), Exception> {
        arguments.pop_or("strict", Value::None);
        let method = arguments.pop_or("method", "function_calling");
        match (text(&method), schema) {
            (Some("function_calling"), Some(schema)) => {
                let tool = schema.as_tool()?;
                let described = openai_tool(&tool, &Value::None)?;
                let name = get(get(&described, "function"), "name").clone();
                let choice = kwargs([("tool_choice", name.clone())]);
                let reading = Reading::Call(langferry_pystd::str_of(&name));
                Ok((self.tools(&[tool], choice)?, reading))
            }
            (Some("json_mode"), _) => {
                let format = dict([("type", "json_object".into())]);
                Ok((kwargs([("response_format", format)]), Reading::Json))
            }
            _ => Err(Exception::unsupported(format!(
                "ChatGroq.with_structured_output(method={})",
                repr(&method)
            ))),
        }
    }
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

/// A message in the form of Groq's chat completions.
fn outgoing(message: &Value) -> Result<Value, Exception> {
    let is = |class: &str| is_instance(message, class);
    let content = message.attr("content")?;
    let additional = message.attr("additional_kwargs")?;
    let role: Value = if is("HumanMessage") {
        "user".into()
    } else if is("AIMessage") {
        "assistant".into()
    } else if is("SystemMessage") {
        "system".into()
    } else if is("ToolMessage") {
        "tool".into()
    } else if is("ChatMessage") {
        message.attr("role")?
    } else {
        return Err(Exception::unsupported(format!("{message} sent to Groq")));
    };
    let is_text = |block: &&Value| text(get(block, "type")) == Some("text");
    let known = |block: &Value| {
        is_text(&block) || matches!(text(get(block, "type")), Some("image_url" | "tool_use"))
    };
    if !items(&content).iter().all(known) {
        return Err(Exception::unsupported("a content block sent to Groq"));
    }
    let mut sent = Dict::from([
        (Value::from("role"), role),
        ("content".into(), content.clone()),
    ]);
    if is("ToolMessage") {
        sent.insert("tool_call_id", message.attr("tool_call_id")?);
    }
    if is("AIMessage") {
        if let Value::List(blocks) = &content {
            let texts: Vec<Value> = blocks.iter().filter(is_text).cloned().collect();
            let texts = if texts.is_empty() {
                "".into()
            } else {
                Value::List(texts)
            };
            sent.insert("content", texts);
        }
        let mut calls = outgoing_calls(message)?;
        if calls.is_none() && get(&additional, "tool_calls") != &Value::None {
            calls = Some(get(&additional, "tool_calls").clone());
        }
        let function = get(&additional, "function_call");
        if function != &Value::None {
            sent.insert("function_call", function.clone());
        }
        if calls.is_some() || function != &Value::None {
            let content = sent.item_mut(&Value::from("content"))?;
            if !content.truthy() {
                *content = Value::None;
            }
        }
        if let Some(calls) = calls {
            sent.insert("tool_calls", calls);
        }
    }
    if get(&additional, "name") != &Value::None {
        sent.insert("name", get(&additional, "name").clone());
    }
    Ok(Value::Dict(sent))
}
