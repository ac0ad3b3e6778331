//! Keyword arguments as a program gives them, and the dicts that travel as JSON.

use langferry_pystd::json::{Dumps, dumps_with};
use langferry_pystd::{Dict, Exception, Value};

/// Keyword arguments, in order.
pub type Kwargs = Dict<String, Value>;

/// `f(name=value, …)`
#[must_use]
pub fn kwargs<const N: usize>(arguments: [(&str, Value); N]) -> Kwargs {
    arguments
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

/// `{"key": value, …}`
#[must_use]
pub fn dict<const N: usize>(items: [(&str, Value); N]) -> Value {
    Value::Dict(
        items
            .into_iter()
            .map(|(key, value)| (key.into(), value))
            .collect(),
    )
}

/// `dict.get(key)`, for what came as JSON: `None` also where it is no dict.
pub(crate) fn get<'a>(value: &'a Value, key: &str) -> &'a Value {
    const NONE: &Value = &Value::None;
    match value {
        Value::Dict(items) => items.get(&Value::from(key)).unwrap_or(NONE),
        _ => NONE,
    }
}

/// The items of a list, for what came as JSON: none where it is no list.
pub(crate) fn items(value: &Value) -> &[Value] {
    match value {
        Value::List(items) | Value::Tuple(items) => items,
        _ => &[],
    }
}

/// The text, for what came as JSON: none where it is no `str`.
pub(crate) fn text(value: &Value) -> Option<&str> {
    match value {
        Value::Str(text) => Some(text),
        _ => None,
    }
}

/// `{**first, **second}`
pub(crate) fn merged(first: &Value, second: &Value) -> Value {
    let mut all = match first {
        Value::Dict(items) => items.clone(),
        _ => Dict::new(),
    };
    if let Value::Dict(items) = second {
        all.update(items.clone());
    }
    Value::Dict(all)
}

/// The JSON text of a request's body.
pub(crate) fn body(value: Value) -> Result<String, Exception> {
    let compact = Dumps {
        ensure_ascii: false,
        separators: Some((",".to_owned(), ":".to_owned())),
        ..Dumps::default()
    };
    dumps_with(value, &compact)
}
