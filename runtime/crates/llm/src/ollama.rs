//! `ChatOllama`: models on a server of Ollama.

use std::time::Duration;

use langferry::messages::{construct, is_instance};
use langferry_pystd::json::loads;
use langferry_pystd::{Dict, Exception, Truthy, Value, ops, repr};
use uuid::Uuid;

use crate::declared::declared;
use crate::kwargs::{Kwargs, body, dict, get, items, kwargs, text};
use crate::model::{ChatModel, Provider};
use crate::schema::Schema;
use crate::settings::{Settings, first_set};
use crate::structured::Reading;
use crate::tools::openai_tool;
use crate::transport::{Failure, Request, Retries};

/// What is not done here.
const REFUSED: [&str; 13] = [
    "validate_model_on_init",
    "reasoning",
    "logprobs",
    "top_logprobs",
    "client_kwargs",
    "async_client_kwargs",
    "sync_client_kwargs",
    "custom_get_token_ids",
    "output_version",
    "callbacks",
    "cache",
    "rate_limiter",
    "disable_streaming",
];

/// The arguments that go to `options`: floats, then ints.
const FLOATS: [&str; 6] = [
    "mirostat_eta",
    "mirostat_tau",
    "repeat_penalty",
    "temperature",
    "tfs_z",
    "top_p",
];
const INTS: [&str; 8] = [
    "mirostat",
    "num_ctx",
    "num_gpu",
    "num_thread",
    "num_predict",
    "repeat_last_n",
    "seed",
    "top_k",
];

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

/// `ChatOllama(**arguments)`
///
/// # Errors
/// Unsupported for arguments and values not known here, and for an address with a user in it.
pub fn chat_ollama(arguments: Kwargs) -> Result<ChatModel, Exception> {
    let mut settings = Settings::new("ChatOllama", arguments);
    settings.without(&REFUSED)?;
    let model = settings.text(&["model"])?;
    let model = model.ok_or_else(|| Exception::unsupported("ChatOllama() without a model"))?;
    let url = settings.text(&["base_url"])?;
    let url = url.or_else(|| first_set(&["OLLAMA_HOST"]));
    let url = url.unwrap_or_else(|| "http://127.0.0.1:11434".to_owned());
    if url.contains('@') || !(url.starts_with("http://") || url.starts_with("https://")) {
        return Err(Exception::unsupported(format!("Ollama at {}", repr(&url))));
    }
    let mut options = Dict::new();
    for name in FLOATS {
        if let Some(value) = settings.float(&[name])? {
            options.insert(name, value);
        }
    }
    for name in INTS {
        if let Some(value) = settings.int(&[name])? {
            options.insert(name, value);
        }
    }
    if let Some(stop) = settings.take(&["stop"]) {
        options.insert("stop", stop);
    }
    let mut parameters = Dict::from([
        (Value::from("model"), Value::from(model.as_str())),
        ("stream".into(), true.into()),
        ("tools".into(), Value::List(Vec::new())),
    ]);
    for name in ["format", "keep_alive"] {
        if let Some(value) = settings.take(&[name]) {
            parameters.insert(name, value);
        }
    }
    settings.finish()?;
    let key = first_set(&["OLLAMA_API_KEY"]);
    let mut headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    headers.extend(key.map(|key| ("authorization".to_owned(), format!("Bearer {key}"))));
    Ok(ChatModel::new(Ollama {
        url: format!("{}/api/chat", url.trim_end_matches('/')),
        headers,
        parameters,
        options,
    }))
}

/// A model and how to reach it.
#[derive(Debug)]
struct Ollama {
    url: String,
    headers: Vec<(String, String)>,
    /// What every request says, but for the messages and the options.
    parameters: Dict<Value, Value>,
    options: Dict<Value, Value>,
}

