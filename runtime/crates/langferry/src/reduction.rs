//! How a reducer of plain Rust types folds the shared values of a channel.

use std::any::{Any, TypeId, type_name};
use std::sync::Arc;

use langferry_pystd::Exception;
use langferry_trace::{DecodeError, TraceValue};

use crate::Json;
use crate::state_value::{Shared, downcast, type_of};

/// What may be written to a channel of `T`: mostly a `T`.
pub trait Change<T>: TraceValue + Clone + Any + Send + Sync {
    /// The change that a whole `T` is.
    fn of(whole: T) -> Self;
}

impl<T: TraceValue + Clone + Any + Send + Sync> Change<T> for T {
    fn of(whole: T) -> Self {
        whole
    }
}

/// Folds a change into a channel's value.
type Fold = fn(Shared, Shared) -> Result<Shared, Exception>;

/// A reducer without its types.
#[derive(Clone, Copy, Debug)]
pub struct Reduction {
    /// The path of the function, by which two schemas are seen to use the same one.
    pub(crate) path: &'static str,
    pub(crate) fold: Fold,
    change: TypeId,
    decode: fn(&Json) -> Result<Shared, DecodeError>,
}

impl Reduction {
    /// The reduction that `fold` performs by calling `reducer`.
    #[must_use]
    pub fn new<T, C: Change<T>, F: Fn(T, C) -> Result<T, Exception>>(
        _reducer: &F,
        fold: Fold,
    ) -> Self {
        Reduction {
            path: type_name::<F>(),
            fold,
            change: TypeId::of::<C>(),
            decode: |encoded| Ok(Arc::new(C::from_trace(encoded)?)),
        }
    }

    /// `value` as the reducer takes it; a value of another Rust type goes through its encoding.
    pub(crate) fn accept(&self, value: Shared) -> Result<Shared, DecodeError> {
        if type_of(&value) == self.change {
            return Ok(value);
        }
        self.decode(&value.encoded())
    }

    pub(crate) fn decode(&self, encoded: &Json) -> Result<Shared, DecodeError> {
        (self.decode)(encoded)
    }
}

/// Calls a typed reducer on channel values; the last owner of `current` gives it away uncopied.
///
/// # Errors
/// What the reducer raises.
pub fn reduce_with<T: TraceValue + Clone + Any + Send + Sync, C: Change<T>>(
    current: Shared,
    change: Shared,
    reduce: impl FnOnce(T, C) -> Result<T, Exception>,
) -> Result<Shared, Exception> {
    let change = match downcast::<C>(change) {
        Ok(change) => Arc::unwrap_or_clone(change),
        Err(whole) => C::of(owned(whole)?),
    };
    Ok(Arc::new(reduce(owned(current)?, change)?))
}

fn owned<T: Clone + Any + Send + Sync>(value: Shared) -> Result<T, Exception> {
    downcast::<T>(value)
        .map(Arc::unwrap_or_clone)
        .map_err(|other| {
            let found = DecodeError::expected(type_name::<T>(), &other.encoded());
            Exception::unsupported(format!("reducing a value of another type: {found}"))
        })
}
