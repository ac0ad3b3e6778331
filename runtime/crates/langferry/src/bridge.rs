//! Functions that stay Python: their original source, run in an embedded CPython.
//!
//! A generated crate keeps the source under `python/` and calls into it:
//!
//! ```ignore
//! static SOURCE: Bridge = bridge::module("render", include_str!("../python/render.py"));
//!
//! pub fn render(state: &TicketState, context: &Context) -> NodeResult {
//!     SOURCE.call_node("render", state, context)
//! }
//! ```
//!
//! The Python is the one pyo3 finds when the crate is built (`PYO3_PYTHON`). Packages come from the folders in
//! `LANGFERRY_PYTHONPATH`, then from `VIRTUAL_ENV`, then from the environment of the Python the crate was built
//! with. For the binary to find libpython, the crate's `build.rs` says
//!
//! ```ignore
//! fn main() {
//!     if let Ok(folder) = std::env::var("DEP_LANGFERRY_PYTHON_LIB_DIR") {
//!         println!("cargo:rustc-link-arg=-Wl,-rpath,{folder}");
//!     }
//! }
//! ```

mod classes;
mod from_python;
mod interpreter;
mod interrupt;
mod raised;
mod results;
mod to_python;

use langferry_pystd::Exception;
use langferry_trace::TraceValue;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyModule, PyTuple};

use crate::bridge::classes::Classes;
use crate::bridge::raised::exception;
use crate::context::Context;
use crate::node::NodeResult;
use crate::state::{State, encode_state};
use crate::state_value::StateValue;
use crate::target::RouteResult;

/// A Python module kept as source.
pub struct Bridge {
    name: &'static str,
    source: &'static str,
    module: PyOnceLock<Py<PyModule>>,
}

/// A Python module called `name`, run when it is first needed.
#[must_use]
pub const fn module(name: &'static str, source: &'static str) -> Bridge {
    Bridge {
        name,
        source,
        module: PyOnceLock::new(),
    }
}

/// Seeds Python's own `random`.
///
/// # Errors
/// When Python cannot be started.
pub(crate) fn seed_random(seed: i64) -> Result<(), Exception> {
    attached(|py| {
        let random = py.import("random").map_err(|error| exception(py, &error))?;
        random
            .call_method1("seed", (seed,))
            .map_err(|error| exception(py, &error))?;
        Ok(())
    })
}

impl Bridge {
    /// Calls a node. What it may return is what LangGraph takes: `None`, a dict, a `Command`, or a list of these.
    ///
    /// # Errors
    /// What it raises, an `InvalidUpdateError` for any other result, and what cannot be carried over the border.
    pub fn call_node<S: State>(&self, function: &str, state: &S, context: &Context) -> NodeResult {
        attached(|py| {
            let result = self.call_with_state(py, function, state, context)?;
            results::node_output(&result)
        })
    }

    /// Calls a router.
    ///
    /// # Errors
    /// What it raises, and what cannot be carried over the border.
    pub fn call_router<S: State>(
        &self,
        function: &str,
        state: &S,
        context: &Context,
    ) -> RouteResult {
        attached(|py| {
            let result = self.call_with_state(py, function, state, context)?;
            results::targets(&result)
        })
    }

    /// Calls any other function: a reducer, say.
    ///
    /// # Errors
    /// What it raises, and what cannot be carried over the border.
    pub fn call<T: TraceValue>(
        &self,
        function: &str,
        arguments: &[&dyn StateValue],
    ) -> Result<T, Exception> {
        attached(|py| {
            let module = self.load(py)?;
            let classes = Classes::of(module);
            let arguments: Vec<_> = arguments
                .iter()
                .map(|argument| to_python::to_python(py, &argument.encoded(), &classes))
                .collect::<Result<_, _>>()?;
            let raised = |error| exception(py, &error);
            let arguments = PyTuple::new(py, arguments).map_err(raised)?;
            let result = module
                .getattr(function)
                .and_then(|function| function.call1(arguments));
            let encoded = from_python::from_python(&result.map_err(raised)?)?;
            T::from_trace(&encoded).map_err(|error| {
                Exception::unsupported(format!("the result of Python's `{function}`: {error}"))
            })
        })
    }

    fn call_with_state<'py, S: State>(
        &self,
        py: Python<'py>,
        function: &str,
        state: &S,
        context: &Context,
    ) -> Result<Bound<'py, PyAny>, Exception> {
        let module = self.load(py)?;
        let state = to_python::to_python(py, &encode_state(state), &Classes::of(module))?;
        let raised = |error| exception(py, &error);
        let called = module.getattr(function).map_err(raised)?;
        let named = keyword_arguments(&called, context)?;
        let _scope = interrupt::Scope::enter(context);
        let result = called.call((state,), Some(&named)).map_err(raised)?;
        // an `async def` is run to its end here: the caller's thread waits
        if result.hasattr("__await__").map_err(raised)? {
            let asyncio = py.import("asyncio").map_err(raised)?;
            return asyncio.call_method1("run", (result,)).map_err(raised);
        }
        Ok(result)
    }

    fn load<'py>(&self, py: Python<'py>) -> Result<&Bound<'py, PyModule>, Exception> {
        let loaded = self.module.get_or_try_init(py, || self.execute(py));
        loaded
            .map(|module| module.bind(py))
            .map_err(|error| exception(py, &error))
    }

    fn execute(&self, py: Python<'_>) -> PyResult<Py<PyModule>> {
        let module = PyModule::new(py, self.name)?;
        let file = format!("{}.py", self.name);
        module.setattr("__file__", &file)?;
        let builtins = py.import("builtins")?;
        module.setattr("__builtins__", &builtins)?;
        // dataclasses and type hints look their module up; one that is there already is not replaced
        let modules = py.import("sys")?.getattr("modules")?;
        modules.call_method1("setdefault", (self.name, &module))?;
        let code = builtins.call_method1("compile", (self.source, file, "exec"))?;
        builtins.call_method1("exec", (code, module.dict()))?;
        interrupt::replace(&module)?;
        Ok(module.unbind())
    }
}

/// What LangGraph passes to a function by the names of its parameters.
fn keyword_arguments<'py>(
    function: &Bound<'py, PyAny>,
    context: &Context,
) -> Result<Bound<'py, PyDict>, Exception> {
    let py = function.py();
    let raised = |error| exception(py, &error);
    let named = PyDict::new(py);
    let inspect = py.import("inspect").map_err(raised)?;
    // a builtin has no signature to ask for
    let Ok(signature) = inspect.call_method1("signature", (function,)) else {
        return Ok(named);
    };
    let parameters = signature.getattr("parameters").map_err(raised)?;
    for name in ["runtime", "store", "writer", "previous"] {
        if parameters.contains(name).map_err(raised)? {
            return Err(Exception::unsupported(format!(
                "a Python function's argument `{name}`"
            )));
        }
    }
    if parameters.contains("config").map_err(raised)? {
        let configurable = context.config().all_configurable().to_trace();
        let classes = Classes::none(py);
        let config = PyDict::new(py);
        config
            .set_item(
                "configurable",
                to_python::to_python(py, &configurable, &classes)?,
            )
            .and_then(|()| config.set_item("recursion_limit", context.config().recursion_limit()))
            .and_then(|()| named.set_item("config", config))
            .map_err(raised)?;
    }
    Ok(named)
}

/// Runs `work` with the interpreter, which is started first if need be.
fn attached<T>(work: impl FnOnce(Python<'_>) -> Result<T, Exception>) -> Result<T, Exception> {
    interpreter::start()?;
    Python::attach(work)
}
