//! Writing values as LangGraph's serialiser does.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use langferry_pystd::enums;
use langferry_trace::TraceValue as _;
use rmp::encode::{
    ValueWriteError, write_array_len, write_bin, write_bool, write_ext_meta, write_f64,
    write_map_len, write_nil, write_sint, write_str, write_uint,
};
use serde_json::{Map, Number, Value as Json};

use super::classes::{ClassKind, Classes};
use super::{CodecError, DEEPEST, EXTENSION, Typed, extension, moment};

/// A value in the trace's encoding as savers store it.
///
/// # Errors
/// When LangGraph could not store the value, when reading would give another one than LangGraph's
/// (keys of dicts that are dates or sets), or when its class is not known.
pub fn encode(value: &Json, classes: &Classes) -> Result<Typed, CodecError> {
    let typed = |kind: &str, data| {
        let kind = kind.to_owned();
        Typed { kind, data }
    };
    if value.is_null() {
        return Ok(typed("null", Vec::new()));
    }
    if tag(value) == Some("bytes") {
        return Ok(typed("bytes", bytes(value)?));
    }
    let encoder = Encoder {
        classes,
        dumped: false,
    };
    let mut data = Vec::new();
    encoder.value(&mut data, value, 0)?;
    Ok(typed("msgpack", data))
}

type Written = Result<(), CodecError>;

impl From<ValueWriteError<std::io::Error>> for CodecError {
    fn from(error: ValueWriteError<std::io::Error>) -> Self {
        CodecError::new(error.to_string())
    }
}

impl From<std::io::Error> for CodecError {
    fn from(error: std::io::Error) -> Self {
        CodecError::new(error.to_string())
    }
}

#[derive(Clone, Copy)]
struct Encoder<'a> {
    classes: &'a Classes,
    /// Within a pydantic model, whose `model_dump()` makes dicts of all objects in it.
    dumped: bool,
}

