//! Prompt templates: texts and messages with fields to fill.

use langferry::messages::{construct, from_input};
use langferry_pystd::{Exception, PyRepr, Value, repr, str_of};

use crate::kwargs::{Kwargs, kwargs};
use crate::partials::{Computed, Partials};
use crate::template::Template;

/// A text with fields (`PromptTemplate`).
#[derive(Clone, Debug)]
pub struct PromptTemplate {
    template: Template,
    partial: Partials,
}

impl PromptTemplate {
    /// `PromptTemplate.from_template(template)`
    ///
    /// # Errors
    /// `ValueError` for a template that is none; unsupported for a field `stop`, which pydantic refuses.
    pub fn from_template(template: &str) -> Result<Self, Exception> {
        let template = Template::parse(template)?;
        if template.variables().iter().any(|name| name == "stop") {
            return Err(Exception::unsupported("a prompt with a field `stop`"));
        }
        Ok(PromptTemplate {
            template,
            partial: Partials::default(),
        })
    }

    /// `PromptTemplate(template=template)`
    ///
    /// # Errors
    /// Unsupported for a template that is none, of which pydantic tells in a `ValidationError`.
    pub fn of_fields(template: &str) -> Result<Self, Exception> {
        Self::from_template(template)
            .map_err(|error| Exception::unsupported(format!("a prompt: {}", error.message())))
    }

    /// `self.partial(**values)`
    #[must_use]
    pub fn partial(&self, values: Kwargs) -> Self {
        let mut filled = self.clone();
        filled.partial = self.partial.with(values);
        filled
    }

    /// `self.partial(name=computed)` of a function
    #[must_use]
    pub fn partial_by(&self, name: &str, computed: Computed) -> Self {
        let mut filled = self.clone();
        filled.partial = self.partial.with_computed(name, computed);
        filled
    }

    /// `self.input_variables`: the fields without a value, sorted.
    #[must_use]
    pub fn input_variables(&self) -> Vec<String> {
        self.partial.unfilled(self.template.variables())
    }

    /// `self.format(**values)`
    ///
    /// # Errors
    /// `KeyError` for a field without a value.
    pub fn format(&self, values: Kwargs) -> Result<String, Exception> {
        self.template.format(&self.partial.filled(values)?)
    }

    /// `self.invoke(input).to_string()`, which a chat model takes for a human's message.
    ///
    /// # Errors
    /// `KeyError` for missing fields; `TypeError` for an input that is no dict, where several fields are to be filled.
    pub fn invoke(&self, input: impl Into<Value>) -> Result<String, Exception> {
        let variables = self.input_variables();
        self.format(checked("PromptTemplate", &variables, input.into())?)
    }
}

/// Messages with fields (`ChatPromptTemplate`).
#[derive(Clone, Debug)]
pub struct ChatPromptTemplate {
    parts: Vec<Part>,
    partial: Partials,
}

/// What a chat prompt is made of.
#[derive(Clone, Debug)]
enum Part {
    Message(Value),
    Template {
        class: &'static str,
        template: Template,
    },
    Placeholder {
        variable: String,
        optional: bool,
        most: Option<usize>,
    },
}

impl ChatPromptTemplate {
    /// `ChatPromptTemplate.from_messages(parts)`
    ///
    /// A part is a pair of role and template, a template for a human's message, a message, which is left as it is, or
    /// a [`messages_placeholder`].
    ///
    /// # Errors
    /// `ValueError` for unknown roles and templates that are none; unsupported for templates of content blocks.
    pub fn from_messages(parts: impl IntoIterator<Item = Value>) -> Result<Self, Exception> {
        let parts = parts.into_iter().map(part).collect::<Result<_, _>>()?;
        Ok(ChatPromptTemplate {
            parts,
            partial: Partials::default(),
        })
    }

    /// `ChatPromptTemplate.from_template(template)`
    ///
    /// # Errors
    /// As [`from_messages`](Self::from_messages).
    pub fn from_template(template: &str) -> Result<Self, Exception> {
        Self::from_messages([Value::from(template)])
    }

    /// `self.partial(**values)`
    #[must_use]
    pub fn partial(&self, values: Kwargs) -> Self {
        let mut filled = self.clone();
        filled.partial = self.partial.with(values);
        filled
    }

    /// `self.partial(name=computed)` of a function
    #[must_use]
    pub fn partial_by(&self, name: &str, computed: Computed) -> Self {
        let mut filled = self.clone();
        filled.partial = self.partial.with_computed(name, computed);
        filled
    }

