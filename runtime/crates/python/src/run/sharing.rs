//! Running the nodes of one step on this thread and on others that help, for runs of which only the
//! result is wanted.

use std::time::{Duration, Instant};

use pyo3::intern;
use pyo3::prelude::*;

use super::calls::copy_context;
use super::{Outcome, Run};
use crate::share::{Job, Share};

/// For how long a step whose node failed still takes the results of the nodes beside it.
///
/// LangGraph takes those that finish before it has noticed the failure; nodes that do no more than
/// compute practically always do.
const GRACE: Duration = Duration::from_millis(20);
/// How long to wait for helpers before looking for signals.
const LOOK_UP: Duration = Duration::from_millis(100);

impl Run {
    /// Whether this thread may run some of the nodes itself.
    ///
    /// A caller that follows the run is to hear of each node as it ends, and a node that starts an
    /// event loop of its own cannot do so where one runs.
    pub(super) fn may_share(&self, py: Python<'_>) -> PyResult<bool> {
        // an error handler runs beside nodes that still run, which only a fan-out lets in
        let handles = self.graph().core.has_handlers();
        if !self.modes.none() || self.live.is_some() || handles {
            return Ok(false);
        }
        let host = self.host.bind(py);
        Ok(!host.getattr(intern!(py, "in_event_loop"))?.is_truthy()?)
    }

    pub(super) fn start_sharing(&mut self, py: Python<'_>) -> PyResult<()> {
        let mut jobs = std::collections::VecDeque::with_capacity(self.work.len());
        for work in std::mem::take(&mut self.work) {
            jobs.push_back(Job {
                key: self.next_key,
                context: copy_context(py)?.unbind(),
                run: self.run_of(&work)?.clone_ref(py),
                input: work.input.clone_ref(py),
                scope: work.scope.clone_ref(py),
            });
            self.handed_out.insert(self.next_key, work);
            self.next_key += 1;
        }
        let host = self.host.bind(py);
        let most_helpers = host.getattr(intern!(py, "most_helpers"))?.extract()?;
        let share = Bound::new(py, Share::new(jobs, most_helpers))?;
        host.call_method1(intern!(py, "find_help"), (&share,))?;
        self.share = Some(share.unbind());
        Ok(())
    }

    /// Runs a node, or takes in what helpers have run.
    pub(super) fn share_some(&mut self, py: Python<'_>) -> PyResult<()> {
        let done = self.share_on(py);
        if done.is_err() {
            self.end_sharing(py)?;
        }
        done
    }

    fn share_on(&mut self, py: Python<'_>) -> PyResult<()> {
        let mut deadline = None;
        while let Some(share) = &self.share {
            let share = share.clone_ref(py);
            let share = share.get();
            let done = share.jobs().done();
            let mut ended = !done.is_empty();
            for (key, ok, result) in done {
                self.finish(py, key, ok, result.into_bound(py))?;
            }
            if self.task_failed {
                let deadline = *deadline.get_or_insert_with(|| Instant::now() + GRACE);
                if Instant::now() >= deadline {
                    drop(share.jobs().give_up());
                    break;
                }
            }
            if let Some(job) = share.jobs().next() {
                let result = job.context.call_method1(
                    py,
                    intern!(py, "run"),
                    (job.run, job.input, job.scope),
                );
                if let Some(work) = self.handed_out.remove(&job.key) {
                    self.take(py, &work.call, result.map(|result| result.into_bound(py)))?;
                }
                ended = true;
            } else if share.jobs().is_running() {
                share.wait(py, if self.task_failed { GRACE } else { LOOK_UP })?;
            } else {
                self.share = None;
            }
            // what a task wrote is stored as soon as it has ended
            if ended && self.saves && !self.task_failed && self.share.is_some() {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Waits for what helpers still run; it no longer matters.
    pub(super) fn end_sharing(&mut self, py: Python<'_>) -> PyResult<()> {
        let Some(share) = self.share.take() else {
            return Ok(());
        };
        let share = share.get();
        drop(share.jobs().give_up());
        while share.jobs().is_running() {
            share.wait(py, LOOK_UP)?;
            drop(share.jobs().done());
        }
        Ok(())
    }

    pub(super) fn is_sharing(&self) -> bool {
        self.share.is_some() && !matches!(self.outcome, Some(Outcome::Failed(_)))
    }
}