impl Encoder<'_> {
    fn value(self, out: &mut Vec<u8>, value: &Json, depth: usize) -> Written {
        if depth > DEEPEST {
            return Err(CodecError::new("nested too deeply to be stored"));
        }
        match value {
            Json::Null => write_nil(out)?,
            Json::Bool(value) => write_bool(out, *value)?,
            Json::Number(number) => write_number(out, number)?,
            Json::String(text) => write_text(out, text)?,
            Json::Array(items) => self.array(out, items, depth)?,
            Json::Object(object) => match tag(value) {
                None => self.map(out, object, depth)?,
                Some(tag) => self.tagged(out, tag, value, depth)?,
            },
        }
        Ok(())
    }

    fn array(self, out: &mut Vec<u8>, items: &[Json], depth: usize) -> Written {
        write_array_len(out, length(items.len())?)?;
        for (place, item) in items.iter().enumerate() {
            self.value(out, item, depth + 1)
                .map_err(|error| error.within(place))?;
        }
        Ok(())
    }

    fn map(self, out: &mut Vec<u8>, fields: &Map<String, Json>, depth: usize) -> Written {
        write_map_len(out, length(fields.len())?)?;
        for (key, value) in fields {
            write_text(out, key)?;
            self.value(out, value, depth + 1)
                .map_err(|error| error.within(key))?;
        }
        Ok(())
    }

    fn pairs(self, out: &mut Vec<u8>, pairs: &[Json], depth: usize) -> Written {
        write_map_len(out, length(pairs.len())?)?;
        for pair in pairs {
            let (key, value) = match pair.as_array().map(Vec::as_slice) {
                Some([key, value]) => (key, value),
                _ => return Err(malformed("dict")),
            };
            self.key(out, key, depth + 1)?;
            self.value(out, value, depth + 1)
                .map_err(|error| error.within(key))?;
        }
        Ok(())
    }

    /// LangGraph writes keys of some other types as texts, and reads these back as texts.
    fn key(self, out: &mut Vec<u8>, key: &Json, depth: usize) -> Written {
        let stays = |key: &Json| match key {
            Json::Array(_) => false,
            Json::Object(_) => matches!(tag(key), Some("int" | "float" | "bytes" | "tuple")),
            _ => true,
        };
        if !stays(key) {
            let kind = tag(key).unwrap_or("list");
            return Err(CodecError::new(format!(
                "a key that is a {kind} is not kept"
            )));
        }
        if tag(key) == Some("tuple") {
            let items = list(key, "tuple", "items")?;
            write_array_len(out, length(items.len())?)?;
            for item in items {
                self.key(out, item, depth + 1)?;
            }
            return Ok(());
        }
        self.value(out, key, depth)
    }

    fn tagged(self, out: &mut Vec<u8>, tag: &str, value: &Json, depth: usize) -> Written {
        match tag {
            "int" => write_large(out, text(value, tag, "value")?),
            "float" => Ok(write_f64(out, non_finite(value)?)?),
            "tuple" => self.array(out, list(value, tag, "items")?, depth),
            "dict" => self.pairs(out, list(value, tag, "items")?, depth),
            "bytes" => {
                let bytes = bytes(value)?;
                length(bytes.len())?;
                Ok(write_bin(out, &bytes)?)
            }
            "set" | "frozenset" => {
                let items = list(value, tag, "items")?;
                self.made(out, extension::SINGLE_ARGUMENT, "builtins", tag, |out| {
                    self.array(out, items, depth + 2)
                })
            }
            "datetime" => self.called(out, text(value, tag, "value")?),
            "date" => {
                let parts = moment::date_parts(text(value, tag, "value")?);
                let parts = parts.ok_or_else(|| malformed(tag))?;
                self.made(out, extension::POSITIONAL, "datetime", tag, |out| {
                    write_numbers(out, &parts)
                })
            }
            "timedelta" => {
                let part = |name| {
                    let number = value.get(name).and_then(Json::as_i64);
                    number.ok_or_else(|| malformed(tag))
                };
                let parts = [part("days")?, part("seconds")?, part("microseconds")?];
                self.made(out, extension::POSITIONAL, "datetime", tag, |out| {
                    write_numbers(out, &parts)
                })
            }
            "time" => self.time(out, text(value, tag, "value")?),
            "object" => self.object(out, value, depth),
            "enum" => {
                let (class, name) = (text(value, tag, "class")?, text(value, tag, "name")?);
                let known = enums::value_of(class, name).zip(class.rsplit_once('.'));
                let (member, (module, class)) = known.ok_or_else(|| {
                    CodecError::new(format!(
                        "a member of the enum {class} is stored by its value, which is not known here"
                    ))
                })?;
                self.made(out, extension::SINGLE_ARGUMENT, module, class, |out| {
                    self.value(out, &member.to_trace(), depth + 2)
                })
            }
            other => Err(CodecError::new(format!("unknown $type {other:?}"))),
        }
    }

    /// An extension that names what to call, with `argument`.
    fn made(
        self,
        out: &mut Vec<u8>,
        code: i8,
        module: &str,
        name: &str,
        argument: impl FnOnce(&mut Vec<u8>) -> Written,
    ) -> Written {
        let mut inner = Vec::new();
        write_array_len(&mut inner, 3)?;
        write_text(&mut inner, module)?;
        write_text(&mut inner, name)?;
        argument(&mut inner)?;
        write_extension(out, code, &inner)
    }

    fn called(self, out: &mut Vec<u8>, iso: &str) -> Written {
        let mut inner = Vec::new();
        write_array_len(&mut inner, 4)?;
        for part in ["datetime", "datetime", iso, "fromisoformat"] {
            write_text(&mut inner, part)?;
        }
        write_extension(out, extension::METHOD, &inner)
    }

    fn time(self, out: &mut Vec<u8>, iso: &str) -> Written {
        let time = moment::Time::parse(iso).ok_or_else(|| malformed("time"))?;
        self.made(out, extension::KEYWORDS, "datetime", "time", |out| {
            write_map_len(out, 6)?;
            for (name, part) in ["hour", "minute", "second", "microsecond"]
                .into_iter()
                .zip(time.parts)
            {
                write_text(out, name)?;
                write_sint(out, part)?;
            }
            write_text(out, "tzinfo")?;
            match time.offset {
                None => write_nil(out)?,
                Some(offset) => self.zone(out, offset)?,
            }
            write_text(out, "fold")?;
            write_sint(out, 0)?;
            Ok(())
        })
    }

    fn zone(self, out: &mut Vec<u8>, offset: [i64; 3]) -> Written {
        self.made(out, extension::POSITIONAL, "datetime", "timezone", |out| {
            write_array_len(out, 1)?;
            self.made(out, extension::POSITIONAL, "datetime", "timedelta", |out| {
                write_numbers(out, &offset)
            })
        })
    }

    fn object(self, out: &mut Vec<u8>, value: &Json, depth: usize) -> Written {
        let name = text(value, "object", "class")?;
        let fields = value.get("fields").ok_or_else(|| malformed("object"))?;
        if name == EXTENSION {
            let code = fields.get("code").and_then(Json::as_i64);
            let code = code.and_then(|code| i8::try_from(code).ok());
            let code = code.ok_or_else(|| malformed(EXTENSION))?;
            let data = fields.get("data").ok_or_else(|| malformed(EXTENSION))?;
            return write_extension(out, code, &bytes(data)?);
        }
        if self.dumped {
            return self.value(out, fields, depth + 1);
        }
        let Some(class) = self.classes.get(name) else {
            let reason = format!("how objects of the class {name} are stored is not known");
            return Err(CodecError::new(reason));
        };
        let dumped = Encoder {
            dumped: true,
            ..self
        };
        let (module, bare) = (&class.module, &class.name);
        match class.kind {
            ClassKind::Keywords => self.made(out, extension::KEYWORDS, module, bare, |out| {
                self.value(out, fields, depth + 2)
            }),
            ClassKind::PydanticV1 => self.made(out, extension::PYDANTIC_V1, module, bare, |out| {
                dumped.value(out, fields, depth + 2)
            }),
            ClassKind::Positional => self.made(out, extension::POSITIONAL, module, bare, |out| {
                let fields = fields.as_object().ok_or_else(|| malformed("object"))?;
                write_array_len(out, length(fields.len())?)?;
                for (name, field) in fields {
                    self.value(out, field, depth + 3)
                        .map_err(|error| error.within(name))?;
                }
                Ok(())
            }),
            ClassKind::Pydantic => {
                let mut inner = Vec::new();
                write_array_len(&mut inner, 4)?;
                write_text(&mut inner, module)?;
                write_text(&mut inner, bare)?;
                dumped.value(&mut inner, fields, depth + 2)?;
                write_text(&mut inner, "model_validate_json")?;
                write_extension(out, extension::PYDANTIC, &inner)
            }
        }
    }
}

