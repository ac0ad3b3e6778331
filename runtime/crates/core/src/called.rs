//! Tasks that a running task calls.
//!
//! A called task belongs to the superstep of its caller, and the step does not end before it has. What it
//! returns or raises goes back to the caller; it is kept as its own pending writes, so that a run that goes
//! on from the same checkpoint answers the same call without running the task again.

use std::sync::Arc;

use crate::call::Target;
use crate::error::{Failure, NewInterrupt};
use crate::host::Host;
use crate::ids::{CalledRef, ChannelId, TaskRef};
use crate::run::{Run, Stage};
use crate::scratchpad::Scratchpad;
use crate::state::Applied;
use crate::task::Phase;
use crate::write::{Interrupt, PendingWrites, Write, Writer};

/// Who calls a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caller {
    /// A node or router.
    Task(TaskRef),
    /// Another called task.
    Called(CalledRef),
}

/// What a driver knows a called task by. It must be the same in every run on the same checkpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalledName {
    /// What the task does, as [`Checkpoint::called`](crate::Checkpoint::called) lists it.
    pub name: String,
    /// Its id among all tasks of the step.
    pub id: String,
    /// What ids of its interrupts are made from.
    pub namespace: String,
}

/// A call that was taken in.
#[derive(Debug)]
pub struct Called<V> {
    /// The task, to be handed back to [`Run::finish_called`].
    pub task: CalledRef,
    /// Its place among the calls of its caller.
    pub place: u32,
    /// What it is known by.
    pub name: Arc<CalledName>,
    /// The answers the task has for its `interrupt()` calls.
    pub scratchpad: Scratchpad<V>,
    /// Set when an earlier run on the checkpoint has finished the task: it must not run again.
    pub known: Option<Returned<V>>,
}

/// What a called task returned.
#[derive(Clone, Debug, PartialEq)]
pub struct Returned<V> {
    /// Its value; `None` when it ended without one.
    pub value: Option<V>,
    /// Its writes to state channels, applied at the end of the step.
    pub updates: Vec<(ChannelId, V)>,
    /// Where it wants to go.
    pub goto: Vec<Target<V>>,
}

impl<V> Returned<V> {
    /// A value and no more.
    pub fn value(value: V) -> Self {
        Returned {
            value: Some(value),
            updates: Vec::new(),
            goto: Vec::new(),
        }
    }
}

/// The answer to a call: what the task returned, or why it did not.
pub type CalledResult<V, E> = Result<Returned<V>, Failure<V, E>>;

enum CalledPhase<V> {
    Running,
    Done,
    Failed,
    Interrupted(Vec<Interrupt<V>>),
    /// It raised what concerns an outer graph: nothing is recorded.
    BubbledUp,
}

pub(crate) struct CalledTask<V> {
    caller: Caller,
    place: u32,
    name: Arc<CalledName>,
    pad: Scratchpad<V>,
    writes: Vec<Write<V>>,
    phase: CalledPhase<V>,
    /// The step still waits for it.
    awaited: bool,
}

impl<V: Clone> CalledTask<V> {
    fn recorded(&self) -> Vec<Write<V>> {
        match &self.phase {
            CalledPhase::Done | CalledPhase::Failed => self.writes.clone(),
            CalledPhase::Interrupted(interrupts) if !interrupts.is_empty() => {
                let mut writes = vec![Write::Interrupt(interrupts.clone())];
                writes.extend(self.answers());
                writes
            }
            _ => Vec::new(),
        }
    }

    fn answers(&self) -> Option<Write<V>> {
        let used = self.pad.used();
        (!used.is_empty()).then_some(Write::Resume(used))
    }
}

