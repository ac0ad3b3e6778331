//! Values in the server's JSON, which has no types, and in the trace's encoding.

use langferry_pystd::{Exception, Value};
use langferry_trace::TraceValue as _;
use serde_json::{Map, json};

use crate::Json;
use crate::messages;

/// What a client has sent, as a value's encoding: dicts with a key `$type` are no more than that.
pub(super) fn encoded(sent: Json) -> Json {
    match sent {
        Json::Array(items) => items.into_iter().map(encoded).collect(),
        Json::Object(fields) if fields.contains_key("$type") => {
            let items = fields.into_iter();
            let items: Json = items
                .map(|(key, value)| json!([key, encoded(value)]))
                .collect();
            json!({ "$type": "dict", "items": items })
        }
        Json::Object(fields) => {
            let fields = fields.into_iter();
            Json::Object(fields.map(|(key, value)| (key, encoded(value))).collect())
        }
        plain => plain,
    }
}

/// An encoded value as LangGraph's server shows it: sequences and sets as lists, objects as their fields.
///
/// # Errors
/// Unsupported for what the server would not show either, and for enums, whose values the encoding lacks.
pub(super) fn plain(value: &Json) -> Result<Json, Exception> {
    let fields = match value {
        Json::Array(items) => return items.iter().map(plain).collect(),
        Json::Object(fields) => fields,
        other => return Ok(other.clone()),
    };
    let refused = |what: &str| Err(Exception::unsupported(format!("{what} in a response")));
    let part = |name: &str| fields.get(name).unwrap_or(&Json::Null);
    match fields.get("$type").and_then(Json::as_str) {
        None => dict(fields),
        Some("tuple" | "set" | "frozenset") => plain(part("items")),
        Some("bytes" | "datetime" | "date" | "time") => Ok(part("value").clone()),
        // not a number, or without end
        Some("float") => Ok(Json::Null),
        Some("timedelta") => {
            let number = |name: &str| part(name).as_f64().unwrap_or_default();
            let seconds = number("days") * 86400.0 + number("seconds");
            Ok(json!(seconds + number("microseconds") / 1e6))
        }
        Some("int") => match part("value").as_str().map(str::parse::<u64>) {
            Some(Ok(number)) => Ok(number.into()),
            _ => refused("an int of more than 64 bits"),
        },
        Some("dict") => pairs(part("items")),
        Some("object") => object(value),
        Some(other) => refused(other),
    }
}

fn dict(fields: &Map<String, Json>) -> Result<Json, Exception> {
    let fields = fields.iter();
    let shown: Map<_, _> = fields
        .map(|(key, value)| Ok((key.clone(), plain(value)?)))
        .collect::<Result<_, Exception>>()?;
    Ok(shown.into())
}

fn pairs(items: &Json) -> Result<Json, Exception> {
    let mut shown = Map::new();
    for pair in items.as_array().into_iter().flatten() {
        let key = match plain(&pair[0])? {
            Json::String(key) => key,
            Json::Null => "null".to_owned(),
            key @ (Json::Bool(_) | Json::Number(_)) => key.to_string(),
            _ => return Err(Exception::unsupported("such a key of a dict in a response")),
        };
        shown.insert(key, plain(&pair[1])?);
    }
    Ok(shown.into())
}

fn object(value: &Json) -> Result<Json, Exception> {
    let object = Value::from_trace(value).map_err(Exception::unsupported)?;
    // an encoded message may lack what has a default
    match &messages::whole(object)?.to_trace()["fields"] {
        Json::Object(named) if !named.contains_key("$type") => dict(named),
        other => plain(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_client_sends_is_no_encoding() {
        let sent = json!({"a": [{"$type": "int", "value": "1"}], "b": 1.5});
        let read = Value::from_trace(&encoded(sent.clone())).unwrap();
        assert_eq!(plain(&read.to_trace()).unwrap(), sent);
    }

    #[test]
    fn values_are_shown_without_their_types() {
        let shown = |value: Json| plain(&value).unwrap();
        let tuple = json!({"$type": "tuple", "items": [1, {"$type": "set", "items": ["a"]}]});
        assert_eq!(shown(tuple), json!([1, ["a"]]));
        let pairs = json!({"$type": "dict", "items": [[1, "x"], [null, "y"], [true, "z"]]});
        assert_eq!(shown(pairs), json!({"1": "x", "null": "y", "true": "z"}));
        assert_eq!(shown(json!({"$type": "float", "value": "nan"})), Json::Null);
        let span = json!({"$type": "timedelta", "days": 1, "seconds": 1, "microseconds": 500_000});
        assert_eq!(shown(span), json!(86401.5));
        let point = json!({"$type": "object", "class": "m.Point", "fields": {"x": 1}});
        assert_eq!(shown(point), json!({"x": 1}));
        let big = json!({"$type": "int", "value": "18446744073709551615"});
        assert_eq!(shown(big), json!(u64::MAX));
    }

    #[test]
    fn what_json_does_not_hold_is_refused() {
        for value in [
            json!({"$type": "int", "value": "-9223372036854775809"}),
            json!({"$type": "enum", "class": "m.Colour", "name": "RED"}),
            json!({"$type": "dict", "items": [[{"$type": "tuple", "items": []}, 1]]}),
        ] {
            assert!(plain(&value).unwrap_err().is("Unsupported"));
        }
    }

    #[test]
    fn messages_have_all_their_fields() {
        let message = json!({
            "$type": "object",
            "class": "langchain_core.messages.human.HumanMessage",
            "fields": {"content": "hi"},
        });
        assert_eq!(
            plain(&message).unwrap(),
            json!({
                "content": "hi",
                "additional_kwargs": {},
                "response_metadata": {},
                "type": "human",
                "name": null,
                "id": null,
            })
        );
    }
}
