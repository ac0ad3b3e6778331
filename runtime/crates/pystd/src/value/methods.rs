//! Methods by name, on a value whose type is not known before the program runs.

use super::Value;
use super::python_methods::{DATA, METHODS};
use crate::{Exception, Int, PyRepr, list, str_};

impl Value {
    /// `self.name(*args)`
    ///
    /// # Errors
    /// `AttributeError`, those of the method; unsupported for a method not known here.
    pub fn call(&self, name: &str, args: &[Value]) -> Result<Value, Exception> {
        if let Some(text) = self.enum_text() {
            return text.call(name, args);
        }
        match self {
            Self::Str(text) => call_str(text, name, args),
            Self::List(items) | Self::Tuple(items) => match (name, args) {
                ("count", [value]) => Ok(list::count(items, value).into()),
                ("index", [value]) => match list::index(items, value) {
                    Err(_) if matches!(self, Self::Tuple(_)) => {
                        Err(Exception::value_error("tuple.index(x): x not in tuple"))
                    }
                    found => found.map(Self::from),
                },
                ("copy", []) if matches!(self, Self::List(_)) => Ok(self.clone()),
                _ => Err(no_method(self, name)),
            },
            Self::Dict(items) => match (name, args) {
                ("get", [key]) => Ok(items.get(key.checked_key()?).cloned().unwrap_or_default()),
                ("get", [key, default]) => {
                    Ok(items.get(key.checked_key()?).unwrap_or(default).clone())
                }
                ("keys", []) => Ok(Self::List(items.keys().cloned().collect())),
                ("values", []) => Ok(Self::List(items.values().cloned().collect())),
                ("items", []) => Ok(Self::List(
                    items
                        .items()
                        .map(|(key, value)| (key.clone(), value.clone()).into())
                        .collect(),
                )),
                ("copy", []) => Ok(self.clone()),
                _ => Err(no_method(self, name)),
            },
            Self::Date(date) => match (name, args) {
                ("isoformat", []) => Ok(date.isoformat().into()),
                ("weekday", []) => Ok(date.weekday().into()),
                ("isoweekday", []) => Ok(date.isoweekday().into()),
                ("strftime", [Self::Str(format)]) => date.strftime(format).map(Self::from),
                _ => Err(no_method(self, name)),
            },
            Self::DateTime(at) => match (name, args) {
                ("isoformat", []) => Ok(at.isoformat().into()),
                ("date", []) => Ok(at.date().into()),
                ("time", []) => Ok(at.time().into()),
                ("weekday", []) => Ok(at.weekday().into()),
                ("isoweekday", []) => Ok(at.isoweekday().into()),
                ("timestamp", []) => at.timestamp().map(Self::from),
                ("strftime", [Self::Str(format)]) => at.strftime(format).map(Self::from),
                _ => Err(no_method(self, name)),
            },
            Self::TimeDelta(delta) => match (name, args) {
                ("total_seconds", []) => Ok(delta.total_seconds().into()),
                _ => Err(no_method(self, name)),
            },
            Self::Float(value) => match (name, args) {
                ("is_integer", []) => Ok(crate::Float::from(*value).is_integer().into()),
                _ => Err(no_method(self, name)),
            },
            _ => Err(no_method(self, name)),
        }
    }

