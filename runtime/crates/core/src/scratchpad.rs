//! The answers a task has for its `interrupt()` calls.

use std::convert::Infallible;
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

// `tests/interleavings.rs` runs this file on locks of which it tries every order
use crate::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The one answer of `Command(resume=value)`, taken by the first task that asks.
pub struct NullResume<V>(Arc<Mutex<Option<V>>>);

impl<V> NullResume<V> {
    /// A holder of `answer`.
    #[must_use]
    pub fn new(answer: Option<V>) -> Self {
        NullResume(Arc::new(Mutex::new(answer)))
    }

    pub(crate) fn is_open(&self) -> bool {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .is_some()
    }

    /// Drops an answer that nobody has taken.
    pub(crate) fn clear(&self) {
        drop(self.take());
    }

    fn take(&self) -> Option<V> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl<V> Clone for NullResume<V> {
    fn clone(&self) -> Self {
        NullResume(Arc::clone(&self.0))
    }
}

impl<V> fmt::Debug for NullResume<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NullResume")
    }
}

/// A task's answers, shared between the engine and the running node. There is nothing to share where no
/// answer can be.
pub struct Scratchpad<V>(Option<Arc<Pad<V>>>);

struct Pad<V> {
    answers: Mutex<Answers<V>>,
    /// Whether the task has asked for any: most never do, and are spared the lock.
    asks: AtomicBool,
    null: NullResume<V>,
    nested: AtomicU32,
    called: AtomicU32,
    attempt: AtomicU32,
}

struct Answers<V> {
    given: Vec<V>,
    asked: usize,
    used: usize,
}

impl<V> Pad<V> {
    fn answers(&self) -> MutexGuard<'_, Answers<V>> {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<V: Clone> Scratchpad<V> {
    pub(crate) fn new(given: Vec<V>, null: NullResume<V>) -> Self {
        let answers = Mutex::new(Answers {
            given,
            asked: 0,
            used: 0,
        });
        Scratchpad(Some(Arc::new(Pad {
            answers,
            asks: AtomicBool::new(false),
            null,
            nested: AtomicU32::new(0),
            called: AtomicU32::new(0),
            attempt: AtomicU32::new(1),
        })))
    }

    /// The pad of a task without answers that numbers nothing ([`Config::simple`](crate::Config::simple)).
    pub(crate) fn without_answers() -> Self {
        Scratchpad(None)
    }

    pub(crate) fn is_kept(&self) -> bool {
        self.0.is_some()
    }

    /// Makes it the pad of another task, unless the last one's node still holds it.
    ///
    /// # Errors
    /// `given`, when it does.
    pub(crate) fn reuse(&mut self, given: Vec<V>, null: &NullResume<V>) -> Result<(), Vec<V>> {
        let Some(pad) = self.0.as_mut().and_then(Arc::get_mut) else {
            return Err(given);
        };
        let answers = pad.answers.get_mut();
        let answers = answers.unwrap_or_else(PoisonError::into_inner);
        (answers.given, answers.asked, answers.used) = (given, 0, 0);
        *pad.asks.get_mut() = false;
        *pad.nested.get_mut() = 0;
        *pad.called.get_mut() = 0;
        *pad.attempt.get_mut() = 1;
        if !Arc::ptr_eq(&pad.null.0, &null.0) {
            pad.null = null.clone();
        }
        Ok(())
    }

    /// The answer to this task's next `interrupt()`; on `None` the node must stop with
    /// [`Failure::Interrupt`](crate::Failure::Interrupt).
    #[must_use]
    pub fn answer(&self) -> Option<V> {
        self.checked_answer(|answer| Ok::<_, Infallible>(answer.clone()))
            .map(|Ok(answer)| answer)
    }

    /// As [`Scratchpad::answer`], given what `check` makes of it. An answer that `check` refuses
    /// counts as not used, so that the question stays open.
    pub fn checked_answer<T, E>(
        &self,
        check: impl FnOnce(&V) -> Result<T, E>,
    ) -> Option<Result<T, E>> {
        let pad = self.0.as_deref()?;
        pad.asks.store(true, Ordering::Release);
        let (index, given) = {
            let mut answers = pad.answers();
            answers.asked += 1;
            let index = answers.asked - 1;
            (index, answers.given.get(index).cloned())
        };
        // the lock is free meanwhile: a check may run the driver's code
        let from_run = given.is_none();
        let answer = given.or_else(|| pad.null.take())?;
        let checked = check(&answer);
        if checked.is_ok() {
            let mut answers = pad.answers();
            if from_run {
                answers.given.push(answer);
                answers.used = answers.given.len();
            } else {
                // another thread of the task may have come back before with a later answer
                answers.used = answers.used.max(index + 1);
            }
        }
        Some(checked)
    }

    /// How many answers the task has, which is part of the id of its next interrupt.
    #[must_use]
    pub fn answered(&self) -> usize {
        let given = |pad: &Arc<Pad<V>>| pad.answers().given.len();
        self.0.as_ref().map_or(0, given)
    }

    /// The run-wide answer, for a nested graph's [`Config::parent`](crate::Config::parent).
    #[must_use]
    pub fn null_resume(&self) -> NullResume<V> {
        let null = self.0.as_ref().map(|pad| pad.null.clone());
        null.unwrap_or_else(|| NullResume::new(None))
    }

    /// How many graphs the task has run before the one that asks now.
    #[must_use]
    pub fn next_nested(&self) -> u32 {
        let nested = self.0.as_ref().map(|pad| &pad.nested);
        nested.map_or(0, |nested| nested.fetch_add(1, Ordering::Relaxed))
    }

    /// How many tasks the task has called before the one it calls now.
    pub(crate) fn next_called(&self) -> u32 {
        let called = self.0.as_ref().map(|pad| &pad.called);
        called.map_or(0, |called| called.fetch_add(1, Ordering::Relaxed))
    }

    /// Which attempt at the task this is, from 1.
    #[must_use]
    pub fn attempt(&self) -> u32 {
        let attempt = self.0.as_ref().map(|pad| &pad.attempt);
        attempt.map_or(1, |attempt| attempt.load(Ordering::Relaxed))
    }

    /// The task starts over: it asks from its first question again, and keeps its answers.
    pub fn restart(&self) {
        let Some(pad) = &self.0 else {
            return;
        };
        let mut answers = pad.answers();
        (answers.asked, answers.used) = (0, 0);
        pad.attempt.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn used(&self) -> Vec<V> {
        match &self.0 {
            Some(pad) if pad.asks.load(Ordering::Acquire) => {
                let answers = pad.answers();
                answers.given[..answers.used].to_vec()
            }
            _ => Vec::new(),
        }
    }
}

impl<V> Clone for Scratchpad<V> {
    fn clone(&self) -> Self {
        Scratchpad(self.0.clone())
    }
}

impl<V> fmt::Debug for Scratchpad<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Scratchpad")
    }
}
