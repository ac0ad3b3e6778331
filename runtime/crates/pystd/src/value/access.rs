//! Items, slices, attributes, membership and iteration.

use super::Value;
use super::methods::no_attribute;
use crate::repr::repr;
use crate::{Dict, Exception, Int, PyLen, Slice, list, slice, str_};

impl Value {
    /// `len(self)`
    ///
    /// # Errors
    /// `TypeError` when it has no length.
    pub fn len(&self) -> Result<Int, Exception> {
        Ok(match self {
            Self::Str(value) => value.py_len(),
            Self::Bytes(value) => value.py_len(),
            Self::List(items) | Self::Tuple(items) => items.len(),
            Self::Dict(items) => items.py_len(),
            Self::Set(items) | Self::FrozenSet(items) => items.py_len(),
            _ => {
                if let Some(text) = self.enum_text() {
                    return text.len();
                }
                return Err(Exception::type_error(format!(
                    "object of type '{}' has no len()",
                    self.type_name()
                )));
            }
        }
        .into())
    }

    /// The class of what cannot be a key, itself or within a tuple.
    fn unhashable(&self) -> Option<&'static str> {
        match self {
            Self::List(_) => Some("list"),
            Self::Dict(_) => Some("dict"),
            Self::Set(_) => Some("set"),
            Self::Tuple(items) => items.iter().find_map(Self::unhashable),
            _ => None,
        }
    }

    /// The value, as the key of a dict.
    ///
    /// # Errors
    /// `TypeError` when it cannot be one.
    pub fn checked_key(&self) -> Result<&Self, Exception> {
        match self.unhashable() {
            Some(class) => Err(Exception::type_error(format!("unhashable type: '{class}'"))),
            None => Ok(self),
        }
    }

    /// `self[key]`
    ///
    /// # Errors
    /// `KeyError`, `IndexError`, `TypeError`
    pub fn item(&self, key: impl Into<Value>) -> Result<Value, Exception> {
        self.item_by(&key.into())
    }

    fn item_by(&self, key: &Value) -> Result<Value, Exception> {
        let wrong_index = |kind: &str| {
            let or_slices = if kind == "byte" { "byte indices" } else { "" };
            let message = match kind {
                "string" => format!("string indices must be integers, not '{}'", key.type_name()),
                "byte" => format!(
                    "{or_slices} must be integers or slices, not {}",
                    key.type_name()
                ),
                _ => format!(
                    "{kind} indices must be integers or slices, not {}",
                    key.type_name()
                ),
            };
            Exception::type_error(message)
        };
        if let Some(text) = self.enum_text() {
            return text.item_by(key);
        }
        let index = key.integer();
        match self {
            Self::Dict(items) => match items.get(key.checked_key()?) {
                Some(item) => Ok(item.clone()),
                None => Err(Exception::raise("KeyError", [key.clone()])),
            },
            Self::List(items) => {
                list::item(items, index.ok_or_else(|| wrong_index("list"))?).cloned()
            }
            Self::Tuple(items) => {
                let index = index.ok_or_else(|| wrong_index("tuple"))?;
                slice::checked_offset(&index, items.len(), "tuple index out of range")
                    .map(|at| items[at].clone())
            }
            Self::Str(text) => {
                str_::item(text, index.ok_or_else(|| wrong_index("string"))?).map(Self::Str)
            }
            Self::Bytes(bytes) => {
                let index = index.ok_or_else(|| wrong_index("byte"))?;
                slice::checked_offset(&index, bytes.0.len(), "index out of range")
                    .map(|at| Self::Int(i64::from(bytes.0[at]).into()))
            }
            _ => Err(Exception::type_error(format!(
                "'{}' object is not subscriptable",
                self.type_name()
            ))),
        }
    }

    /// `self[key]`, to change it in place.
    ///
    /// # Errors
    /// `KeyError`, `IndexError`, `TypeError`
    pub fn item_mut(&mut self, key: impl Into<Value>) -> Result<&mut Value, Exception> {
        let key: Value = key.into();
        // what cannot be read cannot be changed either, and says why
        self.item_by(&key)?;
        let class = self.type_name().into_owned();
        match self {
            Self::Dict(items) => items.item_mut(&key),
            Self::List(items) => list::item_mut(items, key.integer().unwrap_or_default()),
            _ => Err(Exception::type_error(format!(
                "'{class}' object does not support item assignment"
            ))),
        }
    }

    /// `self[key] = value`
    ///
    /// # Errors
    /// `IndexError`, `TypeError`
    pub fn set_item(
        &mut self,
        key: impl Into<Value>,
        value: impl Into<Value>,
    ) -> Result<(), Exception> {
        let key: Value = key.into();
        match self {
            Self::Dict(items) => {
                items.insert(key.checked_key()?.clone(), value);
                Ok(())
            }
            Self::List(items) => {
                let index = key.integer().ok_or_else(|| {
                    Exception::type_error(format!(
                        "list indices must be integers or slices, not {}",
                        key.type_name()
                    ))
                })?;
                list::set_item(items, index, value)
            }
            _ => Err(Exception::type_error(format!(
                "'{}' object does not support item assignment",
                self.type_name()
            ))),
        }
    }

    /// `del self[key]`
    ///
    /// # Errors
    /// `KeyError`, `IndexError`, `TypeError`
    pub fn delete_item(&mut self, key: impl Into<Value>) -> Result<(), Exception> {
        let key: Value = key.into();
        match self {
            Self::Dict(items) => items.delete(key.checked_key()?),
            Self::List(items) => {
                let index = key.integer().ok_or_else(|| {
                    Exception::type_error(format!(
                        "list indices must be integers or slices, not {}",
                        key.type_name()
                    ))
                })?;
                list::delete(items, index)
            }
            other => {
                let does_not = match other {
                    Self::None | Self::Bool(_) | Self::Int(_) | Self::Float(_) => "does not",
                    // a sequence says the other when it is asked for a position
                    Self::Str(_) | Self::Tuple(_) | Self::Bytes(_)
                        if !matches!(key, Self::Int(_) | Self::Bool(_)) =>
                    {
                        "does not"
                    }
                    Self::Date(_) | Self::Time(_) | Self::DateTime(_) | Self::TimeDelta(_) => {
                        "does not"
                    }
                    _ => "doesn't",
                };
                let class = other.type_name();
                let message = format!("'{class}' object {does_not} support item deletion");
                Err(Exception::type_error(message))
            }
        }
    }

    /// `self[a:b:c]`
    ///
    /// # Errors
    /// `TypeError` when it cannot be sliced.
    pub fn slice(&self, slice: impl Into<Slice>) -> Result<Value, Exception> {
        match self {
            Self::List(items) => Ok(Self::List(list::slice(items, slice))),
            Self::Tuple(items) => Ok(Self::Tuple(list::slice(items, slice))),
            Self::Str(text) => Ok(Self::Str(str_::slice(text, slice))),
            Self::Bytes(bytes) => Ok(Self::Bytes(crate::Bytes(list::slice(&bytes.0, slice)))),
            Self::Dict(_) => Err(Exception::type_error("unhashable type: 'slice'")),
            _ => match self.enum_text() {
                Some(text) => text.slice(slice),
                None => Err(Exception::type_error(format!(
                    "'{}' object is not subscriptable",
                    self.type_name()
                ))),
            },
        }
    }

    /// `self.name`, of an object with fields.
    ///
    /// # Errors
    /// `AttributeError`; unsupported for an attribute not known here.
    pub fn attr(&self, name: &str) -> Result<Value, Exception> {
        let found = match self {
            Self::Record { fields, .. } => fields.get(name).cloned(),
            Self::Enum { name: own, .. } if name == "name" => Some(Self::Str(own.clone())),
            Self::Enum { .. } if name == "value" => self.enum_value(),
            Self::Date(date) => match name {
                "year" => Some(date.year().into()),
                "month" => Some(date.month().into()),
                "day" => Some(date.day().into()),
                _ => None,
            },
            Self::DateTime(at) => match name {
                "year" => Some(at.year().into()),
                "month" => Some(at.month().into()),
                "day" => Some(at.day().into()),
                "hour" => Some(at.hour().into()),
                "minute" => Some(at.minute().into()),
                "second" => Some(at.second().into()),
                "microsecond" => Some(at.microsecond().into()),
                _ => None,
            },
            Self::TimeDelta(delta) => match name {
                "days" => Some(delta.days_part().into()),
                "seconds" => Some(delta.seconds_part().into()),
                "microseconds" => Some(delta.microseconds_part().into()),
                _ => None,
            },
            _ => None,
        };
        found.ok_or_else(|| no_attribute(self, name))
    }

    /// `item in self`
    ///
    /// # Errors
    /// `TypeError`
    pub fn contains(&self, item: impl Into<Value>) -> Result<bool, Exception> {
        let item: Value = item.into();
        let is_text = matches!(self, Self::Str(_) | Self::Enum { .. });
        if let (true, Some((whole, part))) = (is_text, self.as_texts(&item)) {
            return whole.contains(part);
        }
        Ok(match self {
            Self::List(items) | Self::Tuple(items) => items.contains(&item),
            Self::Dict(items) => items.contains_key(item.checked_key()?),
            // a set is looked for as the frozenset it equals
            Self::Set(items) | Self::FrozenSet(items) if matches!(item, Self::Set(_)) => {
                items.has(&item)
            }
            Self::Set(items) | Self::FrozenSet(items) => items.has(item.checked_key()?),
            Self::Str(text) => match &item {
                Self::Str(part) => text.contains(part.as_str()),
                other => {
                    return Err(Exception::type_error(format!(
                        "'in <string>' requires string as left operand, not {}",
                        other.type_name()
                    )));
                }
            },
            Self::Bytes(bytes) => match (&item, item.integer()) {
                (Self::Bytes(part), _) => {
                    part.0.is_empty() || bytes.0.windows(part.0.len()).any(|own| own == part.0)
                }
                (_, Some(byte)) => match byte.to_i64().and_then(|byte| u8::try_from(byte).ok()) {
                    Some(byte) => bytes.0.contains(&byte),
                    None => return Err(Exception::value_error("byte must be in range(0, 256)")),
                },
                _ => {
                    return Err(Exception::type_error(format!(
                        "a bytes-like object is required, not '{}'",
                        item.type_name()
                    )));
                }
            },
            _ => {
                return Err(Exception::type_error(format!(
                    "argument of type '{}' is not iterable",
                    self.type_name()
                )));
            }
        })
    }

    /// The items of `*self` in a list.
    ///
    /// # Errors
    /// As for [`Value::iter`]; `TypeError` in other words.
    pub fn starred(&self) -> Result<std::vec::IntoIter<Value>, Exception> {
        self.iter().map_err(|error| match error.class() {
            "TypeError" => Exception::type_error(format!(
                "Value after * must be an iterable, not {}",
                self.type_name()
            )),
            _ => error,
        })
    }

    /// The items `for item in self` gives.
    ///
    /// # Errors
    /// `TypeError` when it cannot be iterated over; unsupported for a set of several items, the order of
    /// which is not defined.
    pub fn iter(&self) -> Result<std::vec::IntoIter<Value>, Exception> {
        let items: Vec<Value> = match self {
            Self::List(items) | Self::Tuple(items) => items.clone(),
            Self::Dict(items) => items.keys().cloned().collect(),
            Self::Str(text) => text.chars().map(|c| Self::Str(c.into())).collect(),
            Self::Bytes(bytes) => bytes.0.iter().map(|&byte| i64::from(byte).into()).collect(),
            Self::Set(items) | Self::FrozenSet(items) if items.py_len() < 2 => {
                items.unordered().cloned().collect()
            }
            Self::Set(_) | Self::FrozenSet(_) => {
                return Err(Exception::unsupported(format!(
                    "the order of the set {}",
                    repr(self)
                )));
            }
            _ => {
                if let Some(text) = self.enum_text() {
                    return text.iter();
                }
                return Err(Exception::type_error(format!(
                    "'{}' object is not iterable",
                    self.type_name()
                )));
            }
        };
        Ok(items.into_iter())
    }

    /// `self is True`, `self is False`
    #[must_use]
    pub fn is_bool(&self, wanted: bool) -> bool {
        matches!(self, Self::Bool(value) if *value == wanted)
    }

    /// `dict(self)`
    ///
    /// # Errors
    /// `TypeError`, `ValueError` unless it is a dict or made of pairs; unsupported for objects.
    pub fn dict(&self) -> Result<Dict<Value, Value>, Exception> {
        match self {
            Self::Dict(items) => return Ok(items.clone()),
            Self::Record { class, .. } => {
                return Err(Exception::unsupported(format!("a dict of a {class}")));
            }
            _ => {}
        }
        let mut made = Dict::new();
        for (at, item) in self.iter()?.enumerate() {
            let parts = item.iter().map_err(|error| match error.class() {
                "TypeError" => Exception::type_error(format!(
                    "cannot convert dictionary update sequence element #{at} to a sequence"
                )),
                _ => error,
            })?;
            let parts: Vec<Value> = parts.collect();
            let [key, value] = parts.as_slice() else {
                return Err(Exception::value_error(format!(
                    "dictionary update sequence element #{at} has length {}; 2 is required",
                    parts.len()
                )));
            };
            made.insert(key.checked_key()?.clone(), value.clone());
        }
        Ok(made)
    }

    /// The items `for item in reversed(self)` gives.
    ///
    /// # Errors
    /// `TypeError` when it has no order to go through backwards.
    pub fn reversed(&self) -> Result<std::iter::Rev<std::vec::IntoIter<Value>>, Exception> {
        let is_ordered = matches!(
            self,
            Self::List(_) | Self::Tuple(_) | Self::Dict(_) | Self::Str(_) | Self::Bytes(_)
        );
        if is_ordered || self.enum_text().is_some() {
            return self.iter().map(Iterator::rev);
        }
        Err(Exception::type_error(format!(
            "'{}' object is not reversible",
            self.type_name()
        )))
    }
}
