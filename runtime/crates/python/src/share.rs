//! The nodes of one step that several threads run: the run's own, and others that help it.

use std::collections::VecDeque;
use std::time::Duration;

use pyo3::prelude::*;

use crate::jobs::Jobs;

/// A node to be run.
pub(crate) struct Job {
    pub key: usize,
    /// The copy of the run's context in which the node runs.
    pub context: Py<PyAny>,
    pub run: Py<PyAny>,
    pub input: Py<PyAny>,
    pub scope: Py<PyAny>,
}

/// What came of a job that a helper ran: its key, whether it returned, and the result or exception.
pub(crate) type Done = (usize, bool, Py<PyAny>);

/// Jobs that the thread of a run and its helpers take from one queue.
///
/// A helper goes from job to job without giving the interpreter away, so a step whose nodes only
/// compute costs no more than running them one after the other. It gets a chance when the others wait.
#[pyclass(module = "langferry._engine", frozen)]
pub(crate) struct Share(Jobs<Job, Done>);

impl Share {
    pub(crate) fn new(jobs: VecDeque<Job>, most_helpers: usize) -> Self {
        Share(Jobs::new(jobs, most_helpers))
    }

    /// The jobs, for the run's own thread.
    pub(crate) fn jobs(&self) -> &Jobs<Job, Done> {
        &self.0
    }

    /// Waits until a helper has ended a job, or for some time.
    ///
    /// # Errors
    /// What a signal's handler raises, such as `KeyboardInterrupt`.
    pub(crate) fn wait(&self, py: Python<'_>, at_most: Duration) -> PyResult<()> {
        py.detach(|| self.0.wait(at_most));
        py.check_signals()
    }
}

#[pymethods]
impl Share {
    /// For a helper: the next job as key, context, `run`, input and scope; `None` when it may go.
    #[expect(clippy::type_complexity, reason = "a tuple in Python")]
    fn take(&self) -> Option<(usize, Py<PyAny>, Py<PyAny>, Py<PyAny>, Py<PyAny>)> {
        let job = self.0.take()?;
        Some((job.key, job.context, job.run, job.input, job.scope))
    }

    /// For a helper: what came of its job.
    fn put(&self, key: usize, ok: bool, result: Py<PyAny>) {
        self.0.put((key, ok, result));
    }

    /// Whether one more helper is of use; counts it as there if so.
    fn wants_help(&self) -> bool {
        self.0.wants_help()
    }
}
