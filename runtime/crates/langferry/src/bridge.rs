//! Functions that stay Python: their original source, run in an embedded CPython.
//!
//! A generated crate keeps the program's modules under `python/`, cut down to what is reached, and calls into them:
//!
//! ```ignore
//! static PROGRAM: Program = Program::new(&[Module {
//!     name: "agent",
//!     file: "agent.py",
//!     is_package: false,
//!     source: include_str!("../python/agent.py"),
//! }]);
//!
//! pub fn render(state: &TicketState, context: &Context) -> NodeResult {
//!     static PYTHON: Function = Function::new(&PROGRAM, "agent", "render");
//!     PYTHON.call_node(state, context)
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
pub(crate) mod from_python;
#[cfg_attr(feature = "extension", path = "bridge/host_interpreter.rs")]
mod interpreter;
mod interrupt;
pub(crate) mod raised;
pub(crate) mod results;
mod support;
pub(crate) mod to_python;
mod writing;

use std::io::{self, Write as _};

use langferry_core::ROOT;
use langferry_pystd::{Exception, Value};
use langferry_trace::TraceValue;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyTuple};

use crate::Json;
use crate::bridge::raised::exception;
use crate::context::Context;
use crate::node::NodeResult;
use crate::state::{State, encode_state, is_bare};
use crate::state_value::StateValue;
use crate::target::RouteResult;

/// A Python module kept as source; `file` is where it stood in the program.
pub struct Module {
    /// Its dotted name.
    pub name: &'static str,
    /// Its path in the program.
    pub file: &'static str,
    /// Whether other modules lie in it.
    pub is_package: bool,
    /// Its text.
    pub source: &'static str,
}

/// The modules of a program. They run when they are first imported, by each other or for a function of them.
pub struct Program {
    modules: &'static [Module],
    added: PyOnceLock<()>,
}

impl Program {
    /// A program of these modules.
    #[must_use]
    pub const fn new(modules: &'static [Module]) -> Self {
        Program {
            modules,
            added: PyOnceLock::new(),
        }
    }

    #[cfg(feature = "extension")]
    pub(crate) fn modules(&self) -> &'static [Module] {
        self.modules
    }

    fn add(&self, py: Python<'_>) -> PyResult<()> {
        let added = self.added.get_or_try_init(py, || {
            let modules: Vec<_> = self
                .modules
                .iter()
                .map(|module| (module.name, module.file, module.is_package, module.source))
                .collect();
            let environment = py.import("os")?.getattr("environ")?;
            for (name, value) in langferry_pystd::os::prepared() {
                environment.set_item(name, value)?;
            }
            support::of(py)?.call_method1("add", (modules,)).map(|_| ())
        });
        added.copied()
    }
}

/// A function or another callable object of a program.
pub struct Function {
    program: &'static Program,
    module: &'static str,
    expression: &'static str,
    input_class: Option<&'static str>,
    replaced: &'static [&'static str],
    is_sent: bool,
    told_of_run: Option<&'static str>,
    shown: &'static [&'static str],
    object: PyOnceLock<Py<PyAny>>,
}

impl Function {
    /// What `expression` gives in the module, evaluated once.
    #[must_use]
    pub const fn new(
        program: &'static Program,
        module: &'static str,
        expression: &'static str,
    ) -> Self {
        Function {
            program,
            module,
            expression,
            input_class: None,
            replaced: &[],
            is_sent: false,
            told_of_run: None,
            shown: &[],
            object: PyOnceLock::new(),
        }
    }

    /// The same, given an object of the class of that qualified name instead of a dict.
    #[must_use]
    pub const fn given(mut self, class: &'static str) -> Self {
        self.input_class = Some(class);
        self
    }

    /// The same, of a node whose input is sent to it and may be any value, whatever the state is.
    #[must_use]
    pub const fn sent(mut self) -> Self {
        self.is_sent = true;
        self
    }

    /// The same, of a tool that is told of its run by the argument of that name.
    #[must_use]
    pub const fn told_of_run(mut self, name: &'static str) -> Self {
        self.told_of_run = Some(name);
        self
    }

