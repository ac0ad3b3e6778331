//! A program's graphs as a Python module, for callers that stay Python.
//!
//! A generated extension crate is this and its graphs:
//!
//! ```ignore
//! use langferry::extension::pyo3::prelude::*;
//!
//! #[pymodule]
//! #[pyo3(crate = "langferry::extension::pyo3")]
//! fn _native(module: &Bound<'_, PyModule>) -> PyResult<()> {
//!     langferry::extension::add_graph(module, "graph", crate::graph())?;
//!     langferry::extension::add_rest(module, "agent", &crate::python::PROGRAM)
//! }
//! ```
//!
//! In Python a graph has LangGraph's `invoke`, `ainvoke`, `stream` and `astream`; `extension.py` says what of them.

use std::sync::{Mutex, PoisonError};

use futures_util::StreamExt as _;
use langferry_pystd::{Exception, Value};
use langferry_trace::TraceValue;
use pyo3::exceptions::PyRuntimeError;
use pyo3::ffi::c_str;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyDict;

/// For the module's own macro.
pub use pyo3;

use crate::bridge::Program;
use crate::bridge::from_python::from_python;
use crate::bridge::raised::exception;
use crate::bridge::results::{is, node_output};
use crate::bridge::to_python::to_python;
use crate::command::Command;
use crate::compiled::CompiledGraph;
use crate::config::RunConfig;
use crate::error::GraphError;
use crate::input::Input;
use crate::stream::{Chunks, StreamMode};
use crate::update::Update;

static FACE: PyOnceLock<Py<PyModule>> = PyOnceLock::new();

/// Adds `graph` to the module, under the name it has in the program.
///
/// # Errors
/// When the graph could not be compiled, or the module takes no attribute.
pub fn add_graph(
    module: &Bound<'_, PyModule>,
    name: &str,
    graph: Result<CompiledGraph, GraphError>,
) -> PyResult<()> {
    let py = module.py();
    let graph = graph.map_err(|error| PyRuntimeError::new_err(error.to_string()))?;
    let native = Bound::new(py, Native(graph))?;
    module.add(name, face(py)?.getattr("Graph")?.call1((native, name))?)
}

/// Adds what gives the other names of the program's module `name`: its own source, run when one is asked for.
///
/// # Errors
/// When the program has no such module, or the module takes no attribute.
pub fn add_rest(module: &Bound<'_, PyModule>, name: &str, program: &Program) -> PyResult<()> {
    let source = program
        .modules()
        .iter()
        .find(|known| known.name == name)
        .ok_or_else(|| PyRuntimeError::new_err(format!("the program has no module {name}")))?;
    let rest = face(module.py())?.getattr("Rest")?;
    module.add("rest", rest.call1((name, source.file, source.source))?)
}

/// The Python side: options, and what a result looks like to the caller.
fn face(py: Python<'_>) -> PyResult<&Bound<'_, PyModule>> {
    let loaded = FACE.get_or_try_init(py, || {
        let source = c_str!(include_str!("extension.py"));
        PyModule::from_code(
            py,
            source,
            c"langferry_extension.py",
            c"_langferry_extension",
        )
        .map(Bound::unbind)
    });
    loaded.map(|module| module.bind(py))
}

/// The state at the end of a run, and the value and id of every interrupt it stopped at.
type Ended<'py> = (Bound<'py, PyAny>, Vec<(Bound<'py, PyAny>, String)>);

/// A graph as the face sees it.
#[pyclass(frozen)]
struct Native(CompiledGraph);

#[pymethods]
impl Native {
    fn invoke<'py>(
        &self,
        py: Python<'py>,
        input: &Bound<'py, PyAny>,
        config: &Bound<'py, PyDict>,
    ) -> PyResult<Ended<'py>> {
        let start = raising(py, || start(input))?;
        let config = raising(py, || run_config(config))?;
        let done = py.detach(|| self.0.invoke_blocking(start, &config));
        raising(py, || {
            let output = done?;
            let interrupts = output.interrupts().iter().map(|interrupt| {
                let value = to_python(py, &interrupt.value.encoded())?;
                Ok((value, interrupt.id.clone()))
            });
            let interrupts = interrupts.collect::<Result<_, Exception>>()?;
            Ok((to_python(py, &output.encoded())?, interrupts))
        })
    }

    /// The run's chunks, one at a time.
    fn stream(
        &self,
        py: Python<'_>,
        input: &Bound<'_, PyAny>,
        config: &Bound<'_, PyDict>,
        values: bool,
        updates: bool,
        custom: bool,
    ) -> PyResult<Steps> {
        let start = raising(py, || start(input))?;
        let config = raising(py, || run_config(config))?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let modes = [
            (values, StreamMode::Values),
            (updates, StreamMode::Updates),
            (custom, StreamMode::Custom),
        ];
        let modes: Vec<_> = modes
            .into_iter()
            .filter_map(|(wanted, mode)| wanted.then_some(mode))
            .collect();
        let chunks = self.0.stream(start, &config, &modes);
        Ok(Steps(Mutex::new(Running { runtime, chunks })))
    }
}

