//! Python's `json` module.

mod dumps;
mod loads;

pub(crate) use dumps::dump_into;
pub use dumps::{Dumps, dumps, dumps_with};
pub use loads::{failure, loads, loads_with};
