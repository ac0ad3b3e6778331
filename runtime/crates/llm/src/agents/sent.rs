//! What an agent's tools are given: a call that was sent to them, or else the state.

use langferry::{ChannelSpec, DecodeError, Fields, Json, Slot, State, TraceValue, Update};
use langferry_pystd::{Exception, Value};

use crate::agents::AgentState;
use crate::kwargs::{get, items};

/// The input of the node `tools`.
#[derive(Clone, Debug)]
pub(super) struct Calls {
    messages: Slot<Vec<Value>>,
    /// A list of one call, or a dict of a call and the state; `None` where nothing was sent.
    sent: Value,
}

impl Calls {
    pub(super) fn sent(packet: Value) -> Self {
        Calls {
            messages: Slot::empty(),
            sent: packet,
        }
    }

    /// The call that was sent.
    pub(super) fn call(&self) -> Option<&Value> {
        match &self.sent {
            Value::Dict(_) => Some(get(&self.sent, "tool_call")),
            packet => items(packet).first(),
        }
    }

    /// The messages of the state.
    pub(super) fn messages(&self) -> Result<&Vec<Value>, Exception> {
        self.messages.get("messages")
    }
}

impl State for Calls {
    const NAME: &'static str = AgentState::NAME;

    fn channels() -> Vec<ChannelSpec> {
        let mut channels = AgentState::channels();
        channels.retain(|channel| channel.name() == "messages");
        channels
    }

    fn read(fields: &mut Fields<'_>) -> Result<Self, DecodeError> {
        Ok(Calls {
            messages: fields.take("messages")?,
            sent: Value::None,
        })
    }

    fn write(&self, update: &mut Update) {
        update.set_slot("messages", &self.messages);
    }
}

/// As the packet is seen from outside.
impl TraceValue for Calls {
    fn to_trace(&self) -> Json {
        self.sent.to_trace()
    }

    fn from_trace(encoded: &Json) -> Result<Self, DecodeError> {
        Value::from_trace(encoded).map(Calls::sent)
    }
}