/// A run that goes on when its next chunk is asked for.
#[pyclass(frozen)]
struct Steps(Mutex<Running>);

struct Running {
    /// One for the whole run: what its nodes wait for is bound to it.
    runtime: tokio::runtime::Runtime,
    chunks: Chunks,
}

#[pymethods]
impl Steps {
    /// The mode and data of the next chunk; `None` when the run is over.
    fn next<'py>(&self, py: Python<'py>) -> PyResult<Option<(&'static str, Bound<'py, PyAny>)>> {
        let chunk = py.detach(|| {
            // a panic in a node is caught long before it could reach this lock
            let mut running = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let Running { runtime, chunks } = &mut *running;
            runtime.block_on(chunks.next())
        });
        let Some(chunk) = chunk else {
            return Ok(None);
        };
        raising(py, || {
            let chunk = chunk?;
            let mode = match chunk.mode {
                StreamMode::Values => "values",
                StreamMode::Updates => "updates",
                StreamMode::Tasks => "tasks",
                StreamMode::Custom => "custom",
            };
            Ok(Some((mode, to_python(py, &chunk.data)?)))
        })
    }
}

/// A dict, an object of the state's class, a `Command`, or `None` to go on.
fn start(given: &Bound<'_, PyAny>) -> Result<Input, Exception> {
    if given.is_none() {
        return Ok(Input::Continue);
    }
    let output = node_output(given)?;
    let update: Update = output.writes.into_iter().collect();
    if !is(given, "Command") {
        return Ok(Input::Update(update));
    }
    let command = match resume(given)? {
        None => Command::new(),
        Some(Resume::One(answer)) => Command::resume(answer),
        Some(Resume::ById(answers)) => Command::resume_by_id(answers),
    };
    Ok(Input::Command(command.update(update).goto(output.goto)))
}

enum Resume {
    One(Value),
    ById(Vec<(String, Value)>),
}

/// What `Command(resume=...)` says: as upstream, a dict whose keys are all ids of interrupts answers those.
fn resume(command: &Bound<'_, PyAny>) -> Result<Option<Resume>, Exception> {
    let answer = command
        .getattr("resume")
        .map_err(|error| exception(command.py(), &error))?;
    if answer.is_none() {
        return Ok(None);
    }
    let value = |object: &Bound<'_, PyAny>| {
        Value::from_trace(&from_python(object)?).map_err(Exception::unsupported)
    };
    if let Ok(answers) = answer.cast::<PyDict>() {
        let ids: Vec<String> = answers.keys().iter().map(|id| id.to_string()).collect();
        if !ids.is_empty() && ids.iter().all(|id| is_interrupt_id(id)) {
            let answers = answers.values();
            let values = answers.iter().map(|answer| value(&answer));
            let values = values.collect::<Result<Vec<_>, _>>()?;
            return Ok(Some(Resume::ById(ids.into_iter().zip(values).collect())));
        }
    }
    Ok(Some(Resume::One(value(&answer)?)))
}

/// 128 bits in hexadecimal.
fn is_interrupt_id(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn run_config(config: &Bound<'_, PyDict>) -> Result<RunConfig, Exception> {
    RunConfig::decode(&from_python(config)?)
        .map_err(|error| Exception::new("ValueError", format!("config: {error}")))
}

/// `work`'s exception as Python's own.
fn raising<T>(py: Python<'_>, work: impl FnOnce() -> Result<T, Exception>) -> PyResult<T> {
    work().map_err(|error| {
        let bases: Vec<&str> = error.bases().collect();
        let given = (error.qualified_class(), bases, error.message());
        let raised = face(py).and_then(|face| face.call_method1("exception", given));
        raised.map_or_else(|failed| failed, PyErr::from_value)
    })
}
