//! Python's values in the encoding of the trace.

use std::hash::Hash;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use langferry_trace::{DecodeError, TraceValue};
use serde_json::{Map, Number, Value as Json, json};

use crate::{Bytes, Date, DateTime, Dict, Float, Int, Set, Time, TimeDelta, Value};

fn tagged(tag: &str, rest: Json) -> Json {
    let mut object = Map::new();
    object.insert("$type".into(), tag.into());
    if let Json::Object(rest) = rest {
        object.extend(rest);
    }
    Json::Object(object)
}

/// The fields of an encoded value with this tag.
fn untagged<'a>(encoded: &'a Json, tag: &str) -> Option<&'a Map<String, Json>> {
    let object = encoded.as_object()?;
    (object.get("$type")?.as_str()? == tag).then_some(object)
}

/// A field of an encoded value with this tag.
fn field<'a>(encoded: &'a Json, tag: &str, name: &str) -> Result<&'a Json, DecodeError> {
    untagged(encoded, tag)
        .and_then(|object| object.get(name))
        .ok_or_else(|| DecodeError::expected(tag, encoded))
}

fn text<'a>(encoded: &'a Json, tag: &str, name: &str) -> Result<&'a str, DecodeError> {
    field(encoded, tag, name)?
        .as_str()
        .ok_or_else(|| DecodeError::expected(tag, encoded))
}

impl TraceValue for Int {
    fn to_trace(&self) -> Json {
        self.to_i64().map_or_else(
            || tagged("int", json!({"value": self.to_string()})),
            |small| Json::Number(small.into()),
        )
    }

    fn from_trace(encoded: &Json) -> Result<Self, DecodeError> {
        let wrong = || DecodeError::expected("int", encoded);
        match encoded {
            Json::Number(number) => number
                .as_i64()
                .map(Self::from)
                .or_else(|| number.as_u64().map(Self::from))
                .ok_or_else(wrong),
            _ => Self::parse(text(encoded, "int", "value")?).map_err(|_| wrong()),
        }
    }
}

fn double_to_trace(value: f64) -> Json {
    Number::from_f64(value).map_or_else(
        || tagged("float", json!({"value": crate::float::repr(value)})),
        Json::Number,
    )
}

fn double_from_trace(encoded: &Json) -> Result<f64, DecodeError> {
    let wrong = || DecodeError::expected("float", encoded);
    match encoded {
        Json::Number(number) if number.is_f64() => number.as_f64().ok_or_else(wrong),
        _ => match text(encoded, "float", "value")? {
            "nan" => Ok(f64::NAN),
            "inf" => Ok(f64::INFINITY),
            "-inf" => Ok(f64::NEG_INFINITY),
            _ => Err(wrong()),
        },
    }
}

impl TraceValue for Float {
    fn to_trace(&self) -> Json {
        match self {
            Self::Double(value) => double_to_trace(*value),
            Self::Int(value) => value.to_trace(),
        }
    }

    fn from_trace(encoded: &Json) -> Result<Self, DecodeError> {
        match Int::from_trace(encoded) {
            Ok(int) => Ok(Self::Int(int)),
            Err(_) => double_from_trace(encoded).map(Self::Double),
        }
    }
}

impl TraceValue for Bytes {
    fn to_trace(&self) -> Json {
        tagged("bytes", json!({"value": STANDARD.encode(&self.0)}))
    }

    fn from_trace(encoded: &Json) -> Result<Self, DecodeError> {
        STANDARD
            .decode(text(encoded, "bytes", "value")?)
            .map(Self)
            .map_err(|_| DecodeError::expected("bytes", encoded))
    }
}

macro_rules! iso {
    ($($type:ty: $tag:literal;)+) => {$(
        impl TraceValue for $type {
            fn to_trace(&self) -> Json {
                tagged($tag, json!({"value": self.isoformat()}))
            }

            fn from_trace(encoded: &Json) -> Result<Self, DecodeError> {
                Self::from_isoformat(text(encoded, $tag, "value")?)
                    .map_err(|error| DecodeError::new(error.message()))
            }
        }
    )+};
}

