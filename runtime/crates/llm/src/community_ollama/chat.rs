//! `langchain_community.chat_models.ChatOllama`, which the package had until its release 0.4.1.

use std::sync::Arc;

use langferry::messages::{construct, is_instance};
use langferry_pystd::json::loads;
use langferry_pystd::str_::splitlines;
use langferry_pystd::{Dict, Exception, Value, repr, str_of};

use super::Server;
use crate::kwargs::{Kwargs, dict, get, items, kwargs, text};
use crate::model::{Answering, ChatModel, Pending};
use crate::schema::Schema;
use crate::settings::Settings;
use crate::structured::Reading;

/// `langchain_community.chat_models.ChatOllama(**arguments)`
///
/// # Errors
/// Unsupported for arguments and values not known here.
pub fn community_chat_ollama(arguments: Kwargs) -> Result<ChatModel, Exception> {
    let mut settings = Settings::new("ChatOllama", arguments);
    let server = Server::read(&mut settings)?;
    settings.finish()?;
    Ok(ChatModel::new(Ollama(server)))
}

/// A model that is asked with messages.
#[derive(Debug)]
struct Ollama(Server);

impl Answering for Ollama {
    fn answer(self: Arc<Self>, messages: Vec<Value>, options: Kwargs) -> Pending {
        Box::pin(async move {
            let told = messages
                .iter()
                .map(outgoing)
                .collect::<Result<Vec<_>, _>>()?;
            let question = if told.is_empty() {
                Dict::from([
                    (Value::from("prompt"), Value::None),
                    ("images".into(), Value::List(Vec::new())),
                ])
            } else {
                Dict::from([(Value::from("messages"), Value::List(told))])
            };
            let answer = self.0.ask("/api/chat", question, &options).await?;
            incoming(&answer)
        })
    }

    fn tools(&self, _: &[Value], _: Kwargs) -> Result<Kwargs, Exception> {
        Err(Exception::new("NotImplementedError", ""))
    }

    fn structured(
        &self,
        _: Option<&Schema>,
        _: &mut Kwargs,
    ) -> Result<(Kwargs, Reading), Exception> {
        let message = "with_structured_output is not implemented for this model.";
        Err(Exception::new("NotImplementedError", message))
    }
}

/// The message as it is sent.
fn outgoing(message: &Value) -> Result<Value, Exception> {
    let is = |class: &str| is_instance(message, class);
    let role = if is("HumanMessage") {
        "user"
    } else if is("AIMessage") {
        "assistant"
    } else if is("SystemMessage") {
        "system"
    } else {
        return Err(Exception::value_error(
            "Received unsupported message type for Ollama.",
        ));
    };
    let (mut content, mut images) = (String::new(), Vec::new());
    match message.attr("content")? {
        Value::Str(text) => content = text.to_string(),
        blocks => {
            for block in items(&blocks) {
                add(block, &mut content, &mut images)?;
            }
        }
    }
    Ok(dict([
        ("role", role.into()),
        ("content", content.into()),
        ("images", Value::List(images)),
    ]))
}

fn add(block: &Value, content: &mut String, images: &mut Vec<Value>) -> Result<(), Exception> {
    let Value::Dict(fields) = block else {
        let message = format!("'{}' object has no attribute 'get'", block.class_name());
        return Err(Exception::new("AttributeError", message));
    };
    match text(get(block, "type")) {
        Some("text") => {
            let told = fields.get(&Value::from("text"));
            let told = told.ok_or_else(|| Exception::key_error(repr("text")))?;
            content.push_str(&format!("\n{}", str_of(told)));
        }
        Some("image_url") => {
            let url = match get(block, "image_url") {
                Value::Dict(image) => image.get(&Value::from("url")),
                other => Some(other).filter(|given| matches!(given, Value::Str(_))),
            };
            let Some(url) = url else {
                return Err(Exception::value_error(
                    "Only string image_url or dict with string 'url' inside content parts are supported.",
                ));
            };
            let Value::Str(url) = url else {
                let message = format!("'{}' object has no attribute 'split'", url.class_name());
                return Err(Exception::new("AttributeError", message));
            };
            let mut parts = url.split(',');
            let first = parts.next().unwrap_or_default();
            images.push(parts.next().unwrap_or(first).into());
        }
        // LangChain makes other blocks of these before the class sees them
        Some(kind @ ("image" | "audio" | "video" | "file" | "input_audio")) => {
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

/// The message in an answer, which comes in pieces, one a line; the last one is what is known of it.
///
/// # Errors
/// `JSONDecodeError`, `ValueError` where there are no pieces; unsupported for an answer that ends twice, and for pieces
/// that are no messages of texts.
fn incoming(answer: &str) -> Result<Value, Exception> {
    let mut told: Option<String> = None;
    let mut last = None;
    for line in splitlines(answer, false) {
        if line.is_empty() {
            continue;
        }
        let piece = loads(&line)?;
        let strange = || {
            let shown = repr(&piece);
            Exception::unsupported(format!("the piece {shown} of an answer of Ollama"))
        };
        let Value::Dict(fields) = &piece else {
            return Err(strange());
        };
        let part = match fields.get(&Value::from("message")) {
            None => "",
            Some(Value::Dict(message)) => match message.get(&Value::from("content")) {
                None => "",
                Some(Value::Str(part)) => part,
                Some(_) => return Err(strange()),
            },
            Some(_) => return Err(strange()),
        };
        told.get_or_insert_with(String::new).push_str(part);
        if matches!(get(&piece, "done"), Value::Bool(true)) {
            if last.is_some() {
                return Err(strange());
            }
            last = Some(piece);
        }
    }
    let told =
        told.ok_or_else(|| Exception::value_error("No data received from Ollama stream."))?;
    construct(
        "AIMessage",
        kwargs([
            ("content", told.into()),
            ("response_metadata", last.unwrap_or_else(|| dict([]))),
        ]),
    )
}
