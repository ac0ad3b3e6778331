//! Tools: what a model may ask for, and what is done then.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use futures_util::future::join_all;
use langferry::is_command;
use langferry::messages::{construct, is_instance};
use langferry_pystd::{Class, Dict, Exception, Truthy, Value, repr, str_of};

use crate::kwargs::{Kwargs, dict, get, kwargs, text};
use crate::schema::{self, Schema};
use crate::tool_node::{as_text, is_block};
use crate::tool_runtime::{Filled, ToolRuntime};
use crate::validation::{self, Problem};

type Running = Pin<Box<dyn Future<Output = Result<Value, Exception>> + Send>>;
type Function = dyn Fn(Kwargs, ToolRuntime) -> Running + Send + Sync;

/// A function a model may call (`@tool`). Clones are the same tool.
#[derive(Clone)]
pub struct Tool {
    name: String,
    description: String,
    schema: Schema,
    return_direct: bool,
    /// The arguments that models are not told of.
    hidden: Vec<String>,
    /// Whether the function gives an artifact next to the content.
    has_artifact: bool,
    /// Whether arguments that no schema names are handed on.
    takes_more: bool,
    /// Whether a `ToolException` is told as an answer.
    tells_errors: bool,
    /// The arguments that runs give.
    filled: Vec<(String, Filled)>,
    /// Whether the function answers calls itself.
    is_held: bool,
    function: Arc<Function>,
}

