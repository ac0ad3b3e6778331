//! `ChatOllama`: models on a server of Ollama.

mod answer;
pub(crate) mod completion;
mod outgoing;

use std::time::Duration;

use langferry_pystd::json::loads;
use langferry_pystd::{Dict, Exception, Float, Value, repr};

use crate::kwargs::{Kwargs, body, get, items, kwargs, text};
use crate::model::{ChatModel, Provider};
use crate::schema::Schema;
use crate::sdk;
use crate::settings::{Settings, first_set};
use crate::structured::Reading;
use crate::tools::{openai_tool, openai_tools};
use crate::transport::{Failure, Request, Retries};

/// What is not done here.
const REFUSED: [&str; 12] = [
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
];

/// Arguments of other vendors' models, which the class does not have: pydantic passes over them.
const PASSED_OVER: [&str; 12] = [
    "max_tokens",
    "max_output_tokens",
    "max_retries",
    "timeout",
    "request_timeout",
    "api_key",
    "streaming",
    "n",
    "frequency_penalty",
    "presence_penalty",
    "stop_sequences",
    "model_kwargs",
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

/// `ChatOllama(**arguments)`
///
/// # Errors
/// Unsupported for arguments and values not known here, and for an address with a user in it.
pub fn chat_ollama(arguments: Kwargs) -> Result<ChatModel, Exception> {
    let mut settings = Settings::new("ChatOllama", arguments);
    let server = Server::read(&mut settings)?;
    let mut parameters = Dict::from([
        (Value::from("model"), Value::from(server.model)),
        ("stream".into(), true.into()),
        ("tools".into(), Value::List(Vec::new())),
    ]);
    if let Some(format) = settings.take(&["format"]) {
        parameters.insert("format", format);
    }
    parameters.update(server.stays);
    settings.finish()?;
    Ok(ChatModel::new(Ollama {
        url: format!("{}/api/chat", server.url),
        headers: server.headers,
        parameters,
        options: server.options,
    }))
}

/// What the classes of chat models and of others are told in the same way.
struct Server {
    url: String,
    headers: Vec<(String, String)>,
    model: String,
    options: Dict<Value, Value>,
    /// How long the model is kept loaded, if that is said.
    stays: Dict<Value, Value>,
}

impl Server {
    fn read(settings: &mut Settings) -> Result<Self, Exception> {
        settings.without(&REFUSED)?;
        for name in PASSED_OVER {
            settings.take(&[name]);
        }
        let model = settings.text(&["model"])?;
        let unnamed = || Exception::unsupported(format!("{}() without a model", settings.class()));
        let model = model.ok_or_else(unnamed)?;
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
        let mut stays = Dict::new();
        if let Some(time) = settings.take(&["keep_alive"]) {
            let strange = settings.refused(&["keep_alive"], &time);
            stays.insert("keep_alive", kept(&time).ok_or(strange)?);
        }
        let key = first_set(&["OLLAMA_API_KEY"]);
        let mut headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        headers.extend(key.map(|key| ("authorization".to_owned(), format!("Bearer {key}"))));
        Ok(Server {
            url: url.trim_end_matches('/').to_owned(),
            headers,
            model,
            options,
            stays,
        })
    }
}

/// How long a model is kept loaded, as its SDK sends it: a number as a float.
fn kept(time: &Value) -> Option<Value> {
    match time {
        Value::Str(_) => Some(time.clone()),
        Value::Int(_) => time.to::<Float>().ok()?.to_f64().ok().map(Value::Float),
        _ => None,
    }
}

/// What its SDK raises for a request that failed.
fn failed(failure: Failure) -> Exception {
    match failure {
        Failure::Status { code, body } => {
            let error = loads(&body).unwrap_or_default();
            match get(&error, "error") {
                Value::None => answer::response_error(&body.into(), i64::from(code)),
                error => answer::response_error(error, i64::from(code)),
            }
        }
        failure => sdk::of_http(&failure),
    }
}

/// A request is sent once, and may take as long as it likes.
fn sent(url: &str, headers: &[(String, String)], payload: Value) -> Result<Request, Exception> {
    Ok(Request {
        url: url.to_owned(),
        headers: headers.to_vec(),
        body: body(payload)?,
        timeout: None::<Duration>,
        retries: Retries {
            most: 0,
            longest_wait: Duration::ZERO,
            patient: true,
        },
    })
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
                "format" => payload.insert("format", value.clone()),
                "keep_alive" if kept(value).is_some() => {
                    payload.insert("keep_alive", kept(value).unwrap_or_default());
                }
                "tools" => {
                    let tools: Vec<Value> = items(value).iter().map(outgoing::tool).collect();
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
            .map(outgoing::message)
            .collect::<Result<Vec<_>, _>>()?;
        payload.insert("messages", outgoing);
        sent(&self.url, &self.headers, Value::Dict(payload))
    }

    fn message(&self, answer: &str, _: &Kwargs) -> Result<Value, Exception> {
        answer::message(answer)
    }

    fn failure(&self, failure: Failure) -> Exception {
        failed(failure)
    }

    fn tools(&self, tools: &[Value], mut arguments: Kwargs) -> Result<Kwargs, Exception> {
        // Ollama knows no choice
        arguments.pop_or("tool_choice", Value::None);
        let formatted = openai_tools(tools)?;
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
