//! JSON schemas as pydantic makes them, and the forms the vendors ask for.

use std::collections::HashMap;

use langferry_pystd::{Dict, Exception, Value};

use crate::kwargs::{dict, get, items, text};
use crate::validation::instance;

/// The JSON schema of a class, and the classes it speaks of.
#[derive(Clone, Debug)]
pub struct Schema {
    pub(crate) json: Value,
    pub(crate) class: Option<String>,
    pub(crate) nested: HashMap<String, Named>,
    /// What fields hold that are not given, where the schema does not say it, by the class's title and the field.
    pub(crate) factories: HashMap<(String, String), Value>,
}

/// What a definition within a schema stands for.
#[derive(Clone, Debug)]
pub(crate) enum Named {
    Class(String),
    Enumeration {
        class: String,
        members: Vec<(Value, String)>,
    },
}

impl Schema {
    /// The schema of a pydantic class, as `model_json_schema()` gives it; `class` is its qualified name.
    #[must_use]
    pub fn of_class(class: &str, json: impl Into<Value>) -> Self {
        Schema {
            class: Some(class.to_owned()),
            ..Schema::from(json.into())
        }
    }

    /// The schema of a `TypedDict`, in the form pydantic gives one of a class with the same fields.
    ///
    /// # Errors
    /// `KeyError`, where it refers to what it does not hold.
    pub fn of_typed_dict(json: impl Into<Value>) -> Result<Self, Exception> {
        Ok(Schema::from(function(None, None, &json.into())?))
    }

    /// The same schema, whose definition `name` is the class of this qualified name.
    #[must_use]
    pub fn with_class(mut self, name: &str, class: &str) -> Self {
        self.nested
            .insert(name.to_owned(), Named::Class(class.to_owned()));
        self
    }

    /// The same schema, where `field` of the class of this title holds `value` if it is not given. Its own JSON does
    /// not say so: the class has a factory for it.
    #[must_use]
    pub fn with_factory(mut self, title: &str, field: &str, value: impl Into<Value>) -> Self {
        self.factories
            .insert((title.to_owned(), field.to_owned()), value.into());
        self
    }

    /// The same schema, whose definition `name` is the `Enum` of this qualified name, with the values and names of its
    /// members.
    #[must_use]
    pub fn with_enumeration(
        mut self,
        name: &str,
        class: &str,
        members: impl IntoIterator<Item = (Value, String)>,
    ) -> Self {
        let enumeration = Named::Enumeration {
            class: class.to_owned(),
            members: members.into_iter().collect(),
        };
        self.nested.insert(name.to_owned(), enumeration);
        self
    }

    /// The object that the class makes of keyword arguments, or a dict where there is no class.
    ///
    /// # Errors
    /// `ValidationError` with pydantic's text; unsupported where the schema does not tell all that pydantic would ask for.
    pub fn instance(&self, given: impl Into<Value>) -> Result<Value, Exception> {
        instance(self, &given.into())
    }

    /// The class's schema, or else the dict a program gives, as a tool.
    ///
    /// # Errors
    /// `KeyError`, where the schema refers to what it does not hold.
    pub fn as_tool(&self) -> Result<Value, Exception> {
        match &self.class {
            Some(_) => function(None, None, &self.json),
            None => Ok(self.json.clone()),
        }
    }
}

/// A dict that a program gives: a JSON schema, or a tool in one of the forms LangChain takes.
impl From<Value> for Schema {
    fn from(json: Value) -> Self {
        Schema {
            json,
            class: None,
            nested: HashMap::new(),
            factories: HashMap::new(),
        }
    }
}

/// A function as OpenAI describes it: `name`, `description`, `parameters`.
///
/// `schema` is what `model_json_schema()` gives; its title and description serve where none are given.
pub(crate) fn function(
    name: Option<&str>,
    description: Option<&str>,
    schema: &Value,
) -> Result<Value, Exception> {
    let mut schema = dereferenced(schema)?;
    let mut taken = |key: &str| pop(&mut schema, key).unwrap_or_else(|| "".into());
    let _ = (taken("definitions"), taken("$defs"));
    let (title, own_description) = (taken("title"), taken("description"));
    Ok(dict([
        ("name", name.map_or(title, Value::from)),
        (
            "description",
            description.map_or(own_description, Value::from),
        ),
        ("parameters", without_titles(&schema, "")),
    ]))
}

/// The schema in which what a reference names stands in its place; a reference to itself is left out.
pub(crate) fn dereferenced(schema: &Value) -> Result<Value, Exception> {
    resolve(schema, schema, &mut Vec::new())
}

fn resolve(part: &Value, whole: &Value, within: &mut Vec<String>) -> Result<Value, Exception> {
    match part {
        Value::List(items) => items
            .iter()
            .map(|item| resolve(item, whole, within))
            .collect::<Result<_, _>>()
            .map(Value::List),
        Value::Dict(keys) => {
            let mut own = Dict::new();
            for (key, value) in keys {
                match text(key) {
                    Some("$ref") => {}
                    Some("$defs") => own.insert(key, value.clone()),
                    _ => own.insert(key, resolve(value, whole, within)?),
                }
            }
            let Some(path) = text(get(part, "$ref")) else {
                return Ok(Value::Dict(own));
            };
            if within.iter().any(|outer| outer == path) {
                return Ok(Value::Dict(own));
            }
            within.push(path.to_owned());
            let named = resolve(referenced(path, whole)?, whole, within)?;
            within.pop();
            match named {
                Value::Dict(mut merged) => {
                    merged.update(own);
                    Ok(Value::Dict(merged))
                }
                named => Ok(named),
            }
        }
        plain => Ok(plain.clone()),
    }
}

