//! Jobs that the thread which has them done and others that help it take from one queue.

use std::collections::VecDeque;
use std::time::Duration;

// `tests/interleavings.rs` runs this file on locks whose every order it tries
use crate::sync::{Condvar, Mutex, MutexGuard, PoisonError};

struct State<J, D> {
    waiting: VecDeque<J>,
    done: Vec<D>,
    /// Jobs that helpers have begun and not yet ended.
    running: usize,
    helpers: usize,
}

/// Jobs `J` of one thread, and what came of those that its helpers did.
///
/// A lock is held for a few instructions only, in which nothing of a job runs.
pub(crate) struct Jobs<J, D> {
    state: Mutex<State<J, D>>,
    ended: Condvar,
    most_helpers: usize,
}

impl<J, D> Jobs<J, D> {
    pub(crate) fn new(waiting: VecDeque<J>, most_helpers: usize) -> Self {
        let state = State {
            waiting,
            done: Vec::new(),
            running: 0,
            helpers: 0,
        };
        Jobs {
            state: Mutex::new(state),
            ended: Condvar::new(),
            most_helpers,
        }
    }

    fn state(&self) -> MutexGuard<'_, State<J, D>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next job for the thread that has them done.
    pub(crate) fn next(&self) -> Option<J> {
        self.state().waiting.pop_front()
    }

    /// What helpers have ended since the last time.
    pub(crate) fn done(&self) -> Vec<D> {
        std::mem::take(&mut self.state().done)
    }

    /// Gives back the jobs that nobody has begun.
    pub(crate) fn give_up(&self) -> VecDeque<J> {
        std::mem::take(&mut self.state().waiting)
    }

    /// Whether helpers still run something, or have ended something that was not asked for.
    pub(crate) fn is_running(&self) -> bool {
        let state = self.state();
        state.running > 0 || !state.done.is_empty()
    }

    /// Waits until a helper has ended a job, or for some time.
    pub(crate) fn wait(&self, at_most: Duration) {
        let nothing = |state: &mut State<J, D>| state.done.is_empty() && state.running > 0;
        drop(
            self.ended
                .wait_timeout_while(self.state(), at_most, nothing),
        );
    }

    /// For a helper: the next job; `None` when it may go.
    pub(crate) fn take(&self) -> Option<J> {
        let mut state = self.state();
        let job = state.waiting.pop_front();
        match job {
            Some(_) => state.running += 1,
            None => state.helpers -= 1,
        }
        job
    }

    /// For a helper: what came of its job.
    pub(crate) fn put(&self, done: D) {
        let mut state = self.state();
        state.running -= 1;
        state.done.push(done);
        self.ended.notify_all();
    }

    /// Whether one more helper is of use; counts it as there if so.
    pub(crate) fn wants_help(&self) -> bool {
        let mut state = self.state();
        let wants = !state.waiting.is_empty() && state.helpers < self.most_helpers;
        state.helpers += usize::from(wants);
        wants
    }
}