    /// `self.name(*args)` for a method that changes the value in place.
    ///
    /// # Errors
    /// `AttributeError`, those of the method; unsupported for a method not known here.
    pub fn call_mut(&mut self, name: &str, args: &[Value]) -> Result<Value, Exception> {
        match self {
            Self::List(items) => match (name, args) {
                ("append", [item]) => items.push(item.clone()),
                ("extend", [more]) => items.extend(more.iter()?),
                ("insert", [at, item]) => list::insert(items, at.to::<Int>()?, item)?,
                ("pop", []) => return list::pop(items),
                ("pop", [at]) => return list::pop_at(items, position(at)?),
                ("remove", [item]) => list::remove(items, item)?,
                ("clear", []) => items.clear(),
                ("reverse", []) => items.reverse(),
                ("sort", []) => list::sort(items, false)?,
                _ => return self.call(name, args),
            },
            Self::Dict(items) => match (name, args) {
                ("update", [Self::Dict(more)]) => items.update(more.clone()),
                ("pop", [key]) => {
                    return match items.contains_key(key.checked_key()?) {
                        true => items.pop(key),
                        false => Err(Exception::raise("KeyError", [key.clone()])),
                    };
                }
                ("pop", [key, default]) => return Ok(items.pop_or(key.checked_key()?, default)),
                ("setdefault", [key, default]) => {
                    return Ok(items.set_default(key.checked_key()?, default).clone());
                }
                ("clear", []) => items.clear(),
                _ => return self.call(name, args),
            },
            Self::Set(items) => match (name, args) {
                ("add", [item]) => items.add(item.checked_key()?),
                ("discard", [item]) => items.discard(item.checked_key()?),
                ("remove", [item]) => items.remove(item.checked_key()?)?,
                ("clear", []) => items.clear(),
                _ => return self.call(name, args),
            },
            _ => return self.call(name, args),
        }
        Ok(Self::None)
    }
}

/// What `value.name(...)` raises where this crate has no such method.
pub(super) fn no_method(value: &Value, name: &str) -> Exception {
    missing(value, name, "()")
}

/// What `value.name` raises where this crate has no such attribute.
pub(super) fn no_attribute(value: &Value, name: &str) -> Exception {
    missing(value, name, "")
}

/// What Python has and this crate has not must not pass for an `AttributeError`, which may be caught.
fn missing(value: &Value, name: &str, called: &str) -> Exception {
    let class = value.type_name();
    let known = METHODS.iter().chain(DATA).any(|(of, names)| {
        *of == value.py_type() && names.split_whitespace().any(|own| own == name)
    });
    let open = matches!(value, Value::Record { .. } | Value::Enum { .. });
    if known || open || name.starts_with("__") {
        Exception::unsupported(format!("{class}.{name}{called} on a value of unknown type"))
    } else {
        Exception::attribute_error(format!("'{class}' object has no attribute '{name}'"))
    }
}