impl<H: Host> Run<H> {
    /// Takes in a call by a running task. `name` is given the call's place among all calls of the caller.
    ///
    /// `None` when the caller does not run any more.
    pub fn call_task(
        &mut self,
        host: &mut H,
        caller: Caller,
        name: impl FnOnce(u32) -> CalledName,
    ) -> Option<Called<H::Value>> {
        let place = self.running(caller)?.next_called();
        let name = Arc::new(name(place));
        let loaded = self.loaded_called.remove(&name.id).unwrap_or_default();
        let given = self.answers_among(&loaded, |answered| {
            host.called_interrupt_id(&name, answered)
        });
        let output = loaded.into_iter().filter(|write| !write.is_control());
        let writes: Vec<_> = match self.rerun {
            true => Vec::new(),
            false => output.collect(),
        };
        let known = (!writes.is_empty()).then(|| returned(&writes));
        let task = CalledRef {
            step: self.step,
            index: u32::try_from(self.called.len()).unwrap_or(u32::MAX),
        };
        let pad = Scratchpad::new(given, self.null.clone());
        let awaited = known.is_none();
        let phase = match awaited {
            true => CalledPhase::Running,
            false => CalledPhase::Done,
        };
        self.called_running += usize::from(awaited);
        self.called.push(CalledTask {
            caller,
            place,
            name: Arc::clone(&name),
            pad: pad.clone(),
            writes,
            phase,
            awaited,
        });
        Some(Called {
            task,
            place,
            name,
            scratchpad: pad,
            known,
        })
    }

    /// Takes a called task's result, and gives the writes a saver has to store for it. The step waits on
    /// until [`Run::end_called`], so that they can be stored before it ends.
    ///
    /// `None` when no result is expected: the task has one, or its step is over.
    pub fn finish_called(
        &mut self,
        host: &mut H,
        task: CalledRef,
        result: CalledResult<H::Value, H::Error>,
    ) -> Option<Vec<Write<H::Value>>> {
        let called = self.called.get_mut(task.index as usize).filter(|called| {
            task.step == self.step && matches!(called.phase, CalledPhase::Running)
        })?;
        match result {
            Ok(returned) => {
                called.writes.extend(called.answers());
                let updates = returned.updates.into_iter();
                called
                    .writes
                    .extend(updates.map(|(channel, value)| Write::Channel(channel, value)));
                for target in returned.goto {
                    called.writes.push(self.graph.write_to(target));
                }
                called.writes.push(match returned.value {
                    Some(value) => Write::Return(value),
                    None => Write::Nothing,
                });
                called.phase = CalledPhase::Done;
            }
            Err(Failure::Interrupt(interrupts)) => {
                let (name, answered) = (&called.name, called.pad.answered());
                let with_id =
                    |new: NewInterrupt<_>| new.with_id(|| host.called_interrupt_id(name, answered));
                let interrupts = interrupts.into_iter().map(with_id).collect();
                called.phase = CalledPhase::Interrupted(interrupts);
            }
            Err(Failure::BubbleUp(_)) => called.phase = CalledPhase::BubbledUp,
            // a called task has no routers that could have it start over
            Err(Failure::Error(_) | Failure::Engine(_) | Failure::Refusal(_) | Failure::Again) => {
                called.writes.extend(called.answers());
                called.writes.push(Write::Error);
                called.phase = CalledPhase::Failed;
            }
        }
        // with everything told at the end, this is still told now: only the driver knows the task's path
        Some(
            match self.config.interest.task_writes || self.config.at_exit {
                true => called.recorded(),
                false => Vec::new(),
            },
        )
    }

    /// The step need not wait for the called task any more. `false` when it did not.
    pub fn end_called(&mut self, task: CalledRef) -> bool {
        let called = self.called.get_mut(task.index as usize);
        let Some(called) = called.filter(|called| task.step == self.step && called.awaited) else {
            return false;
        };
        called.awaited = false;
        self.called_running -= 1;
        true
    }

    /// Whether called tasks are running. Once no call is left to perform, [`Run::next`] only waits for them.
    #[must_use]
    pub fn awaits_called(&self) -> bool {
        self.called_running > 0
    }

