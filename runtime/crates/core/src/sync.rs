//! The locks under which tasks share answers; tests of interleavings have others in their place.

pub(crate) use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
