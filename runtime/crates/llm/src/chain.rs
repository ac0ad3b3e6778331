//! `prompt | model | parser`: what is asked, one after the other.

use langferry_pystd::{Exception, Value};

use crate::model::ChatModel;
use crate::parsers::{json_output, text_output};
use crate::prompts::{ChatPromptTemplate, PromptTemplate};
use crate::structured::StructuredModel;

/// Prompts, models and parsers, each of which is given what the one before it gives.
#[derive(Clone, Debug)]
pub struct Chain(Vec<Step>);

#[derive(Clone, Debug)]
enum Step {
    Messages(ChatPromptTemplate),
    Text(PromptTemplate),
    Model(ChatModel),
    Structured(Box<StructuredModel>),
    TextOutput,
    JsonOutput,
}

impl Chain {
    /// `StrOutputParser()`
    #[must_use]
    pub fn text_output() -> Self {
        Chain(vec![Step::TextOutput])
    }

    /// `JsonOutputParser()`
    #[must_use]
    pub fn json_output() -> Self {
        Chain(vec![Step::JsonOutput])
    }

    /// `self | next`
    #[must_use]
    pub fn then(mut self, next: impl Into<Chain>) -> Self {
        self.0.extend(next.into().0);
        self
    }

    /// `self.invoke(input)`
    ///
    /// # Errors
    /// What its parts raise.
    pub async fn invoke(&self, input: impl Into<Value>) -> Result<Value, Exception> {
        let mut value = input.into();
        for step in &self.0 {
            value = match step {
                Step::Messages(prompt) => prompt.invoke(value)?.into(),
                Step::Text(prompt) => prompt.invoke(value)?.into(),
                Step::Model(model) => model.invoke(value).await?,
                Step::Structured(model) => model.invoke(value).await?,
                Step::TextOutput => text_output(&value)?.into(),
                Step::JsonOutput => json_output(&value)?,
            };
        }
        Ok(value)
    }
}

impl From<StructuredModel> for Chain {
    fn from(part: StructuredModel) -> Self {
        Chain(vec![Step::Structured(Box::new(part))])
    }
}

macro_rules! steps {
    ($($part:ty => $step:ident,)+) => {$(
        impl From<$part> for Chain {
            fn from(part: $part) -> Self {
                Chain(vec![Step::$step(part)])
            }
        }
    )+};
}

steps! {
    ChatPromptTemplate => Messages,
    PromptTemplate => Text,
    ChatModel => Model,
}
