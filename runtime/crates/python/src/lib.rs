//! The Python binding of the engine: the module `langferry._engine`.
//!
//! State values stay the user's own Python objects; nothing is converted on the way through. What
//! the values exchanged with a graph look like (`Send`, exceptions, return values that are not plain
//! dicts) is asked of a *face*, a Python object given with the graph.

mod called;
mod chunks;
mod graph;
mod host;
mod ids;
mod inspect;
mod jobs;
mod latest;
mod memory;
mod output;
mod questions;
mod run;
mod saved;
mod share;
mod start;
mod sync;
mod task;
mod value;
mod versions;

use std::sync::atomic::{AtomicU64, Ordering};

use pyo3::prelude::*;

static SUPERSTEPS: AtomicU64 = AtomicU64::new(0);

/// How many supersteps this engine has run in this process.
#[pyfunction]
fn supersteps() -> u64 {
    SUPERSTEPS.load(Ordering::Relaxed)
}

fn count_superstep() {
    SUPERSTEPS.fetch_add(1, Ordering::Relaxed);
}

/// Langferry's engine.
#[pymodule]
#[pyo3(name = "_engine")]
fn engine(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add_class::<graph::Graph>()?;
    module.add_class::<memory::MemorySavers>()?;
    module.add_class::<memory::MemorySaver>()?;
    module.add_class::<questions::Questions>()?;
    module.add_class::<run::Run>()?;
    module.add_class::<task::Task>()?;
    module.add_function(wrap_pyfunction!(supersteps, module)?)?;
    module.add_function(wrap_pyfunction!(inspect::inspect, module)?)?;
    module.add_function(wrap_pyfunction!(versions::number_versions, module)?)?;
    module.add_function(wrap_pyfunction!(versions::changed_versions, module)?)?;
    module.add_function(wrap_pyfunction!(ids::digest, module)?)?;
    module.add_function(wrap_pyfunction!(ids::new_checkpoint_id, module)?)
}
