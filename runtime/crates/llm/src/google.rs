//! `ChatGoogleGenerativeAI`: Gemini by Google's API for developers.

mod answer;
mod declaration;
mod outgoing;

use std::time::Duration;

use langferry_pystd::json::loads;
use langferry_pystd::{Dict, Exception, Truthy, Value, repr, str_of};

use crate::kwargs::{Kwargs, body, dict, get, items, kwargs, text};
use crate::model::{ChatModel, Provider};
use crate::schema::Schema;
use crate::settings::Settings;
use crate::structured::Reading;
use crate::tools::{openai_tool, openai_tools};
use crate::transport::{Failure, Request, Retries};

/// What is not done here, or would replace the HTTP client.
const REFUSED: [&str; 21] = [
    "streaming",
    "vertexai",
    "project",
    "location",
    "credentials",
    "client_options",
    "client_args",
    "transport",
    "safety_settings",
    "cached_content",
    "thinking_budget",
    "thinking_level",
    "include_thoughts",
    "response_modalities",
    "media_resolution",
    "image_config",
    "response_schema",
    "response_mime_type",
    "callbacks",
    "cache",
    "rate_limiter",
];

/// Names that stand for one model after the other.
const LATEST: [&str; 2] = ["gemini-flash-latest", "gemini-flash-lite-latest"];

/// `ChatGoogleGenerativeAI(**arguments)`
///
/// # Errors
/// Unsupported without a key, for the models that sign their thoughts (Gemini 3 and later), and for arguments and
/// values not known here.
pub fn chat_google_generative_ai(arguments: Kwargs) -> Result<ChatModel, Exception> {
    let mut settings = Settings::new("ChatGoogleGenerativeAI", arguments);
    settings.without(&REFUSED)?;
    let model = settings.text(&["model", "model_name"])?;
    let model =
        model.ok_or_else(|| Exception::unsupported("ChatGoogleGenerativeAI() without a model"))?;
    let plain = model.strip_prefix("models/").unwrap_or(&model);
    let known = ["gemini-1", "gemini-2", "gemini-pro", "gemma"];
    let known = known.iter().any(|prefix| plain.starts_with(prefix));
    // whatever model it is by now, LangChain goes by the name
    let known = known || LATEST.contains(&plain);
    if !known || plain.contains("-tts") {
        return Err(Exception::unsupported(format!("Google's model {model}")));
    }
    let url = settings.text(&["base_url"])?;
    let url = url.unwrap_or_else(|| "https://generativelanguage.googleapis.com".to_owned());
    let version = settings.text(&["api_version"])?;
    let version = version.unwrap_or_else(|| "v1".to_owned());
    let key = settings.secret(
        &["api_key", "google_api_key"],
        &["GOOGLE_API_KEY", "GEMINI_API_KEY"],
    )?;
    let key = key.ok_or_else(|| {
        Exception::unsupported("ChatGoogleGenerativeAI() without a key, as pydantic refuses it")
    })?;
    let mut headers = vec![
        ("x-goog-api-key".to_owned(), key),
        ("content-type".to_owned(), "application/json".to_owned()),
    ];
    headers.extend(settings.headers(&["additional_headers"])?);
    let temperature = settings.float(&["temperature"])?;
    let count = settings.int(&["n", "candidate_count"])?;
    let mut config = Dict::from([
        (
            Value::from("temperature"),
            temperature.unwrap_or(Value::Float(0.7)),
        ),
        (
            "candidateCount".into(),
            count.unwrap_or_else(|| 1_i64.into()),
        ),
    ]);
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            config.insert(name, value);
        }
    };
    put("topP", settings.float(&["top_p"])?);
    // its SDK has a float for it
    put("topK", settings.float(&["top_k"])?);
    put(
        "maxOutputTokens",
        settings.int(&["max_output_tokens", "max_tokens"])?,
    );
    put("presencePenalty", settings.float(&["presence_penalty"])?);
    put("frequencyPenalty", settings.float(&["frequency_penalty"])?);
    put("seed", settings.int(&["seed"])?);
    put("stopSequences", settings.take(&["stop", "stop_sequences"]));
    let to_human = settings.flag(&["convert_system_message_to_human"])?;
    let timeout = settings.seconds(&["timeout", "request_timeout"])?;
    let attempts = settings.count(&["max_retries", "retries"])?;
    settings.finish()?;
    Ok(ChatModel::new(Google {
        url: format!(
            "{}/{version}/models/{plain}:generateContent",
            url.trim_end_matches('/')
        ),
        model,
        headers,
        config,
        to_human: to_human.unwrap_or(false),
        timeout: timeout.map(Duration::from_secs_f64),
        retries: Retries {
            most: attempts.unwrap_or(6).saturating_sub(1),
            longest_wait: Duration::ZERO,
            patient: true,
        },
    }))
}