impl Tool {
    /// A tool of this name and description.
    ///
    /// `schema` is of the arguments a model gives: the JSON of it, as `tool_call_schema.model_json_schema()` has it, is enough
    /// where they are plain;
    /// `function` is called with such arguments by name.
    pub fn new<F>(
        name: impl Into<String>,
        description: impl Into<String>,
        schema: impl Into<Schema>,
        function: impl Fn(Kwargs) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<Value, Exception>> + Send + 'static,
    {
        Self::of_run(name, description, schema, move |arguments, _| {
            function(arguments)
        })
    }

    /// A tool whose function is given the run that calls it, too.
    pub fn of_run<F>(
        name: impl Into<String>,
        description: impl Into<String>,
        schema: impl Into<Schema>,
        function: impl Fn(Kwargs, ToolRuntime) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<Value, Exception>> + Send + 'static,
    {
        Tool {
            name: name.into(),
            description: description.into(),
            schema: schema.into(),
            return_direct: false,
            hidden: Vec::new(),
            has_artifact: false,
            takes_more: false,
            tells_errors: false,
            filled: Vec::new(),
            is_held: false,
            function: Arc::new(move |arguments, run| Box::pin(function(arguments, run))),
        }
    }

    /// A tool that is held elsewhere: `function` is given the `call` of it, and gives what answers that.
    pub(crate) fn held<F>(
        name: impl Into<String>,
        function: impl Fn(Kwargs, ToolRuntime) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<Value, Exception>> + Send + 'static,
    {
        Tool {
            is_held: true,
            ..Self::of_run(name, "", Value::None, function)
        }
    }

    /// A pydantic class as a tool: `schema` is of its arguments as for a function, `class` makes the object.
    ///
    /// What answers a call is the text of the object, which is that of its fields.
    pub fn of_class(
        name: impl Into<String>,
        description: impl Into<String>,
        schema: impl Into<Schema>,
        class: Schema,
    ) -> Self {
        Self::of_run(name, description, schema, move |arguments, run| {
            let class = class.clone();
            async move {
                let given = arguments.into_iter();
                let given = given.map(|(name, value)| (name.into(), value)).collect();
                let made = class.instance(Value::Dict(given))?;
                match (&made, run.tool_call_id()) {
                    (Value::Record { fields, .. }, id) if id != Value::None => {
                        let fields = fields.items();
                        let fields = fields.map(|(name, field)| format!("{name}={}", repr(field)));
                        Ok(fields.collect::<Vec<_>>().join(" ").into())
                    }
                    _ => Ok(made),
                }
            }
        })
    }

    /// The same tool with `return_direct=True`: an agent ends with its answer.
    #[must_use]
    pub fn returning_directly(mut self) -> Self {
        self.return_direct = true;
        self
    }

    /// The same tool with arguments that models are not told of (`InjectedToolArg`).
    #[must_use]
    pub fn hiding(mut self, names: &[&str]) -> Self {
        self.hidden
            .extend(names.iter().map(|&name| name.to_owned()));
        self
    }

    /// The same tool with `response_format="content_and_artifact"`: its function gives a pair.
    #[must_use]
    pub fn with_artifact(mut self) -> Self {
        self.has_artifact = true;
        self
    }

    /// The same tool whose class of arguments has `extra="allow"`.
    #[must_use]
    pub fn taking_more(mut self) -> Self {
        self.takes_more = true;
        self
    }

    /// The same tool with `handle_tool_error=True`.
    #[must_use]
    pub fn telling_errors(mut self) -> Self {
        self.tells_errors = true;
        self
    }

    /// The same tool with an argument that whoever runs it gives (`InjectedState`, `InjectedToolCallId`, a config).
    #[must_use]
    pub fn filling(mut self, name: impl Into<String>, filled: Filled) -> Self {
        self.filled.push((name.into(), filled));
        self
    }

    /// What the run that calls it gives of its arguments.
    ///
    /// # Errors
    /// `KeyError` for a part of the state that there is not.
    pub(crate) fn filled(&self, run: &ToolRuntime) -> Result<Kwargs, Exception> {
        let mut given = Kwargs::new();
        for (name, filled) in &self.filled {
            if let Some(value) = filled.of(run)? {
                given.insert(name.clone(), value);
            }
        }
        Ok(given)
    }

    /// A dict by the names of arguments, without those that models are not told of.
    fn without_hidden(&self, named: &Value) -> Value {
        let hides = |name: &Value| self.hidden.iter().any(|x| *name == Value::from(x.as_str()));
        match named {
            Value::Dict(items) if !self.hidden.is_empty() => {
                let told = items.items().filter(|(name, _)| !hides(name));
                Value::Dict(
                    told.map(|(name, value)| (name.clone(), value.clone()))
                        .collect(),
                )
            }
            named => named.clone(),
        }
    }

    /// `self.return_direct`
    pub(crate) fn returns_directly(&self) -> bool {
        self.return_direct
    }

    /// `self.name`
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// `self.description`
    #[must_use]
    pub fn description(&self) -> &str {
        &self.description
    }

    /// The tool as OpenAI describes a function, which every model's `bind_tools` takes.
    ///
    /// # Errors
    /// `KeyError`, where the schema refers to what it does not hold.
    pub fn to_value(&self) -> Result<Value, Exception> {
        let mut told = self.schema.json.clone();
        let shown = self.without_hidden(get(&self.schema.json, "properties"));
        if !self.hidden.is_empty() {
            told.set_item("properties", shown)?;
        }
        schema::function(Some(&self.name), Some(&self.description), &told)
    }

    /// The function's result for these arguments.
    ///
    /// # Errors
    /// What the function raises.
    pub fn call(
        &self,
        arguments: Kwargs,
        run: &ToolRuntime,
    ) -> impl Future<Output = Result<Value, Exception>> + Send + 'static {
        (self.function)(arguments, run.clone())
    }

    /// `self.invoke(call)`, for a tool call of an answer: the message that answers it.
    ///
    /// # Errors
    /// `ToolInvocationError` for arguments that pydantic refuses, with `ToolNode`'s text; what the function raises.
    pub async fn invoke(&self, call: &Value, run: &ToolRuntime) -> Result<Value, Exception> {
        let run = &run.for_call(get(call, "id"));
        self.invoke_filled(call, self.filled(run)?, run).await
    }

    /// The same, where it is known what the run gives.
    pub(crate) async fn invoke_filled(
        &self,
        call: &Value,
        filled: Kwargs,
        run: &ToolRuntime,
    ) -> Result<Value, Exception> {
        if self.is_held {
            return self.call(kwargs([("call", call.clone())]), run).await;
        }
        let given = &self.without_hidden(get(call, "args"));
        let arguments = match self.validated(given)? {
            Ok(arguments) => arguments,
            Err(problems) => return Err(self.refused(given, &problems)),
        };
        if !self.filled.iter().all(|(_, kind)| kind.is_whole(run)) {
            return Err(self.refused(given, &[]));
        }
        self.answered(arguments, filled, call, run).await
    }

    /// `self.invoke(input)` of a program: the result for a dict of arguments or for a text, which is the first
    /// argument, and the message that answers a call.
    ///
    /// # Errors
    /// What the function raises; unsupported for any other input, and for arguments that pydantic refuses.
    pub async fn run(&self, input: &Value, run: &ToolRuntime) -> Result<Value, Exception> {
        let is_call = *get(input, "type") == Value::from("tool_call");
        let given = if is_call { get(input, "args") } else { input };
        let unfit = || Exception::unsupported(format!("the input of the tool {}", self.name));
        let run = &match is_call {
            true => run.for_call(get(input, "id")),
            false => run.clone(),
        };
        let filled = self.filled(run)?;
        if matches!(given, Value::Str(_)) && !is_call {
            let mut arguments = self.first(given)?.ok_or_else(unfit)?;
            arguments.update(filled);
            return self.result(arguments, run).await;
        }
        if !matches!(given, Value::Dict(_)) {
            return Err(unfit());
        }
        let arguments = self.validated(given)?.map_err(|_| unfit())?;
        match is_call {
            true => self.answered(arguments, filled, input, run).await,
            false => {
                let mut arguments = named(arguments);
                arguments.update(filled);
                self.result(arguments, run).await
            }
        }
    }

    /// `self.batch(inputs)`: what `invoke` gives for each, which all are asked at once.
    ///
    /// # Errors
    /// What the first of them raises that raises anything.
    pub async fn batch(
        &self,
        inputs: &[Value],
        run: &ToolRuntime,
    ) -> Result<Vec<Value>, Exception> {
        let answers = join_all(inputs.iter().map(|input| self.run(input, run))).await;
        answers.into_iter().collect()
    }

    /// What pydantic makes of arguments.
    fn validated(
        &self,
        given: &Value,
    ) -> Result<Result<Dict<Value, Value>, Vec<Problem>>, Exception> {
        let mut made = validation::arguments(&self.schema, given)?;
        if let (true, Ok(made), Value::Dict(given)) = (self.takes_more, &mut made, given) {
            for (name, value) in given {
                made.set_default(name.clone(), value.clone());
            }
        }
        Ok(made)
    }

    /// What the function gives who asks for no message: the content alone.
    async fn result(&self, arguments: Kwargs, run: &ToolRuntime) -> Result<Value, Exception> {
        let result = match self.call(arguments, run).await {
            Err(error) if self.tells_errors && error.is("ToolException") => told(&error)?,
            result => result?,
        };
        match self.has_artifact {
            true => result.item(0),
            false => Ok(result),
        }
    }

    /// `text` as the first of the arguments, if that takes a text. LangChain validates it, but the function gets it
    /// as it was given: an argument that pydantic would make something else of the text is not carried over.
    fn first(&self, text: &Value) -> Result<Option<Kwargs>, Exception> {
        let Value::Dict(properties) = get(&self.schema.json, "properties") else {
            return Ok(Some(Kwargs::new()));
        };
        let first = properties.keys().take(1);
        let given: Dict<Value, Value> = first.map(|name| (name.clone(), text.clone())).collect();
        let made = validation::arguments(&self.schema, &Value::Dict(given.clone()))?;
        let same = made.is_ok_and(|made| given.keys().all(|name| made.get(name) == Some(text)));
        Ok(same.then(|| named(given)))
    }

    /// The message that answers `call`.
    async fn answered(
        &self,
        arguments: Dict<Value, Value>,
        filled: Kwargs,
        call: &Value,
        run: &ToolRuntime,
    ) -> Result<Value, Exception> {
        let mut arguments = named(arguments);
        arguments.update(filled);
        let mut status = "success";
        let mut result = match self.call(arguments, run).await {
            Err(error) if self.tells_errors && error.is("ToolException") => {
                status = "error";
                told(&error)?
            }
            result => result?,
        };
        let mut artifact = Value::None;
        if self.has_artifact {
            (result, artifact) = (result.item(0)?, result.item(1)?);
        }
        if is_instance(&result, "ToolMessage") || is_command(&result) {
            return Ok(result);
        }
        let content = match &result {
            Value::Str(_) => result,
            Value::List(parts) | Value::Tuple(parts)
                if parts
                    .iter()
                    .all(|part| matches!(part, Value::Str(_)) || is_block(part)) =>
            {
                Value::List(parts.clone())
            }
            other => as_text(other)?.into(),
        };
        construct(
            "ToolMessage",
            kwargs([
                ("content", content),
                ("name", self.name.as_str().into()),
                ("tool_call_id", get(call, "id").clone()),
                ("artifact", artifact),
                ("status", status.into()),
            ]),
        )
    }

    fn refused(&self, given: &Value, problems: &[Problem]) -> Exception {
        let problems: Vec<String> = problems
            .iter()
            .map(|problem| format!("{}: {}", problem.place.join("."), problem.message))
            .collect();
        let message = format!(
            "Error invoking tool '{}' with kwargs {} with error:\n {}\n Please fix the error and try again.",
            self.name,
            str_of(given),
            problems.join("\n")
        );
        INVOCATION_ERROR.raise([message.into()])
    }
}

/// What is told of a `ToolException`.
fn told(error: &Exception) -> Result<Value, Exception> {
    let first = error.args()?.first().cloned();
    Ok(first.unwrap_or_else(|| "Tool execution error".into()))
}

fn named(arguments: Dict<Value, Value>) -> Kwargs {
    let named = arguments.into_iter();
    named.map(|(name, value)| (str_of(&name), value)).collect()
}

static INVOCATION_ERROR: Class = Class::new(
    "ToolInvocationError",
    &["ToolException", "Exception", "BaseException"],
);

impl fmt::Debug for Tool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Tool").field(&self.name).finish()
    }
}

