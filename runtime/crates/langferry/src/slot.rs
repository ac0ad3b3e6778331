//! One field of a partial state: present or absent, and shared either way.

use std::fmt;
use std::sync::Arc;

use langferry_pystd::{Exception, Value};

use crate::state_value::{Shared, StateValue};

/// A key of a `TypedDict` that may be absent. Clones share the value.
pub struct Slot<T>(Option<Arc<T>>);

impl<T> Slot<T> {
    /// A slot that holds `value`.
    pub fn new(value: T) -> Self {
        Slot(Some(Arc::new(value)))
    }

    /// An absent key.
    pub const fn empty() -> Self {
        Slot(None)
    }

    /// Whether the key is present (`key in state`).
    pub fn is_set(&self) -> bool {
        self.0.is_some()
    }

    /// The value, or `None` when the key is absent (`state.get(key)`).
    pub fn as_deref(&self) -> Option<&T> {
        self.0.as_deref()
    }

    /// The value of `key`.
    ///
    /// # Errors
    /// `KeyError` when the key is absent.
    pub fn get(&self, key: &str) -> Result<&T, Exception> {
        self.as_deref()
            .ok_or_else(|| Exception::raise("KeyError", [Value::from(key.to_owned())]))
    }

    /// The value of the attribute `name` of an object of `class`.
    ///
    /// # Errors
    /// `AttributeError` when it was never set.
    pub fn get_attribute(&self, class: &str, name: &str) -> Result<&T, Exception> {
        self.as_deref().ok_or_else(|| {
            Exception::attribute_error(format!("'{class}' object has no attribute '{name}'"))
        })
    }

    /// Puts a value in, as `state[key] = value`.
    pub fn set(&mut self, value: T) {
        *self = Slot::new(value);
    }

    /// Removes the key and gives its value back, if it was present.
    pub fn take(&mut self) -> Option<T>
    where
        T: Clone,
    {
        self.0.take().map(Arc::unwrap_or_clone)
    }

    /// The value of `key`, to change in place. A value that others share is copied first.
    ///
    /// # Errors
    /// `KeyError` when the key is absent.
    pub fn get_mut(&mut self, key: &str) -> Result<&mut T, Exception>
    where
        T: Clone,
    {
        match &mut self.0 {
            Some(value) => Ok(Arc::make_mut(value)),
            None => Err(Exception::raise("KeyError", [Value::from(key.to_owned())])),
        }
    }

    pub(crate) fn from_shared(value: Arc<T>) -> Self {
        Slot(Some(value))
    }

    pub(crate) fn shared(&self) -> Option<Shared>
    where
        T: StateValue,
    {
        self.0.clone().map(|value| value as Shared)
    }
}

/// Checks that all fields are there of which an object of `class` is made.
///
/// # Errors
/// Unsupported when one lacks; Python raises while it makes the object.
pub fn require_fields(class: &str, fields: &[(&str, bool)]) -> Result<(), Exception> {
    match fields.iter().find(|(_, present)| !present) {
        None => Ok(()),
        Some((name, _)) => Err(Exception::unsupported(format!(
            "`{class}` cannot be made without `{name}`"
        ))),
    }
}

impl<T> Clone for Slot<T> {
    fn clone(&self) -> Self {
        Slot(self.0.clone())
    }
}

impl<T> Default for Slot<T> {
    fn default() -> Self {
        Slot::empty()
    }
}

impl<T> From<T> for Slot<T> {
    fn from(value: T) -> Self {
        Slot::new(value)
    }
}

impl<T: PartialEq> PartialEq for Slot<T> {
    fn eq(&self, other: &Self) -> bool {
        self.as_deref() == other.as_deref()
    }
}

impl<T: Eq> Eq for Slot<T> {}

impl<T: fmt::Debug> fmt::Debug for Slot<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.as_deref() {
            Some(value) => value.fmt(f),
            None => f.write_str("<absent>"),
        }
    }
}
