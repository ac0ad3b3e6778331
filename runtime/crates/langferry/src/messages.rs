//! LangChain's messages: values of their classes, and LangGraph's reducer of them, `add_messages`.
//!
//! A message is a [`Value::Record`] of its class, whose fields are read by [`Value::attr`].

mod attributes;
mod class;
mod coercion;
mod construction;
mod copying;
mod making;
mod merging;
mod selection;
mod text;
mod tool_calls;
mod trimming;

use std::collections::{HashMap, HashSet};

use langferry_pystd::{Exception, Truthy, Value};
use langferry_trace::{DecodeError, TraceValue};
use uuid::Uuid;

use crate::Json;
use crate::messages::class::Class;
use crate::reduction::Change;

pub use copying::copied;
pub use making::{ai, construct, from_input, human, is_instance, remove, system, tool};
pub use merging::merge_runs;
pub use selection::{convert, filter};
pub use text::{buffer_string, pretty_repr, text};
pub use trimming::{approximate_tokens, trim_first, trim_last};

pub(crate) use attributes::{attribute, shown_fields};

/// A message with all its fields; anything else, a chunk too, as it is.
#[cfg(feature = "serve")]
pub(crate) fn whole(value: Value) -> Result<Value, Exception> {
    match Class::of(&value) {
        Some((_, false)) => coercion::message(value),
        _ => Ok(value),
    }
}

/// The `id` of a `RemoveMessage` that drops all messages before it.
const ALL: &str = "__remove_all__";

/// What a channel of messages may be declared as.
pub trait Messages: Sized {
    /// The value as Python has it.
    fn into_value(self) -> Value;

    /// What the reducer gives.
    fn from_messages(messages: Vec<Value>) -> Self;
}

impl Messages for Vec<Value> {
    fn into_value(self) -> Value {
        Value::List(self)
    }

    fn from_messages(messages: Vec<Value>) -> Self {
        messages
    }
}

impl Messages for Option<Vec<Value>> {
    fn into_value(self) -> Value {
        self.map_or(Value::None, Value::List)
    }

    fn from_messages(messages: Vec<Value>) -> Self {
        Some(messages)
    }
}

impl Messages for Value {
    fn into_value(self) -> Value {
        self
    }

    fn from_messages(messages: Vec<Value>) -> Self {
        Value::List(messages)
    }
}

/// What a node writes: a list of messages, one message, or what LangChain makes messages of.
#[derive(Clone, Debug)]
pub struct Written(Value);

impl<T: Messages> From<T> for Written {
    fn from(messages: T) -> Self {
        Written(messages.into_value())
    }
}

impl TraceValue for Written {
    fn to_trace(&self) -> Json {
        self.0.to_trace()
    }

    fn from_trace(encoded: &Json) -> Result<Self, DecodeError> {
        Value::from_trace(encoded).map(Written)
    }
}

impl<T: Messages> Change<T> for Written {
    const IN_PLACE: bool = true;

    fn of(whole: T) -> Self {
        Written::from(whole)
    }

    /// Message objects get their ids where they are; what messages are yet to be made of stays as it is.
    fn apply_in_place(&mut self) {
        let written = match &mut self.0 {
            Value::List(items) => items.as_mut_slice(),
            one => std::slice::from_mut(one),
        };
        for message in written.iter_mut().filter(|item| coercion::is_message(item)) {
            identify(message);
        }
    }
}

/// `add_messages(current, update)`: a message of `update` replaces the one of the same id, or is appended.
///
/// # Errors
/// `ValueError` for `None` and for the removal of an unknown message; what LangChain raises for what it
/// cannot make a message of; Unsupported, where that is pydantic's `ValidationError`.
pub fn add_messages<T: Messages>(current: T, update: Written) -> Result<T, Exception> {
    let (current, Written(update)) = (current.into_value(), update);
    match (&current, &update) {
        (Value::None, Value::None) => Err(Exception::unsupported("add_messages(None, None)")),
        (Value::None, _) | (_, Value::None) => {
            let received = if current.truthy() { "left" } else { "right" };
            Err(Exception::value_error(format!(
                "Must specify non-null arguments for both 'left' and 'right'. Only received: '{received}'."
            )))
        }
        _ => {
            let (mut current, mut update) = (coerced(current)?, coerced(update)?);
            current.iter_mut().chain(&mut update).for_each(identify);
            merge(current, update).map(T::from_messages)
        }
    }
}

/// The messages of a list, or the one message that is no list.
fn coerced(messages: Value) -> Result<Vec<Value>, Exception> {
    let messages = match messages {
        Value::List(messages) => messages,
        one => vec![one],
    };
    if messages.iter().all(coercion::is_message) {
        return Ok(messages);
    }
    messages.into_iter().map(coercion::message).collect()
}

/// Draws an id for a message that has none.
fn identify(message: &mut Value) {
    if let Value::Record { fields, .. } = message
        && matches!(fields.get("id"), None | Some(Value::None))
    {
        fields.insert("id", Uuid::new_v4().to_string());
    }
}

fn id(message: &Value) -> Result<&str, Exception> {
    match message {
        Value::Record { class, fields } => match fields.get("id") {
            Some(Value::Str(id)) => Ok(id),
            other => Err(construction::refused(class, "id", other)),
        },
        other => Err(Exception::unsupported(format!(
            "a message without fields: {other}"
        ))),
    }
}

fn removes(message: &Value) -> bool {
    matches!(Class::of(message), Some((class, _)) if class == &class::REMOVE)
}

fn merge(current: Vec<Value>, mut update: Vec<Value>) -> Result<Vec<Value>, Exception> {
    let all = update
        .iter()
        .rposition(|message| removes(message) && id(message) == Ok(ALL));
    if let Some(all) = all {
        return Ok(update.split_off(all + 1));
    }
    let mut merged = current;
    let mut places = places(&merged, &update)?;
    let mut removed = HashSet::new();
    for message in update {
        let own = id(&message)?.to_owned();
        match (places.get(&own), removes(&message)) {
            (Some(_), true) => {
                removed.insert(own);
            }
            (Some(&place), false) => {
                removed.remove(&own);
                merged[place] = message;
            }
            (None, true) => {
                return Err(Exception::value_error(format!(
                    "Attempting to delete a message with an ID that doesn't exist ('{own}')"
                )));
            }
            (None, false) => {
                places.insert(own, merged.len());
                merged.push(message);
            }
        }
    }
    if !removed.is_empty() {
        merged.retain(|message| !id(message).is_ok_and(|id| removed.contains(id)));
    }
    Ok(merged)
}

/// Where the messages stand that `update` replaces or removes: of several of one id, the last.
fn places(current: &[Value], update: &[Value]) -> Result<HashMap<String, usize>, Exception> {
    let changed = update.iter().map(id).collect::<Result<HashSet<_>, _>>()?;
    let mut places = HashMap::new();
    for (place, message) in current.iter().enumerate() {
        let id = id(message)?;
        if changed.contains(id) {
            places.insert(id.to_owned(), place);
        }
    }
    Ok(places)
}