/// The types of OpenAI's own tools, which stay as they are.
const OPENAI_OWN: [&str; 12] = [
    "function",
    "file_search",
    "computer",
    "computer_use_preview",
    "code_interpreter",
    "mcp",
    "image_generation",
    "web_search_preview",
    "web_search",
    "tool_search",
    "apply_patch",
    "namespace",
];

/// [`openai_tool`] of each, none of which says anything of `strict`.
///
/// # Errors
/// As for one tool.
pub(crate) fn openai_tools(tools: &[Value]) -> Result<Vec<Value>, Exception> {
    tools
        .iter()
        .map(|tool| openai_tool(tool, &Value::None))
        .collect()
}

/// `convert_to_openai_tool(tool, strict=strict)`, for a dict.
///
/// # Errors
/// `ValueError` for a dict that is no tool, and for a tool that says otherwise about `strict`.
pub(crate) fn openai_tool(tool: &Value, strict: &Value) -> Result<Value, Exception> {
    if let Some(kind) = text(get(tool, "type"))
        && (OPENAI_OWN.contains(&kind) || kind.starts_with("web_search_preview"))
    {
        return Ok(tool.clone());
    }
    Ok(dict([
        ("type", "function".into()),
        ("function", openai_function(tool, strict)?),
    ]))
}

