//! The locks this crate shares state under; tests of interleavings have others in their place.

pub(crate) use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
