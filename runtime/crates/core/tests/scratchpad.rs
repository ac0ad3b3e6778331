//! Which question of a task gets which answer.

mod sync {
    pub(crate) use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
}

#[path = "../src/scratchpad.rs"]
#[allow(dead_code)] // the rest is for the engine
mod scratchpad;

use scratchpad::{NullResume, Scratchpad};

#[test]
fn given_answers_come_before_the_null_resume() {
    let pad = Scratchpad::new(vec![1], NullResume::new(Some(2)));
    assert_eq!(
        (pad.answer(), pad.answer(), pad.answer()),
        (Some(1), Some(2), None)
    );
    assert_eq!(pad.used(), [1, 2]);
}

#[test]
fn only_answers_asked_for_count_as_used() {
    let pad = Scratchpad::new(vec![1, 2], NullResume::new(None));
    assert_eq!(pad.answer(), Some(1));
    assert_eq!(pad.used(), [1]);
    assert_eq!(pad.answered(), 2);
}

#[test]
fn a_task_that_starts_over_gets_its_answers_again() {
    let pad = Scratchpad::new(vec![1], NullResume::new(Some(2)));
    assert_eq!((pad.answer(), pad.answer()), (Some(1), Some(2)));
    pad.restart();
    assert_eq!(pad.attempt(), 2);
    assert!(pad.used().is_empty());
    assert_eq!((pad.answer(), pad.answer()), (Some(1), Some(2)));
}

#[test]
fn a_refused_answer_is_not_used() {
    let pad = Scratchpad::new(vec![1], NullResume::new(Some(2)));
    let refuse = |_: &i64| Err::<i64, _>("no");
    assert_eq!(pad.answer(), Some(1));
    assert_eq!(pad.checked_answer(refuse), Some(Err("no")));
    assert_eq!((pad.used(), pad.answered()), (vec![1], 1));
}

#[test]
fn a_check_says_what_the_node_gets() {
    let pad = Scratchpad::new(vec![1], NullResume::new(None));
    let double = |answer: &i64| Ok::<_, ()>(answer * 2);
    assert_eq!(pad.checked_answer(double), Some(Ok(2)));
    assert_eq!((pad.used(), pad.checked_answer(double)), (vec![1], None));
}

#[test]
fn a_pad_is_used_again_once_its_node_is_done() {
    let mut pad = Scratchpad::new(vec![1], NullResume::new(None));
    let node = pad.clone();
    assert_eq!((node.answer(), node.next_nested()), (Some(1), 0));
    assert_eq!(pad.reuse(vec![2], &NullResume::new(None)), Err(vec![2]));
    drop(node);
    assert_eq!(pad.reuse(vec![2], &NullResume::new(Some(3))), Ok(()));
    assert_eq!((pad.used(), pad.next_nested()), (vec![], 0));
    assert_eq!((pad.answer(), pad.answer()), (Some(2), Some(3)));
}

#[test]
fn a_pad_without_answers_gives_none() {
    let pad: Scratchpad<i64> = Scratchpad::without_answers();
    assert_eq!((pad.answer(), pad.answered(), pad.attempt()), (None, 0, 1));
    assert_eq!((pad.used(), pad.null_resume().is_open()), (vec![], false));
}

#[test]
fn graphs_of_one_task_are_numbered() {
    let pad: Scratchpad<i64> = Scratchpad::new(vec![], NullResume::new(None));
    assert_eq!((pad.next_nested(), pad.clone().next_nested()), (0, 1));
}

#[test]
fn the_null_resume_is_taken_once() {
    let null = NullResume::new(Some(7));
    let (first, second) = (
        Scratchpad::new(vec![], null.clone()),
        Scratchpad::new(vec![], null),
    );
    assert_eq!((second.answer(), first.answer()), (Some(7), None));
}
