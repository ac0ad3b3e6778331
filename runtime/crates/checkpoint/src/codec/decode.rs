//! Reading what LangGraph's serialiser wrote.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use langferry_pystd::{Value, enums};
use langferry_trace::TraceValue as _;
use rmp::Marker;
use serde_json::{Number, Value as Json, json};

use super::classes::{ClassKind, Classes};
use super::{CodecError, DEEPEST, EXTENSION, Typed, extension, moment};

/// A stored value in the trace's encoding. Classes that were not known before are from now on.
///
/// # Errors
/// When the bytes are no msgpack, are nested too deeply, or are of a kind that only Python can read
/// (`pickle`, and the `json` of LangGraph before 0.3).
pub fn decode(stored: &Typed, classes: &mut Classes) -> Result<Json, CodecError> {
    match stored.kind.as_str() {
        "null" => Ok(Json::Null),
        "bytes" => Ok(bytes(&stored.data)),
        "msgpack" => {
            let mut reader = Reader {
                rest: &stored.data,
                classes,
            };
            let value = reader.value(0)?;
            match reader.rest {
                [] => Ok(value),
                _ => Err(CodecError::new("bytes after the end of a value")),
            }
        }
        other => Err(CodecError::new(format!(
            "values stored as {other} are not read"
        ))),
    }
}

enum Head {
    Value(Json),
    Text(usize),
    Bytes(usize),
    Array(usize),
    Map(usize),
    Extension(usize),
}

struct Reader<'a, 'c> {
    rest: &'a [u8],
    classes: &'c mut Classes,
}