iso! {
    Date: "date";
    Time: "time";
    DateTime: "datetime";
}

impl TraceValue for TimeDelta {
    fn to_trace(&self) -> Json {
        let number = |part: Int| part.to_trace();
        tagged(
            "timedelta",
            json!({
                "days": number(self.days_part()),
                "seconds": number(self.seconds_part()),
                "microseconds": number(self.microseconds_part()),
            }),
        )
    }

    fn from_trace(encoded: &Json) -> Result<Self, DecodeError> {
        let part = |name| field(encoded, "timedelta", name).and_then(Int::from_trace);
        Self::new(crate::DeltaParts {
            days: part("days")?.into(),
            seconds: part("seconds")?.into(),
            microseconds: part("microseconds")?.into(),
            ..crate::DeltaParts::default()
        })
        .map_err(|error| DecodeError::new(error.message()))
    }
}

/// A dict whose keys are all strings, and none that would look like a tag, is a JSON object.
fn dict_to_trace<'a>(items: impl Iterator<Item = (Json, &'a dyn TraceValue)>) -> Json {
    let items: Vec<(Json, Json)> = items.map(|(key, value)| (key, value.to_trace())).collect();
    let plain = |key: &Json| key.as_str().is_some_and(|key| key != "$type");
    if items.iter().all(|(key, _)| plain(key)) {
        let named = items
            .into_iter()
            .map(|(key, value)| (key.as_str().unwrap_or_default().to_owned(), value));
        return Json::Object(named.collect());
    }
    let pairs = items
        .into_iter()
        .map(|(key, value)| Json::Array(vec![key, value]));
    tagged("dict", json!({"items": Json::Array(pairs.collect())}))
}

impl<K: TraceValue + Hash + Eq, V: TraceValue> TraceValue for Dict<K, V> {
    fn to_trace(&self) -> Json {
        dict_to_trace(
            self.items()
                .map(|(key, value)| (key.to_trace(), value as &dyn TraceValue)),
        )
    }

    fn from_trace(encoded: &Json) -> Result<Self, DecodeError> {
        let wrong = || DecodeError::expected("dict", encoded);
        let object = encoded.as_object().ok_or_else(wrong)?;
        if !object.contains_key("$type") {
            return object
                .iter()
                .map(|(key, value)| {
                    let decoded = K::from_trace(&Json::String(key.clone()))
                        .and_then(|k| Ok((k, V::from_trace(value)?)));
                    decoded.map_err(|error| error.within(key))
                })
                .collect();
        }
        let pairs = field(encoded, "dict", "items")?
            .as_array()
            .ok_or_else(wrong)?;
        pairs
            .iter()
            .map(|pair| match pair.as_array().map(Vec::as_slice) {
                Some([key, value]) => {
                    let decoded = K::from_trace(key).and_then(|k| Ok((k, V::from_trace(value)?)));
                    decoded.map_err(|error| error.within(key))
                }
                _ => Err(wrong()),
            })
            .collect()
    }
}

fn items_to_trace<T: TraceValue + Eq + Hash>(items: &Set<T>, tag: &str) -> Json {
    let mut items: Vec<Json> = items.unordered().map(T::to_trace).collect();
    items.sort_by_cached_key(canonical);
    tagged(tag, json!({"items": items}))
}

/// The JSON text with sorted keys, by which the items of a set are put in order.
fn canonical(encoded: &Json) -> String {
    match encoded {
        Json::Object(object) => {
            let mut fields: Vec<_> = object.iter().collect();
            fields.sort_by_key(|(key, _)| *key);
            let fields: Vec<String> = fields
                .into_iter()
                .map(|(key, value)| format!("{}:{}", Json::String(key.clone()), canonical(value)))
                .collect();
            format!("{{{}}}", fields.join(","))
        }
        Json::Array(items) => {
            let items: Vec<String> = items.iter().map(canonical).collect();
            format!("[{}]", items.join(","))
        }
        plain => plain.to_string(),
    }
}

