//! `langchain_community.llms.Ollama`: models on a server of Ollama, asked by `requests`.

pub(crate) mod chat;

use langferry_pystd::{Dict, Exception, Value, repr};

use crate::kwargs::{Kwargs, kwargs};
use crate::ollama::completion::completed;
use crate::requests::request;
use crate::settings::Settings;
use crate::text_model::{Answer, TextModel, TextProvider, stop};

/// What is not done here.
const REFUSED: [&str; 4] = ["auth", "callbacks", "cache", "custom_get_token_ids"];

/// The arguments that go to `options`, all of which are sent.
const FLOATS: [&str; 6] = [
    "mirostat_eta",
    "mirostat_tau",
    "repeat_penalty",
    "temperature",
    "tfs_z",
    "top_p",
];
const INTS: [&str; 7] = [
    "mirostat",
    "num_ctx",
    "num_gpu",
    "num_thread",
    "num_predict",
    "repeat_last_n",
    "top_k",
];

/// The other arguments that are sent as they are, and those that change nothing.
const PLAIN: [&str; 3] = ["system", "template", "format"];
const OTHERS: [&str; 11] = [
    "model",
    "base_url",
    "stop",
    "raw",
    "keep_alive",
    "headers",
    "timeout",
    "verbose",
    "tags",
    "metadata",
    "name",
];

/// `Ollama(**arguments)`
///
/// # Errors
/// Unsupported for arguments and values not known here, among them those that the class itself forbids.
pub fn community_ollama(arguments: Kwargs) -> Result<TextModel, Exception> {
    let known = |name: &&str| {
        let tables: [&[&str]; 5] = [&REFUSED, &FLOATS, &INTS, &PLAIN, &OTHERS];
        tables.iter().any(|table| table.contains(name))
    };
    for (name, value) in arguments.items() {
        let needed = ["model", "base_url"].contains(&name.as_str());
        if !known(&name.as_str()) || (needed && *value == Value::None) {
            let shown = repr(value);
            return Err(Exception::unsupported(format!("Ollama({name}={shown})")));
        }
    }
    let mut settings = Settings::new("Ollama", arguments);
    let server = Server::read(&mut settings)?;
    settings.finish()?;
    Ok(TextModel::new(Ollama(server)))
}

/// A server, and what it is told with every question.
#[derive(Clone, Debug)]
struct Server {
    class: &'static str,
    model: String,
    url: String,
    headers: Value,
    timeout: Value,
    /// What every request says, but for the question and the options.
    parameters: Dict<Value, Value>,
    options: Dict<Value, Value>,
    stop: Value,
}

impl Server {
    fn read(settings: &mut Settings) -> Result<Self, Exception> {
        settings.without(&REFUSED)?;
        let model = settings.text(&["model"])?;
        let model = model.unwrap_or_else(|| "llama2".to_owned());
        let url = settings.text(&["base_url"])?;
        let url = url.unwrap_or_else(|| "http://localhost:11434".to_owned());
        let mut options = Dict::new();
        for name in FLOATS {
            options.insert(name, Value::from(settings.float(&[name])?));
        }
        for name in INTS {
            options.insert(name, Value::from(settings.int(&[name])?));
        }
        let stop = settings.take(&["stop"]).unwrap_or_default();
        let mut parameters = Dict::from([(Value::from("model"), Value::from(model.as_str()))]);
        for name in PLAIN {
            parameters.insert(name, Value::from(settings.text(&[name])?));
        }
        let keep = settings.take(&["keep_alive"]).unwrap_or_default();
        if !matches!(keep, Value::None | Value::Int(_) | Value::Str(_)) {
            return Err(settings.refused(&["keep_alive"], &keep));
        }
        parameters.insert("keep_alive", keep);
        parameters.insert("raw", Value::from(settings.flag(&["raw"])?));
        let mut headers =
            Dict::from([(Value::from("Content-Type"), Value::from("application/json"))]);
        for (name, value) in settings.headers(&["headers"])? {
            headers.insert(name, value);
        }
        let timeout = settings.int(&["timeout"])?;
        Ok(Server {
            class: settings.class(),
            model,
            url,
            headers: Value::Dict(headers),
            timeout: timeout.into(),
            parameters,
            options,
            stop,
        })
    }

    /// The text of the answer to a question.
    async fn ask(
        &self,
        path: &str,
        question: Dict<Value, Value>,
        options: &Kwargs,
    ) -> Result<String, Exception> {
        let mut payload = question;
        payload.update(self.parameters.clone());
        let mut own = self.options.clone();
        own.insert("stop", stop(self.class, &self.stop, options)?);
        payload.insert("options", Value::Dict(own));
        let arguments = kwargs([
            ("headers", self.headers.clone()),
            ("json", Value::Dict(payload)),
            ("timeout", self.timeout.clone()),
        ]);
        let response = request("POST", &format!("{}{path}", self.url), arguments).await?;
        let text = String::from_utf8_lossy(response.content());
        match response.code() {
            200 => Ok(text.into_owned()),
            404 => Err(Exception::with_bases(
                "OllamaEndpointNotFoundError",
                ["Exception", "BaseException"].map(Into::into),
                format!(
                    "Ollama call failed with status code 404. Maybe your model is not found and you should pull \
                     the model with `ollama pull {}`.",
                    self.model
                ),
            )),
            code => Err(Exception::value_error(format!(
                "Ollama call failed with status code {code}. Details: {text}"
            ))),
        }
    }
}

/// A model of texts.
#[derive(Clone, Debug)]
struct Ollama(Server);

impl TextProvider for Ollama {
    fn answer(&self, prompt: String, options: &Kwargs) -> Answer {
        let (asked, options) = (self.clone(), options.clone());
        Box::pin(async move { asked.ask(prompt, &options).await })
    }
}

impl Ollama {
    async fn ask(&self, prompt: String, options: &Kwargs) -> Result<String, Exception> {
        let question = Dict::from([
            (Value::from("prompt"), Value::from(prompt)),
            ("images".into(), Value::None),
        ]);
        let text = self.0.ask("/api/generate", question, options).await?;
        completed(&text, Some(""), None)
    }
}
