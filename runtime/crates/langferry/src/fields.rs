//! Reading the fields of a state or record, one after the other, from where they come from.

use std::any::Any;
use std::vec::IntoIter;

use langferry_core::ChannelId;
use langferry_trace::{DecodeError, TraceValue};
use serde_json::Map;

use crate::Json;
use crate::slot::Slot;
use crate::state_value::{Shared, downcast};

/// What the derives read a struct from. Fields are taken in the order of the struct.
pub struct Fields<'a>(Source<'a>);

enum Source<'a> {
    /// Channels in the order of the struct, absent ones left out.
    Channels {
        schema: &'a [ChannelId],
        values: IntoIter<(ChannelId, Shared)>,
    },
    /// An encoded dict.
    Encoded(&'a Map<String, Json>),
}

impl<'a> Fields<'a> {
    pub(crate) fn of_channels(schema: &'a [ChannelId], values: Vec<(ChannelId, Shared)>) -> Self {
        let values = values.into_iter();
        Fields(Source::Channels { schema, values })
    }

    /// The fields of an encoded dict, whatever its keys.
    pub(crate) fn of_any_dict(encoded: &'a Json) -> Result<Self, DecodeError> {
        match encoded {
            Json::Object(fields) if !fields.contains_key("$type") => {
                Ok(Fields(Source::Encoded(fields)))
            }
            _ => Err(DecodeError::expected("dict", encoded)),
        }
    }

    /// The fields of an encoded dict that may have the keys `known` and no other.
    ///
    /// # Errors
    /// When `encoded` is no dict, or has a key that `record` could not keep.
    pub fn of_dict(record: &str, known: &[&str], encoded: &'a Json) -> Result<Self, DecodeError> {
        let fields = Self::of_any_dict(encoded)?;
        fields.refuse_unknown(record, known)?;
        Ok(fields)
    }

    /// The fields of an encoded object of `class`.
    ///
    /// # Errors
    /// When `encoded` is no object of that class, or has a field that is not `known`.
    pub fn of_object(class: &str, known: &[&str], encoded: &'a Json) -> Result<Self, DecodeError> {
        let has = |key: &str, value: &str| encoded.get(key).and_then(Json::as_str) == Some(value);
        if !has("$type", "object") || !has("class", class) {
            return Err(DecodeError::expected(class, encoded));
        }
        let fields = Self::of_any_dict(encoded.get("fields").unwrap_or(&Json::Null))?;
        fields.refuse_unknown(class, known)?;
        Ok(fields)
    }

    fn refuse_unknown(&self, record: &str, known: &[&str]) -> Result<(), DecodeError> {
        let Source::Encoded(fields) = &self.0 else {
            return Ok(());
        };
        match fields.keys().find(|key| !known.contains(&key.as_str())) {
            None => Ok(()),
            Some(key) => {
                Err(DecodeError::new(format!("`{record}` has no field `{key}`")).within(key))
            }
        }
    }

    /// The next field, which may be absent.
    ///
    /// # Errors
    /// When its value is not a `T`.
    pub fn take<T: TraceValue + Any + Send + Sync>(
        &mut self,
        name: &str,
    ) -> Result<Slot<T>, DecodeError> {
        match &mut self.0 {
            Source::Channels { schema, values } => {
                let (channel, rest) = schema
                    .split_first()
                    .ok_or_else(|| DecodeError::new("the schema has fewer channels than fields"))?;
                *schema = rest;
                let present = matches!(values.as_slice(), [(found, _), ..] if found == channel);
                match present.then(|| values.next()).flatten() {
                    Some((_, value)) => match downcast(value) {
                        Ok(found) => Ok(Slot::from_shared(found)),
                        // the schema that the channel comes from declares it as another type
                        Err(other) => T::from_trace(&other.encoded())
                            .map(Slot::new)
                            .map_err(|error| error.within(name)),
                    },
                    None => Ok(Slot::empty()),
                }
            }
            Source::Encoded(fields) => match fields.get(name) {
                Some(encoded) => T::from_trace(encoded)
                    .map(Slot::new)
                    .map_err(|error| error.within(name)),
                None => Ok(Slot::empty()),
            },
        }
    }

    /// The next field, which must be there.
    ///
    /// # Errors
    /// When it is absent or its value is not a `T`.
    pub fn require<T: TraceValue>(&mut self, name: &str) -> Result<T, DecodeError> {
        let Source::Encoded(fields) = &self.0 else {
            return Err(DecodeError::new("a channel may always be absent").within(name));
        };
        let encoded = fields
            .get(name)
            .ok_or_else(|| DecodeError::new("missing").within(name))?;
        T::from_trace(encoded).map_err(|error| error.within(name))
    }
}

/// The encoding of a record in the making.
#[derive(Default)]
pub struct EncodedFields(Map<String, Json>);

impl EncodedFields {
    /// Adds a field.
    pub fn put(&mut self, name: &str, value: &impl TraceValue) {
        self.put_encoded(name, value.to_trace());
    }

    pub(crate) fn put_encoded(&mut self, name: &str, encoded: Json) {
        self.0.insert(name.to_owned(), encoded);
    }

    /// Adds a field if it is present.
    pub fn put_slot<T: TraceValue>(&mut self, name: &str, slot: &Slot<T>) {
        if let Some(value) = slot.as_deref() {
            self.put(name, value);
        }
    }

    /// The fields as a dict.
    #[must_use]
    pub fn into_dict(self) -> Json {
        Json::Object(self.0)
    }

    /// The fields as an object of `class`.
    #[must_use]
    pub fn into_object(self, class: &str) -> Json {
        let mut object = Map::new();
        object.insert("$type".into(), "object".into());
        object.insert("class".into(), class.into());
        object.insert("fields".into(), Json::Object(self.0));
        Json::Object(object)
    }
}