fn call_str(text: &str, name: &str, args: &[Value]) -> Result<Value, Exception> {
    use Value::{Int as Number, Str};
    let plain: Option<fn(&str) -> String> = match name {
        "strip" => Some(str_::strip),
        "lstrip" => Some(str_::lstrip),
        "rstrip" => Some(str_::rstrip),
        "lower" => Some(str_::lower),
        "upper" => Some(str_::upper),
        "title" => Some(str_::title),
        "capitalize" => Some(str_::capitalize),
        "casefold" => Some(str_::casefold),
        "swapcase" => Some(str_::swapcase),
        _ => None,
    };
    let test: Option<fn(&str) -> bool> = match name {
        "isalpha" => Some(str_::isalpha),
        "isalnum" => Some(str_::isalnum),
        "isdigit" => Some(str_::isdigit),
        "isdecimal" => Some(str_::isdecimal),
        "isnumeric" => Some(str_::isnumeric),
        "isspace" => Some(str_::isspace),
        "islower" => Some(str_::islower),
        "isupper" => Some(str_::isupper),
        "istitle" => Some(str_::istitle),
        "isidentifier" => Some(str_::isidentifier),
        "isprintable" => Some(str_::isprintable),
        "isascii" => Some(str_::isascii),
        _ => None,
    };
    match (plain, test, args) {
        (Some(convert), _, []) => return Ok(Str(convert(text))),
        (_, Some(test), []) => return Ok(test(text).into()),
        _ => {}
    }
    Ok(match (name, args) {
        ("strip", [Str(chars)]) => str_::strip_chars(text, chars).into(),
        ("lstrip", [Str(chars)]) => str_::lstrip_chars(text, chars).into(),
        ("rstrip", [Str(chars)]) => str_::rstrip_chars(text, chars).into(),
        ("split" | "rsplit", []) => str_::split(text).into(),
        ("split" | "rsplit", [Str(on)]) => str_::split_on(text, on)?.into(),
        ("split", [Value::None, Number(max)]) => str_::split_max(text, max).into(),
        ("rsplit", [Value::None, Number(max)]) => str_::rsplit_max(text, max).into(),
        ("split", [Str(on), Number(max)]) => str_::split_on_max(text, on, max)?.into(),
        ("rsplit", [Str(on), Number(max)]) => str_::rsplit_on_max(text, on, max)?.into(),
        ("splitlines", []) => str_::splitlines(text, false).into(),
        ("replace", [Str(old), Str(new)]) => str_::replace(text, old, new).into(),
        ("replace", [Str(old), Str(new), Number(max)]) => {
            str_::replace_max(text, old, new, max).into()
        }
        ("find", [Str(part)]) => str_::find(text, part).into(),
        ("rfind", [Str(part)]) => str_::rfind(text, part).into(),
        ("index", [Str(part)]) => str_::index(text, part)?.into(),
        ("rindex", [Str(part)]) => str_::rindex(text, part)?.into(),
        ("count", [Str(part)]) => str_::count(text, part).into(),
        ("startswith", [Str(prefix)]) => str_::startswith(text, prefix).into(),
        ("endswith", [Str(suffix)]) => str_::endswith(text, suffix).into(),
        ("startswith" | "endswith", [Value::Tuple(parts)]) => {
            for part in parts {
                let Str(part) = part else {
                    let class = part.type_name();
                    return Err(Exception::type_error(format!(
                        "tuple for {name} must only contain str, not {class}"
                    )));
                };
                let is_there = match name {
                    "startswith" => str_::startswith(text, part),
                    _ => str_::endswith(text, part),
                };
                if is_there {
                    return Ok(true.into());
                }
            }
            false.into()
        }
        ("join", [items]) => join(text, items)?.into(),
        ("zfill", [Number(width)]) => str_::zfill(text, width).into(),
        ("ljust", [Number(width)]) => str_::ljust(text, width, " ")?.into(),
        ("rjust", [Number(width)]) => str_::rjust(text, width, " ")?.into(),
        ("center", [Number(width)]) => str_::center(text, width, " ")?.into(),
        ("ljust", [Number(width), Str(fill)]) => str_::ljust(text, width, fill)?.into(),
        ("rjust", [Number(width), Str(fill)]) => str_::rjust(text, width, fill)?.into(),
        ("center", [Number(width), Str(fill)]) => str_::center(text, width, fill)?.into(),
        ("expandtabs", [Number(size)]) => str_::expandtabs(text, size).into(),
        ("partition", [Str(on)]) => str_::partition(text, on)?.into(),
        ("rpartition", [Str(on)]) => str_::rpartition(text, on)?.into(),
        ("removeprefix", [Str(prefix)]) => str_::removeprefix(text, prefix).into(),
        ("removesuffix", [Str(suffix)]) => str_::removesuffix(text, suffix).into(),
        ("encode", []) => str_::encode(text).into(),
        _ => return Err(no_method(&Str(text.to_owned()), name)),
    })
}

/// What a list is asked for the position of.
fn position(at: &Value) -> Result<Int, Exception> {
    at.to().map_err(|_| {
        Exception::type_error(format!(
            "'{}' object cannot be interpreted as an integer",
            at.type_name()
        ))
    })
}

fn join(separator: &str, items: &Value) -> Result<String, Exception> {
    let mut strings = Vec::new();
    let items = items
        .iter()
        .map_err(|_| Exception::type_error("can only join an iterable"))?;
    for (at, item) in items.enumerate() {
        match item {
            Value::Str(text) => strings.push(text),
            other => {
                return Err(Exception::type_error(format!(
                    "sequence item {at}: expected str instance, {} found",
                    other.type_name()
                )));
            }
        }
    }
    Ok(str_::join(separator, strings))
}
