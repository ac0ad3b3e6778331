//! `ChatAnthropic`: Anthropic's messages.

mod answer;
mod outgoing;

use std::time::Duration;

use langferry_pystd::json::loads;
use langferry_pystd::{Dict, Exception, Truthy, Value, repr, str_of};

use crate::kwargs::{Kwargs, body, dict, get, text};
use crate::model::{ChatModel, Provider};
use crate::schema::Schema;
use crate::sdk::{self, Sdk};
use crate::settings::{Settings, first_set};
use crate::structured::Reading;
use crate::tools::openai_tool;
use crate::transport::{Failure, Request, Retries};

/// What is not done here, or would replace the HTTP client.
const REFUSED: [&str; 19] = [
    "streaming",
    "reasoning_effort",
    "effort",
    "output_config",
    "betas",
    "context_management",
    "mcp_servers",
    "container",
    "user_profile_id",
    "inference_geo",
    "reuse_last_container",
    "model_kwargs",
    "output_version",
    "anthropic_proxy",
    "profile",
    "custom_get_token_ids",
    "callbacks",
    "cache",
    "rate_limiter",
];

/// The models LangChain has a profile of: how many tokens they give at most, and whether a system's message may stand
/// within a conversation (of `langchain-anthropic` 1.7.10).
const PROFILES: [(&str, Option<i64>, bool); 19] = [
    ("claude-fable-5", Some(128_000), true),
    ("claude-fable-5-1", Some(128_000), true),
    ("claude-haiku-4-5", Some(64_000), false),
    ("claude-haiku-4-5-20251001", Some(64_000), false),
    ("claude-haiku-5-5", Some(128_000), true),
    ("claude-mythos-5", None, true),
    ("claude-mythos-5-1", None, true),
    ("claude-opus-4-5", Some(64_000), false),
    ("claude-opus-4-5-20251101", Some(64_000), false),
    ("claude-opus-4-6", Some(128_000), false),
    ("claude-opus-4-7", Some(128_000), false),
    ("claude-opus-4-8", Some(128_000), true),
    ("claude-opus-5", Some(128_000), true),
    ("claude-opus-5-5", Some(128_000), true),
    ("claude-sonnet-4-5", Some(64_000), false),
    ("claude-sonnet-4-5-20250929", Some(64_000), false),
    ("claude-sonnet-4-6", Some(128_000), false),
    ("claude-sonnet-5", Some(128_000), true),
    ("claude-sonnet-5-5", Some(128_000), true),
];

/// What LangChain asks for of a model it has no profile of.
const MOST_TOKENS: i64 = 4096;

