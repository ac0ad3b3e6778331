//! What bridged nodes and routers return.

use std::borrow::Cow;
use std::sync::Arc;

use langferry_core::{EngineError, ROOT};
use langferry_pystd::{Exception, Value};
use langferry_trace::{DecodeError, TraceValue};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString, PyTuple};

use crate::Json;
use crate::bridge::from_python::{from_python, from_python_if_wanted};
use crate::bridge::raised::exception;
use crate::bridge::support;
use crate::command::PARENT;
use crate::error::engine_exception;
use crate::node::{ForParent, NodeOutput};
use crate::send::Send;
use crate::state_value::Shared;
use crate::target::Target;

/// A value that stays encoded until the channel it is written to decodes it.
struct Encoded(Json);

impl TraceValue for Encoded {
    fn to_trace(&self) -> Json {
        self.0.clone()
    }

    fn from_trace(encoded: &Json) -> Result<Self, DecodeError> {
        Ok(Encoded(encoded.clone()))
    }
}

/// What a node of a graph returned whose state is a bare value: the value, if it is not `None` or a `Command`.
pub(crate) fn bare_output(result: &Bound<'_, PyAny>) -> Result<NodeOutput, Exception> {
    if result.is_none() {
        return Ok(NodeOutput::none());
    }
    if is(result, "Command") {
        return command(result);
    }
    if let Some(parts) = parts_with_commands(result) {
        let outputs: Result<Vec<_>, _> = parts.iter().map(bare_output).collect();
        return Ok(NodeOutput::from(outputs?));
    }
    Ok(NodeOutput {
        writes: vec![(Cow::Borrowed(ROOT), encoded(result)?)],
        goto: Vec::new(),
    })
}

pub(crate) fn node_output(result: &Bound<'_, PyAny>) -> Result<NodeOutput, Exception> {
    let raised = |error| exception(result.py(), &error);
    if result.is_none() {
        return Ok(NodeOutput::none());
    }
    if let Ok(update) = result.cast::<PyDict>() {
        return Ok(NodeOutput {
            writes: writes(update)?,
            goto: Vec::new(),
        });
    }
    if is(result, "Command") {
        return command(result);
    }
    if let Some(parts) = parts_with_commands(result) {
        let outputs: Result<Vec<_>, _> = parts.iter().map(node_output).collect();
        return Ok(NodeOutput::from(outputs?));
    }
    let update = support::of(result.py())
        .and_then(|support| support.call_method1("update_of", (result,)))
        .map_err(raised)?;
    if !update.is_none() {
        return node_output(&update);
    }
    let value = result.str().map_err(raised)?.to_string();
    Err(engine_exception(&EngineError::InvalidReturn { value }))
}

fn command(command: &Bound<'_, PyAny>) -> Result<NodeOutput, Exception> {
    let raised = |error| exception(command.py(), &error);
    let graph = command.getattr("graph").map_err(raised)?;
    let for_parent = match graph.extract::<String>() {
        Ok(name) if name == PARENT => true,
        _ if graph.is_none() => false,
        _ => {
            return Err(Exception::unsupported(
                "Command(graph=...) of a named graph from Python",
            ));
        }
    };
    let update = command.getattr("update").map_err(raised)?;
    let goto = command.getattr("goto").map_err(raised)?;
    let writes = if update.is_none() {
        Vec::new()
    } else if let Ok(update) = update.cast::<PyDict>() {
        writes(update)?
    } else if let Some(pairs) = sequence(&update) {
        pairs.iter().map(pair).collect::<Result<_, _>>()?
    } else {
        let class = update.get_type();
        return Err(Exception::unsupported(format!(
            "Command(update=...) of the Python type {class}"
        )));
    };
    let output = NodeOutput {
        writes,
        goto: targets(&goto)?,
    };
    if for_parent {
        return Err(Exception::parent_command(Arc::new(ForParent(output))));
    }
    Ok(output)
}

/// What a router returned: one destination, or a list or tuple of them.
pub(crate) fn targets(result: &Bound<'_, PyAny>) -> Result<Vec<Target>, Exception> {
    match sequence(result) {
        Some(parts) => parts.iter().map(target).collect(),
        None => Ok(vec![target(result)?]),
    }
}

fn target(result: &Bound<'_, PyAny>) -> Result<Target, Exception> {
    let raised = |error| exception(result.py(), &error);
    if let Ok(name) = result.cast::<PyString>() {
        return Ok(Target::Node(name.to_str().map_err(raised)?.to_owned()));
    }
    if is(result, "Send") {
        let node: String = result
            .getattr("node")
            .and_then(|node| node.extract())
            .map_err(raised)?;
        let arg = from_python(&result.getattr("arg").map_err(raised)?)?;
        return Ok(Target::Send(Send::new(node, Encoded(arg))));
    }
    let key = Value::from_trace(&from_python(result)?).map_err(Exception::unsupported)?;
    Ok(Target::Key(key))
}

/// A dict's writes. Keys that are no strings name no channel, and LangGraph ignores them.
fn writes(update: &Bound<'_, PyDict>) -> Result<Vec<(Cow<'static, str>, Shared)>, Exception> {
    let named = update.iter().filter_map(|(key, value)| {
        let key = key.cast::<PyString>().ok()?.to_str().ok()?.to_owned();
        Some((key, value))
    });
    named
        .map(|(key, value)| Ok((Cow::Owned(key), encoded(&value)?)))
        .collect()
}

fn pair(pair: &Bound<'_, PyAny>) -> Result<(Cow<'static, str>, Shared), Exception> {
    let parts: (String, Bound<'_, PyAny>) = pair
        .extract()
        .map_err(|error| exception(pair.py(), &error))?;
    Ok((Cow::Owned(parts.0), encoded(&parts.1)?))
}

fn encoded(value: &Bound<'_, PyAny>) -> Result<Shared, Exception> {
    Ok(Arc::new(Encoded(from_python_if_wanted(value)?)))
}

/// The items of a list or a tuple that has commands among them.
fn parts_with_commands<'py>(result: &Bound<'py, PyAny>) -> Option<Vec<Bound<'py, PyAny>>> {
    sequence(result).filter(|parts| parts.iter().any(|part| is(part, "Command")))
}

/// The items of a list or a tuple.
fn sequence<'py>(object: &Bound<'py, PyAny>) -> Option<Vec<Bound<'py, PyAny>>> {
    if let Ok(list) = object.cast::<PyList>() {
        return Some(list.iter().collect());
    }
    object
        .cast::<PyTuple>()
        .ok()
        .map(|tuple| tuple.iter().collect())
}

/// Whether `object` is LangGraph's class of that name.
pub(crate) fn is(object: &Bound<'_, PyAny>, class: &str) -> bool {
    object.get_type().name().is_ok_and(|name| name == class)
}
