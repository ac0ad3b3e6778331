//! `prompt | model | parser`: what is asked, one after the other.

use std::time::Duration;

use langferry_pystd::{Exception, Int, Value, random};

use crate::model::ChatModel;
use crate::parsers::{json_output, pydantic_format_instructions, pydantic_output, text_output};
use crate::prompts::{ChatPromptTemplate, PromptTemplate};
use crate::schema::Schema;
use crate::structured::StructuredModel;
use crate::text_model::TextModel;
use crate::transport::run_on;

/// Prompts, models and parsers, each of which is given what the one before it gives.
#[derive(Clone, Debug)]
pub struct Chain(Vec<Step>);

#[derive(Clone, Debug)]
enum Step {
    Messages(ChatPromptTemplate),
    Text(PromptTemplate),
    Model(ChatModel),
    Structured(Box<StructuredModel>),
    TextModel(TextModel),
    TextOutput,
    JsonOutput,
    PydanticOutput(Box<Schema>),
    Retried(Box<Retried>),
}

/// What is asked again when it fails.
#[derive(Clone, Debug)]
struct Retried {
    asked: Chain,
    attempts: Int,
    waits: bool,
    /// The exceptions that are no reason to stop.
    classes: Vec<String>,
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

    /// `PydanticOutputParser(pydantic_object=…)`, given the class's schema
    #[must_use]
    pub fn pydantic_output(schema: Schema) -> Self {
        Chain(vec![Step::PydanticOutput(Box::new(schema))])
    }

    /// `parser.get_format_instructions()`
    ///
    /// # Errors
    /// Unsupported for what is no parser with a class.
    pub fn format_instructions(&self) -> Result<String, Exception> {
        match self.0.as_slice() {
            [Step::PydanticOutput(schema)] => pydantic_format_instructions(&schema.json),
            _ => Err(Exception::unsupported("the format instructions of a chain")),
        }
    }

    /// `parser.parse(text)`
    ///
    /// # Errors
    /// `OutputParserException` where the text is not what it should be; unsupported for what is no parser with a class.
    pub fn parse(&self, text: &str) -> Result<Value, Exception> {
        match self.0.as_slice() {
            [Step::PydanticOutput(schema)] => pydantic_output(&text.into(), schema),
            _ => Err(Exception::unsupported("parsing by a chain")),
        }
    }

    /// `self | next`
    #[must_use]
    pub fn then(mut self, next: impl Into<Chain>) -> Self {
        self.0.extend(next.into().0);
        self
    }

    /// `self.with_retry(stop_after_attempt=attempts, wait_exponential_jitter=waits, retry_if_exception_type=classes)`
    #[must_use]
    pub fn retrying(self, attempts: impl Into<Int>, waits: bool, classes: &[&str]) -> Self {
        let retried = Retried {
            asked: self,
            attempts: attempts.into(),
            waits,
            classes: classes.iter().map(|&name| name.to_owned()).collect(),
        };
        Chain(vec![Step::Retried(Box::new(retried))])
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
                Step::TextModel(model) => model.invoke(value).await?.into(),
                Step::TextOutput => text_output(&value)?.into(),
                Step::JsonOutput => json_output(&value)?,
                Step::PydanticOutput(schema) => pydantic_output(&value, schema)?,
                Step::Retried(retried) => Box::pin(retried.invoke(value)).await?,
            };
        }
        Ok(value)
    }
}

impl Retried {
    async fn invoke(&self, input: Value) -> Result<Value, Exception> {
        let mut attempt: u32 = 1;
        loop {
            let error = match self.asked.invoke(input.clone()).await {
                Err(error) if self.classes.iter().any(|class| error.is(class)) => error,
                done => return done,
            };
            if Int::from(attempt) >= self.attempts {
                return Err(error);
            }
            if self.waits {
                let doubled = f64::from(2_u32.saturating_pow(attempt - 1));
                let chance = random::uniform(0, 1)?.to_f64()?;
                let wait = Duration::from_secs_f64((doubled + chance).min(60.0));
                run_on(async move { tokio::time::sleep(wait).await }).await;
            }
            attempt += 1;
        }
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
    TextModel => TextModel,
}