/// `ChatAnthropic(**arguments)`
///
/// # Errors
/// Unsupported without a key, and for arguments and values not known here.
pub fn chat_anthropic(arguments: Kwargs) -> Result<ChatModel, Exception> {
    let mut settings = Settings::new("ChatAnthropic", arguments);
    settings.without(&REFUSED)?;
    let model = settings.text(&["model", "model_name"])?;
    let model = model.ok_or_else(|| Exception::unsupported("ChatAnthropic() without a model"))?;
    let url = settings.text(&["base_url", "anthropic_api_url"])?;
    let url = url.or_else(|| first_set(&["ANTHROPIC_API_URL", "ANTHROPIC_BASE_URL"]));
    let url = url.unwrap_or_else(|| "https://api.anthropic.com".to_owned());
    let key = settings.secret(&["api_key", "anthropic_api_key"], &["ANTHROPIC_API_KEY"])?;
    let key = key.ok_or_else(|| {
        Exception::unsupported("ChatAnthropic() without ANTHROPIC_API_KEY, as pydantic refuses it")
    })?;
    let mut headers = vec![
        ("authorization".to_owned(), format!("Bearer {key}")),
        ("anthropic-version".to_owned(), "2026-10-21".to_owned()),
        ("content-type".to_owned(), "application/json".to_owned()),
    ];
    headers.extend(settings.headers(&["default_headers"])?);
    let profile = PROFILES.iter().find(|(name, ..)| *name == model);
    let most = settings.int(&["max_tokens", "max_tokens_to_sample"])?;
    let most = most.unwrap_or_else(|| {
        let most = profile.and_then(|(_, most, _)| *most);
        most.unwrap_or(MOST_TOKENS).into()
    });
    let mut parameters = Dict::from([
        (Value::from("model"), Value::from(model.as_str())),
        ("max_tokens".into(), most),
    ]);
    for name in ["temperature", "top_p"] {
        if let Some(value) = settings.float(&[name])? {
            parameters.insert(name, value);
        }
    }
    if let Some(value) = settings.int(&["top_k"])? {
        parameters.insert("top_k", value);
    }
    let particular = ["claude-fable-5", "claude-sonnet-5-5"];
    let sampled = ["temperature", "top_p", "top_k"];
    if particular.iter().any(|prefix| model.starts_with(prefix))
        && sampled
            .iter()
            .any(|name| parameters.contains_key(&Value::from(*name)))
    {
        return Err(Exception::unsupported(format!(
            "a temperature, top_k or top_p of {model}"
        )));
    }
    let thinking = thinking(settings.take(&["thinking"]), &model)?;
    let thinks = thinking
        .as_ref()
        .is_some_and(|thinking| *get(thinking, "type") != "disabled".into());
    if let Some(thinking) = thinking {
        parameters.insert("thinking", thinking);
    }
    let stop = settings.take(&["stop", "stop_sequences"]);
    if let Some(stop) = stop.filter(Truthy::truthy) {
        parameters.insert("stop_sequences", stop);
    }
    let timeout = settings.seconds(&["timeout", "default_request_timeout"])?;
    let retries = settings.count(&["max_retries"])?;
    settings.take(&["stream_usage"]);
    settings.finish()?;
    Ok(ChatModel::new(Anthropic {
        url: format!("{}/v1/messages", url.trim_end_matches('/')),
        headers,
        parameters,
        may_instruct_later: profile.is_some_and(|(.., may)| *may),
        thinks,
        forced_choice: !["claude-fable-5-1", "claude-opus-5-5", "claude-sonnet-5-5"]
            .iter()
            .any(|prefix| model.starts_with(prefix)),
        timeout: timeout
            .filter(|&seconds| seconds > 0.0)
            .map(Duration::from_secs_f64)
            .or(Some(Duration::from_secs(600))),
        retries: Retries {
            most: retries.unwrap_or(2),
            longest_wait: Duration::from_secs(4_294_967),
            patient: true,
        },
    }))
}

/// `thinking=`, where LangChain sends it as it is.
fn thinking(given: Option<Value>, model: &str) -> Result<Option<Value>, Exception> {
    let given = given.filter(|given| *given != Value::None);
    let Some(thinking) = &given else {
        return Ok(None);
    };
    let refuses = ["claude-opus-5", "claude-fable-5", "claude-sonnet-5-5"];
    let is_known = ["enabled", "disabled", "adaptive"]
        .iter()
        .any(|kind| *get(thinking, "type") == Value::from(*kind));
    let is_shown = *get(thinking, "display") != Value::None;
    match !is_known || is_shown || refuses.iter().any(|prefix| model.starts_with(prefix)) {
        true => Err(Exception::unsupported(format!(
            "{model} with thinking={thinking}"
        ))),
        false => Ok(given),
    }
}

/// A model and how to reach it.
#[derive(Debug)]
struct Anthropic {
    url: String,
    headers: Vec<(String, String)>,
    /// What every request says, but for the messages.
    parameters: Dict<Value, Value>,
    /// Whether a system's message may stand within the conversation.
    may_instruct_later: bool,
    /// Whether it can be made to call a tool.
    forced_choice: bool,
    /// Whether it thinks before it answers, when it cannot be made to call a tool either.
    thinks: bool,
    timeout: Option<Duration>,
    retries: Retries,
}

