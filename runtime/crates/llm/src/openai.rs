//! `ChatOpenAI`, `AzureChatOpenAI`: OpenAI's chat completions, and whoever offers the same API at another address.

mod answer;
mod binding;
pub(crate) mod completion;
mod models;
mod outgoing;
mod streamed;

pub(crate) use answer::tool_calls;
pub(crate) use outgoing::calls as outgoing_calls;

use std::time::Duration;

use langferry_pystd::json::loads;
use langferry_pystd::{Dict, Exception, Truthy, Value, str_of};

use crate::kwargs::{Kwargs, body, dict, get, items, kwargs, text};
use crate::model::{ChatModel, Provider};
use crate::openai::binding::{answer_format, bound_tools};
use crate::openai::models::{allowed_temperature, is_reasoning_series, refuse_other_api};
use crate::schema::Schema;
use crate::sdk::{self, Sdk};
use crate::settings::{Settings, first_set};
use crate::structured::Reading;
use crate::tools::openai_tool;
use crate::transport::{Failure, Request, Retries};

/// What only OpenAI's other API, of responses, takes; and what would replace the HTTP client.
const REFUSED: [&str; 21] = [
    "reasoning",
    "include",
    "truncation",
    "context_management",
    "use_previous_response_id",
    "use_responses_api",
    "output_version",
    "openai_proxy",
    "http_client",
    "http_async_client",
    "http_socket_options",
    "client",
    "async_client",
    "root_client",
    "root_async_client",
    "include_response_headers",
    "disabled_params",
    "default_query",
    "callbacks",
    "cache",
    "rate_limiter",
];

/// `ChatOpenAI(**arguments)`
///
/// # Errors
/// `OpenAIError` without a key; unsupported for arguments, values and models not known here.
pub fn chat_openai(arguments: Kwargs) -> Result<ChatModel, Exception> {
    let mut settings = Settings::new("ChatOpenAI", arguments);
    let account = Account::read(&mut settings)?;
    let model = settings.text(&["model", "model_name"])?;
    let model = model.unwrap_or_else(|| "gpt-3.5-turbo".to_owned());
    let url = format!("{}/chat/completions", account.url);
    let (headers, own) = (account.headers, account.own);
    OpenAi::read(settings, Some(model), url, headers, Service::OpenAi, own).map(ChatModel::new)
}

/// Where requests go, and who they are from.
struct Account {
    /// Without a slash at its end.
    url: String,
    headers: Vec<(String, String)>,
    /// Whether it is OpenAI's own address.
    own: bool,
}

impl Account {
    fn read(settings: &mut Settings) -> Result<Self, Exception> {
        let url = settings.text(&["base_url", "openai_api_base"])?;
        let url = url.or_else(|| first_set(&["OPENAI_API_BASE", "OPENAI_BASE_URL"]));
        let own = url.is_none();
        let url = url.unwrap_or_else(|| "https://api.openai.com/v1".to_owned());
        let key = settings.secret(&["api_key", "openai_api_key"], &["OPENAI_API_KEY"])?;
        let Some(key) = key else {
            return Err(Exception::with_bases(
                "OpenAIError",
                ["Exception", "BaseException"].map(Into::into),
                "Missing credentials. Please pass an `api_key`, `workload_identity`, `admin_api_key`, or set \
                 the `OPENAI_API_KEY` or `OPENAI_ADMIN_KEY` environment variable.",
            ));
        };
        let mut headers = vec![("authorization".to_owned(), format!("Bearer {key}"))];
        let organization = settings.text(&["organization", "openai_organization"])?;
        let organization =
            organization.or_else(|| first_set(&["OPENAI_ORG_ID", "OPENAI_ORGANIZATION"]));
        headers.extend(organization.map(|name| ("openai-organization".to_owned(), name)));
        let project = first_set(&["OPENAI_PROJECT_ID"]);
        headers.extend(project.map(|name| ("openai-project".to_owned(), name)));
        Ok(Account {
            url: url.trim_end_matches('/').to_owned(),
            headers,
            own,
        })
    }
}