impl<'a> Reader<'a, '_> {
    fn value(&mut self, depth: usize) -> Result<Json, CodecError> {
        if depth > DEEPEST {
            return Err(CodecError::new("nested too deeply to be read"));
        }
        match self.head()? {
            Head::Value(value) => Ok(value),
            Head::Text(length) => self.text(length),
            Head::Bytes(length) => Ok(bytes(self.take(length)?)),
            Head::Array(length) => self.array(length, depth),
            Head::Map(length) => self.map(length, depth),
            Head::Extension(length) => self.extension(length, depth),
        }
    }

    /// A value that has no others in it, or what comes and how long it is.
    fn head(&mut self) -> Result<Head, CodecError> {
        Ok(match Marker::from_u8(self.number::<1>()?[0]) {
            Marker::Null => Head::Value(Json::Null),
            Marker::False => Head::Value(Json::Bool(false)),
            Marker::True => Head::Value(Json::Bool(true)),
            Marker::FixPos(number) => Head::Value(number.into()),
            Marker::FixNeg(number) => Head::Value(number.into()),
            Marker::U8 => Head::Value(u8::from_be_bytes(self.number()?).into()),
            Marker::U16 => Head::Value(u16::from_be_bytes(self.number()?).into()),
            Marker::U32 => Head::Value(u32::from_be_bytes(self.number()?).into()),
            Marker::U64 => Head::Value(unsigned(u64::from_be_bytes(self.number()?))),
            Marker::I8 => Head::Value(i8::from_be_bytes(self.number()?).into()),
            Marker::I16 => Head::Value(i16::from_be_bytes(self.number()?).into()),
            Marker::I32 => Head::Value(i32::from_be_bytes(self.number()?).into()),
            Marker::I64 => Head::Value(i64::from_be_bytes(self.number()?).into()),
            Marker::F32 => Head::Value(float(f32::from_be_bytes(self.number()?).into())),
            Marker::F64 => Head::Value(float(f64::from_be_bytes(self.number()?))),
            Marker::FixStr(length) => Head::Text(length.into()),
            Marker::Str8 => Head::Text(self.length8()?),
            Marker::Str16 => Head::Text(self.length16()?),
            Marker::Str32 => Head::Text(self.length32()?),
            Marker::Bin8 => Head::Bytes(self.length8()?),
            Marker::Bin16 => Head::Bytes(self.length16()?),
            Marker::Bin32 => Head::Bytes(self.length32()?),
            Marker::FixArray(length) => Head::Array(length.into()),
            Marker::Array16 => Head::Array(self.length16()?),
            Marker::Array32 => Head::Array(self.length32()?),
            Marker::FixMap(length) => Head::Map(length.into()),
            Marker::Map16 => Head::Map(self.length16()?),
            Marker::Map32 => Head::Map(self.length32()?),
            Marker::FixExt1 => Head::Extension(1),
            Marker::FixExt2 => Head::Extension(2),
            Marker::FixExt4 => Head::Extension(4),
            Marker::FixExt8 => Head::Extension(8),
            Marker::FixExt16 => Head::Extension(16),
            Marker::Ext8 => Head::Extension(self.length8()?),
            Marker::Ext16 => Head::Extension(self.length16()?),
            Marker::Ext32 => Head::Extension(self.length32()?),
            Marker::Reserved => return Err(CodecError::new("no msgpack")),
        })
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], CodecError> {
        let (taken, rest) = self
            .rest
            .split_at_checked(length)
            .ok_or_else(|| CodecError::new("the bytes end within a value"))?;
        self.rest = rest;
        Ok(taken)
    }

    fn number<const N: usize>(&mut self) -> Result<[u8; N], CodecError> {
        let mut number = [0; N];
        number.copy_from_slice(self.take(N)?);
        Ok(number)
    }

    fn length8(&mut self) -> Result<usize, CodecError> {
        self.number().map(|length| u8::from_be_bytes(length).into())
    }

    fn length16(&mut self) -> Result<usize, CodecError> {
        self.number()
            .map(|length| u16::from_be_bytes(length).into())
    }

    fn length32(&mut self) -> Result<usize, CodecError> {
        let length = u32::from_be_bytes(self.number()?);
        usize::try_from(length).map_err(|_| CodecError::new("longer than memory"))
    }

    fn text(&mut self, length: usize) -> Result<Json, CodecError> {
        let text = std::str::from_utf8(self.take(length)?)
            .map_err(|_| CodecError::new("a text that is no UTF-8"))?;
        Ok(text.into())
    }

    fn array(&mut self, length: usize, depth: usize) -> Result<Json, CodecError> {
        // what is claimed to be long may not be there
        let mut items = Vec::with_capacity(length.min(self.rest.len()));
        for place in 0..length {
            let item = self.value(depth + 1).map_err(|error| error.within(place))?;
            items.push(item);
        }
        Ok(Json::Array(items))
    }

    fn map(&mut self, length: usize, depth: usize) -> Result<Json, CodecError> {
        let mut pairs = Vec::with_capacity(length.min(self.rest.len()));
        for _ in 0..length {
            let key = self.value(depth + 1)?;
            let value = self.value(depth + 1).map_err(|error| error.within(&key))?;
            pairs.push((hashable(key), value));
        }
        let plain = |key: &Json| key.as_str().is_some_and(|key| key != "$type");
        if pairs.iter().all(|(key, _)| plain(key)) {
            let named = pairs
                .into_iter()
                .map(|(key, value)| (key.as_str().unwrap_or_default().to_owned(), value));
            return Ok(Json::Object(named.collect()));
        }
        let pairs: Vec<Json> = pairs
            .into_iter()
            .map(|(key, value)| json!([key, value]))
            .collect();
        Ok(json!({ "$type": "dict", "items": pairs }))
    }

    fn extension(&mut self, length: usize, depth: usize) -> Result<Json, CodecError> {
        let code = i8::from_be_bytes(self.number()?);
        let data = self.take(length)?;
        if matches!(code, extension::SINGLE_ARGUMENT..=extension::PYDANTIC) {
            let outer = std::mem::replace(&mut self.rest, data);
            let call = self.value(depth + 1);
            self.rest = outer;
            if let Ok(Json::Array(call)) = call
                && let Some(value) = self.known(code, &call)
            {
                return Ok(value);
            }
        }
        Ok(json!({
            "$type": "object",
            "class": EXTENSION,
            "fields": { "code": code, "data": bytes(data) },
        }))
    }

    /// What a call that LangGraph would make gives, if the encoding has it.
    fn known(&mut self, code: i8, call: &[Json]) -> Option<Json> {
        let (module, name, argument) = match call {
            [module, name, argument] | [module, name, argument, _] => {
                (module.as_str()?, name.as_str()?, argument)
            }
            _ => return None,
        };
        let method = call.get(3).and_then(Json::as_str);
        let method_expected = match code {
            extension::METHOD => Some("fromisoformat"),
            extension::PYDANTIC => Some("model_validate_json"),
            _ => None,
        };
        if method != method_expected || (call.len() == 4) != method_expected.is_some() {
            return None;
        }
        match (code, module, name) {
            (extension::SINGLE_ARGUMENT, "builtins", "set" | "frozenset") => {
                let items = argument.as_array()?;
                // lists and dicts were tuples and what hashes by itself: LangGraph fails to make a set
                // of them, and gives the list
                let plain = |item: &Json| !item.is_array() && tag_of(item) != Some("dict");
                match items.iter().all(plain) {
                    true => Some(json!({ "$type": name, "items": items })),
                    false => Some(argument.clone()),
                }
            }
            (extension::SINGLE_ARGUMENT, ..) => {
                let value = Value::from_trace(argument).ok()?;
                let member = enums::member_of(&format!("{module}.{name}"), &value)?;
                Some(member.to_trace())
            }
            (extension::METHOD, "datetime", "datetime") => {
                Some(json!({ "$type": name, "value": argument.as_str()? }))
            }
            (extension::POSITIONAL, "datetime", "date") => {
                Some(json!({ "$type": name, "value": moment::date_text(numbers(argument)?) }))
            }
            (extension::POSITIONAL, "datetime", "timedelta") => {
                let [days, seconds, microseconds] = numbers(argument)?;
                Some(json!({
                    "$type": name,
                    "days": days,
                    "seconds": seconds,
                    "microseconds": microseconds,
                }))
            }
            (extension::POSITIONAL, "langgraph.types", "Send") => {
                match argument.as_array()?.as_slice() {
                    [node, arg] => Some(object(
                        "langgraph.types.Send",
                        json!({ "node": node, "arg": arg }),
                    )),
                    _ => None,
                }
            }
            (extension::KEYWORDS, "datetime", "time") => time(argument),
            (extension::KEYWORDS | extension::PYDANTIC | extension::PYDANTIC_V1, ..) => {
                let kind = match code {
                    extension::KEYWORDS => ClassKind::Keywords,
                    extension::PYDANTIC => ClassKind::Pydantic,
                    _ => ClassKind::PydanticV1,
                };
                let named = argument.is_object() && argument.get("$type").is_none();
                let class = self.classes.learn(module, name, kind);
                (named && self.classes.get(&class)?.kind == kind)
                    .then(|| object(&class, argument.clone()))
            }
            _ => None,
        }
    }
}

