//! Chat models: what programs call, whoever answers.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use langferry::messages;
use langferry_pystd::{Exception, Truthy, Value};
use uuid::Uuid;

use crate::kwargs::{Kwargs, items};
use crate::schema::Schema;
use crate::structured::{Reading, StructuredModel};
use crate::transport::{self, Failure, Request};

/// One vendor's API: how messages travel, both ways.
pub(crate) trait Provider: std::fmt::Debug + Send + Sync {
    /// The request that asks for an answer to `messages`.
    ///
    /// `options` are the keyword arguments the model was bound and is called with.
    fn request(&self, messages: &[Value], options: &Kwargs) -> Result<Request, Exception>;

    /// The message in the text of an answer. It has no id where the vendor gives none.
    fn message(&self, answer: &str, options: &Kwargs) -> Result<Value, Exception>;

    /// What its SDK raises.
    fn failure(&self, failure: Failure) -> Exception;

    /// The options that `bind_tools(tools, **arguments)` binds.
    fn tools(&self, tools: &[Value], arguments: Kwargs) -> Result<Kwargs, Exception>;

    /// The options that make answers be of the form of `schema`, and where in an answer they are.
    ///
    /// Takes the `arguments` it knows.
    fn structured(
        &self,
        schema: Option<&Schema>,
        arguments: &mut Kwargs,
    ) -> Result<(Kwargs, Reading), Exception>;
}

/// The message that answers a question.
pub(crate) type Pending = Pin<Box<dyn Future<Output = Result<Value, Exception>> + Send>>;

/// How a class of LangChain asks: by the SDK of a [`Provider`], or in another way.
pub(crate) trait Answering: std::fmt::Debug + Send + Sync {
    /// The answer to `messages`, which has no id where the vendor gives none.
    fn answer(self: Arc<Self>, messages: Vec<Value>, options: Kwargs) -> Pending;

    /// [`Provider::tools`]
    fn tools(&self, tools: &[Value], arguments: Kwargs) -> Result<Kwargs, Exception>;

    /// [`Provider::structured`]
    fn structured(
        &self,
        schema: Option<&Schema>,
        arguments: &mut Kwargs,
    ) -> Result<(Kwargs, Reading), Exception>;
}

impl<P: Provider + 'static> Answering for P {
    fn answer(self: Arc<Self>, messages: Vec<Value>, options: Kwargs) -> Pending {
        Box::pin(async move {
            let request = self.request(&messages, &options)?;
            transport::refuse_own_proxy()?;
            let answer = transport::send(request).await;
            let answer = answer.map_err(|failure| self.failure(failure))?;
            self.message(&answer, &options)
        })
    }

    fn tools(&self, tools: &[Value], arguments: Kwargs) -> Result<Kwargs, Exception> {
        Provider::tools(self, tools, arguments)
    }

    fn structured(
        &self,
        schema: Option<&Schema>,
        arguments: &mut Kwargs,
    ) -> Result<(Kwargs, Reading), Exception> {
        Provider::structured(self, schema, arguments)
    }
}

/// A chat model, with what is bound to it. Clones are the same model.
#[derive(Clone, Debug)]
pub struct ChatModel {
    provider: Arc<dyn Answering>,
    options: Kwargs,
}

impl ChatModel {
    pub(crate) fn new(provider: impl Answering + 'static) -> Self {
        ChatModel {
            provider: Arc::new(provider),
            options: Kwargs::new(),
        }
    }

    /// `self.invoke(input)`: the answer to a text, a message, or a list of what LangChain makes messages of.
    ///
    /// The future needs no executor of its own kind; [`wait`](crate::wait) waits for it on any thread.
    ///
    /// # Errors
    /// What the vendor's SDK raises, by its name and its bases (`RateLimitError`, `APIConnectionError`, …); what
    /// LangChain raises for an input that is no messages.
    pub fn invoke(
        &self,
        input: impl Into<Value>,
    ) -> impl Future<Output = Result<Value, Exception>> + Send + 'static {
        let (model, input) = (self.clone(), input.into());
        async move {
            let messages = messages::from_input(input)?;
            let mut message = model.provider.answer(messages, model.options).await?;
            identify(&mut message);
            Ok(message)
        }
    }

    /// `self.bind(**arguments)`: the model with these keyword arguments in every call, as `stop`.
    #[must_use]
    pub fn bind(&self, arguments: Kwargs) -> Self {
        let mut bound = self.clone();
        bound.options.update(arguments);
        bound
    }

    /// How many tools are bound to it.
    pub(crate) fn tools_bound(&self) -> Option<usize> {
        self.options.get("tools").map(|tools| items(tools).len())
    }

    /// The model with nothing bound to it.
    pub(crate) fn unbound(&self) -> Self {
        ChatModel {
            options: Kwargs::new(),
            ..self.clone()
        }
    }

    /// `self.bind_tools(tools, **arguments)`; `arguments` as `tool_choice`.
    ///
    /// A tool is a [`Tool`](crate::Tool) (`Value::from(&tool)`), or a dict in one of the forms LangChain takes.
    ///
    /// # Errors
    /// `ValueError`, where a dict is no tool; unsupported for arguments not known here.
    pub fn bind_tools(
        &self,
        tools: impl IntoIterator<Item = Value>,
        arguments: Kwargs,
    ) -> Result<Self, Exception> {
        let tools: Vec<Value> = tools.into_iter().collect();
        Ok(self.bind(self.provider.tools(&tools, arguments)?))
    }

    /// `self.with_structured_output(schema, **arguments)`; `arguments` as `method` and `include_raw`.
    ///
    /// # Errors
    /// `KeyError`, where the schema refers to what it does not hold; unsupported for arguments not known here.
    pub fn with_structured_output(
        &self,
        schema: Option<Schema>,
        mut arguments: Kwargs,
    ) -> Result<StructuredModel, Exception> {
        let include_raw = arguments.pop_or("include_raw", false).truthy();
        let bound = self.provider.structured(schema.as_ref(), &mut arguments)?;
        if let Some((name, _)) = arguments.items().find(|(_, value)| **value != Value::None) {
            return Err(Exception::unsupported(format!(
                "with_structured_output({name}=)"
            )));
        }
        let (options, reading) = bound;
        Ok(StructuredModel {
            model: self.bind(options),
            schema,
            reading,
            include_raw,
        })
    }
}

/// Gives an answer the id LangChain gives it, where the vendor gave none.
fn identify(message: &mut Value) {
    if let Value::Record { fields, .. } = message
        && matches!(fields.get("id"), None | Some(Value::None))
    {
        fields.insert("id", format!("lc_run--{}-0", Uuid::now_v7()));
    }
}