    /// `self.input_variables`: the fields without a value, sorted.
    #[must_use]
    pub fn input_variables(&self) -> Vec<String> {
        let mut all = Vec::new();
        for part in &self.parts {
            match part {
                Part::Template { template, .. } => all.extend(template.variables()),
                Part::Placeholder {
                    variable,
                    optional: false,
                    ..
                } => all.push(variable.clone()),
                _ => {}
            }
        }
        all.sort();
        all.dedup();
        self.partial.unfilled(all)
    }

    /// `self.format_messages(**values)`
    ///
    /// # Errors
    /// `KeyError` for a field without a value; `ValueError` for a placeholder's value that is no list.
    pub fn format_messages(&self, values: Kwargs) -> Result<Vec<Value>, Exception> {
        let values = self.partial.filled(values)?;
        let mut messages = Vec::new();
        for part in &self.parts {
            match part {
                Part::Message(message) => messages.push(message.clone()),
                Part::Template { class, template } => {
                    let content = template.format(&values)?;
                    messages.push(construct(class, kwargs([("content", content.into())]))?);
                }
                Part::Placeholder {
                    variable,
                    optional,
                    most,
                } => messages.extend(placed(&values, variable, *optional, *most)?),
            }
        }
        Ok(messages)
    }

    /// `self.invoke(input).to_messages()`
    ///
    /// # Errors
    /// `KeyError` for missing fields; `TypeError` for an input that is no dict, where several fields are to be filled.
    pub fn invoke(&self, input: impl Into<Value>) -> Result<Vec<Value>, Exception> {
        let variables = self.input_variables();
        self.format_messages(checked("ChatPromptTemplate", &variables, input.into())?)
    }
}

/// The class of the value that stands for a placeholder among a prompt's parts.
const PLACEHOLDER: &str = "langchain_core.prompts.chat.MessagesPlaceholder";

/// `MessagesPlaceholder(variable_name, **arguments)`; `arguments` are `optional` and `n_messages`.
#[must_use]
pub fn messages_placeholder(variable_name: &str, arguments: Kwargs) -> Value {
    let mut fields = kwargs([("variable_name", variable_name.into())]);
    fields.update(arguments);
    Value::Record {
        class: PLACEHOLDER.to_owned(),
        fields,
    }
}

/// The classes of the values that stand for templates of one message, with the role of each.
const MESSAGE_TEMPLATES: [(&str, &str); 3] = [
    (
        "langchain_core.prompts.chat.HumanMessagePromptTemplate",
        "human",
    ),
    ("langchain_core.prompts.chat.AIMessagePromptTemplate", "ai"),
    (
        "langchain_core.prompts.chat.SystemMessagePromptTemplate",
        "system",
    ),
];

/// `HumanMessagePromptTemplate.from_template(template)` and the like: a message of this role, for the parts of a prompt.
///
/// # Errors
/// As [`ChatPromptTemplate::from_messages`].
pub fn message_template(role: &str, template: &str) -> Result<Value, Exception> {
    of_role(role, &template.into())?;
    let named = MESSAGE_TEMPLATES.iter().find(|(_, own)| *own == role);
    Ok(Value::Record {
        class: named.map_or(role, |(class, _)| class).to_owned(),
        fields: kwargs([("prompt", template.into())]),
    })
}

fn part(part: Value) -> Result<Part, Exception> {
    if let Value::Record { class, fields } = &part
        && let Some((_, role)) = MESSAGE_TEMPLATES.iter().find(|(own, _)| own == class)
    {
        return of_role(role, fields.item("prompt")?);
    }
    match part {
        Value::Record { class, mut fields } if class == PLACEHOLDER => {
            let variable: String = fields.pop("variable_name")?.to()?;
            let optional = fields.pop_or("optional", false).to()?;
            let most = match fields.pop_or("n_messages", Value::None) {
                Value::Int(count) => count.to_i64().and_then(|count| usize::try_from(count).ok()),
                _ => None,
            };
            Ok(Part::Placeholder {
                variable,
                optional,
                most,
            })
        }
        message @ Value::Record { .. } => Ok(Part::Message(message)),
        Value::Str(template) => of_role("human", &template.into()),
        Value::Tuple(pair) => match pair.as_slice() {
            [Value::Str(role), template] => of_role(role, template),
            _ => Err(Exception::value_error(format!(
                "Expected 2-tuple of (role, template), got {}",
                str_of(&Value::Tuple(pair))
            ))),
        },
        dict @ Value::Dict(_) => match (dict.item("role"), dict.item("content"), dict.len()?) {
            (Ok(Value::Str(role)), Ok(template), length) if length == 2 => {
                of_role(&role, &template)
            }
            _ => Err(Exception::value_error(format!(
                "Expected dict to have exact keys 'role' and 'content'. Got: {}",
                str_of(&dict)
            ))),
        },
        other => Err(Exception::unsupported(format!(
            "{} in a chat prompt",
            repr(&other)
        ))),
    }
}

