//! The engine's view of a state value: a shared pointer to a plain Rust value.

use std::any::{Any, TypeId};
use std::fmt;
use std::sync::Arc;

use langferry_trace::TraceValue;

use crate::Json;

/// Whatever a channel can hold. Implemented for every [`TraceValue`] that may cross threads.
pub trait StateValue: Any + Send + Sync {
    /// The value in the trace's encoding.
    fn encoded(&self) -> Json;
}

impl<T: TraceValue + Any + Send + Sync> StateValue for T {
    fn encoded(&self) -> Json {
        self.to_trace()
    }
}

impl fmt::Debug for dyn StateValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.encoded(), f)
    }
}

/// A value in a channel. Clones share it.
pub type Shared = Arc<dyn StateValue>;

/// The Rust type inside `value`.
pub(crate) fn type_of(value: &Shared) -> TypeId {
    let value: &dyn Any = &**value;
    value.type_id()
}

/// The value as a `T`, or back as it came.
pub(crate) fn downcast<T: Any + Send + Sync>(value: Shared) -> Result<Arc<T>, Shared> {
    if type_of(&value) != TypeId::of::<T>() {
        return Err(value);
    }
    let any: Arc<dyn Any + Send + Sync> = value;
    any.downcast::<T>()
        .map_err(|_| unreachable!("the type was compared above"))
}

/// A look at the value as a `T`.
pub(crate) fn downcast_ref<T: Any>(value: &Shared) -> Option<&T> {
    let value: &dyn Any = &**value;
    value.downcast_ref()
}
