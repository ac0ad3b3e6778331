//! What a struct must say about itself to be a graph's state: its channels, and how to read and write them.

use std::any::{Any, TypeId, type_name};
use std::sync::Arc;

use langferry_pystd::Exception;
use langferry_trace::{DecodeError, TraceValue};

use crate::Json;
use crate::fields::{EncodedFields, Fields};
use crate::state_value::{Shared, downcast, type_of};
use crate::update::Update;

/// A `TypedDict` used as state, input, output or `Send` argument. Derive it.
pub trait State: Clone + Send + Sync + 'static {
    /// The struct's name.
    const NAME: &'static str;

    /// Its channels, in field order.
    fn channels() -> Vec<ChannelSpec>;

    /// Reads it, field by field.
    ///
    /// # Errors
    /// When a field's value is not of the field's type.
    fn read(fields: &mut Fields<'_>) -> Result<Self, DecodeError>;

    /// Adds every present field to `update`, in field order.
    fn write(&self, update: &mut Update);
}

/// Folds an update into a channel's value.
pub(crate) type Reducer = fn(Shared, Shared) -> Result<Shared, Exception>;

/// A channel: its name, the Rust type in it and what a write does.
#[derive(Clone, Debug)]
pub struct ChannelSpec {
    pub(crate) name: &'static str,
    pub(crate) type_id: TypeId,
    pub(crate) type_name: &'static str,
    pub(crate) decode: fn(&Json) -> Result<Shared, DecodeError>,
    pub(crate) reducer: Option<(&'static str, Reducer)>,
    pub(crate) initial: Option<fn() -> Shared>,
}

impl ChannelSpec {
    /// The channel's name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// A channel that holds the last value written.
    #[must_use]
    pub fn last_value<T: TraceValue + Any + Send + Sync>(name: &'static str) -> Self {
        ChannelSpec {
            name,
            type_id: TypeId::of::<T>(),
            type_name: type_name::<T>(),
            decode: |encoded| Ok(Arc::new(T::from_trace(encoded)?)),
            reducer: None,
            initial: None,
        }
    }

    /// The same channel, folding its writes. `path` identifies the reducer.
    #[must_use]
    pub fn with_reducer(
        mut self,
        path: &'static str,
        reduce: fn(Shared, Shared) -> Result<Shared, Exception>,
    ) -> Self {
        self.reducer = Some((path, reduce));
        self
    }

    /// The same channel, starting with the type's empty value as LangGraph does.
    #[must_use]
    pub fn with_initial<T: Default + TraceValue + Any + Send + Sync>(mut self) -> Self {
        self.initial = Some(|| Arc::new(T::default()));
        self
    }

    /// `value` as this channel holds it; a value of another Rust type goes through its encoding.
    pub(crate) fn accept(&self, value: Shared) -> Result<Shared, DecodeError> {
        if type_of(&value) == self.type_id {
            return Ok(value);
        }
        self.decode(&value.encoded())
    }

    pub(crate) fn decode(&self, encoded: &Json) -> Result<Shared, DecodeError> {
        (self.decode)(encoded).map_err(|error| error.within(self.name))
    }
}

/// Calls a typed reducer on channel values; the last owner of `current` gives it away uncopied.
///
/// # Errors
/// What the reducer raises.
pub fn reduce_with<T: TraceValue + Clone + Any + Send + Sync>(
    current: Shared,
    update: Shared,
    reduce: impl FnOnce(T, T) -> Result<T, Exception>,
) -> Result<Shared, Exception> {
    let owned = |value: Shared| {
        downcast::<T>(value)
            .map(Arc::unwrap_or_clone)
            .map_err(|other| {
                let found = DecodeError::expected(type_name::<T>(), &other.encoded());
                Exception::unsupported(format!("reducing a value of another type: {found}"))
            })
    };
    Ok(Arc::new(reduce(owned(current)?, owned(update)?)?))
}

/// The path of a reducer, by which two schemas are seen to use the same one.
pub fn reducer_name<T, F: Fn(T, T) -> Result<T, Exception>>(_: &F) -> &'static str {
    type_name::<F>()
}

/// A state as a dict of its present fields.
pub fn encode_state(state: &impl State) -> Json {
    let mut update = Update::new();
    state.write(&mut update);
    let mut fields = EncodedFields::default();
    for (name, value) in update.writes() {
        fields.put_encoded(name, value.encoded());
    }
    fields.into_dict()
}

/// A state from a dict; keys that are no fields of it are left out, as nothing could read them.
///
/// # Errors
/// When `encoded` is no dict, or a field's value is not of the field's type.
pub fn decode_state<S: State>(encoded: &Json) -> Result<S, DecodeError> {
    S::read(&mut Fields::of_any_dict(encoded)?)
}
