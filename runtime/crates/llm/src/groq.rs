//! `ChatGroq`: Groq's form of OpenAI's chat completions.

mod answer;
mod outgoing;

use std::time::Duration;

use langferry_pystd::json::loads;
use langferry_pystd::{Dict, Exception, Truthy, Value, repr};

use crate::kwargs::{Kwargs, body, dict, get, kwargs, text};
use crate::model::{ChatModel, Provider};
use crate::schema::Schema;
use crate::sdk::{self, Sdk};
use crate::settings::{Settings, first_set};
use crate::structured::Reading;
use crate::tools::{openai_tool, openai_tools};
use crate::transport::{Failure, Request, Retries};

/// What is not done here, or would replace the HTTP client.
const REFUSED: [&str; 8] = [
    "streaming",
    "groq_proxy",
    "http_client",
    "http_async_client",
    "default_query",
    "callbacks",
    "cache",
    "rate_limiter",
];

/// What the API knows and the class has no field for: LangChain sends it as it is given, `None` too.
const SENT_AS_GIVEN: [&str; 7] = [
    "max_completion_tokens",
    "top_p",
    "seed",
    "presence_penalty",
    "frequency_penalty",
    "parallel_tool_calls",
    "response_format",
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
    let effort = settings.text(&["reasoning_effort"])?;
    let effort = effort.map_or(Value::None, Value::from);
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
        ("reasoning_format".into(), told_format(&mut settings)?),
        ("reasoning_effort".into(), effort.clone()),
        ("service_tier".into(), tier.as_str().into()),
    ]);
    if let Some(Value::Dict(more)) = settings.take(&["model_kwargs"]) {
        parameters.update(more);
    }
    for name in SENT_AS_GIVEN {
        if let Some(value) = settings.pop(name) {
            if parameters.contains_key(&Value::from(name)) {
                // LangChain makes no model that is told of one option twice
                return Err(Exception::unsupported(format!("ChatGroq({name}=) twice")));
            }
            parameters.insert(name, value);
        }
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
        effort,
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

/// How the model is to tell what it reasons.
fn told_format(settings: &mut Settings) -> Result<Value, Exception> {
    match settings.text(&["reasoning_format"])? {
        None => Ok(Value::None),
        Some(form) if ["parsed", "raw", "hidden"].contains(&form.as_str()) => Ok(form.into()),
        Some(other) => Err(Exception::unsupported(format!(
            "ChatGroq(reasoning_format={})",
            repr(&Value::from(other))
        ))),
    }
}

/// A model and how to reach it.
#[derive(Debug)]
struct Groq {
    model: String,
    tier: String,
    /// How much it reasons, or `None`.
    effort: Value,
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
            .map(outgoing::message)
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
        answer::message(&loads(answer)?, &self.model, &self.tier, &self.effort)
    }

    fn failure(&self, failure: Failure) -> Exception {
        sdk::failure(Sdk::Groq, failure)
    }

    fn tools(&self, tools: &[Value], mut arguments: Kwargs) -> Result<Kwargs, Exception> {
        let choice = arguments.pop_or("tool_choice", Value::None);
        arguments.pop_or("strict", Value::None);
        let formatted = openai_tools(tools)?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_option_that_stands_twice_is_refused() {
        let options = |repeated: &str| {
            let more = Dict::from([(Value::from(repeated), Value::from(1))]);
            chat_groq(kwargs([
                ("model", "m".into()),
                ("api_key", "k".into()),
                ("seed", 1.into()),
                ("model_kwargs", Value::Dict(more)),
            ]))
        };
        assert!(options("logprobs").is_ok());
        let refused = options("seed").unwrap_err();
        assert!(refused.message().ends_with("ChatGroq(seed=) twice"));
    }
}
