//! How a reducer of plain Rust types folds the shared values of a channel.

use std::any::{Any, TypeId, type_name};
use std::sync::Arc;

use langferry_pystd::Exception;
use langferry_trace::{DecodeError, TraceValue};

use crate::Json;
use crate::state_value::{Shared, downcast, type_of};

/// What may be written to a channel of `T`: mostly a `T`.
pub trait Change<T>: TraceValue + Clone + Any + Send + Sync {
    /// Whether LangGraph's reducer changes the written object itself.
    const IN_PLACE: bool = false;

    /// The change that a whole `T` is.
    fn of(whole: T) -> Self;

    /// What the reducer does to the written object itself.
    fn apply_in_place(&mut self) {}
}

impl<T: TraceValue + Clone + Any + Send + Sync> Change<T> for T {
    fn of(whole: T) -> Self {
        whole
    }
}

/// Folds changes into a channel's value.
type Fold = fn(Shared, &mut dyn Iterator<Item = Shared>) -> Result<Shared, Exception>;

/// A reducer without its types.
#[derive(Clone, Copy, Debug)]
pub struct Reduction {
    /// The path of the function, by which two schemas are seen to use the same one.
    pub(crate) path: &'static str,
    pub(crate) fold: Fold,
    change: TypeId,
    decode: fn(&Json) -> Result<Shared, DecodeError>,
    in_place: Option<fn(Shared) -> Shared>,
}

impl Reduction {
    /// The reduction that `fold` performs by calling `reducer`.
    #[must_use]
    pub fn new<T: Clone + Any + Send + Sync, C: Change<T>, F>(_reducer: &F, fold: Fold) -> Self
    where
        F: Fn(T, C) -> Result<T, Exception>,
    {
        Reduction {
            path: type_name::<F>(),
            fold,
            change: TypeId::of::<C>(),
            decode: |encoded| Ok(Arc::new(C::from_trace(encoded)?)),
            in_place: C::IN_PLACE.then_some(|written| match change::<T, C>(written) {
                Ok(mut change) => {
                    change.apply_in_place();
                    Arc::new(change)
                }
                Err(other) => other,
            }),
        }
    }

    /// `written` as LangGraph's streams show it once the reducer has seen it.
    pub(crate) fn in_place(&self, written: Shared) -> Shared {
        match self.in_place {
            Some(apply) => apply(written),
            None => written,
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
    changes: &mut dyn Iterator<Item = Shared>,
    reduce: impl Fn(T, C) -> Result<T, Exception>,
) -> Result<Shared, Exception> {
    let current = downcast::<T>(current).map_err(unexpected::<T>)?;
    let mut current = Arc::unwrap_or_clone(current);
    for change in changes {
        let change = self::change::<T, C>(change).map_err(unexpected::<T>)?;
        current = reduce(current, change)?;
    }
    Ok(Arc::new(current))
}

/// The change that a written value is, or the value back.
fn change<T: Clone + Any + Send + Sync, C: Change<T>>(written: Shared) -> Result<C, Shared> {
    downcast::<C>(written)
        .map(Arc::unwrap_or_clone)
        .or_else(|whole| downcast::<T>(whole).map(|whole| C::of(Arc::unwrap_or_clone(whole))))
}

fn unexpected<T>(value: Shared) -> Exception {
    let found = DecodeError::expected(type_name::<T>(), &value.encoded());
    Exception::unsupported(format!("reducing a value of another type: {found}"))
}
