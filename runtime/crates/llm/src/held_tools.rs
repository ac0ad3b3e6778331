//! Tools that are held elsewhere, such as in Python, next to those that are known.

use std::future::ready;
use std::sync::Arc;

use langferry::is_command;
use langferry::messages::is_instance;
use langferry_pystd::{Exception, Value};

use crate::kwargs::{Kwargs, items, text};
use crate::tool_runtime::ToolRuntime;
use crate::tools::Tool;

/// The tools of these `names`, in their order: the `known` ones, and others that are run by `run`.
///
/// `run` is given the `call` of a tool, and gives what answers it.
///
/// # Errors
/// Unsupported where `names` lists no texts, or a tool that is known has another name.
pub fn held_tools(
    known: Vec<Tool>,
    names: Value,
    run: impl Fn(Kwargs, ToolRuntime) -> Result<Value, Exception> + Send + Sync + 'static,
) -> Result<Vec<Tool>, Exception> {
    let run = Arc::new(run);
    let mut tools = Vec::new();
    for name in items(&names) {
        let name = text(name).ok_or_else(|| Exception::unsupported("a tool without a name"))?;
        let found = known.iter().find(|tool| tool.name() == name).cloned();
        tools.push(found.unwrap_or_else(|| {
            let run = Arc::clone(&run);
            Tool::held(name, move |call, runtime| {
                ready(run(call, runtime).and_then(answer))
            })
        }));
    }
    let listed = |tool: &Tool| tools.iter().any(|other| other.name() == tool.name());
    match known.iter().find(|tool| !listed(tool)) {
        Some(tool) => Err(Exception::unsupported(format!(
            "the tool {} is not there",
            tool.name()
        ))),
        None => Ok(tools),
    }
}

/// What answers a call: a message or a command.
fn answer(given: Value) -> Result<Value, Exception> {
    match is_command(&given) || is_instance(&given, "ToolMessage") {
        true => Ok(given),
        false => Err(Exception::unsupported(format!(
            "a {} as a tool's answer",
            given.class_name()
        ))),
    }
}
