//! The nodes of one step that several threads run: the run's own, and others that help it.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use pyo3::prelude::*;
use pyo3::sync::MutexExt;

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

struct State {
    jobs: VecDeque<Job>,
    done: Vec<Done>,
    /// Jobs that helpers have begun and not yet ended.
    running: usize,
    helpers: usize,
}

/// Jobs that the thread of a run and its helpers take from one queue.
///
/// A helper goes from job to job without giving the interpreter away, so a step whose nodes only
/// compute costs no more than running them one after the other. It gets a chance when the others wait.
#[pyclass(module = "langferry._engine", frozen)]
pub(crate) struct Share {
    state: Mutex<State>,
    ended: Condvar,
    most_helpers: usize,
}

impl Share {
    pub(crate) fn new(jobs: VecDeque<Job>, most_helpers: usize) -> Self {
        let state = State {
            jobs,
            done: Vec::new(),
            running: 0,
            helpers: 0,
        };
        Share {
            state: Mutex::new(state),
            ended: Condvar::new(),
            most_helpers,
        }
    }

    fn state(&self, py: Python<'_>) -> MutexGuard<'_, State> {
        self.state
            .lock_py_attached(py)
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// The next job for the run's own thread.
    pub(crate) fn next(&self, py: Python<'_>) -> Option<Job> {
        self.state(py).jobs.pop_front()
    }

    /// What helpers have ended since the last time.
    pub(crate) fn done(&self, py: Python<'_>) -> Vec<Done> {
        std::mem::take(&mut self.state(py).done)
    }

    /// Leaves the jobs that nobody has begun undone.
    pub(crate) fn give_up(&self, py: Python<'_>) {
        let left = std::mem::take(&mut self.state(py).jobs);
        drop(left);
    }

    /// Whether helpers still run something.
    pub(crate) fn is_running(&self, py: Python<'_>) -> bool {
        self.state(py).running > 0
    }

    /// Waits until a helper has ended a job, or for some time.
    ///
    /// # Errors
    /// What a signal's handler raises, such as `KeyboardInterrupt`.
    pub(crate) fn wait(&self, py: Python<'_>, at_most: Duration) -> PyResult<()> {
        py.detach(|| {
            let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            let nothing = |state: &mut State| state.done.is_empty() && state.running > 0;
            drop(self.ended.wait_timeout_while(state, at_most, nothing));
        });
        py.check_signals()
    }
}

#[pymethods]
impl Share {
    /// For a helper: the next job as key, context, `run`, input and scope; `None` when it may go.
    #[expect(clippy::type_complexity, reason = "a tuple in Python")]
    fn take(&self, py: Python<'_>) -> Option<(usize, Py<PyAny>, Py<PyAny>, Py<PyAny>, Py<PyAny>)> {
        let mut state = self.state(py);
        match state.jobs.pop_front() {
            Some(job) => {
                state.running += 1;
                Some((job.key, job.context, job.run, job.input, job.scope))
            }
            None => {
                state.helpers -= 1;
                None
            }
        }
    }

    /// For a helper: what came of its job.
    fn put(&self, py: Python<'_>, key: usize, ok: bool, result: Py<PyAny>) {
        let mut state = self.state(py);
        state.running -= 1;
        state.done.push((key, ok, result));
        self.ended.notify_all();
    }

    /// Whether one more helper is of use; counts it as there if so.
    fn wants_help(&self, py: Python<'_>) -> bool {
        let mut state = self.state(py);
        let wants = !state.jobs.is_empty() && state.helpers < self.most_helpers;
        state.helpers += usize::from(wants);
        wants
    }
}