/// `AzureChatOpenAI(**arguments)`
///
/// # Errors
/// Unsupported without an endpoint, a version and a key, with a token of Azure's directory, and for arguments, values
/// and models not known here.
pub fn azure_chat_openai(arguments: Kwargs) -> Result<ChatModel, Exception> {
    let mut settings = Settings::new("AzureChatOpenAI", arguments);
    settings.without(&[
        "azure_ad_token",
        "azure_ad_token_provider",
        "azure_ad_async_token_provider",
        "base_url",
        "openai_api_base",
        "model_version",
    ])?;
    let needed = |name: &str, value: Option<String>| {
        value.ok_or_else(|| Exception::unsupported(format!("AzureChatOpenAI() without {name}")))
    };
    let endpoint = settings.text(&["azure_endpoint"])?;
    let endpoint = endpoint.or_else(|| first_set(&["AZURE_OPENAI_ENDPOINT"]));
    let version = settings.text(&["api_version", "openai_api_version"])?;
    let version = version.or_else(|| first_set(&["OPENAI_API_VERSION"]));
    let key = settings.secret(
        &["api_key", "openai_api_key"],
        &["AZURE_OPENAI_API_KEY", "OPENAI_API_KEY"],
    )?;
    let model = settings.text(&["model", "model_name"])?;
    let deployment = settings.text(&["azure_deployment", "deployment_name"])?;
    settings.take(&["openai_api_type"]);
    settings.take(&["validate_base_url"]);
    let url = format!(
        "{}/openai/deployments/{}/chat/completions?api-version={}",
        needed("an endpoint", endpoint)?.trim_end_matches('/'),
        needed("a deployment", deployment.or_else(|| model.clone()))?,
        needed("a version", version)?,
    );
    let headers = vec![("api-key".to_owned(), needed("a key", key)?)];
    OpenAi::read(settings, model, url, headers, Service::Azure, true).map(ChatModel::new)
}

/// Who runs the models.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Service {
    OpenAi,
    Azure,
}

/// What `max_tokens` is called on the wire.
const MOST_TOKENS: &str = "max_completion_tokens";

/// A model and how to reach it.
#[derive(Debug)]
struct OpenAi {
    service: Service,
    /// Whether answers are asked for in pieces.
    streaming: bool,
    model: Option<String>,
    url: String,
    headers: Vec<(String, String)>,
    /// What every request says, but for the messages.
    parameters: Value,
    extra_body: Value,
    timeout: Option<Duration>,
    retries: Retries,
}

impl OpenAi {
    /// `counts_tokens`: whether an answer in pieces is asked to tell its tokens, unless the program says otherwise.
    fn read(
        mut settings: Settings,
        model: Option<String>,
        url: String,
        mut headers: Vec<(String, String)>,
        service: Service,
        counts_tokens: bool,
    ) -> Result<Self, Exception> {
        settings.without(&REFUSED)?;
        let name = model.as_deref().unwrap_or_default();
        refuse_other_api(name)?;
        headers.push(("content-type".to_owned(), "application/json".to_owned()));
        headers.extend(settings.headers(&["default_headers"])?);
        let mut parameters = Dict::from([(Value::from("model"), Value::from(model.clone()))]);
        let streaming = settings.flag(&["streaming"])?.unwrap_or(false);
        if streaming {
            settings.without(&["disable_streaming"])?;
        }
        parameters.insert("stream", streaming);
        let usage = settings.flag(&["stream_usage"])?.unwrap_or(counts_tokens);
        if streaming && usage {
            parameters.insert("stream_options", dict([("include_usage", true.into())]));
        }
        let mut put = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                parameters.insert(name, value);
            }
        };
        for name in ["presence_penalty", "frequency_penalty", "top_p"] {
            put(name, settings.float(&[name])?);
        }
        for name in ["seed", "top_logprobs", "n"] {
            put(name, settings.int(&[name])?);
        }
        for name in ["logprobs", "store"] {
            put(name, settings.flag(&[name])?.map(Value::from));
        }
        for name in ["logit_bias", "prompt_cache_options"] {
            put(name, settings.take(&[name]));
        }
        let effort = settings.text(&["reasoning_effort"])?;
        let temperature = settings.float(&["temperature"])?;
        put(
            "temperature",
            allowed_temperature(name, effort.as_deref(), temperature),
        );
        put("reasoning_effort", effort.map(Value::from));
        for name in ["verbosity", "service_tier"] {
            put(name, settings.text(&[name])?.map(Value::from));
        }
        let stop = settings.take(&["stop", "stop_sequences"]);
        put("stop", stop.filter(Truthy::truthy));
        put(
            MOST_TOKENS,
            settings.int(&["max_tokens", "max_completion_tokens"])?,
        );
        if let Some(Value::Dict(more)) = settings.take(&["model_kwargs"]) {
            parameters.update(more);
        }
        let extra_body = settings.take(&["extra_body"]).unwrap_or_default();
        let timeout = settings.seconds(&["timeout", "request_timeout"])?;
        let most = settings.count(&["max_retries"])?;
        settings.take(&["stream_chunk_timeout"]);
        settings.take(&["tiktoken_model_name"]);
        settings.finish()?;
        Ok(OpenAi {
            service,
            streaming,
            model,
            url,
            headers,
            parameters: Value::Dict(parameters),
            extra_body,
            timeout: Some(Duration::from_secs_f64(timeout.unwrap_or(600.0))),
            retries: Retries {
                most: most.unwrap_or(2),
                longest_wait: Duration::from_secs(120),
                patient: false,
            },
        })
    }
}

