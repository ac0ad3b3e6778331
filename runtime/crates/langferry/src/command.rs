//! `Command`: an update and where to go, from a node or as input.

use std::any::Any;
use std::sync::Arc;

use langferry_pystd::Value;
use langferry_trace::{DecodeError, TraceValue};

use crate::Json;
use crate::state_value::Shared;
use crate::target::{IntoTargets, Target};
use crate::update::Update;

/// `Command.PARENT`
pub(crate) const PARENT: &str = "__parent__";

/// LangGraph's class of commands.
const CLASS: &str = "langgraph.types.Command";

/// `Command(graph=graph, update=update, goto=goto)` as a value of unknown type, of which [`NodeOutput::of`] makes what
/// it means.
///
/// [`NodeOutput::of`]: crate::NodeOutput::of
#[must_use]
pub fn command(graph: Value, update: Value, goto: Value) -> Value {
    let fields = [
        ("graph", graph),
        ("update", update),
        ("resume", Value::None),
        ("goto", goto),
    ];
    Value::Record {
        class: CLASS.to_owned(),
        fields: fields.map(|(name, value)| (name.to_owned(), value)).into(),
    }
}

/// Whether a value of unknown type is a command.
#[must_use]
pub fn is_command(value: &Value) -> bool {
    matches!(value, Value::Record { class, .. } if class == CLASS)
}

/// Writes, destinations, and answers to interrupts, in any combination.
#[derive(Clone, Debug, Default)]
pub struct Command {
    pub(crate) update: Update,
    pub(crate) goto: Vec<Target>,
    pub(crate) resume: Option<Resume>,
}

/// What a `Command` answers.
#[derive(Clone, Debug)]
pub(crate) enum Resume {
    One(Shared),
    ById(Vec<(String, Shared)>),
}

impl Command {
    /// A command that says nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The same with writes to the state, in place of earlier ones.
    #[must_use]
    pub fn update(mut self, update: impl Into<Update>) -> Self {
        self.update = update.into();
        self
    }

    /// The same with destinations, in place of earlier ones: a name, a `Send`, or a list of them.
    #[must_use]
    pub fn goto(mut self, targets: impl IntoTargets) -> Self {
        self.goto = targets.into_targets();
        self
    }

    /// Answers the open interrupt with `answer`. Only as input of a run.
    #[must_use]
    pub fn resume(answer: impl TraceValue + Any + Send + Sync) -> Self {
        Command {
            resume: Some(Resume::One(Arc::new(answer))),
            ..Self::default()
        }
    }

    /// Answers with an encoded value: a dict whose keys are all ids of interrupts answers each by its id.
    ///
    /// # Errors
    /// When it is no encoded value.
    pub(crate) fn answering(answer: &Json) -> Result<Self, DecodeError> {
        let is_id =
            |key: &String| key.len() == 32 && key.bytes().all(|byte| byte.is_ascii_hexdigit());
        match answer {
            Json::Object(answers) if !answers.is_empty() && answers.keys().all(is_id) => {
                let answers = answers.iter();
                let answers =
                    answers.map(|(id, answer)| Ok((id.clone(), Value::from_trace(answer)?)));
                Ok(Command::resume_by_id(
                    answers.collect::<Result<Vec<_>, DecodeError>>()?,
                ))
            }
            one => Ok(Command::resume(Value::from_trace(one)?)),
        }
    }

    /// Answers several open interrupts by their ids. Only as input of a run.
    #[must_use]
    pub fn resume_by_id<V: TraceValue + Any + Send + Sync>(
        answers: impl IntoIterator<Item = (String, V)>,
    ) -> Self {
        let answers = answers
            .into_iter()
            .map(|(id, answer)| (id, Arc::new(answer) as Shared));
        Command {
            resume: Some(Resume::ById(answers.collect())),
            ..Self::default()
        }
    }
}
