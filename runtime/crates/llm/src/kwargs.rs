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

/// `f(**rest)`, beside other arguments
///
/// # Errors
/// TypeError for a key that is no text. Unsupported for what is no dict, and for an argument that stands twice, as
/// `self` does in a method: what Python raises then names the function.
pub fn with_rest(mut arguments: Kwargs, rest: Value) -> Result<Kwargs, Exception> {
    let Value::Dict(rest) = rest else {
        return Err(Exception::unsupported("`**` of what is no dict"));
    };
    for (name, value) in rest {
        let Value::Str(name) = name else {
            return Err(Exception::raise(
                "TypeError",
                [Value::from("keywords must be strings")],
            ));
        };
        let name = name.to_string();
        if name == "self" || arguments.contains_key(&name) {
            return Err(Exception::unsupported(format!("two arguments `{name}`")));
        }
        arguments.insert(name, value);
    }
    Ok(arguments)
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
        separators: Some((",".to_owned(), ":".to_owned())),
        ..Dumps::UNESCAPED
    };
    dumps_with(value, &compact)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rest_stands_beside_what_is_named() {
        let rest = dict([("b", Value::from("2"))]);
        let all = with_rest(kwargs([("a", Value::from("1"))]), rest).unwrap();
        assert_eq!(
            all,
            kwargs([("a", Value::from("1")), ("b", Value::from("2"))])
        );
    }

    #[test]
    fn what_cannot_stand_there_is_refused() {
        let named = || kwargs([("a", Value::from("1"))]);
        let twice = with_rest(named(), dict([("a", Value::None)])).unwrap_err();
        assert!(twice.message().ends_with("two arguments `a`"));
        let own = with_rest(named(), dict([("self", Value::None)])).unwrap_err();
        assert!(own.message().ends_with("two arguments `self`"));
        let unnamed = Value::Dict(Dict::from([(Value::None, Value::None)]));
        let error = with_rest(named(), unnamed).unwrap_err();
        assert_eq!(error.message(), "keywords must be strings");
        assert!(with_rest(named(), Value::None).is_err());
    }
}