    /// The pad of a task that can call.
    fn running(&self, caller: Caller) -> Option<&Scratchpad<H::Value>> {
        if matches!(self.stage, Stage::Over) {
            return None;
        }
        match caller {
            Caller::Task(at) => {
                let task = self.tasks.get(at.index as usize)?;
                let runs = matches!(task.phase, Phase::AwaitingNode | Phase::AwaitingRoute);
                (task.at == at && runs).then_some(&task.pad)
            }
            Caller::Called(at) => {
                let called = self.called.get(at.index as usize)?;
                let runs = matches!(called.phase, CalledPhase::Running);
                (at.step == self.step && runs).then_some(&called.pad)
            }
        }
    }

    /// The questions that called tasks of the step stopped at. A caller that has let its task's question
    /// pass asks the same one itself.
    #[must_use]
    pub fn asked_by_called(&self) -> Vec<Interrupt<H::Value>> {
        let asked = self.called.iter().filter_map(|called| match &called.phase {
            CalledPhase::Interrupted(interrupts) => Some(interrupts.clone()),
            _ => None,
        });
        asked.flatten().collect()
    }

    /// Whether a called task of the step stopped at a question.
    pub(crate) fn called_asks(&self) -> bool {
        let asks = |called: &CalledTask<_>| matches!(called.phase, CalledPhase::Interrupted(_));
        self.called.iter().any(asks)
    }

    /// Whether a called task of the step has written anything.
    pub(crate) fn called_wrote(&self) -> bool {
        self.called
            .iter()
            .any(|called| !called.writes.is_empty() || called.answers().is_some())
    }

    /// What called tasks add to the step: only tasks that wrote to channels change anything.
    pub(crate) fn applied_called(&self) -> Vec<Applied<H::Value>> {
        let changes = |write: &Write<_>| !matches!(write, Write::Return(_) | Write::Nothing);
        let writes_more =
            |called: &&CalledTask<_>| called.writes.iter().any(|w| !w.is_control() && changes(w));
        let mut wrote: Vec<_> = self.called.iter().filter(writes_more).collect();
        wrote.sort_by_cached_key(|called| self.called_key(called));
        let applied = |called: &CalledTask<H::Value>| Applied {
            task: None,
            writes: called.writes.clone(),
        };
        wrote.into_iter().map(applied).collect()
    }

    /// Upstream applies called tasks after all others, by depth, then as their first callers, then by place.
    fn called_key(&self, called: &CalledTask<H::Value>) -> (usize, (u8, u32, bool), Vec<u32>) {
        let mut places = vec![called.place];
        let mut caller = called.caller;
        loop {
            match caller {
                Caller::Called(at) => {
                    let outer = &self.called[at.index as usize];
                    places.push(outer.place);
                    caller = outer.caller;
                }
                Caller::Task(at) => {
                    places.reverse();
                    return (places.len(), self.apply_key(&at), places);
                }
            }
        }
    }

    /// Ends the step for its called tasks.
    pub(crate) fn forget_called(&mut self) {
        if let Some(state) = &mut self.state {
            for called in &self.called {
                state.note_called(&called.name.name);
            }
        }
        self.called.clear();
        self.loaded_called.clear();
    }

    /// What called tasks of the step, and of earlier runs of it, have written.
    pub(crate) fn pending_called(&self) -> impl Iterator<Item = PendingWrites<H::Value>> {
        let mut earlier: Vec<_> = self.loaded_called.iter().collect();
        earlier.sort_by_key(|(id, _)| *id);
        let earlier = earlier
            .into_iter()
            .map(|(id, writes)| (id.clone(), writes.clone()));
        let now = self
            .called
            .iter()
            .map(|called| (called.name.id.clone(), called.recorded()));
        earlier
            .chain(now)
            .filter(|(_, writes)| !writes.is_empty())
            .map(|(id, writes)| PendingWrites {
                writer: Writer::Called(id),
                writes,
            })
    }
}

fn returned<V: Clone>(writes: &[Write<V>]) -> Returned<V> {
    let value = writes.iter().find_map(|write| match write {
        Write::Return(value) => Some(value.clone()),
        _ => None,
    });
    Returned {
        value,
        updates: Vec::new(),
        goto: Vec::new(),
    }
}
