//! What a run tells a saver: checkpoints, and writes that belong to none yet.

use std::collections::HashSet;

use crate::checkpoint::{Checkpoint, CheckpointId, Source};
use crate::delta::LastCheckpoint;
use crate::event::Event;
use crate::host::Host;
use crate::run::{Failed, PlannedTask, Run};
use crate::task::Task;
use crate::write::{PendingWrites, Write, Writer};

impl<H: Host> Run<H> {
    /// Writes of the step that did not complete. When a run ends, a saver puts them
    /// into the last checkpoint it was given, or else into the one the run started from.
    ///
    /// With [`Config::at_exit`], those that an earlier run left there are not among them.
    #[must_use]
    pub fn pending_writes(&self) -> Vec<PendingWrites<H::Value>> {
        if !self.kept.is_empty() {
            return self.kept.clone();
        }
        let mut pending = Vec::new();
        let mut keep = |writer, writes: Vec<Write<H::Value>>| {
            if !writes.is_empty() {
                pending.push(PendingWrites { writer, writes });
            }
        };
        if self.commanded || !self.config.at_exit {
            keep(Writer::Input, self.input_writes.clone());
        }
        if !self.loaded.is_empty() && !self.config.at_exit {
            let wrote = |task: &&PlannedTask<H>| !task.recorded().is_empty();
            let rewritten: HashSet<_> = self.tasks.iter().filter(wrote).map(Task::key).collect();
            let mut loaded: Vec<_> = self
                .loaded
                .iter()
                .filter(|(key, _)| !rewritten.contains(key))
                .collect();
            loaded.sort_by_key(|(key, _)| **key);
            for (&(node, path), writes) in loaded {
                keep(Writer::Task(node, path), writes.clone());
            }
        }
        for task in &self.tasks {
            keep(Writer::Task(task.at.node, task.at.path), task.recorded());
        }
        pending.extend(self.pending_called());
        pending
    }

    /// Numbers the new checkpoint, tells a saver, and goes to the next step.
    pub(crate) fn put_checkpoint(&mut self, host: &mut H, source: Source) -> Result<(), Failed<H>> {
        self.checkpoint_id = CheckpointId::new(self.step, host.checkpoint_id(self.step));
        if self.config.interest.save {
            let updated = self.updated.as_deref();
            let updated = updated.filter(|_| source != Source::Fork);
            self.deltas.count(updated.unwrap_or_default());
            if self.config.at_exit {
                self.passed = Some((self.step, source));
                self.events.push(Event::Passed {
                    id: self.checkpoint_id.as_str().to_owned(),
                    step: self.step,
                    source,
                    counters: self.deltas.counters(),
                });
            } else if let Some(checkpoint) = self.save(host, self.step, source)? {
                self.events.push(Event::Checkpoint(Box::new(checkpoint)));
            }
        }
        self.step += 1;
        Ok(())
    }

    fn save(
        &mut self,
        host: &mut H,
        step: i64,
        source: Source,
    ) -> Result<Option<Checkpoint<H::Value>>, Failed<H>> {
        let Some(state) = &self.state else {
            return Ok(None);
        };
        let whole = self.deltas.due(state);
        self.deltas.stored(&whole);
        // a branch's first checkpoint tells of none, unless it has waited for the end of the run
        let told = !self.update_only && (source != Source::Fork || self.config.at_exit);
        let updated = self.updated.as_deref().filter(|_| told);
        let mut checkpoint = state.save(
            &self.graph,
            host,
            self.checkpoint_id.as_str().to_owned(),
            step,
            source,
            updated.unwrap_or_default(),
            &whole,
        )?;
        checkpoint.counters = self.deltas.counters();
        Ok(Some(checkpoint))
    }

    /// With [`Config::at_exit`]: the last checkpoint and the writes to delta channels that it implies
    /// without holding them, or nothing when the run has made none. Gives it once.
    ///
    /// # Errors
    /// What a channel raises that is to be kept.
    pub fn last_checkpoint(
        &mut self,
        host: &mut H,
    ) -> Result<Option<LastCheckpoint<H::Value>>, Failed<H>> {
        if let Some((step, source)) = self.passed.take() {
            let kept = self.take_kept_deltas();
            let checkpoint = self.save(host, step, source)?;
            self.last = checkpoint.map(|checkpoint| LastCheckpoint { checkpoint, kept });
        }
        Ok(self.last.take())
    }
}
