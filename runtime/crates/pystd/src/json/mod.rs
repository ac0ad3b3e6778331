//! Python's `json` module.

mod dumps;
mod loads;

pub use dumps::{Dumps, dumps, dumps_with};
pub use loads::{loads, loads_with};