fn write_number(out: &mut Vec<u8>, number: &Number) -> Written {
    match (number.as_i64(), number.as_u64(), number.as_f64()) {
        (Some(number), _, _) => write_sint(out, number).map(drop)?,
        (_, Some(number), _) => write_uint(out, number).map(drop)?,
        (_, _, Some(number)) => write_f64(out, number)?,
        _ => return Err(malformed("number")),
    }
    Ok(())
}

fn write_large(out: &mut Vec<u8>, digits: &str) -> Written {
    match digits.parse::<u64>() {
        Ok(number) => Ok(write_uint(out, number).map(drop)?),
        Err(_) => Err(CodecError::new("an int of more than 64 bits is not stored")),
    }
}

fn write_numbers(out: &mut Vec<u8>, numbers: &[i64; 3]) -> Written {
    write_array_len(out, 3)?;
    for number in numbers {
        write_sint(out, *number)?;
    }
    Ok(())
}

fn write_text(out: &mut Vec<u8>, text: &str) -> Written {
    length(text.len())?;
    Ok(write_str(out, text)?)
}

fn write_extension(out: &mut Vec<u8>, code: i8, data: &[u8]) -> Written {
    write_ext_meta(out, length(data.len())?, code)?;
    out.extend_from_slice(data);
    Ok(())
}

fn length(length: usize) -> Result<u32, CodecError> {
    u32::try_from(length).map_err(|_| CodecError::new("too long to be stored"))
}

fn malformed(what: &str) -> CodecError {
    CodecError::new(format!("no encoding of a {what}"))
}

fn tag(value: &Json) -> Option<&str> {
    value
        .get("$type")
        .map(|tag| tag.as_str().unwrap_or_default())
}

fn text<'a>(value: &'a Json, tag: &str, name: &str) -> Result<&'a str, CodecError> {
    let text = value.get(name).and_then(Json::as_str);
    text.ok_or_else(|| malformed(tag))
}

fn list<'a>(value: &'a Json, tag: &str, name: &str) -> Result<&'a [Json], CodecError> {
    let items = value.get(name).and_then(Json::as_array);
    Ok(items.ok_or_else(|| malformed(tag))?)
}

fn bytes(value: &Json) -> Result<Vec<u8>, CodecError> {
    let encoded = text(value, "bytes", "value")?;
    STANDARD.decode(encoded).map_err(|_| malformed("bytes"))
}

fn non_finite(value: &Json) -> Result<f64, CodecError> {
    match text(value, "float", "value")? {
        "nan" => Ok(f64::NAN),
        "inf" => Ok(f64::INFINITY),
        "-inf" => Ok(f64::NEG_INFINITY),
        _ => Err(malformed("float")),
    }
}