impl Provider for Anthropic {
    fn request(&self, messages: &[Value], options: &Kwargs) -> Result<Request, Exception> {
        let (system, outgoing) = outgoing::messages(messages, self.may_instruct_later)?;
        let mut payload = self.parameters.clone();
        payload.insert("messages", outgoing);
        if let Some(system) = system {
            payload.insert("system", system);
        }
        for (name, value) in options {
            match name.as_str() {
                // what LangChain binds for its own traces
                "ls_structured_output_format" => {}
                "stop" => payload.insert("stop_sequences", value.clone()),
                "tools" | "tool_choice" | "max_tokens" | "temperature" | "top_p" | "top_k"
                | "metadata" | "output_config" => payload.insert(name.as_str(), value.clone()),
                other => {
                    return Err(Exception::unsupported(format!(
                        "ChatAnthropic.bind({other}=)"
                    )));
                }
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
        answer::message(&loads(answer)?)
    }

    fn failure(&self, failure: Failure) -> Exception {
        sdk::failure(Sdk::Anthropic, failure)
    }

    fn tools(&self, tools: &[Value], mut arguments: Kwargs) -> Result<Kwargs, Exception> {
        let mut take = |name: &str| arguments.pop_or(name, Value::None);
        let (choice, strict) = (take("tool_choice"), take("strict"));
        let parallel = take("parallel_tool_calls");
        let mut bound = arguments;
        let formatted = tools
            .iter()
            .map(|tool| anthropic_tool(tool, &strict))
            .collect::<Result<Vec<_>, _>>()?;
        let mut chosen = match &choice {
            nothing if !nothing.truthy() => Value::None,
            Value::Dict(_) => choice.clone(),
            Value::Str(kind) if kind == "any" || kind == "auto" => dict([("type", choice.clone())]),
            Value::Str(_) => dict([("type", "tool".into()), ("name", choice.clone())]),
            other => {
                return Err(Exception::value_error(format!(
                    "Unrecognized 'tool_choice' type tool_choice={}. Expected dict, str, or None.",
                    str_of(other)
                )));
            }
        };
        if self.thinks
            && ["any", "tool"]
                .iter()
                .any(|kind| *get(&chosen, "type") == (*kind).into())
        {
            chosen = Value::None;
        }
        if parallel != Value::None {
            if chosen == Value::None {
                chosen = dict([("type", "auto".into())]);
            }
            chosen.set_item("disable_parallel_tool_use", !parallel.truthy())?;
        }
        if chosen != Value::None {
            bound.insert("tool_choice", chosen);
        }
        bound.insert("tools", formatted);
        Ok(bound)
    }

    fn structured(
        &self,
        schema: Option<&Schema>,
        arguments: &mut Kwargs,
    ) -> Result<(Kwargs, Reading), Exception> {
        let method = arguments.pop_or("method", "function_calling");
        let (Some(schema), Some("function_calling"), true) =
            (schema, text(&method), self.forced_choice && !self.thinks)
        else {
            return Err(Exception::unsupported(format!(
                "ChatAnthropic.with_structured_output(method={})",
                repr(&method)
            )));
        };
        let tool = schema.as_tool()?;
        let formatted = anthropic_tool(&tool, &Value::None)?;
        let name = str_of(get(&formatted, "name"));
        let choice = Kwargs::from([("tool_choice".to_owned(), name.as_str().into())]);
        Ok((self.tools(&[tool], choice)?, Reading::Call(name)))
    }
}

/// A tool as Anthropic describes one; its own are left as they are.
fn anthropic_tool(tool: &Value, strict: &Value) -> Result<Value, Exception> {
    let has = |key: &str| get(tool, key) != &Value::None;
    if has("type")
        && !["function", "object", "custom"].contains(&text(get(tool, "type")).unwrap_or_default())
    {
        return Err(Exception::unsupported(format!(
            "Anthropic's tool {}",
            get(tool, "type")
        )));
    }
    if has("name") && has("description") && has("input_schema") {
        return Ok(tool.clone());
    }
    let described = openai_tool(tool, strict)?;
    let function = get(&described, "function");
    let mut own = dict([
        ("name", get(function, "name").clone()),
        ("input_schema", get(function, "parameters").clone()),
    ]);
    for key in ["anyOf", "oneOf"] {
        if get(get(function, "parameters"), key) != &Value::None {
            return Err(Exception::unsupported(
                "a tool of several forms, which LangChain drops",
            ));
        }
    }
    for key in ["description", "strict"] {
        if get(function, key) != &Value::None {
            own.set_item(key, get(function, key))?;
        }
    }
    Ok(own)
}
