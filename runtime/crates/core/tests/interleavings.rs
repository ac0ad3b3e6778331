//! Every order in which two threads of one step can ask for answers: none is lost, none is given twice.
//!
//! A failure prints the schedule, which `shuttle::replay` runs again.
#![allow(clippy::unwrap_used)] // a test may panic

mod sync {
    pub(crate) use shuttle::sync::{Arc, Mutex, MutexGuard};
    pub(crate) use std::sync::PoisonError;
}

#[path = "../src/scratchpad.rs"]
#[allow(dead_code)] // the rest is for the engine
mod scratchpad;

use shuttle::thread;

use scratchpad::{NullResume, Scratchpad};

/// What threads are answered that ask at the same time, in the order of `pads`.
fn answers(pads: Vec<Scratchpad<u8>>) -> Vec<Option<u8>> {
    let threads: Vec<_> = pads
        .into_iter()
        .map(|pad| thread::spawn(move || pad.answer()))
        .collect();
    threads
        .into_iter()
        .map(|thread| thread.join().unwrap())
        .collect()
}

fn in_every_order(check: fn()) {
    shuttle::check_dfs(check, None);
}

#[test]
fn tasks_take_the_answer_of_the_run_once() {
    in_every_order(|| {
        let null = NullResume::new(Some(7));
        let pad = || Scratchpad::new(vec![], null.clone());
        let pads = [pad(), pad()];
        let mut got = answers(pads.to_vec());
        let used = pads.iter().flat_map(Scratchpad::used).count();
        got.sort_unstable();
        assert_eq!((got, used), (vec![None, Some(7)], 1));
        assert!(!null.is_open());
    });
}

#[test]
fn threads_of_one_task_use_up_what_it_was_given() {
    in_every_order(|| {
        let pad = Scratchpad::new(vec![1, 2], NullResume::new(None));
        let mut got = answers(vec![pad.clone(), pad.clone()]);
        got.sort_unstable();
        assert_eq!(got, [Some(1), Some(2)]);
        assert_eq!(pad.used(), [1, 2]);
    });
}

#[test]
fn what_is_given_comes_with_what_the_run_was_given() {
    in_every_order(|| {
        let pad = Scratchpad::new(vec![1], NullResume::new(Some(2)));
        let mut got = answers(vec![pad.clone(), pad.clone()]);
        got.sort_unstable();
        assert_eq!(got, [Some(1), Some(2)]);
        assert_eq!(pad.used(), [1, 2]);
    });
}
