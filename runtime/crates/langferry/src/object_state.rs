//! States that LangGraph makes objects of: dataclasses and pydantic models that nodes are given.

use serde_json::{Map, json};

use crate::Json;

/// The class of a state's objects.
#[derive(Clone, Copy, Debug)]
pub struct ObjectClass {
    /// Its qualified name.
    pub class: &'static str,
    /// Whether it is a pydantic model, not a dataclass.
    pub model: bool,
    /// Its fields, in order.
    pub fields: &'static [ObjectField],
}

/// What making an object does with one field.
#[derive(Clone, Copy, Debug)]
pub struct ObjectField {
    /// Its name in Python.
    pub name: &'static str,
    /// The encoding of the value it has where none is given.
    pub default: Option<&'static str>,
    /// Whether an int that is given becomes a float.
    pub float: bool,
}

impl ObjectClass {
    /// The encoding of the object made of an encoded dict.
    pub(crate) fn made_of(&self, given: &Json) -> Json {
        let mut fields = Map::new();
        for field in self.fields {
            let value = match given.get(field.name) {
                Some(value) if field.float => as_float(value),
                Some(value) => value.clone(),
                // without a default Python has raised by now
                None => match field.default.map(serde_json::from_str) {
                    Some(Ok(value)) => value,
                    _ => continue,
                },
            };
            fields.insert(field.name.to_owned(), value);
        }
        json!({ "$type": "object", "class": self.class, "fields": fields })
    }

    /// The fields that a graph takes of the object made of an encoded dict, with their encodings: LangGraph leaves out
    /// what a model has None in because nothing was given.
    pub(crate) fn handed_on(&self, given: &Json) -> Vec<(&'static str, Json)> {
        let made = self.made_of(given);
        let fields = self.fields.iter().filter_map(|field| {
            let value = made.get("fields")?.get(field.name)?.clone();
            let is_unset = value.is_null() && given.get(field.name).is_none();
            (!(self.model && is_unset)).then_some((field.name, value))
        });
        fields.collect()
    }
}

fn as_float(value: &Json) -> Json {
    match value.as_i64() {
        #[allow(clippy::cast_precision_loss, reason = "as Python's float does")]
        Some(number) => json!(number as f64),
        None => value.clone(),
    }
}