    /// The same, of a tool that is shown the state, or a part of it, by these arguments: they must not be changed.
    #[must_use]
    pub const fn shows_state(mut self, names: &'static [&'static str]) -> Self {
        self.shown = names;
        self
    }

    /// The same; returning the value of one of these keys, changed in place, replaces the channel's value.
    ///
    /// Any other change in place is an error, as the channel itself holds another object.
    #[must_use]
    pub const fn replaces(mut self, keys: &'static [&'static str]) -> Self {
        self.replaced = keys;
        self
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

impl Function {
    /// Calls a node. What it may return is what LangGraph takes: `None`, a dict, an object with annotated fields,
    /// a `Command`, or a list of these.
    ///
    /// # Errors
    /// What it raises, an `InvalidUpdateError` for any other result, and what cannot be carried over the border.
    pub fn call_node<S: State>(&self, state: &S, context: &Context) -> NodeResult {
        attached(|py| {
            let result = self.call_with_state(py, state, context)?;
            if is_bare::<S>() && !self.is_sent {
                results::bare_output(&result)
            } else {
                results::node_output(&result)
            }
        })
    }

    /// Calls a router.
    ///
    /// # Errors
    /// What it raises, and what cannot be carried over the border.
    pub fn call_router<S: State>(&self, state: &S, context: &Context) -> RouteResult {
        attached(|py| {
            let result = self.call_with_state(py, state, context)?;
            results::targets(&result)
        })
    }

    /// Calls any other function: a reducer, say.
    ///
    /// # Errors
    /// What it raises, and what cannot be carried over the border.
    pub fn call<T: TraceValue>(&self, arguments: &[&dyn StateValue]) -> Result<T, Exception> {
        attached(|py| {
            let raised = |error| exception(py, &error);
            let function = self.object(py).map_err(raised)?;
            let arguments: Vec<_> = arguments
                .iter()
                .map(|argument| to_python::to_python(py, &argument.encoded()))
                .collect::<Result<_, _>>()?;
            let arguments = PyTuple::new(py, arguments).map_err(raised)?;
            let result = function.call1(arguments).map_err(raised)?;
            T::from_trace(&from_python::from_python(&result)?).map_err(|error| {
                let expression = self.expression;
                Exception::unsupported(format!("the result of Python's `{expression}`: {error}"))
            })
        })
    }

    /// Calls a tool that asks something of the run it is called in, on a dict of its arguments.
    ///
    /// # Errors
    /// What it raises, and what cannot be carried over the border.
    pub fn call_tool(&self, arguments: &Value, context: &Context) -> Result<Value, Exception> {
        attached(|py| {
            let raised = |error| exception(py, &error);
            let tool = self.object(py).map_err(raised)?;
            let arguments = to_python::to_python(py, &arguments.to_trace())?;
            let told = match self.told_of_run {
                Some(name) => {
                    let state = to_python::to_python(py, &context.tool_state()?.to_trace())?;
                    let id = to_python::to_python(py, &context.tool_call_id().to_trace())?;
                    Some((name, state, id))
                }
                None => None,
            };
            let seen = PyDict::new(py);
            for name in self.shown {
                seen.set_item(name, arguments.get_item(name).ok())
                    .map_err(raised)?;
            }
            if let Some((name, state, _)) = &told {
                seen.set_item(name, state).map_err(raised)?;
            }
            let before = containers(&seen, false)?;
            let configurable =
                to_python::to_python(py, &context.config().all_configurable().to_trace())?;
            let limit = context.config().recursion_limit();
            let result = support::of(py).and_then(|support| {
                let asking = interrupt::asking(py, context)?;
                let writing = writing::writing(py, context)?;
                let given = (asking, writing, tool, &arguments, configurable, limit, told);
                support.call_method1("call_tool", given)
            });
            let result = result.map_err(raised)?;
            let after = containers(&seen, false)?;
            self.refuse_changes(&before, &after, &seen, &result)?;
            let result = from_python::from_python(&result)?;
            Value::from_trace(&result).map_err(Exception::unsupported)
        })
    }

    fn call_with_state<'py, S: State>(
        &self,
        py: Python<'py>,
        state: &S,
        context: &Context,
    ) -> Result<Bound<'py, PyAny>, Exception> {
        let raised = |error| exception(py, &error);
        let action = self.object(py).map_err(raised)?;
        let values = to_python::to_python(py, &encode_state(state))?;
        let bare = is_bare::<S>();
        let before = containers(&values, bare)?;
        let configurable =
            to_python::to_python(py, &context.config().all_configurable().to_trace())?;
        let limit = context.config().recursion_limit();
        let result = support::of(py)
            .and_then(|support| {
                let asking = interrupt::asking(py, context)?;
                let writing = writing::writing(py, context)?;
                let class = self.input_class;
                let given = (
                    asking,
                    writing,
                    action,
                    class,
                    &values,
                    bare,
                    configurable,
                    limit,
                );
                support.call_method1("call", given)
            })
            .map_err(raised)?;
        let after = containers(&values, bare)?;
        if bare && before != after {
            self.refuse_change(ROOT, result.is(&values))?;
        } else {
            self.refuse_changes(&before, &after, &values, &result)?;
        }
        Ok(result)
    }

    /// LangGraph hands out the very objects its channels hold; these are copies, so a change must come back.
    fn refuse_changes(
        &self,
        before: &[(String, Json)],
        after: &[(String, Json)],
        values: &Bound<'_, PyAny>,
        result: &Bound<'_, PyAny>,
    ) -> Result<(), Exception> {
        for ((key, old), (_, new)) in before.iter().zip(after) {
            if old == new {
                continue;
            }
            let object = values.get_item(key);
            let returned = result.get_item(key);
            let same = matches!((object, returned), (Ok(a), Ok(b)) if a.is(&b));
            self.refuse_change(key, same)?;
        }
        Ok(())
    }

    /// Refuses that the value of `key` was changed, unless that very object is `returned` to replace it.
    fn refuse_change(&self, key: &str, returned: bool) -> Result<(), Exception> {
        if returned && self.replaced.contains(&key) {
            return Ok(());
        }
        let function = self.expression;
        Err(Exception::unsupported(format!(
            "`{function}` changes the state's {key:?} in place"
        )))
    }

    fn object<'py>(&self, py: Python<'py>) -> PyResult<&Bound<'py, PyAny>> {
        let object = self.object.get_or_try_init(py, || {
            self.program.add(py)?;
            let given = (self.module, self.expression);
            support::of(py)?
                .call_method1("evaluate", given)
                .map(Bound::unbind)
        });
        object.map(|object| object.bind(py))
    }
}