impl Provider for Ollama {
    fn request(&self, messages: &[Value], options: &Kwargs) -> Result<Request, Exception> {
        let mut payload = self.parameters.clone();
        let mut own = self.options.clone();
        for (name, value) in options {
            match name.as_str() {
                // what LangChain binds for its own traces, and what Ollama does not know
                "ls_structured_output_format" | "strict" => {}
                "stop" if own.contains_key(&Value::from("stop")) => {
                    return Err(Exception::value_error(
                        "`stop` found in both the input and default params.",
                    ));
                }
                "stop" => own.insert("stop", value.clone()),
                "format" | "keep_alive" => payload.insert(name.as_str(), value.clone()),
                "tools" => {
                    let tools: Vec<Value> = items(value).iter().map(sent_tool).collect();
                    payload.insert("tools", tools);
                }
                other => {
                    return Err(Exception::unsupported(format!("ChatOllama.bind({other}=)")));
                }
            }
        }
        payload.insert("options", Value::Dict(own));
        let outgoing = messages
            .iter()
            .map(outgoing)
            .collect::<Result<Vec<_>, _>>()?;
        payload.insert("messages", outgoing);
        Ok(Request {
            url: self.url.clone(),
            headers: self.headers.clone(),
            body: body(Value::Dict(payload))?,
            timeout: None::<Duration>,
            retries: Retries {
                most: 0,
                longest_wait: Duration::ZERO,
                patient: true,
            },
        })
    }

