//! `OllamaLLM`: models that complete texts, on a server of Ollama.

use langferry_pystd::json::loads;
use langferry_pystd::str_::splitlines;
use langferry_pystd::{Dict, Exception, Truthy, Value, repr};

use crate::kwargs::{Kwargs, get};
use crate::ollama::{Server, answer, failed, sent};
use crate::settings::Settings;
use crate::text_model::{Answer, TextModel, TextProvider, stop};
use crate::transport::{self, refuse_own_proxy};

/// `OllamaLLM(**arguments)`
///
/// # Errors
/// Unsupported for arguments and values not known here, and for an address with a user in it.
pub fn ollama_llm(arguments: Kwargs) -> Result<TextModel, Exception> {
    let mut settings = Settings::new("OllamaLLM", arguments);
    let mut server = Server::read(&mut settings)?;
    let stop = server.options.pop_or("stop", Value::None);
    let format = settings.text(&["format"])?.unwrap_or_default();
    if !["", "json"].contains(&format.as_str()) {
        return Err(settings.refused(&["format"], &format.into()));
    }
    let mut parameters = Dict::from([
        (Value::from("model"), Value::from(server.model)),
        ("stream".into(), true.into()),
        ("format".into(), format.into()),
    ]);
    parameters.update(server.stays);
    settings.finish()?;
    Ok(TextModel::new(OllamaLlm {
        url: format!("{}/api/generate", server.url),
        headers: server.headers,
        parameters,
        options: server.options,
        stop,
    }))
}

/// A model and how to reach it.
#[derive(Clone, Debug)]
struct OllamaLlm {
    url: String,
    headers: Vec<(String, String)>,
    /// What every request says, but for the prompt and the options.
    parameters: Dict<Value, Value>,
    options: Dict<Value, Value>,
    stop: Value,
}

impl TextProvider for OllamaLlm {
    fn answer(&self, prompt: String, options: &Kwargs) -> Answer {
        let (asked, options) = (self.clone(), options.clone());
        Box::pin(async move { asked.ask(prompt, &options).await })
    }
}

impl OllamaLlm {
    async fn ask(&self, prompt: String, options: &Kwargs) -> Result<String, Exception> {
        let (mut payload, mut own) = (self.parameters.clone(), self.options.clone());
        match stop("OllamaLLM", &self.stop, options)? {
            Value::None => {}
            stop => own.insert("stop", stop),
        }
        payload.insert("options", Value::Dict(own));
        payload.insert("prompt", prompt);
        let request = sent(&self.url, &self.headers, Value::Dict(payload))?;
        refuse_own_proxy()?;
        let answer = transport::send(request).await.map_err(failed)?;
        completed(
            &answer,
            None,
            Some(|error| answer::response_error(error, -1)),
        )
    }
}

/// The text that an answer makes, which comes in pieces, one a line.
///
/// `missing` is the text of a piece without one; an error among the pieces is `raised`, if that is looked for.
///
/// # Errors
/// `JSONDecodeError`, `ValueError` where there are no pieces; unsupported for an answer that ends twice, and for a piece
/// whose text pydantic would refuse.
pub(crate) fn completed(
    answer: &str,
    missing: Option<&str>,
    raised: Option<fn(&Value) -> Exception>,
) -> Result<String, Exception> {
    let strange = |what: &Value| {
        let shown = repr(what);
        Exception::unsupported(format!("the piece {shown} of an answer of Ollama"))
    };
    let (mut told, mut ended) = (None, false);
    for line in splitlines(answer, false) {
        if line.is_empty() {
            continue;
        }
        let piece = loads(&line)?;
        let Value::Dict(fields) = &piece else {
            return Err(strange(&piece));
        };
        let error = get(&piece, "error");
        if let Some(raised) = raised.filter(|_| error.truthy()) {
            return Err(raised(error));
        }
        let ends = get(&piece, "done") == &Value::Bool(true);
        let text = match (fields.get("response"), missing) {
            (Some(Value::Str(text)), _) => text,
            (None, Some(text)) => text,
            _ => return Err(strange(&piece)),
        };
        if ends && ended {
            return Err(strange(&piece));
        }
        ended |= ends;
        told.get_or_insert_with(String::new).push_str(text);
    }
    told.ok_or_else(|| Exception::value_error("No data received from Ollama stream."))
}