/// A model and how to reach it.
#[derive(Debug)]
struct Google {
    url: String,
    /// As it was given.
    model: String,
    headers: Vec<(String, String)>,
    /// What every request says about the answer.
    config: Dict<Value, Value>,
    /// Whether a system's message becomes a part of the human's after it.
    to_human: bool,
    timeout: Option<Duration>,
    retries: Retries,
}

impl Provider for Google {
    fn request(&self, messages: &[Value], options: &Kwargs) -> Result<Request, Exception> {
        let (system, contents) = outgoing::contents(messages, self.to_human)?;
        let mut config = self.config.clone();
        let mut payload = Dict::from([(Value::from("contents"), Value::List(contents))]);
        if let Some(system) = system {
            payload.insert("systemInstruction", system);
        }
        payload.insert("safetySettings", Value::List(Vec::new()));
        for (name, value) in options {
            match name.as_str() {
                // what LangChain binds for its own traces
                "ls_structured_output_format" => {}
                "stop" => config.insert("stopSequences", value.clone()),
                "response_mime_type" => config.insert("responseMimeType", value.clone()),
                "response_json_schema" => config.insert("responseJsonSchema", value.clone()),
                "tools" => {
                    let functions = items(value).iter().map(declaration::of);
                    let functions = functions.collect::<Result<Vec<_>, _>>()?;
                    let tool = dict([("functionDeclarations", Value::List(functions))]);
                    payload.insert("tools", vec![tool]);
                }
                "tool_choice" => {
                    let names: Vec<Value> = items(options.get("tools").unwrap_or(&Value::None))
                        .iter()
                        .map(|tool| get(get(tool, "function"), "name").clone())
                        .collect();
                    let chosen = declaration::choice(value, names)?;
                    payload.insert("toolConfig", dict([("functionCallingConfig", chosen)]));
                }
                other => {
                    return Err(Exception::unsupported(format!(
                        "ChatGoogleGenerativeAI.bind({other}=)"
                    )));
                }
            }
        }
        payload.insert("generationConfig", Value::Dict(config));
        Ok(Request {
            url: self.url.clone(),
            headers: self.headers.clone(),
            body: body(Value::Dict(payload))?,
            timeout: self.timeout,
            retries: self.retries,
        })
    }

    fn message(&self, answer: &str, _: &Kwargs) -> Result<Value, Exception> {
        answer::message(&loads(answer)?)
    }

    fn failure(&self, failure: Failure) -> Exception {
        answer::failure(&self.model, failure)
    }

    fn tools(&self, tools: &[Value], mut arguments: Kwargs) -> Result<Kwargs, Exception> {
        let choice = arguments.pop_or("tool_choice", Value::None);
        let formatted = openai_tools(tools)?;
        let mut bound = arguments;
        if choice.truthy() {
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
        let method = arguments.pop_or("method", "json_schema");
        match (text(&method), schema) {
            (Some("json_schema"), Some(schema)) if schema.class.is_some() => {
                let options = kwargs([
                    ("response_mime_type", "application/json".into()),
                    ("response_json_schema", schema.json.clone()),
                ]);
                Ok((options, Reading::Json))
            }
            (Some("function_calling"), Some(schema)) => {
                let tool = schema.as_tool()?;
                let described = openai_tool(&tool, &Value::None)?;
                let name = get(get(&described, "function"), "name").clone();
                let reading = Reading::Call(str_of(&name));
                let options = kwargs([("tool_choice", name)]);
                Ok((self.tools(&[tool], options)?, reading))
            }
            _ => Err(Exception::unsupported(format!(
                "ChatGoogleGenerativeAI.with_structured_output(method={}) with this schema",
                repr(&method)
            ))),
        }
    }
}