fn of_role(role: &str, template: &Value) -> Result<Part, Exception> {
    let class = match role {
        "human" | "user" => "HumanMessage",
        "ai" | "assistant" => "AIMessage",
        "system" => "SystemMessage",
        "placeholder" => return placeholder(template),
        _ => {
            return Err(Exception::value_error(format!(
                "Unexpected message type: {role}. Use one of 'human', 'user', 'ai', 'assistant', or 'system'."
            )));
        }
    };
    match template {
        Value::Str(text) => Ok(Part::Template {
            class,
            template: Template::parse(text)?,
        }),
        other => Err(Exception::unsupported(format!(
            "the template {}",
            repr(other)
        ))),
    }
}

/// `("placeholder", "{name}")`, or with a list of the name and whether it may be missing.
fn placeholder(template: &Value) -> Result<Part, Exception> {
    let (name, optional) = match template {
        Value::Str(name) => (name, true),
        Value::List(pair) => match pair.as_slice() {
            [Value::Str(name), Value::Bool(optional)] => (name, *optional),
            _ => {
                return Err(Exception::unsupported(format!(
                    "the template {}",
                    repr(template)
                )));
            }
        },
        other => {
            return Err(Exception::unsupported(format!(
                "the template {}",
                repr(other)
            )));
        }
    };
    let inside = name
        .strip_prefix('{')
        .and_then(|name| name.strip_suffix('}'));
    match inside {
        Some(variable) => Ok(Part::Placeholder {
            variable: variable.to_owned(),
            optional,
            most: None,
        }),
        None => Err(Exception::value_error(format!(
            "Invalid placeholder template: {name}. Expected a variable name surrounded by curly braces."
        ))),
    }
}

/// The messages of a placeholder.
fn placed(
    values: &Kwargs,
    variable: &str,
    optional: bool,
    most: Option<usize>,
) -> Result<Vec<Value>, Exception> {
    let value = match values.get(variable) {
        None if optional => return Ok(Vec::new()),
        _ => values.item(variable)?,
    };
    let Value::List(_) = value else {
        let class = match value {
            Value::Record { class, .. } | Value::Enum { class, .. } => class.clone(),
            other => other.py_type().into_owned(),
        };
        return Err(Exception::value_error(format!(
            "variable {variable} should be a list of base messages, got {} of type <class '{class}'>",
            str_of(value)
        )));
    };
    let mut messages = from_input(value.clone())?;
    if let Some(most) = most.filter(|&most| most > 0) {
        messages.drain(..messages.len().saturating_sub(most));
    }
    Ok(messages)
}

/// The values by name that `invoke(input)` is given.
fn checked(class: &str, variables: &[String], input: Value) -> Result<Kwargs, Exception> {
    let with_link = |message: String| {
        format!(
            "{message}\nFor troubleshooting, visit: https://docs.langchain.com/oss/python/langchain\
             /errors/INVALID_PROMPT_INPUT "
        )
    };
    let given = match (input, variables) {
        (Value::Dict(given), _) => given,
        (input, [only]) => return Ok(Kwargs::from([(only.clone(), input)])),
        (input, _) => {
            return Err(Exception::type_error(with_link(format!(
                "Expected mapping type as input to {class}. Received <class '{}'>.",
                input.py_type()
            ))));
        }
    };
    let missing: Vec<&String> = variables
        .iter()
        .filter(|&name| !given.contains_key(&Value::from(name.as_str())))
        .collect();
    if let Some(example) = missing.first() {
        let names: Vec<String> = missing.iter().map(|name| repr(name.as_str())).collect();
        let received: Vec<String> = given.keys().map(repr).collect();
        let expected: Vec<String> = variables.iter().map(|name| repr(name.as_str())).collect();
        return Err(Exception::raise(
            "KeyError",
            [with_link(format!(
                "Input to {class} is missing variables {{{}}}.  Expected: [{}] Received: [{}]\nNote: if you \
                 intended {{{example}}} to be part of the string and not a variable, please escape it with \
                 double curly braces like: '{{{{{example}}}}}'.",
                names.join(", "),
                expected.join(", "),
                received.join(", "),
            ))
            .into()],
        ));
    }
    given
        .into_iter()
        .map(|(name, value)| match name {
            Value::Str(name) => Ok((name, value)),
            _ => Err(Exception::type_error("keywords must be strings")),
        })
        .collect()
}
