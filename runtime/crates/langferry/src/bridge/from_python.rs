//! Python objects as encoded values.

use langferry_pystd::Exception;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple};
use serde_json::{Map, json};

use crate::Json;
use crate::bridge::raised::exception;

/// The encoding of `object`.
///
/// # Errors
/// When it has none, as the trace's encoding knows no such type.
pub(crate) fn from_python(object: &Bound<'_, PyAny>) -> Result<Json, Exception> {
    encode(object, &mut Vec::new()).map_err(|refused| match refused {
        Refused::Raised(error) => exception(object.py(), &error),
        Refused::NoEncoding(what) => Exception::unsupported(format!("{what} from Python")),
    })
}

/// The same for a value that nobody may want: what has no encoding is told by whoever decodes it.
///
/// # Errors
/// What Python raises meanwhile.
pub(crate) fn from_python_if_wanted(object: &Bound<'_, PyAny>) -> Result<Json, Exception> {
    encode(object, &mut Vec::new()).or_else(|refused| match refused {
        Refused::Raised(error) => Err(exception(object.py(), &error)),
        Refused::NoEncoding(what) => Ok(json!({ "$type": what })),
    })
}

enum Refused {
    Raised(PyErr),
    NoEncoding(String),
}

impl From<PyErr> for Refused {
    fn from(error: PyErr) -> Self {
        Refused::Raised(error)
    }
}

/// `above` are the containers that hold the object, to find one that holds itself.
fn encode(object: &Bound<'_, PyAny>, above: &mut Vec<usize>) -> Result<Json, Refused> {
    if object.is_none() {
        return Ok(Json::Null);
    }
    let class = class_name(object)?;
    match class.as_str() {
        "builtins.bool" => return Ok(Json::Bool(object.is_truthy()?)),
        "builtins.int" => {
            return Ok(match object.extract::<i64>() {
                Ok(value) => value.into(),
                Err(_) => json!({ "$type": "int", "value": text_of(&object.str()?)? }),
            });
        }
        "builtins.float" => {
            let value: f64 = object.extract()?;
            return Ok(if value.is_finite() {
                value.into()
            } else {
                json!({ "$type": "float", "value": text_of(&object.str()?)? })
            });
        }
        // the text of a message is a str that may be called, too
        "builtins.str" | "langchain_core.messages.base.TextAccessor" => {
            return Ok(text_of(object.cast().map_err(PyErr::from)?)?.into());
        }
        "builtins.bytes" => {
            let encoded = object
                .py()
                .import("base64")?
                .call_method1("b64encode", (object,))?;
            let encoded: String = encoded.call_method1("decode", ("ascii",))?.extract()?;
            return Ok(json!({ "$type": "bytes", "value": encoded }));
        }
        "datetime.datetime" | "datetime.date" | "datetime.time" => {
            let value: String = object.call_method0("isoformat")?.extract()?;
            return Ok(json!({ "$type": class.trim_start_matches("datetime."), "value": value }));
        }
        "datetime.timedelta" => {
            let part = |name: &str| object.getattr(name)?.extract::<i64>();
            return Ok(json!({
                "$type": "timedelta",
                "days": part("days")?,
                "seconds": part("seconds")?,
                "microseconds": part("microseconds")?,
            }));
        }
        _ => {}
    }
    let identity = object.as_ptr() as usize;
    if above.contains(&identity) {
        return Err(Refused::NoEncoding(format!(
            "a {class} that contains itself"
        )));
    }
    above.push(identity);
    let encoded = container(object, &class, above);
    above.pop();
    encoded
}