fn openai_function(tool: &Value, strict: &Value) -> Result<Value, Exception> {
    let Value::Dict(keys) = tool else {
        return Err(Exception::unsupported(format!("{tool} as a tool")));
    };
    let has = |key: &str| keys.contains_key(&Value::from(key));
    let mut function = if has("name") && has("input_schema") {
        let mut function = dict([("name", get(tool, "name").clone())]);
        function.set_item("parameters", get(tool, "input_schema"))?;
        if has("description") {
            function.set_item("description", get(tool, "description"))?;
        }
        function
    } else if has("name") {
        let known = ["name", "description", "parameters", "strict"];
        let known = |key: &Value| text(key).is_some_and(|key| known.contains(&key));
        let kept = keys.items().filter(|(key, _)| known(key));
        Value::Dict(
            kept.map(|(key, value)| (key.clone(), value.clone()))
                .collect(),
        )
    } else if has("title") {
        let mut rest = keys.clone();
        let mut function = dict([("name", rest.pop(&Value::from("title"))?)]);
        if has("description") {
            function.set_item("description", rest.pop(&Value::from("description"))?)?;
        }
        if has("properties") {
            function.set_item("parameters", Value::Dict(rest))?;
        }
        function
    } else if has("type") || has("properties") {
        return Err(Exception::value_error(format!(
            "Unsupported function\n\n{}\n\nTo use a JSON schema as a function, it must have a top-level \
             'title' key to be used as the function name.",
            str_of(tool)
        )));
    } else {
        return Err(Exception::value_error(format!(
            "Unsupported function\n\n{}\n\nFunctions must be passed in as Dict, pydantic.BaseModel, or \
             Callable. If they're a dict they must either be in OpenAI function format or valid JSON schema \
             with top-level 'title' key.",
            str_of(tool)
        )));
    };
    if strict == &Value::None {
        return Ok(function);
    }
    let own = get(&function, "strict");
    if own != &Value::None && own != strict {
        return Err(Exception::value_error(format!(
            "Tool/function already has a 'strict' key with value {} which is different from the explicit \
             `strict` arg received strict={}.",
            str_of(own),
            str_of(strict)
        )));
    }
    function.set_item("strict", strict)?;
    if strict.truthy() {
        let mut parameters = get(&function, "parameters").clone();
        schema::strict_parameters(&mut parameters);
        function.set_item("parameters", parameters)?;
    }
    Ok(function)
}
