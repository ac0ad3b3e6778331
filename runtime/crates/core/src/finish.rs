//! The end of a superstep: what its tasks wrote is applied, or the run stops with them.

use std::sync::Arc;

use crate::checkpoint::Source;
use crate::config::{Breakpoints, Outcome, Stop};
use crate::event::Event;
use crate::host::Host;
use crate::ids::{ChannelId, TaskPath, TaskRef};
use crate::run::{Ended, Failed, PlannedTask, Run};
use crate::scratchpad::Scratchpad;
use crate::state::Applied;
use crate::task::Phase;
use crate::write::{Interrupt, Write};

impl<H: Host> Run<H> {
    /// Ends a superstep in which all tasks are settled, unless it is to be stopped here.
    pub(crate) fn finish_step(&mut self, host: &mut H) -> Result<Ended<H>, Arc<Failed<H>>> {
        if self.halted {
            for bubbles in [true, false] {
                if let Some(error) = self.first_error(bubbles) {
                    return Err(error);
                }
            }
        }
        let stopped = |task: &PlannedTask<H>| matches!(task.phase, Phase::Interrupted(_));
        if self.called_asks() || self.halted && self.tasks.iter().any(stopped) {
            let interrupts = self.tasks.iter().filter_map(|task| match &task.phase {
                Phase::Interrupted(interrupts) => Some(interrupts.clone()),
                _ => None,
            });
            let interrupts = interrupts.flatten().collect();
            return self
                .interrupt(host, interrupts, Stop::Question)
                .map(Some)
                .map_err(Arc::new);
        }
        let mut nodes = Vec::new();
        if self.config.interrupt_after != Breakpoints::None {
            nodes.extend(self.tasks.iter().map(|task| task.at.node));
        }
        self.note_superstep(host);
        if self.config.interest.save {
            self.kept = self.pending_writes();
        }
        let updated = self.apply_all(host).map_err(Arc::new)?;
        if self.shows(&updated) {
            self.tell_values(None);
        }
        self.updated = Some(updated);
        self.kept.clear();
        self.loaded.clear();
        self.forget_called();
        self.input_writes.clear();
        self.commanded = false;
        self.rerun = false;
        if std::mem::take(&mut self.answered) {
            match &self.config.parent {
                Some(parent) => self.null = parent.clone(),
                None => self.null.clear(),
            }
        }
        if self.update_only {
            self.put_checkpoint(host, Source::Update)
                .map_err(Arc::new)?;
            return Ok(Some(self.finished()));
        }
        self.put_checkpoint(host, Source::Loop).map_err(Arc::new)?;
        if let Some(state) = &mut self.state {
            state.stats.steps += 1;
        }
        if self.should_interrupt(
            |breakpoints| &breakpoints.interrupt_after,
            nodes.into_iter(),
        ) {
            self.find_tasks(host).map_err(Arc::new)?;
            self.tell_planned();
            return self
                .interrupt(host, Vec::new(), Stop::After)
                .map(Some)
                .map_err(Arc::new);
        }
        Ok(None)
    }

    pub(crate) fn finished(&mut self) -> Outcome<H::Value, H::Error> {
        let values = self.read_output();
        self.over(Outcome::Finished { values })
    }

    /// The first failure in planned order, of the kind that bubbles up or of the other.
    pub(crate) fn first_error(&self, bubbles: bool) -> Option<Arc<Failed<H>>> {
        self.tasks.iter().find_map(|task| match &task.phase {
            Phase::Failed(error) if !bubbles => Some(Arc::clone(error)),
            Phase::BubbledUp(error) if bubbles => Some(Arc::clone(error)),
            _ => None,
        })
    }

