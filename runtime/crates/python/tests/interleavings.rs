//! Orders in which threads can come to the jobs they share: nothing is lost, nobody waits for ever.
//!
//! A failure prints the schedule, which `shuttle::replay` runs again.
#![allow(clippy::unwrap_used)] // a test may panic

mod sync {
    pub(crate) use shuttle::sync::{Condvar, Mutex, MutexGuard};
    pub(crate) use std::sync::PoisonError;
}

#[path = "../src/jobs.rs"]
mod jobs;

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use shuttle::thread;

use jobs::Jobs;

/// As long as a wait takes here: shuttle's never end by themselves, so that one that nobody ends shows.
const FOR_EVER: Duration = Duration::MAX;

/// Jobs that say how often they have been run. What counts is no part of what is tested, so its locks
/// are none that threads could change places at.
struct Shared {
    jobs: Jobs<usize, usize>,
    runs: Vec<AtomicUsize>,
}

impl Shared {
    fn new(jobs: usize, most_helpers: usize) -> Arc<Self> {
        Arc::new(Shared {
            jobs: Jobs::new((0..jobs).collect::<VecDeque<_>>(), most_helpers),
            runs: (0..jobs).map(|_| AtomicUsize::new(0)).collect(),
        })
    }

    fn run(&self, job: usize) {
        self.runs[job].fetch_add(1, Ordering::SeqCst);
    }

    /// As `find_help` does it.
    fn find_help(self: &Arc<Self>) {
        if self.jobs.wants_help() {
            let shared = Arc::clone(self);
            thread::spawn(move || {
                while let Some(job) = shared.jobs.take() {
                    shared.find_help();
                    shared.run(job);
                    shared.jobs.put(job);
                }
            });
        }
    }

    /// As a run does its part; returns the jobs whose result it has got.
    fn share(&self, gives_up_after: Option<usize>) -> Vec<usize> {
        let mut got = Vec::new();
        loop {
            got.extend(self.jobs.done());
            if gives_up_after.is_some_and(|limit| got.len() >= limit) {
                drop(self.jobs.give_up());
            }
            if let Some(job) = self.jobs.next() {
                self.run(job);
                got.push(job);
            } else if self.jobs.is_running() {
                self.jobs.wait(FOR_EVER);
            } else {
                got.sort_unstable();
                return got;
            }
        }
    }

    /// The jobs that were run, each at most once.
    fn ran(&self) -> Vec<usize> {
        let runs = self.runs.iter().map(|runs| runs.load(Ordering::SeqCst));
        let runs: Vec<usize> = runs.collect();
        assert!(runs.iter().all(|&runs| runs <= 1), "{runs:?}");
        (0..runs.len()).filter(|&job| runs[job] == 1).collect()
    }
}

fn check(jobs: usize, most_helpers: usize, gives_up_after: Option<usize>) {
    let shared = Shared::new(jobs, most_helpers);
    shared.find_help();
    let got = shared.share(gives_up_after);
    assert_eq!(got, shared.ran());
    assert!(gives_up_after.is_some() || got.len() == jobs);
}

/// As long as all orders are few enough.
const EVERY_ORDER: Option<usize> = None;

#[test]
fn one_job_in_every_order() {
    shuttle::check_dfs(|| check(1, 1, None), EVERY_ORDER);
}

#[test]
fn jobs_of_a_run_and_a_helper() {
    shuttle::check_pct(|| check(3, 1, None), 10_000, 3);
}

#[test]
fn jobs_of_a_run_and_several_helpers() {
    shuttle::check_pct(|| check(4, 3, None), 10_000, 4);
}

#[test]
fn a_run_that_gives_up_gets_what_was_begun() {
    shuttle::check_random(|| check(4, 2, Some(1)), 10_000);
}
