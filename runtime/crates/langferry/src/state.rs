//! What a struct must say about itself to be a graph's state: its channels, and how to read and write them.

use std::any::{Any, TypeId};
use std::sync::Arc;

use langferry_core::ROOT;
use langferry_trace::{DecodeError, TraceValue};

use crate::Json;
use crate::fields::{EncodedFields, Fields};
use crate::object_state::ObjectClass;
use crate::reduction::Reduction;
use crate::state_value::{Shared, type_of};
use crate::update::Update;

/// A `TypedDict` used as state, input, output or `Send` argument. Derive it.
pub trait State: Clone + Send + Sync + 'static {
    /// The struct's name.
    const NAME: &'static str;

    /// The class of the objects that LangGraph makes of it for nodes; None where it gives them a dict.
    const OBJECT: Option<&'static ObjectClass> = None;

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

/// A channel: its name, the Rust type in it and what a write does.
#[derive(Clone, Debug)]
pub struct ChannelSpec {
    pub(crate) name: &'static str,
    pub(crate) type_id: TypeId,
    pub(crate) decode: fn(&Json) -> Result<Shared, DecodeError>,
    pub(crate) reduction: Option<Reduction>,
    pub(crate) initial: Option<fn() -> Shared>,
    pub(crate) is_transient: bool,
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
            decode: |encoded| Ok(Arc::new(T::from_trace(encoded)?)),
            reduction: None,
            initial: None,
            is_transient: false,
        }
    }

    /// The same channel, holding a value for one superstep only and refusing two writes in one, as
    /// LangGraph's `EphemeralValue` does.
    #[must_use]
    pub fn for_one_step(mut self) -> Self {
        self.is_transient = true;
        self
    }

    /// The same channel, folding its writes.
    #[must_use]
    pub fn with_reduction(mut self, reduction: Reduction) -> Self {
        self.reduction = Some(reduction);
        self
    }

    /// The same channel, starting with the type's empty value as LangGraph does.
    #[must_use]
    pub fn with_initial<T: Default + TraceValue + Any + Send + Sync>(mut self) -> Self {
        self.initial = Some(|| Arc::new(T::default()));
        self
    }

    /// The same channel, starting with what `initial` makes, where the type's empty value is another.
    #[must_use]
    pub fn starting_with(mut self, initial: fn() -> Shared) -> Self {
        self.initial = Some(initial);
        self
    }

    /// A written `value` as this channel takes it; a value of another Rust type goes through its encoding.
    pub(crate) fn accept(&self, value: Shared) -> Result<Shared, DecodeError> {
        if type_of(&value) == self.type_id {
            return Ok(value);
        }
        match self.folding() {
            Some(reduction) => reduction.accept(value),
            None => (self.decode)(&value.encoded()),
        }
        .map_err(|error| error.within(self.name))
    }

    /// A written value from its encoding.
    pub(crate) fn decode(&self, encoded: &Json) -> Result<Shared, DecodeError> {
        match self.folding() {
            Some(reduction) => reduction.decode(encoded),
            None => (self.decode)(encoded),
        }
        .map_err(|error| error.within(self.name))
    }

    /// `written` as LangGraph's streams show it once the channel has taken it.
    pub(crate) fn in_place(&self, written: Shared) -> Shared {
        match self.folding() {
            Some(reduction) => reduction.in_place(written),
            None => written,
        }
    }

    /// The reduction that every write goes through: without an initial value the first one becomes the value.
    fn folding(&self) -> Option<&Reduction> {
        self.reduction.as_ref().filter(|_| self.initial.is_some())
    }
}

/// Whether `S` stands for a bare value, the schema of a `StateGraph(dict)`: [`ROOT`] is its only channel.
pub(crate) fn is_bare<S: State>() -> bool {
    matches!(&S::channels()[..], [only] if only.name == ROOT)
}

/// A state as a dict of its present fields; a bare value as it is, `None` while there is none.
pub fn encode_state<S: State>(state: &S) -> Json {
    let mut update = Update::new();
    state.write(&mut update);
    if is_bare::<S>() {
        let value = update.writes().next().map(|(_, value)| value.encoded());
        return value.unwrap_or_default();
    }
    let mut fields = EncodedFields::default();
    for (name, value) in update.writes() {
        fields.put_encoded(name, value.encoded());
    }
    fields.into_dict()
}

/// A state from a dict; keys that are no fields of it are left out, as nothing could read them. A bare value is
/// taken as it is.
///
/// # Errors
/// When `encoded` is no dict, or a field's value is not of the field's type.
pub fn decode_state<S: State>(encoded: &Json) -> Result<S, DecodeError> {
    if is_bare::<S>() {
        let mut fields = EncodedFields::default();
        fields.put_encoded(ROOT, encoded.clone());
        return S::read(&mut Fields::of_any_dict(&fields.into_dict())?);
    }
    S::read(&mut Fields::of_any_dict(encoded)?)
}
