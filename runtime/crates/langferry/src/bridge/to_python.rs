//! Encoded values as Python objects.

use langferry_pystd::Exception;
use pyo3::IntoPyObjectExt as _;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyFrozenSet, PyList, PySet, PyTuple};

use crate::Json;
use crate::bridge::classes;
use crate::bridge::raised::exception;

/// The object `encoded` stands for.
///
/// # Errors
/// When it does not follow the trace's encoding, or names a class that is not found.
pub(crate) fn to_python<'py>(
    py: Python<'py>,
    encoded: &Json,
) -> Result<Bound<'py, PyAny>, Exception> {
    Decoder { py }.decode(encoded)
}

struct Decoder<'py> {
    py: Python<'py>,
}

type Object<'py> = Result<Bound<'py, PyAny>, Exception>;

impl<'py> Decoder<'py> {
    fn decode(&self, encoded: &Json) -> Object<'py> {
        let py = self.py;
        match encoded {
            Json::Null => Ok(py.None().into_bound(py)),
            Json::Bool(value) => self.made(value.into_bound_py_any(py)),
            Json::String(value) => self.made(value.into_bound_py_any(py)),
            Json::Number(number) => match (number.as_i64(), number.as_u64()) {
                (Some(value), _) => self.made(value.into_bound_py_any(py)),
                (None, Some(value)) => self.made(value.into_bound_py_any(py)),
                (None, None) => {
                    self.made(number.as_f64().unwrap_or(f64::NAN).into_bound_py_any(py))
                }
            },
            Json::Array(items) => Ok(self.made(PyList::new(py, self.all(items)?))?.into_any()),
            Json::Object(fields) => match fields.get("$type") {
                Some(Json::String(tag)) => self.tagged(tag, encoded),
                Some(_) => Err(malformed(encoded)),
                None => {
                    let dict = PyDict::new(py);
                    for (key, value) in fields {
                        self.made(dict.set_item(key, self.decode(value)?))?;
                    }
                    Ok(dict.into_any())
                }
            },
        }
    }

    fn tagged(&self, tag: &str, encoded: &Json) -> Object<'py> {
        let py = self.py;
        let text = |key: &str| encoded[key].as_str().ok_or_else(|| malformed(encoded));
        let items = || {
            encoded["items"]
                .as_array()
                .ok_or_else(|| malformed(encoded))
        };
        match tag {
            "int" => self.builtin("builtins", "int", (text("value")?,)),
            "float" => self.builtin("builtins", "float", (text("value")?,)),
            "tuple" => Ok(self.made(PyTuple::new(py, self.all(items()?)?))?.into_any()),
            "set" => Ok(self.made(PySet::new(py, self.all(items()?)?))?.into_any()),
            "frozenset" => Ok(self
                .made(PyFrozenSet::new(py, self.all(items()?)?))?
                .into_any()),
            "dict" => {
                let dict = PyDict::new(py);
                for pair in items()? {
                    let (key, value) = (self.decode(&pair[0])?, self.decode(&pair[1])?);
                    self.made(dict.set_item(key, value))?;
                }
                Ok(dict.into_any())
            }
            "bytes" => self.builtin("base64", "b64decode", (text("value")?,)),
            "datetime" | "date" | "time" => {
                let class =
                    self.made(py.import("datetime").and_then(|module| module.getattr(tag)))?;
                self.made(class.call_method1("fromisoformat", (text("value")?,)))
            }
            "timedelta" => {
                let part = |key: &str| encoded[key].as_i64().ok_or_else(|| malformed(encoded));
                let parts = (part("days")?, part("seconds")?, part("microseconds")?);
                self.builtin("datetime", "timedelta", parts)
            }
            "enum" => {
                let class = classes::find(self.py, text("class")?)?;
                self.made(class.get_item(text("name")?))
            }
            "object" => {
                let class = classes::find(self.py, text("class")?)?;
                self.object(&class, &self.decode(&encoded["fields"])?)
            }
            _ => Err(malformed(encoded)),
        }
    }

    /// An object with the given fields, made without running its class's own code where that is possible.
    fn object(&self, class: &Bound<'py, PyAny>, fields: &Bound<'py, PyAny>) -> Object<'py> {
        let py = self.py;
        let fields = self.made(fields.cast::<PyDict>().cloned().map_err(PyErr::from))?;
        if self.made(class.hasattr("model_construct"))? {
            return self.made(class.call_method("model_construct", (), Some(&fields)));
        }
        if !self.made(class.hasattr("__dataclass_fields__"))? {
            return self.made(class.call((), Some(&fields)));
        }
        let base = self.made(
            py.import("builtins")
                .and_then(|module| module.getattr("object")),
        )?;
        let object = self.made(base.call_method1("__new__", (class,)))?;
        for (name, value) in fields {
            // the way past a frozen dataclass
            self.made(base.call_method1("__setattr__", (&object, name, value)))?;
        }
        Ok(object)
    }

    fn all(&self, items: &[Json]) -> Result<Vec<Bound<'py, PyAny>>, Exception> {
        items.iter().map(|item| self.decode(item)).collect()
    }

    fn builtin<A: pyo3::call::PyCallArgs<'py>>(
        &self,
        module: &str,
        name: &str,
        arguments: A,
    ) -> Object<'py> {
        self.made(
            self.py
                .import(module)
                .and_then(|module| module.call_method1(name, arguments)),
        )
    }

    fn made<T>(&self, result: PyResult<T>) -> Result<T, Exception> {
        result.map_err(|error| exception(self.py, &error))
    }
}

fn malformed(encoded: &Json) -> Exception {
    Exception::unsupported(format!("the encoded value {encoded}"))
}
