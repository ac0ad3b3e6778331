//! Packs questions as LangGraph's serialiser does, and reads them, without its search for what they are.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyString, PyTuple};

/// The mark of what is stored as a class and its arguments by name.
const BY_NAME: i64 = 2;

/// What questions are, and what packs and unpacks anything.
///
/// Args:
///     kind: The class of questions, whose `_asdict` gives its arguments.
///     place: Its module and name, by which it is stored.
///     mark: Makes stored data of [`BY_NAME`] and bytes.
///     pack: `pack(value, **pack_options)` gives a value's bytes.
///     unpack: `unpack(data, ext_hook=..., **unpack_options)` reads them.
#[pyclass(module = "langferry._engine", frozen)]
pub(crate) struct Questions {
    kind: Py<PyAny>,
    place: (Py<PyAny>, Py<PyAny>),
    mark: Py<PyAny>,
    pack: Py<PyAny>,
    pack_options: Py<PyDict>,
    unpack: Py<PyAny>,
}

#[pymethods]
impl Questions {
    #[new]
    fn new(
        kind: Py<PyAny>,
        place: (Py<PyAny>, Py<PyAny>),
        mark: Py<PyAny>,
        pack: Py<PyAny>,
        pack_options: Py<PyDict>,
        unpack: Py<PyAny>,
    ) -> Self {
        Self {
            kind,
            place,
            mark,
            pack,
            pack_options,
            unpack,
        }
    }

    /// What `pack` asks for the form of a value that it does not know: as in its options, if not a question.
    fn __call__<'py>(&self, value: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let py = value.py();
        let options = self.pack_options.bind(py);
        if !value.get_type().is(&self.kind) {
            let other = options.as_any().get_item(intern!(py, "default"))?;
            return other.call1((value,));
        }
        let (module, name) = &self.place;
        let stored = (module, name, value.call_method0(intern!(py, "_asdict"))?);
        let data = self.pack.bind(py).call((stored,), Some(options))?;
        self.mark.bind(py).call1((BY_NAME, data))
    }
}

impl Questions {
    /// The question that marked data stands for, if it stands for one.
    fn read<'py>(
        &self,
        py: Python<'py>,
        data: &Bound<'py, PyAny>,
        options: &Bound<'py, PyDict>,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        static MODULES: PyOnceLock<Py<PyDict>> = PyOnceLock::new();
        let stored = self.unpack.bind(py).call((data,), Some(options))?;
        let (module, name) = &self.place;
        if !stored.get_item(0)?.eq(module)? || !stored.get_item(1)?.eq(name)? {
            return Ok(None);
        }
        let modules = MODULES.get_or_try_init(py, || -> PyResult<_> {
            let modules = py.import("sys")?.getattr("modules")?;
            Ok(modules.cast_into::<PyDict>()?.unbind())
        })?;
        let Some(module) = modules.bind(py).get_item(module)? else {
            return Ok(None);
        };
        let class = module.getattr(name.bind(py).cast::<PyString>()?)?;
        if !class.is(&self.kind) {
            return Ok(None);
        }
        let arguments = stored.get_item(2)?.cast_into::<PyDict>()?;
        class.call(PyTuple::empty(py), Some(&arguments)).map(Some)
    }
}

/// What `unpack` asks for the meaning of marked data: as `other`, if not a question.
#[pyclass(module = "langferry._engine", frozen)]
pub(crate) struct QuestionReader {
    pub questions: Py<Questions>,
    pub other: Py<PyAny>,
    /// With `other` as `ext_hook`.
    pub unpack_options: Py<PyDict>,
}

#[pymethods]
impl QuestionReader {
    fn __call__<'py>(
        &self,
        py: Python<'py>,
        mark: i64,
        data: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        if mark == BY_NAME {
            let options = self.unpack_options.bind(py);
            // what cannot be read is the other's to make something of
            if let Ok(Some(question)) = self.questions.get().read(py, data, options) {
                return Ok(question);
            }
        }
        self.other.bind(py).call1((mark, data))
    }
}