    /// Applies what the tasks of the step wrote, and drops the tasks; the channels that were updated.
    fn apply_all(&mut self, host: &mut H) -> Result<Vec<ChannelId>, Failed<H>> {
        let mut tasks = std::mem::take(&mut self.applied);
        if let [task] = self.tasks.as_mut_slice() {
            tasks.push(applied(&task.at, std::mem::take(&mut task.writes)));
        } else {
            let mut order = std::mem::take(&mut self.order);
            order.clear();
            order.extend((0..).take(self.tasks.len()));
            self.sort_for_apply(&mut order);
            tasks.reserve(order.len());
            for &index in &order {
                let task = &mut self.tasks[index as usize];
                tasks.push(applied(&task.at, std::mem::take(&mut task.writes)));
            }
            self.order = order;
        }
        if !self.called.is_empty() {
            tasks.extend(self.applied_called());
        }
        // inputs are dropped before reducers run, so that these may own the values they extend
        let pads = self.tasks.drain(..).map(|task| task.pad);
        self.spare_pads.extend(pads.filter(Scratchpad::is_kept));
        let mut updated = self.updated.take().unwrap_or_default();
        updated.clear();
        if let Some(state) = &mut self.state {
            let (graph, events) = (&self.graph, &mut self.events);
            state.apply_into(graph, host, None, &mut tasks, events, &mut updated)?;
        }
        self.spare_writes
            .extend(tasks.drain(..).map(|applied| applied.writes));
        self.applied = tasks;
        Ok(updated)
    }

    pub(crate) fn apply(
        &mut self,
        host: &mut H,
        tasks: Vec<Applied<H::Value>>,
    ) -> Result<Vec<ChannelId>, Failed<H>> {
        match &mut self.state {
            Some(state) => state.apply(&self.graph, host, None, tasks, &mut self.events),
            None => Ok(Vec::new()),
        }
    }

    /// Upstream applies nodes by name, then sends by number.
    pub(crate) fn sort_for_apply(&self, order: &mut [u32]) {
        order.sort_by_key(|&index| self.apply_key(&self.tasks[index as usize].at));
    }

    /// What a handler writes comes right after what the task that failed wrote.
    pub(crate) fn apply_key(&self, at: &TaskRef) -> (u8, u32, bool) {
        let (node, path, handles) = match at.path.failed() {
            Some((node, path)) => (node, path, true),
            None => (at.node, at.path, false),
        };
        let (kind, place) = match path {
            TaskPath::Push(place) => (1, place),
            TaskPath::Update(place) => (2, place),
            _ => (0, self.graph.nodes[node.index()].rank),
        };
        (kind, place, handles)
    }

    /// Stops the run at `interrupt()` or at a breakpoint.
    ///
    /// The outcome shows the state with the writes of finished tasks, although no checkpoint has them.
    pub(crate) fn interrupt(
        &mut self,
        host: &mut H,
        interrupts: Vec<Interrupt<H::Value>>,
        at: Stop,
    ) -> Result<Outcome<H::Value, H::Error>, Failed<H>> {
        let wrote = |task: &PlannedTask<H>| !task.writes.is_empty() || task.answers().is_some();
        let called = self.called_wrote();
        let pending = called
            || self.tasks.iter().any(|task| !task.recorded().is_empty())
            || !self.loaded.is_empty()
            || !self.input_writes.is_empty();
        if !self.config.nested && pending && (called || self.tasks.iter().any(wrote)) {
            // the state goes on from the checkpoint that is to be stored
            self.last = self.last_checkpoint(host)?;
            let mut order: Vec<u32> = (0..).take(self.tasks.len()).collect();
            self.sort_for_apply(&mut order);
            let writes = |&index: &u32| {
                let task = &self.tasks[index as usize];
                applied(&task.at, task.writes.clone())
            };
            let called = self.applied_called();
            let tasks = order.iter().map(writes).chain(called).collect();
            let updated = self.apply(host, tasks)?;
            if self.shows(&updated) {
                self.tell_values(None);
            }
        }
        let stops = interrupts.is_empty() && !self.called_asks();
        if stops && !self.config.nested && self.config.interest.updates {
            self.events.push(Event::Interrupted {
                step: self.step,
                task: None,
                interrupts: Vec::new(),
            });
        }
        let values = self.read_output();
        Ok(self.over(Outcome::Interrupted {
            values,
            interrupts,
            at,
        }))
    }
}

fn applied<V>(at: &TaskRef, writes: Vec<Write<V>>) -> Applied<V> {
    Applied {
        task: Some((at.node, at.path)),
        writes,
    }
}