fn items_from_trace<T: TraceValue + Eq + Hash>(
    encoded: &Json,
    tag: &str,
) -> Result<Set<T>, DecodeError> {
    let items = field(encoded, tag, "items")?;
    items
        .as_array()
        .ok_or_else(|| DecodeError::expected(tag, encoded))?
        .iter()
        .map(|item| T::from_trace(item).map_err(|error| error.within(item)))
        .collect()
}

impl<T: TraceValue + Eq + Hash> TraceValue for Set<T> {
    fn to_trace(&self) -> Json {
        items_to_trace(self, "set")
    }

    fn from_trace(encoded: &Json) -> Result<Self, DecodeError> {
        items_from_trace(encoded, "set")
    }
}

impl TraceValue for Value {
    fn to_trace(&self) -> Json {
        match self {
            Self::None => Json::Null,
            Self::Bool(value) => value.to_trace(),
            Self::Int(value) => value.to_trace(),
            Self::Float(value) => double_to_trace(*value),
            Self::Str(value) => value.to_trace(),
            Self::Bytes(value) => value.to_trace(),
            Self::List(items) => items.to_trace(),
            Self::Tuple(items) => tagged("tuple", json!({"items": items.to_trace()})),
            Self::Dict(items) => items.to_trace(),
            Self::Set(items) => items_to_trace(items, "set"),
            Self::FrozenSet(items) => items_to_trace(items, "frozenset"),
            Self::Date(value) => value.to_trace(),
            Self::Time(value) => value.to_trace(),
            Self::DateTime(value) => value.to_trace(),
            Self::TimeDelta(value) => value.to_trace(),
            Self::Enum { class, name } => tagged("enum", json!({"class": class, "name": name})),
            Self::Record { class, fields } => tagged(
                "object",
                json!({"class": class, "fields": fields.to_trace()}),
            ),
        }
    }

    fn from_trace(encoded: &Json) -> Result<Self, DecodeError> {
        let tag = match encoded {
            Json::Null => return Ok(Self::None),
            Json::Bool(value) => return Ok(Self::Bool(*value)),
            Json::Number(number) if number.is_f64() => {
                return double_from_trace(encoded).map(Self::Float);
            }
            Json::Number(_) => return Int::from_trace(encoded).map(Self::Int),
            Json::String(value) => return Ok(Self::Str(value.clone())),
            Json::Array(_) => return Vec::from_trace(encoded).map(Self::List),
            Json::Object(object) => match object.get("$type") {
                None => return Dict::from_trace(encoded).map(Self::Dict),
                Some(tag) => tag.as_str().unwrap_or_default(),
            },
        };
        let owned = |name: &str| text(encoded, tag, name).map(str::to_owned);
        match tag {
            "int" => Int::from_trace(encoded).map(Self::Int),
            "float" => double_from_trace(encoded).map(Self::Float),
            "tuple" => Vec::from_trace(field(encoded, tag, "items")?).map(Self::Tuple),
            "set" => items_from_trace(encoded, tag).map(Self::Set),
            "frozenset" => items_from_trace(encoded, tag).map(Self::FrozenSet),
            "dict" => Dict::from_trace(encoded).map(Self::Dict),
            "bytes" => Bytes::from_trace(encoded).map(Self::Bytes),
            "date" => Date::from_trace(encoded).map(Self::Date),
            "time" => Time::from_trace(encoded).map(Self::Time),
            "datetime" => DateTime::from_trace(encoded).map(Self::DateTime),
            "timedelta" => TimeDelta::from_trace(encoded).map(Self::TimeDelta),
            "enum" => Ok(Self::Enum {
                class: owned("class")?,
                name: owned("name")?,
            }),
            "object" => Ok(Self::Record {
                class: owned("class")?,
                fields: Dict::from_trace(field(encoded, tag, "fields")?)?,
            }),
            other => Err(DecodeError::new(format!("unknown $type {other:?}"))),
        }
    }
}
