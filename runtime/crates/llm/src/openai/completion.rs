//! `OpenAI`: models that complete texts.

use std::time::Duration;

use langferry_pystd::json::loads;
use langferry_pystd::{Dict, Exception, Int, Truthy, Value, repr};

use crate::kwargs::{Kwargs, body, get, items};
use crate::openai::{Account, REFUSED};
use crate::sdk::{self, Sdk};
use crate::settings::Settings;
use crate::text_model::{Answer, TextModel, TextProvider, stop};
use crate::transport::{self, Request, Retries, refuse_own_proxy};

/// The arguments for which the class does not take `None`.
const NEEDED: [&str; 11] = [
    "model",
    "model_name",
    "temperature",
    "max_tokens",
    "top_p",
    "frequency_penalty",
    "presence_penalty",
    "n",
    "best_of",
    "max_retries",
    "model_kwargs",
];

/// `OpenAI(**arguments)`
///
/// # Errors
/// `OpenAIError` without a key; unsupported for arguments and values not known here.
pub fn openai_llm(arguments: Kwargs) -> Result<TextModel, Exception> {
    for name in NEEDED {
        if arguments.get(name) == Some(&Value::None) {
            return Err(Exception::unsupported(format!("OpenAI({name}=None)")));
        }
    }
    let mut settings = Settings::new("OpenAI", arguments);
    settings.without(&REFUSED)?;
    settings.without(&["streaming", "disable_streaming"])?;
    let account = Account::read(&mut settings)?;
    let model = settings.text(&["model", "model_name"])?;
    let model = model.unwrap_or_else(|| "gpt-3.5-turbo-instruct".to_owned());
    let mut parameters = Dict::from([(Value::from("model"), Value::from(model))]);
    let temperature = settings.float(&["temperature"])?;
    parameters.insert("temperature", temperature.unwrap_or(Value::Float(0.7)));
    for (name, otherwise) in [
        ("top_p", 1),
        ("frequency_penalty", 0),
        ("presence_penalty", 0),
    ] {
        let given = settings.float(&[name])?;
        parameters.insert(name, given.unwrap_or_else(|| Value::from(otherwise)));
    }
    for (name, otherwise) in [("n", 1), ("max_tokens", 256)] {
        let count = settings.count(&[name])?.unwrap_or(otherwise);
        if count == 0 {
            return Err(settings.refused(&[name], &0.into()));
        }
        parameters.insert(name, Int::from(count));
    }
    if let Some(best) = settings.count(&["best_of"])?.filter(|best| *best > 1) {
        parameters.insert("best_of", Int::from(best));
    }
    for name in ["seed", "logprobs"] {
        parameters.insert(name, Value::from(settings.int(&[name])?));
    }
    for name in ["model_kwargs", "extra_body"] {
        match settings.take(&[name]) {
            None => {}
            Some(Value::Dict(more)) => parameters.update(more),
            Some(other) => return Err(settings.refused(&[name], &other)),
        }
    }
    let mut headers = account.headers;
    headers.push(("content-type".to_owned(), "application/json".to_owned()));
    headers.extend(settings.headers(&["default_headers"])?);
    let timeout = settings.seconds(&["timeout", "request_timeout"])?;
    let most = settings.count(&["max_retries"])?;
    settings.take(&["tiktoken_model_name"]);
    settings.finish()?;
    Ok(TextModel::new(OpenAi {
        url: format!("{}/completions", account.url),
        headers,
        parameters,
        timeout: timeout.map(Duration::from_secs_f64),
        retries: Retries {
            most: most.unwrap_or(2),
            longest_wait: Duration::from_secs(120),
            patient: false,
        },
    }))
}

/// A model and how to reach it.
#[derive(Clone, Debug)]
struct OpenAi {
    url: String,
    headers: Vec<(String, String)>,
    /// What every request says, but for the prompt.
    parameters: Dict<Value, Value>,
    timeout: Option<Duration>,
    retries: Retries,
}

impl TextProvider for OpenAi {
    fn answer(&self, prompt: String, options: &Kwargs) -> Answer {
        let (asked, options) = (self.clone(), options.clone());
        Box::pin(async move { asked.ask(prompt, &options).await })
    }
}

impl OpenAi {
    async fn ask(&self, prompt: String, options: &Kwargs) -> Result<String, Exception> {
        let mut payload = self.parameters.clone();
        payload.insert("prompt", vec![Value::from(prompt)]);
        match stop("OpenAI", &Value::None, options)? {
            Value::None => {}
            stop => payload.insert("stop", stop),
        }
        let request = Request {
            url: self.url.clone(),
            headers: self.headers.clone(),
            body: body(Value::Dict(payload))?,
            timeout: self.timeout,
            retries: self.retries,
        };
        refuse_own_proxy()?;
        let answer = transport::send(request).await;
        let answer = answer.map_err(|failure| sdk::failure(Sdk::PlainOpenAi, failure))?;
        said(&loads(&answer)?)
    }
}

/// The text of the first of the choices of an answer.
fn said(answer: &Value) -> Result<String, Exception> {
    let choices = items(get(answer, "choices"));
    let texts = choices.iter().map(|choice| match get(choice, "text") {
        Value::Str(text) => Ok(text.clone()),
        _ => Err(strange(answer)),
    });
    let texts = texts.collect::<Result<Vec<_>, _>>()?;
    // without its tokens, or with an error, LangChain fails in its own ways
    let counted = matches!(get(answer, "usage"), Value::Dict(_)) && !get(answer, "error").truthy();
    match texts.into_iter().next() {
        Some(text) if counted => Ok(text),
        _ => Err(strange(answer)),
    }
}

fn strange(answer: &Value) -> Exception {
    let shown = repr(answer);
    Exception::unsupported(format!("the answer {shown} of OpenAI's completions"))
}