fn container(
    object: &Bound<'_, PyAny>,
    class: &str,
    above: &mut Vec<usize>,
) -> Result<Json, Refused> {
    match class {
        "builtins.list" => Ok(Json::Array(items(object, above)?)),
        "builtins.dict" => mapping(object.cast().map_err(PyErr::from)?, above),
        "builtins.tuple" => Ok(json!({ "$type": "tuple", "items": items(object, above)? })),
        "builtins.set" | "builtins.frozenset" => {
            let mut items = items(object, above)?;
            items.sort_by_key(Json::to_string);
            Ok(json!({ "$type": class.trim_start_matches("builtins."), "items": items }))
        }
        _ => named(object, class, above),
    }
}

fn items(object: &Bound<'_, PyAny>, above: &mut Vec<usize>) -> Result<Vec<Json>, Refused> {
    object
        .try_iter()?
        .map(|item| encode(&item?, above))
        .collect()
}

fn mapping(dict: &Bound<'_, PyDict>, above: &mut Vec<usize>) -> Result<Json, Refused> {
    let mut fields = Map::new();
    for (key, value) in dict {
        match key.cast_exact::<PyString>() {
            Ok(key) if text_of(key)? != "$type" => {
                fields.insert(text_of(key)?, encode(&value, above)?);
            }
            _ => {
                let pairs = dict.iter().map(|(key, value)| {
                    Ok(Json::Array(vec![
                        encode(&key, above)?,
                        encode(&value, above)?,
                    ]))
                });
                let pairs: Vec<Json> = pairs.collect::<Result<_, Refused>>()?;
                return Ok(json!({ "$type": "dict", "items": pairs }));
            }
        }
    }
    Ok(Json::Object(fields))
}

/// Members of enums, dataclasses, pydantic models, named tuples and kinds of dict.
fn named(object: &Bound<'_, PyAny>, class: &str, above: &mut Vec<usize>) -> Result<Json, Refused> {
    let py = object.py();
    let kind = object.get_type();
    if object.is_instance(&py.import("enum")?.getattr("Enum")?)? {
        let name: Option<String> = object.getattr("name")?.extract()?;
        if let Some(name) = name {
            return Ok(json!({ "$type": "enum", "class": class, "name": name }));
        }
    }
    let fields = PyDict::new(py);
    let names = if kind.hasattr("__dataclass_fields__")? {
        let declared = py
            .import("dataclasses")?
            .call_method1("fields", (object,))?;
        let names: PyResult<Vec<_>> = declared
            .try_iter()?
            .map(|field| field?.getattr("name"))
            .collect();
        names?
    } else if kind.hasattr("model_fields")? && kind.hasattr("model_validate")? {
        kind.getattr("model_fields")?
            .try_iter()?
            .collect::<PyResult<_>>()?
    } else if object.is_instance_of::<PyTuple>() && kind.hasattr("_fields")? {
        kind.getattr("_fields")?
            .try_iter()?
            .collect::<PyResult<_>>()?
    } else if let Ok(dict) = object.cast::<PyDict>() {
        fields.update(dict.as_mapping())?;
        Vec::new()
    } else {
        return Err(Refused::NoEncoding(format!("a {class}")));
    };
    for name in names {
        let name = name.cast_into::<PyString>().map_err(PyErr::from)?;
        fields.set_item(&name, object.getattr(&name)?)?;
    }
    if let Ok(extra) = object.getattr("__pydantic_extra__")
        && let Ok(extra) = extra.cast::<PyDict>()
    {
        fields.update(extra.as_mapping())?;
    }
    let fields = mapping(&fields, above)?;
    Ok(json!({ "$type": "object", "class": class, "fields": fields }))
}

fn class_name(object: &Bound<'_, PyAny>) -> Result<String, Refused> {
    let class = object.get_type();
    let module: String = class.getattr("__module__")?.extract()?;
    let name: String = class.getattr("__qualname__")?.extract()?;
    Ok(format!("{module}.{name}"))
}

fn text_of(text: &Bound<'_, PyString>) -> Result<String, Refused> {
    match text.to_str() {
        Ok(text) => Ok(text.to_owned()),
        Err(_) => Err(Refused::NoEncoding(
            "a str with a lone surrogate".to_owned(),
        )),
    }
}
