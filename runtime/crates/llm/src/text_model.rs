//! Models that are given a text and answer with one.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use langferry::messages;
use langferry_pystd::{Exception, Value};

use crate::kwargs::Kwargs;

/// The text that answers a question.
pub(crate) type Answer = Pin<Box<dyn Future<Output = Result<String, Exception>> + Send>>;

/// One vendor's API, and how its class of LangChain asks it.
pub(crate) trait TextProvider: std::fmt::Debug + Send + Sync {
    /// The answer to `prompt`; `options` are the keyword arguments the model was bound and is called with.
    fn answer(&self, prompt: String, options: &Kwargs) -> Answer;
}

/// A model that completes texts, with what is bound to it. Clones are the same model.
#[derive(Clone, Debug)]
pub struct TextModel {
    provider: Arc<dyn TextProvider>,
    options: Kwargs,
}

impl TextModel {
    pub(crate) fn new(provider: impl TextProvider + 'static) -> Self {
        TextModel {
            provider: Arc::new(provider),
            options: Kwargs::new(),
        }
    }

    /// `self.invoke(input)`: the answer to a text, or to messages, which are written into one.
    ///
    /// # Errors
    /// What the vendor's class raises; what LangChain raises for an input that is neither.
    pub fn invoke(
        &self,
        input: impl Into<Value>,
    ) -> impl Future<Output = Result<String, Exception>> + Send + 'static {
        let (model, input) = (self.clone(), input.into());
        async move {
            let prompt = match input {
                Value::Str(text) => text,
                told => {
                    let told = messages::from_input(told)?;
                    messages::buffer_string(&Value::List(told), "Human", "AI")?
                }
            };
            model.provider.answer(prompt, &model.options).await
        }
    }

    /// `self.bind(**arguments)`: the model with these keyword arguments in every call, as `stop`.
    #[must_use]
    pub fn bind(&self, arguments: Kwargs) -> Self {
        let mut bound = self.clone();
        bound.options.update(arguments);
        bound
    }
}

/// Where an answer ends: what the model of the class was made with, or else is asked with.
///
/// # Errors
/// `ValueError` where it is both; unsupported for anything else that it is asked with.
pub(crate) fn stop(class: &str, own: &Value, options: &Kwargs) -> Result<Value, Exception> {
    let mut stop = own;
    for (name, value) in options {
        match name.as_str() {
            "stop" if *value == Value::None => {}
            "stop" if *own != Value::None => {
                return Err(Exception::value_error(
                    "`stop` found in both the input and default params.",
                ));
            }
            "stop" => stop = value,
            other => return Err(Exception::unsupported(format!("{class}.bind({other}=)"))),
        }
    }
    Ok(stop.clone())
}