pub(crate) fn referenced<'a>(path: &str, whole: &'a Value) -> Result<&'a Value, Exception> {
    let keys = path.strip_prefix("#/").ok_or_else(|| {
        Exception::value_error(
            "ref paths are expected to be URI fragments, meaning they should start with #.",
        )
    })?;
    let found = keys.split('/').fold(whole, |inside, key| get(inside, key));
    match found {
        Value::None => {
            let message = format!("Reference '{path}' not found.");
            Err(Exception::raise("KeyError", [message.into()]))
        }
        found => Ok(found),
    }
}

/// The schema without the titles of its parts; a property may be called `title`.
fn without_titles(schema: &Value, within: &str) -> Value {
    let Value::Dict(keys) = schema else {
        return schema.clone();
    };
    let kept = keys.items().filter_map(|(key, value)| {
        let name = text(key).unwrap_or_default();
        let is_dict = matches!(value, Value::Dict(_));
        match name == "title" && !(is_dict && within == "properties") {
            true => None,
            false => Some((key.clone(), without_titles(value, name))),
        }
    });
    Value::Dict(kept.collect())
}

/// The parameters of a function in strict mode: all properties required, and no others.
pub(crate) fn strict_parameters(schema: &mut Value) {
    let has = |schema: &Value, key: &str| get(schema, key) != &Value::None;
    if let Value::Dict(properties) = get(schema, "properties") {
        let names: Vec<Value> = properties.keys().cloned().collect();
        if !names.is_empty() {
            put(schema, "required", Value::List(names));
        } else if !has(schema, "required") {
            put(schema, "additionalProperties", false.into());
        }
    }
    if has(schema, "required") || has(schema, "additionalProperties") {
        put(schema, "additionalProperties", false.into());
    }
    for key in ["anyOf", "allOf"] {
        if let Some(Value::List(parts)) = part(schema, key) {
            parts.iter_mut().for_each(strict_parameters);
        }
    }
    for key in ["properties", "$defs", "definitions"] {
        if let Some(Value::Dict(parts)) = part(schema, key) {
            parts.values_mut().for_each(strict_parameters);
        }
    }
    if let Some(inner) = part(schema, "items") {
        strict_parameters(inner);
    }
}

/// The schema of a pydantic class as OpenAI's SDK sends it for an answer in its form.
pub(crate) fn strict_answer(schema: &Value) -> Result<Value, Exception> {
    let mut whole = schema.clone();
    // what a reference names is looked up in the schema as it is being made strict
    if let Some(Value::Dict(definitions)) = part(&mut whole, "$defs") {
        for definition in definitions.values_mut() {
            *definition = made_strict(definition, schema)?;
        }
    }
    made_strict(&whole, schema)
}

fn made_strict(schema: &Value, whole: &Value) -> Result<Value, Exception> {
    let mut schema = schema.clone();
    if text(get(&schema, "type")) == Some("object")
        && get(&schema, "additionalProperties") == &Value::None
    {
        put(&mut schema, "additionalProperties", false.into());
    }
    if let Value::Dict(properties) = get(&schema, "properties").clone() {
        let names: Vec<Value> = properties.keys().cloned().collect();
        put(&mut schema, "required", Value::List(names));
        let properties = properties
            .into_iter()
            .map(|(name, property)| Ok((name, made_strict(&property, whole)?)))
            .collect::<Result<Dict<_, _>, Exception>>()?;
        put(&mut schema, "properties", Value::Dict(properties));
    }
    if let inner @ Value::Dict(_) = get(&schema, "items").clone() {
        put(&mut schema, "items", made_strict(&inner, whole)?);
    }
    for key in ["anyOf", "allOf"] {
        if let Value::List(_) = get(&schema, key) {
            let parts = items(get(&schema, key)).to_vec();
            let parts = parts
                .iter()
                .map(|part| made_strict(part, whole))
                .collect::<Result<Vec<_>, _>>()?;
            match (key, parts.as_slice()) {
                ("allOf", [Value::Dict(only)]) => {
                    pop(&mut schema, key);
                    if let Value::Dict(keys) = &mut schema {
                        keys.update(only.clone());
                    }
                }
                _ => put(&mut schema, key, Value::List(parts)),
            }
        }
    }
    if let Value::Dict(keys) = &schema
        && keys.get(&Value::from("default")) == Some(&Value::None)
    {
        pop(&mut schema, "default");
    }
    let path = text(get(&schema, "$ref")).map(str::to_owned);
    match (path, &schema) {
        (Some(path), Value::Dict(keys)) if keys.items().count() > 1 => {
            let mut merged = keys.clone();
            if let Value::Dict(named) = referenced(&path, whole)? {
                let own = merged.clone();
                for (key, value) in named {
                    if !own.contains_key(key) {
                        merged.insert(key, value);
                    }
                }
            }
            merged.pop_or(&Value::from("$ref"), Value::None);
            made_strict(&Value::Dict(merged), whole)
        }
        _ => Ok(schema),
    }
}

fn part<'a>(schema: &'a mut Value, key: &str) -> Option<&'a mut Value> {
    match schema {
        Value::Dict(keys) => keys.item_mut(&Value::from(key)).ok(),
        _ => None,
    }
}

fn put(schema: &mut Value, key: &str, value: Value) {
    if let Value::Dict(keys) = schema {
        keys.insert(key, value);
    }
}

fn pop(schema: &mut Value, key: &str) -> Option<Value> {
    match schema {
        Value::Dict(keys) => keys.pop(&Value::from(key)).ok(),
        _ => None,
    }
}