    fn message(&self, answer: &str, _: &Kwargs) -> Result<Value, Exception> {
        let (mut content, mut calls) = (String::new(), Vec::new());
        let (mut metadata, mut usage) = (Value::None, Value::None);
        let mut told = false;
        for line in answer.lines().filter(|line| !line.trim().is_empty()) {
            let piece = loads(line)?;
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

    fn failure(&self, failure: Failure) -> Exception {
        match failure {
            Failure::Status { code, body } => {
                let error = loads(&body).unwrap_or_default();
                match get(&error, "error") {
                    Value::None => response_error(&body.into(), i64::from(code)),
                    error => response_error(error, i64::from(code)),
                }
            }
            Failure::Timeout | Failure::Connection => Exception::new(
                "ConnectionError",
                "Failed to connect to Ollama. Please check that Ollama is downloaded, running and accessible. \
                 https://ollama.com/download",
            ),
        }
    }

    fn tools(&self, tools: &[Value], mut arguments: Kwargs) -> Result<Kwargs, Exception> {
        // Ollama knows no choice
        arguments.pop_or("tool_choice", Value::None);
        let formatted = tools
            .iter()
            .map(|tool| openai_tool(tool, &Value::None))
            .collect::<Result<Vec<_>, _>>()?;
        arguments.insert("tools", formatted);
        Ok(arguments)
    }

    fn structured(
        &self,
        schema: Option<&Schema>,
        arguments: &mut Kwargs,
    ) -> Result<(Kwargs, Reading), Exception> {
        arguments.pop_or("strict", Value::None);
        let method = arguments.pop_or("method", "json_schema");
        match (text(&method), schema) {
            (Some("json_schema"), Some(schema)) => {
                Ok((kwargs([("format", schema.json.clone())]), Reading::Json))
            }
            (Some("json_mode"), _) => Ok((kwargs([("format", "json".into())]), Reading::Json)),
            (Some("function_calling"), Some(schema)) => {
                let tool = schema.as_tool()?;
                let described = openai_tool(&tool, &Value::None)?;
                let name = langferry_pystd::str_of(get(get(&described, "function"), "name"));
                Ok((self.tools(&[tool], Kwargs::new())?, Reading::Call(name)))
            }
            _ => Err(Exception::unsupported(format!(
                "ChatOllama.with_structured_output(method={})",
                repr(&method)
            ))),
        }
    }
}

fn response_error(error: &Value, code: i64) -> Exception {
    Exception::with_bases(
        "ResponseError",
        ["Exception", "BaseException"].map(Into::into),
        format!("{} (status code: {code})", langferry_pystd::str_of(error)),
    )
}

/// What LangChain keeps of the last piece.
fn last(piece: &Value) -> Dict<Value, Value> {
    let mut kept = declared(piece, &ANSWER);
    kept.pop_or(&Value::from("message"), Value::None);
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

/// The tool with the keys its SDK knows; the others are not sent.
fn sent_tool(tool: &Value) -> Value {
    let function = get(tool, "function");
    let parameters = get(function, "parameters");
    let mut sent = dict([("type", "function".into())]);
    let mut described = kept(function, &["name", "description"]);
    if let Value::Dict(_) = parameters {
        let mut own = kept(parameters, &["$defs", "items", "required"]);
        own.insert("type", "object");
        if let Value::Dict(properties) = get(parameters, "properties") {
            let known = ["type", "items", "description", "enum"];
            let properties = properties
                .items()
                .map(|(name, property)| (name.clone(), Value::Dict(kept(property, &known))));
            own.insert("properties", Value::Dict(properties.collect()));
        }
        described.insert("parameters", Value::Dict(own));
    }
    if let Value::Dict(keys) = &mut sent {
        keys.insert("function", Value::Dict(described));
    }
    sent
}

fn kept(dict: &Value, keys: &[&str]) -> Dict<Value, Value> {
    let kept = keys.iter().filter_map(|&key| match get(dict, key) {
        Value::None => None,
        value => Some((key.into(), value.clone())),
    });
    kept.collect()
}

/// A message in the form of Ollama's API, in which empty parts are left out.
fn outgoing(message: &Value) -> Result<Value, Exception> {
    let is = |class: &str| is_instance(message, class);
    let role = if is("HumanMessage") {
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
        return Err(Exception::type_error(
            "Received unsupported message type for Ollama.",
        ));
    };
    let (mut content, mut images) = (String::new(), Vec::new());
    match message.attr("content")? {
        Value::Str(text) => content = text,
        blocks => {
            for block in items(&blocks) {
                add(block, &mut content, &mut images)?;
            }
        }
    }
    let mut sent = Dict::from([(Value::from("role"), role)]);
    if !content.is_empty() {
        sent.insert("content", content);
    }
    if !images.is_empty() {
        sent.insert("images", images);
    }
    if is("AIMessage") {
        let calls = message.attr("tool_calls")?;
        let calls: Vec<Value> = items(&calls)
            .iter()
            .map(|call| {
                let function = dict([
                    ("name", get(call, "name").clone()),
                    ("arguments", get(call, "args").clone()),
                ]);
                dict([("function", function)])
            })
            .collect();
        if !calls.is_empty() {
            sent.insert("tool_calls", calls);
        }
        let thought = message.attr("additional_kwargs")?;
        let thought = get(&thought, "reasoning_content");
        if thought.truthy() {
            sent.insert("thinking", thought.clone());
        }
    }
    Ok(Value::Dict(sent))
}

fn add(block: &Value, content: &mut String, images: &mut Vec<Value>) -> Result<(), Exception> {
    match (block, text(get(block, "type"))) {
        (Value::Str(own), _) => content.push_str(&format!("\n{own}")),
        (_, Some("text")) => {
            let own = text(get(block, "text")).unwrap_or_default();
            content.push_str(&format!("\n{own}"));
        }
        (_, Some("tool_use")) => {}
        (_, Some("image_url")) => {
            let url = match get(block, "image_url") {
                Value::Str(url) => Some(url.as_str()),
                dict => text(get(dict, "url")),
            };
            let url = url.ok_or_else(|| {
                Exception::value_error(
                    "Only string image_url or dict with string 'url' inside content parts are supported.",
                )
            })?;
            let parts: Vec<&str> = url.split(',').collect();
            images.push(Value::from(*parts.get(1).unwrap_or(&parts[0])));
        }
        (_, Some(kind @ ("image" | "audio" | "video" | "file"))) => {
            return Err(Exception::unsupported(format!(
                "a content block of type {kind}"
            )));
        }
        _ => {
            return Err(Exception::value_error(
                "Unsupported message content type. Must either have type 'text' or type 'image_url' with a \
                 string 'image_url' field.",
            ));
        }
    }
    Ok(())
}
