//! What a store gives: an item with what was put in.

use langferry_pystd::{DateTime, Dict, Exception, Value};

const FOUND: &str = "langgraph.store.base.Item";
const SEARCHED: &str = "langgraph.store.base.SearchItem";

/// An entry of a store.
#[derive(Clone)]
pub(super) struct Item {
    pub namespace: Value,
    pub key: String,
    pub value: Dict<Value, Value>,
    pub created_at: DateTime,
    pub updated_at: DateTime,
}

impl Item {
    /// As `get` gives it.
    pub fn found(&self) -> Value {
        self.made(FOUND, None)
    }

    /// As `search` gives it: without an index nothing has a score.
    pub fn searched(&self) -> Value {
        self.made(SEARCHED, Some(("score", Value::None)))
    }

    fn made(&self, class: &str, more: Option<(&str, Value)>) -> Value {
        let fields = [
            ("namespace", self.namespace.clone()),
            ("key", self.key.clone().into()),
            ("value", Value::Dict(self.value.clone())),
            ("created_at", self.created_at.into()),
            ("updated_at", self.updated_at.into()),
        ];
        let named = fields.into_iter().chain(more);
        Value::Record {
            class: class.to_owned(),
            fields: named
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
        }
    }
}

/// Whether a value is an item of a store.
pub(crate) fn is_item(value: &Value) -> bool {
    matches!(value, Value::Record { class, .. } if class == FOUND || class == SEARCHED)
}

/// A field of an item as its text shows it.
pub(crate) fn shown_field(name: &str, field: &Value) -> Value {
    match field {
        Value::DateTime(at) => at.isoformat().into(),
        Value::Tuple(labels) if name == "namespace" => Value::List(labels.clone()),
        other => other.clone(),
    }
}

/// `dict(value)`
///
/// # Errors
/// `TypeError` and `ValueError` for what is no dict and no list of pairs; Unsupported for objects.
pub(super) fn dict_of(value: &Value) -> Result<Dict<Value, Value>, Exception> {
    if let Value::Record { class, .. } = value {
        return Err(Exception::unsupported(format!("the dict of a {class}")));
    }
    if let Value::Dict(items) = value {
        return Ok(items.clone());
    }
    let mut made = Value::Dict(Dict::new());
    for (place, pair) in value.iter()?.enumerate() {
        let pair = pair.iter().map_err(|_| {
            let text = "cannot convert dictionary update sequence element";
            Exception::type_error(format!("{text} #{place} to a sequence"))
        })?;
        match pair.collect::<Vec<_>>().as_slice() {
            [key, value] => made.set_item(key, value)?,
            other => {
                let text = format!("element #{place} has length {}; 2 is required", other.len());
                return Err(Exception::value_error(format!(
                    "dictionary update sequence {text}"
                )));
            }
        }
    }
    match made {
        Value::Dict(items) => Ok(items),
        other => Err(Exception::unsupported(format!(
            "the dict of a {}",
            other.class_name()
        ))),
    }
}

/// Whether a message without an id lies in it. Where such a message is given to a channel as well, LangGraph gives it
/// one, and the store holds that very message.
pub(super) fn holds_unnamed_message(value: &Value) -> bool {
    match value {
        Value::List(items) | Value::Tuple(items) => items.iter().any(holds_unnamed_message),
        Value::Dict(items) => items.items().any(|(_, item)| holds_unnamed_message(item)),
        Value::Record { class, fields } => {
            class.starts_with("langchain_core.messages.")
                && matches!(fields.get("id"), None | Some(Value::None))
                || fields.items().any(|(_, item)| holds_unnamed_message(item))
        }
        _ => false,
    }
}