fn object(class: &str, fields: Json) -> Json {
    json!({ "$type": "object", "class": class, "fields": fields })
}

/// The tag of a value, as far as it is one of several forms of a dict.
fn tag_of(value: &Json) -> Option<&str> {
    match value.as_object()?.get("$type") {
        None => Some("dict"),
        Some(tag) => tag.as_str(),
    }
}

/// A list that is a key was a tuple.
fn hashable(value: Json) -> Json {
    match value {
        Json::Array(items) => {
            let items: Vec<Json> = items.into_iter().map(hashable).collect();
            json!({ "$type": "tuple", "items": items })
        }
        other => other,
    }
}

fn time(fields: &Json) -> Option<Json> {
    let part = |name: &str| fields.get(name).and_then(Json::as_i64);
    let offset = match fields.get("tzinfo")? {
        Json::Null => None,
        zone => Some(zone_offset(zone)?),
    };
    let parts = [
        part("hour")?,
        part("minute")?,
        part("second")?,
        part("microsecond")?,
    ];
    let time = moment::Time { parts, offset };
    let known = fields.as_object()?.len() == 6 && part("fold") == Some(0);
    known.then(|| json!({ "$type": "time", "value": time.text() }))
}

/// The distance from UTC of a `timezone` without a name.
fn zone_offset(zone: &Json) -> Option<[i64; 3]> {
    let fields = zone.get("fields")?;
    let data = STANDARD.decode(fields.get("data")?.get("value")?.as_str()?);
    let mut reader = Reader {
        rest: &data.ok()?,
        classes: &mut Classes::default(),
    };
    let call = reader.value(0).ok()?;
    let offset = match call.as_array()?.as_slice() {
        [module, name, arguments] if module == "datetime" && name == "timezone" => {
            match arguments.as_array()?.as_slice() {
                [offset] => offset,
                _ => return None,
            }
        }
        _ => return None,
    };
    let part = |name: &str| offset.get(name).and_then(Json::as_i64);
    Some([part("days")?, part("seconds")?, part("microseconds")?])
}

fn numbers(value: &Json) -> Option<[i64; 3]> {
    match value.as_array()?.as_slice() {
        [first, second, third] => Some([first.as_i64()?, second.as_i64()?, third.as_i64()?]),
        _ => None,
    }
}

fn bytes(data: &[u8]) -> Json {
    json!({ "$type": "bytes", "value": STANDARD.encode(data) })
}

fn unsigned(number: u64) -> Json {
    match i64::try_from(number) {
        Ok(number) => number.into(),
        Err(_) => json!({ "$type": "int", "value": number.to_string() }),
    }
}

fn float(number: f64) -> Json {
    Number::from_f64(number).map_or_else(
        || json!({ "$type": "float", "value": langferry_pystd::repr(&number) }),
        Json::Number,
    )
}
