//! A driver's values, as what is stored needs them.

use langferry_core::{ChannelId, NodeOutput};
use langferry_trace::DecodeError;
use serde_json::Value as Json;

/// Turns a driver's values into the trace's encoding and back.
pub trait Values {
    /// What the engine carries.
    type Value: Clone;

    /// A value's encoding.
    fn encode(&self, value: &Self::Value) -> Json;

    /// What `channel` holds.
    ///
    /// # Errors
    /// When it is not of the channel's type.
    fn held(&self, channel: ChannelId, encoded: &Json) -> Result<Self::Value, DecodeError>;

    /// What a task wrote to `channel`.
    ///
    /// # Errors
    /// When it is nothing the channel takes.
    fn written(&self, channel: ChannelId, encoded: &Json) -> Result<Self::Value, DecodeError>;

    /// An answer, a question or the argument of a packet.
    ///
    /// # Errors
    /// When it has no counterpart here.
    fn any(&self, encoded: &Json) -> Result<Self::Value, DecodeError>;

    /// What a run's input writes.
    ///
    /// # Errors
    /// When it is no input of the graph.
    fn input(&self, encoded: &Json) -> Result<NodeOutput<Self::Value>, DecodeError>;
}
