//! Answers in the form of a schema (`with_structured_output`).

use std::future::Future;

use langferry_pystd::json::loads;
use langferry_pystd::{Exception, Value, repr, str_of};

use crate::kwargs::{dict, get, items, text};
use crate::model::ChatModel;
use crate::parsers::{json_output, pydantic_output, text_output, unparsable};
use crate::schema::Schema;
use crate::validation::instance;

/// A chat model whose answers are read into a schema's class, or into a dict.
#[derive(Clone, Debug)]
pub struct StructuredModel {
    pub(crate) model: ChatModel,
    pub(crate) schema: Option<Schema>,
    pub(crate) reading: Reading,
    pub(crate) include_raw: bool,
}

/// Where in an answer the instance is.
#[derive(Clone, Debug)]
pub(crate) enum Reading {
    /// In the arguments of the call of the tool of this name.
    Call(String),
    /// In the text, which the vendor's SDK has read already where there is a class.
    Parsed,
    /// In the text, as JSON.
    Json,
}

impl StructuredModel {
    /// `self.invoke(input)`: an object of the schema's class, or a dict; with `include_raw` a dict of `raw`, `parsed`
    /// and `parsing_error`.
    ///
    /// # Errors
    /// As [`ChatModel::invoke`]; unless `include_raw`, `ValidationError` and `OutputParserException` for an answer that
    /// is not of the form.
    pub fn invoke(
        &self,
        input: impl Into<Value>,
    ) -> impl Future<Output = Result<Value, Exception>> + Send + 'static {
        let (own, answer) = (self.clone(), self.model.invoke(input));
        async move {
            let mut answer = answer.await?;
            if !own.include_raw {
                return own.read(&mut answer);
            }
            let (parsed, error) = match own.read(&mut answer) {
                Ok(parsed) => (parsed, Value::None),
                // an exception is no value here
                Err(error) => {
                    return Err(Exception::unsupported(format!(
                        "include_raw=True with an answer that cannot be parsed: {error}"
                    )));
                }
            };
            Ok(dict([
                ("raw", answer),
                ("parsed", parsed),
                ("parsing_error", error),
            ]))
        }
    }

    fn read(&self, answer: &mut Value) -> Result<Value, Exception> {
        let class = self.schema.as_ref().filter(|schema| schema.class.is_some());
        match (&self.reading, class) {
            (Reading::Call(name), None) => Ok(called(answer, name)?.unwrap_or_default()),
            (Reading::Call(name), Some(schema)) => match first_call(answer)? {
                None => Ok(Value::None),
                Some(call) if get(&call, "name") == &Value::from(name.as_str()) => {
                    instance(schema, get(&call, "args"))
                }
                Some(call) => Err(unparsable(format!(
                    "Unknown tool type: {}. Available tools: {name}",
                    repr(get(&call, "name"))
                ))),
            },
            (Reading::Json | Reading::Parsed, None) => json_output(answer),
            (Reading::Json, Some(schema)) => pydantic_output(answer, schema),
            (Reading::Parsed, Some(schema)) => parsed(answer, schema),
        }
    }
}

fn first_call(answer: &Value) -> Result<Option<Value>, Exception> {
    Ok(items(&answer.attr("tool_calls")?).first().cloned())
}

/// The arguments of the first call of the tool.
fn called(answer: &Value, name: &str) -> Result<Option<Value>, Exception> {
    let calls = answer.attr("tool_calls")?;
    let mut of_name = items(&calls)
        .iter()
        .filter(|call| text(get(call, "name")) == Some(name));
    Ok(of_name.next().map(|call| get(call, "args").clone()))
}

/// What OpenAI's SDK reads out of an answer, and LangChain hands on.
fn parsed(answer: &mut Value, schema: &Schema) -> Result<Value, Exception> {
    let additional = answer.attr("additional_kwargs")?;
    let refusal = get(&additional, "refusal");
    let content = text_output(answer)?;
    if refusal != &Value::None && refusal != &Value::from("") {
        return Err(Exception::with_bases(
            "OpenAIRefusalError",
            ["Exception", "BaseException"].map(Into::into),
            str_of(refusal),
        ));
    }
    if content.is_empty() {
        return match first_call(answer)? {
            Some(_) => Ok(Value::None),
            None => Err(Exception::value_error(format!(
                "Structured Output response does not have a 'parsed' field nor a 'refusal' field. \
                 Received message:\n\n{}",
                str_of(answer)
            ))),
        };
    }
    let json = loads(&content).map_err(|error| {
        Exception::unsupported(format!(
            "an answer that is no JSON, as pydantic refuses it: {error}"
        ))
    })?;
    let made = instance(schema, &json)?;
    let mut additional = additional;
    additional.set_item("parsed", &made)?;
    if let Value::Record { fields, .. } = answer {
        fields.insert("additional_kwargs", additional);
    }
    Ok(made)
}
