//! What a run is started with.

use langferry_core as core;
use langferry_pystd::{Exception, Value};
use langferry_trace::TraceValue;

use crate::Json;
use crate::command::{Command, Resume};
use crate::compiled::CompiledGraph;
use crate::state::State;
use crate::state_value::Shared;
use crate::update::Update;

/// The input of a run: a state, a dict, a command, or nothing, to go on from the saved state.
#[derive(Clone, Debug)]
pub enum Input {
    /// Writes to channels of the input schema; others are left out.
    Update(Update),
    /// A dict in the trace's encoding.
    Encoded(Json),
    /// Answers, writes and destinations.
    Command(Command),
    /// `None`: go on where the thread stopped.
    Continue,
}

impl<S: State> From<S> for Input {
    fn from(state: S) -> Self {
        let mut update = Update::new();
        state.write(&mut update);
        Input::Update(update)
    }
}

impl From<Command> for Input {
    fn from(command: Command) -> Self {
        Input::Command(command)
    }
}

impl From<Update> for Input {
    fn from(update: Update) -> Self {
        Input::Update(update)
    }
}

impl From<Value> for Input {
    fn from(value: Value) -> Self {
        match value {
            Value::None => Input::Continue,
            other => Input::Encoded(other.to_trace()),
        }
    }
}

impl Input {
    pub(crate) fn start(self, graph: &CompiledGraph) -> Result<core::Start<Shared>, Exception> {
        match self {
            Input::Continue => Ok(core::Start::Continue),
            Input::Command(command) => Ok(core::Start::Command(command_start(command, graph)?)),
            Input::Update(update) => {
                let writes = update.into_writes();
                let known = writes
                    .into_iter()
                    .filter(|(channel, _)| graph.takes(channel));
                Ok(core::Start::Input(graph.settle_writes(known)?))
            }
            Input::Encoded(encoded) => Ok(core::Start::Input(graph.decode_input(&encoded)?)),
        }
    }
}

fn command_start(
    command: Command,
    graph: &CompiledGraph,
) -> Result<core::Command<Shared>, Exception> {
    let resume = match command.resume {
        // `Command(resume=None)` answers nothing
        Some(Resume::One(answer)) if answer.encoded().is_null() => None,
        Some(Resume::One(answer)) => Some(core::Resume::Value(answer)),
        Some(Resume::ById(answers)) => Some(core::Resume::ByInterrupt(answers)),
        None => None,
    };
    let updates = graph.settle_writes(command.update.into_writes())?;
    let goto = graph.settle_goto(command.goto)?;
    Ok(core::Command {
        resume,
        output: core::NodeOutput { updates, goto },
    })
}