impl OpenAi {
    fn name(&self) -> &str {
        self.model.as_deref().unwrap_or_default()
    }

    /// Whether the SDK is asked for a parsed answer.
    fn parses(&self, options: &Kwargs) -> bool {
        options.contains_key("response_format")
            || get(&self.parameters, "response_format") != &Value::None
    }
}

impl Provider for OpenAi {
    fn request(&self, messages: &[Value], options: &Kwargs) -> Result<Request, Exception> {
        let mut payload = match &self.parameters {
            Value::Dict(parameters) => parameters.clone(),
            _ => Dict::new(),
        };
        for (name, value) in options {
            match name.as_str() {
                // what LangChain binds for its own traces
                "ls_structured_output_format" => {}
                "max_tokens" => payload.insert(MOST_TOKENS, value.clone()),
                name => payload.insert(name, value.clone()),
            }
        }
        if self.streaming && self.parses(options) {
            return Err(Exception::unsupported(
                "streaming=True with a response_format",
            ));
        }
        let builtin = |tool: &Value| text(get(tool, "type")).is_some_and(|kind| kind != "function");
        if payload
            .get("tools")
            .is_some_and(|tools| items(tools).iter().any(builtin))
        {
            return Err(Exception::unsupported("OpenAI's API of responses"));
        }
        let mut outgoing = messages
            .iter()
            .map(outgoing::message)
            .collect::<Result<Vec<_>, _>>()?;
        if self.service == Service::OpenAi && is_reasoning_series(self.name()) {
            for message in &mut outgoing {
                if get(message, "role") == &Value::from("system") {
                    message.set_item("role", "developer")?;
                }
            }
        }
        payload.insert("messages", outgoing);
        if let Value::Dict(extra) = &self.extra_body {
            payload.update(extra.clone());
        }
        Ok(Request {
            url: self.url.clone(),
            headers: self.headers.clone(),
            body: body(Value::Dict(payload))?,
            timeout: self.timeout,
            retries: self.retries,
        })
    }

    fn message(&self, answer: &str, options: &Kwargs) -> Result<Value, Exception> {
        if self.streaming {
            return streamed::message(answer);
        }
        let parses = self.parses(options);
        answer::message(&loads(answer)?, self.name(), self.service, parses)
    }

    fn failure(&self, failure: Failure) -> Exception {
        sdk::failure(Sdk::OpenAi, failure)
    }

    fn tools(&self, tools: &[Value], arguments: Kwargs) -> Result<Kwargs, Exception> {
        bound_tools(tools, arguments)
    }

    fn structured(
        &self,
        schema: Option<&Schema>,
        arguments: &mut Kwargs,
    ) -> Result<(Kwargs, Reading), Exception> {
        let mut take = |name: &str| arguments.pop_or(name, Value::None);
        let (method, strict) = (take("method"), take("strict"));
        let method = text(&method).unwrap_or("json_schema");
        let name = self.name();
        let too_old = name.starts_with("gpt-3") || name.starts_with("gpt-4-") || name == "gpt-4";
        match (method, schema) {
            ("json_mode", _) => {
                let format = dict([("type", "json_object".into())]);
                Ok((kwargs([("response_format", format)]), Reading::Json))
            }
            (method, Some(schema)) if method == "function_calling" || too_old => {
                let tool = schema.as_tool()?;
                let described = openai_tool(&tool, &Value::None)?;
                let name = get(get(&described, "function"), "name").clone();
                let reading = Reading::Call(str_of(&name));
                // LangChain takes Azure's other models not to know it
                let parallel = match self.service == Service::OpenAi || self.name() == "gpt-4o" {
                    true => false.into(),
                    false => Value::None,
                };
                let options = kwargs([
                    ("tool_choice", name),
                    ("parallel_tool_calls", parallel),
                    ("strict", strict),
                ]);
                Ok((bound_tools(&[tool], options)?, reading))
            }
            ("json_schema", Some(schema)) => {
                let format = answer_format(schema, strict)?;
                Ok((kwargs([("response_format", format)]), Reading::Parsed))
            }
            _ => Err(Exception::unsupported(format!(
                "ChatOpenAI.with_structured_output(method={method})"
            ))),
        }
    }
}