/// The values that can be changed in place, encoded: those of a dict of channels, or a bare one.
fn containers(values: &Bound<'_, PyAny>, bare: bool) -> Result<Vec<(String, Json)>, Exception> {
    let mut found = Vec::new();
    let mut note = |key: String, value: &Bound<'_, PyAny>| {
        let encoded = from_python::from_python_if_wanted(value)?;
        if encoded.is_array() || encoded.is_object() {
            found.push((key, encoded));
        }
        Ok::<(), Exception>(())
    };
    if bare {
        note(ROOT.to_owned(), values)?;
    } else {
        let raised = |error: pyo3::CastError<'_, '_>| exception(values.py(), &error.into());
        for (key, value) in values.cast::<PyDict>().map_err(raised)? {
            note(key.to_string(), &value)?;
        }
    }
    Ok(found)
}

/// Runs `work` with the interpreter, which is started first if need be.
fn attached<T>(work: impl FnOnce(Python<'_>) -> Result<T, Exception>) -> Result<T, Exception> {
    interpreter::start()?;
    // native functions print to the same streams: neither may overtake the other
    let _ = io::stdout().flush();
    Python::attach(|py| {
        let done = work(py);
        flush(py);
        done
    })
}

/// Empties what Python has printed and not written; the interpreter is never ended, which would do it.
fn flush(py: Python<'_>) {
    let Ok(sys) = py.import("sys") else { return };
    for stream in ["stdout", "stderr"] {
        // a stream that is closed or None has nothing left to write
        let _ = sys
            .getattr(stream)
            .and_then(|stream| stream.call_method0("flush"));
    }
}
