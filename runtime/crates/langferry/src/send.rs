//! `Send`: a task for the next superstep, with an input of its own.

use std::any::Any;
use std::sync::Arc;

use langferry_core as core;
use langferry_pystd::{Exception, Value};
use langferry_trace::TraceValue;

use crate::state_value::Shared;

/// LangGraph's class of packets.
const CLASS: &str = "langgraph.types.Send";

/// `Send(node, arg)` as a value of unknown type, which a command may go to.
#[must_use]
pub fn sent(node: Value, arg: Value) -> Value {
    let fields = [("node", node), ("arg", arg)];
    Value::Record {
        class: CLASS.to_owned(),
        fields: fields.map(|(name, value)| (name.to_owned(), value)).into(),
    }
}

/// Runs `node` on `arg` in the next superstep.
#[derive(Clone, Debug)]
pub struct Send {
    pub(crate) node: String,
    pub(crate) arg: Shared,
}

impl Send {
    /// A packet for `node`. An `arg` that is not of the type the node reads is converted by its keys.
    pub fn new(
        node: impl Into<String>,
        arg: impl TraceValue + Any + std::marker::Send + Sync,
    ) -> Self {
        Send {
            node: node.into(),
            arg: Arc::new(arg),
        }
    }
}

impl Send {
    /// The packet that a value of unknown type is; `None` where it is something else.
    pub(crate) fn of(value: &Value) -> Result<Option<Self>, Exception> {
        match value {
            Value::Record { class, .. } if class == CLASS => match value.attr("node")? {
                Value::Str(node) => Ok(Some(Send::new(node.to_string(), value.attr("arg")?))),
                _ => Err(Exception::unsupported("a packet for what is no text")),
            },
            _ => Ok(None),
        }
    }
}

impl From<Send> for core::Send<Shared> {
    fn from(send: Send) -> Self {
        core::Send {
            node: send.node,
            arg: send.arg,
            timeout: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use langferry_pystd::Value;

    use super::sent;
    use crate::target::Target;

    #[test]
    fn packets_of_unknown_type_are_destinations() {
        let arg = Value::List(vec![Value::None]);
        let goto = Value::List(vec![sent(Value::from("a"), arg), Value::from("b")]);
        match &Target::all_of(goto).unwrap()[..] {
            [Target::Send(packet), Target::Node(name)] => {
                assert_eq!((&packet.node[..], &name[..]), ("a", "b"));
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn packets_for_what_is_no_text_are_refused() {
        let error = Target::all_of(sent(Value::None, Value::None)).unwrap_err();
        assert!(error.is("Unsupported"));
    }
}
