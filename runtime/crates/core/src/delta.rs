//! Channels that checkpoints hold as the writes made to them, and as a whole only now and then.
//!
//! Such a channel's value at a checkpoint is its last snapshot with everything folded into it that was
//! written on the checkpoints since. Here it is decided when a snapshot is due: when enough updates or
//! supersteps have gone by, or when replaying the writes would give another value (some were dropped
//! by an `Overwrite`, or belong to a branch of the thread that is left). Drivers keep the writes.

use std::collections::HashMap;

use crate::checkpoint::{Checkpoint, Counter};
use crate::config::DeltaConfig;
use crate::error::Error;
use crate::event::Event;
use crate::graph::Graph;
use crate::host::Host;
use crate::ids::{ChannelId, HostedId, NodeId, TaskPath, TaskRef};
use crate::run::Run;
use crate::state::State;
use crate::write::Write;

/// A graph's delta channel.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DeltaSlot {
    pub channel: ChannelId,
    pub hosted: HostedId,
    /// Updates after which it is stored whole.
    pub frequency: u64,
}

/// Writes to delta channels that wait for the end of the run.
#[derive(Clone, Debug)]
pub struct KeptDeltas<V> {
    /// The superstep.
    pub step: i64,
    /// Id of the checkpoint its tasks were planned on.
    pub checkpoint_id: String,
    /// Who wrote, what to which channel. No task: the input or a `Command`.
    pub writes: Vec<(Option<TaskRef>, ChannelId, V)>,
}

/// What a run leaves to be stored at its end.
#[derive(Clone, Debug)]
pub struct LastCheckpoint<V> {
    /// The state after the last step that was completed.
    pub checkpoint: Checkpoint<V>,
    /// Writes to delta channels that it implies without holding them.
    pub kept: Vec<KeptDeltas<V>>,
}

/// What a run knows of its delta channels. Empty, and free, for a graph that has none.
pub(crate) struct Deltas<V> {
    channels: Vec<Delta>,
    config: DeltaConfig,
    /// The thread has no checkpoint yet and none is made by running: nothing to count from.
    fresh_update: bool,
    /// Channels that pending writes of the checkpoint go to, by the tasks that made them. To be
    /// looked at once it is known which of these tasks the first superstep takes the writes back of.
    unclaimed: Vec<(Option<(NodeId, TaskPath)>, ChannelId)>,
    /// With everything stored at the end: writes that no checkpoint has yet.
    kept: Vec<KeptDeltas<V>>,
    /// What a `Command` wrote on the checkpoint the run starts from, until the first superstep.
    commanded: Vec<(ChannelId, V)>,
    /// The first superstep of the run.
    first_step: Option<i64>,
}

struct Delta {
    slot: DeltaSlot,
    updates: u64,
    supersteps: u64,
    forced: bool,
}

impl<V: Clone> Deltas<V> {
    pub fn new(graph: &Graph, config: DeltaConfig) -> Self {
        let delta = |&slot| Delta {
            slot,
            updates: 0,
            supersteps: 0,
            forced: false,
        };
        Deltas {
            channels: graph.deltas.iter().map(delta).collect(),
            config,
            fresh_update: false,
            unclaimed: Vec::new(),
            kept: Vec::new(),
            commanded: Vec::new(),
            first_step: None,
        }
    }

    pub fn is_empty(&self) -> bool {
        self.channels.is_empty()
    }

    pub fn slot(&self, channel: ChannelId) -> Option<DeltaSlot> {
        let mut slots = self.channels.iter().map(|delta| delta.slot);
        slots.find(|slot| slot.channel == channel)
    }

    /// Takes over what a checkpoint says of how long ago the channels were stored whole.
    pub fn restore(&mut self, counters: &[Counter]) {
        for counter in counters {
            if let Some(delta) = self.find(counter.channel) {
                delta.updates = counter.updates;
                delta.supersteps = counter.supersteps;
            }
        }
    }

    fn find(&mut self, channel: ChannelId) -> Option<&mut Delta> {
        let mut channels = self.channels.iter_mut();
        channels.find(|delta| delta.slot.channel == channel)
    }

    /// Gives writes the form in which replaying them later gives the same value.
    pub fn stabilize<H: Host<Value = V>>(
        &self,
        host: &mut H,
        writes: &mut [Write<V>],
    ) -> Result<(), Error<H::Error>> {
        if self.is_empty() {
            return Ok(());
        }
        for write in writes {
            if let Write::Channel(channel, value) = write
                && let Some(slot) = self.slot(*channel)
            {
                *value = host
                    .stable(slot.hosted, value.clone())
                    .map_err(Error::Host)?;
            }
        }
        Ok(())
    }

    /// The next checkpoint holds the channel whole, if it is a delta channel.
    pub fn force(&mut self, channel: ChannelId) {
        if let Some(delta) = self.find(channel) {
            delta.forced = true;
        }
    }

    /// Forces a snapshot of all channels that are written to.
    pub fn force_written(&mut self, writes: &[Write<V>]) {
        for write in writes {
            if let Write::Channel(channel, _) = write {
                self.force(*channel);
            }
        }
    }

    /// Forces a snapshot of the channels that an `Overwrite` sets: what was folded before it is lost.
    pub fn force_overwritten<H: Host<Value = V>>(&mut self, host: &mut H, writes: &[Write<V>]) {
        if self.is_empty() {
            return;
        }
        for write in writes {
            if let Write::Channel(channel, value) = write
                && self.slot(*channel).is_some()
                && host.overwrite(value).is_some()
            {
                self.force(*channel);
            }
        }
    }

    /// Writes that wait on the checkpoint the run starts from, of a node's task or of somebody else.
    pub fn wait(&mut self, writer: Option<(NodeId, TaskPath)>, writes: &[Write<V>]) {
        for write in writes {
            if let Write::Channel(channel, _) = write
                && self.slot(*channel).is_some()
            {
                self.unclaimed.push((writer, *channel));
            }
        }
    }

    /// Nothing takes the waiting writes back: they are some other branch's.
    pub fn abandon_waiting(&mut self) {
        for (_, channel) in std::mem::take(&mut self.unclaimed) {
            self.force(channel);
        }
    }

    /// A thread is begun by an update: its first checkpoint holds what is there, and counts nothing.
    pub fn begin_by_update(&mut self) {
        self.fresh_update = true;
    }

    /// Counts a checkpoint.
    pub fn count(&mut self, updated: &[ChannelId]) {
        if self.fresh_update {
            return;
        }
        for delta in &mut self.channels {
            delta.supersteps += 1;
            delta.updates += u64::from(updated.contains(&delta.slot.channel));
        }
    }

    /// The channels the next checkpoint is to hold whole.
    pub fn due(&self, state: &State<V>) -> Vec<ChannelId> {
        let due = |delta: &&Delta| {
            let stale = delta.updates >= delta.slot.frequency
                || delta.supersteps >= self.config.bound
                || self.fresh_update;
            let channel = delta.slot.channel;
            delta.forced || stale && state.holds_written(channel)
        };
        let due = self.channels.iter().filter(due);
        due.map(|delta| delta.slot.channel).collect()
    }

    /// The channels have been stored whole.
    pub fn stored(&mut self, channels: &[ChannelId]) {
        for delta in &mut self.channels {
            if channels.contains(&delta.slot.channel) {
                (delta.updates, delta.supersteps, delta.forced) = (0, 0, false);
            }
        }
    }

    pub fn counters(&self) -> Vec<Counter> {
        let counted = self.channels.iter().map(|delta| Counter {
            channel: delta.slot.channel,
            updates: delta.updates,
            supersteps: delta.supersteps,
        });
        counted
            .filter(|counter| counter.updates > 0 || counter.supersteps > 0)
            .collect()
    }

    fn of(&self, writes: &[Write<V>]) -> Vec<(ChannelId, V)> {
        let own = |write: &Write<V>| match write {
            Write::Channel(channel, value) => {
                self.slot(*channel).map(|_| (*channel, value.clone()))
            }
            _ => None,
        };
        writes.iter().filter_map(own).collect()
    }
}

impl<H: Host> Run<H> {
    /// Input that is written to channels at once: nobody's task stores it, so a driver has to.
    pub(crate) fn note_input(&mut self, host: &mut H, writes: &[Write<H::Value>]) {
        let own = self.deltas.of(writes);
        if own.is_empty() {
            return;
        }
        self.deltas.force_overwritten(host, writes);
        if self.config.at_exit {
            self.deltas.kept.push(KeptDeltas {
                step: self.step,
                checkpoint_id: self.checkpoint_id.as_str().to_owned(),
                writes: own.into_iter().map(|(c, v)| (None, c, v)).collect(),
            });
        } else if self.found && self.config.deltas.newest {
            let writes = own.into_iter().map(|(c, v)| Write::Channel(c, v)).collect();
            self.events.push(Event::InputWrites { writes });
        } else {
            self.deltas.force_written(writes);
        }
    }

    /// As for input that begins a run, for one that only changes the thread: it is stored as a task's.
    pub(crate) fn note_received(&mut self, host: &mut H, writes: &[Write<H::Value>]) {
        self.note_update(host, writes);
        let writes = writes.to_vec();
        self.events.push(Event::InputWrites { writes });
    }

    /// What an update from outside writes: another branch of the thread must not read it.
    pub(crate) fn note_update(&mut self, host: &mut H, writes: &[Write<H::Value>]) {
        self.deltas.force_overwritten(host, writes);
        if self.found && !self.config.deltas.newest {
            self.deltas.force_written(writes);
        }
    }

    /// A `Command` has written on the checkpoint the run starts from.
    pub(crate) fn note_command(&mut self, writes: &[Write<H::Value>]) {
        if self.config.at_exit && !self.deltas.is_empty() {
            self.deltas.commanded = self.deltas.of(writes);
        }
    }

    /// A superstep is about to be applied: what it says about snapshots, and what it wrote.
    pub(crate) fn note_superstep(&mut self, host: &mut H) {
        if self.deltas.is_empty() {
            return;
        }
        for index in 0..self.tasks.len() {
            let writes = std::mem::take(&mut self.tasks[index].writes);
            if self.update_only {
                self.note_update(host, &writes);
            } else {
                self.deltas.force_overwritten(host, &writes);
            }
            self.tasks[index].writes = writes;
        }
        let claimed: HashMap<_, _> = self
            .tasks
            .iter()
            .map(|task| (task.key(), task.is_restored()))
            .collect();
        let unclaimed = std::mem::take(&mut self.deltas.unclaimed);
        for (writer, channel) in unclaimed {
            let taken_back = writer.and_then(|key| claimed.get(&key).copied());
            if taken_back != Some(true) {
                self.deltas.force(channel);
            }
        }
        // what called tasks write is nothing that a checkpoint could be read back from
        for applied in self.applied_called() {
            self.deltas.force_written(&applied.writes);
        }
        if !self.config.at_exit {
            return;
        }
        self.deltas.first_step.get_or_insert(self.step);
        let commanded = std::mem::take(&mut self.deltas.commanded);
        let mut writes: Vec<_> = commanded.into_iter().map(|(c, v)| (None, c, v)).collect();
        for task in &self.tasks {
            let stored = self.loaded.get(&task.key());
            let is_stored = |channel| {
                let mut stored = stored.into_iter().flatten();
                stored.any(|write| matches!(write, Write::Channel(id, _) if *id == channel))
            };
            let own = self.deltas.of(&task.writes).into_iter();
            let new = own.filter(|(channel, _)| !is_stored(*channel));
            writes.extend(new.map(|(channel, value)| (Some(task.at), channel, value)));
        }
        if !writes.is_empty() {
            self.deltas.kept.push(KeptDeltas {
                step: self.step,
                checkpoint_id: self.checkpoint_id.as_str().to_owned(),
                writes,
            });
        }
    }

    /// The writes to delta channels that the last checkpoint implies but does not hold, and the first
    /// superstep of the run. `found`: the run started from a checkpoint.
    pub(crate) fn take_kept_deltas(&mut self) -> Vec<KeptDeltas<H::Value>> {
        let mut kept = std::mem::take(&mut self.deltas.kept);
        if self.found && !self.config.deltas.newest {
            // a checkpoint with other children cannot take writes: they would read them, too
            for (_, channel, _) in kept.iter().flat_map(|step| &step.writes) {
                self.deltas.force(*channel);
            }
        }
        let due = match &self.state {
            Some(state) => self.deltas.due(state),
            None => Vec::new(),
        };
        for step in &mut kept {
            step.writes.retain(|(_, channel, _)| !due.contains(channel));
        }
        kept.retain(|step| !step.writes.is_empty());
        kept
    }

    /// The first superstep of the run, once it has been applied.
    #[must_use]
    pub fn first_step(&self) -> Option<i64> {
        self.deltas.first_step
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::rc::Rc;
    use std::sync::Arc;

    use super::*;
    use crate::builder::{NodeSpec, StateGraph};
    use crate::call::Call;
    use crate::channel::Signal;
    use crate::config::{Config, Start};
    use crate::event::Interest;
    use crate::graph::{ChannelKind, START};
    use crate::ids::ReducerId;
    use crate::state::Applied;

    /// What channels hold here.
    type Number = Rc<Cell<i64>>;

    const SUM: ChannelId = ChannelId(0);
    const OTHER: ChannelId = ChannelId(1);
    const FREQUENCY: u64 = 3;
    /// A write of this is an `Overwrite`.
    const RESET: i64 = 0;

    /// Channels that add up what is written to them.
    struct Sums;

    impl Host for Sums {
        type Value = Number;
        type Error = String;

        fn reduce(
            &mut self,
            _: ReducerId,
            _: Self::Value,
            _: Self::Value,
        ) -> Result<Self::Value, String> {
            Err("there is no reducer".to_owned())
        }

        fn initial(&mut self, _: ReducerId) -> Option<Self::Value> {
            None
        }

        fn overwrite(&mut self, value: &Self::Value) -> Option<Self::Value> {
            (value.get() == RESET).then(|| number(RESET))
        }

        fn open(
            &mut self,
            _: HostedId,
            kept: Option<Self::Value>,
        ) -> Result<Option<Self::Value>, String> {
            Ok(Some(number(kept.map_or(0, |kept| kept.get()))))
        }

        fn tell(
            &mut self,
            channel: &Self::Value,
            signal: Signal<Self::Value>,
        ) -> Result<bool, String> {
            let (Signal::Update(writes) | Signal::Replay(writes)) = signal else {
                return Ok(false);
            };
            let more: i64 = writes.iter().map(|write| write.get()).sum();
            channel.set(channel.get() + more);
            Ok(!writes.is_empty())
        }

        fn look(&mut self, channel: &Self::Value) -> Result<Option<Self::Value>, String> {
            Ok(Some(number(channel.get())))
        }
    }

    fn number(value: i64) -> Number {
        Rc::new(Cell::new(value))
    }

    fn write(channel: ChannelId, value: i64) -> Write<Number> {
        Write::Channel(channel, number(value))
    }

    /// A node that the test answers for, and a delta channel beside one of another kind.
    fn graph() -> Graph {
        let mut graph = StateGraph::new();
        let sum = ChannelKind::Delta {
            channel: HostedId(0),
            snapshot_frequency: FREQUENCY,
        };
        graph.add_channel("sum", sum).unwrap();
        graph.add_channel("other", ChannelKind::LastValue).unwrap();
        graph.add_node(NodeSpec::new("add", ["sum"])).unwrap();
        graph.add_edge(START, "add").unwrap();
        graph.compile().unwrap()
    }

    /// What is known of the channels of a thread, and a state in which `sum` was written.
    fn written(config: DeltaConfig) -> (Deltas<Number>, State<Number>) {
        let graph = graph();
        let mut state = State::new(&graph, &mut Sums, None).unwrap();
        let writes = vec![write(SUM, 1)];
        let tasks = vec![Applied { task: None, writes }];
        let updated = state.apply(&graph, &mut Sums, None, tasks, &mut Vec::new());
        assert_eq!(updated.unwrap(), [SUM]);
        (Deltas::new(&graph, config), state)
    }

    #[test]
    fn a_snapshot_is_due_after_so_many_updates() {
        let (mut deltas, state) = written(DeltaConfig::default());
        for _ in 1..FREQUENCY {
            deltas.count(&[OTHER, SUM]);
        }
        deltas.count(&[OTHER]);
        assert_eq!(deltas.due(&state), []);
        deltas.count(&[SUM]);
        assert_eq!(deltas.due(&state), [SUM]);
        deltas.stored(&[SUM]);
        assert_eq!((deltas.due(&state), deltas.counters()), (vec![], vec![]));
    }

    #[test]
    fn a_snapshot_is_due_after_so_many_supersteps() {
        let config = DeltaConfig {
            bound: 2,
            ..DeltaConfig::default()
        };
        let (mut deltas, state) = written(config);
        deltas.count(&[]);
        assert_eq!(deltas.due(&state), []);
        deltas.count(&[]);
        assert_eq!(deltas.due(&state), [SUM]);
    }

    #[test]
    fn what_was_never_written_is_not_stored_for_its_age() {
        let (mut deltas, _) = written(DeltaConfig::default());
        let fresh = State::new(&graph(), &mut Sums, None).unwrap();
        deltas.begin_by_update();
        assert_eq!(deltas.due(&fresh), []);
        deltas.force(SUM);
        assert_eq!(deltas.due(&fresh), [SUM]);
    }

    #[test]
    fn counting_goes_on_from_a_checkpoint() {
        let (mut deltas, state) = written(DeltaConfig::default());
        let counter = Counter {
            channel: SUM,
            updates: FREQUENCY - 1,
            supersteps: 7,
        };
        deltas.restore(&[counter]);
        deltas.count(&[SUM]);
        let counted = Counter {
            updates: FREQUENCY,
            supersteps: 8,
            ..counter
        };
        assert_eq!(deltas.counters(), [counted]);
        assert_eq!(deltas.due(&state), [SUM]);
    }

    #[test]
    fn an_overwrite_forces_a_snapshot() {
        let (mut deltas, state) = written(DeltaConfig::default());
        deltas.force_overwritten(&mut Sums, &[write(SUM, 5), write(OTHER, RESET)]);
        assert_eq!(deltas.due(&state), []);
        deltas.force_overwritten(&mut Sums, &[write(SUM, RESET)]);
        assert_eq!(deltas.due(&state), [SUM]);
    }

    #[test]
    fn writes_that_nobody_takes_back_force_a_snapshot() {
        let (mut deltas, state) = written(DeltaConfig::default());
        deltas.wait(None, &[write(OTHER, 5)]);
        deltas.abandon_waiting();
        assert_eq!(deltas.due(&state), []);
        deltas.wait(None, &[write(SUM, 5)]);
        assert_eq!(deltas.due(&state), []);
        deltas.abandon_waiting();
        assert_eq!(deltas.due(&state), [SUM]);
    }

    /// The last checkpoint of a new thread that was given `input`, and whose only task wrote `output`.
    fn last(input: i64, output: i64) -> LastCheckpoint<Number> {
        let config = Config {
            interest: Interest {
                save: true,
                ..Interest::default()
            },
            at_exit: true,
            ..Config::new(10)
        };
        let start = Start::Input(vec![(SUM, number(input))]);
        let mut run = Run::new(Arc::new(graph()), start, None, config);
        loop {
            let step = run.next(&mut Sums);
            for call in step.calls {
                if let Call::Node { task, .. } = call {
                    run.complete(task, Ok(vec![(SUM, number(output))].into()));
                }
            }
            if step.outcome.is_some() {
                break run.last_checkpoint(&mut Sums).unwrap().unwrap();
            }
        }
    }

    #[test]
    fn writes_of_a_run_that_is_stored_at_its_end_are_kept() {
        let last = last(1, 2);
        let kept = last.kept.iter().flat_map(|kept| {
            let value = |(task, _, value): &(Option<TaskRef>, _, Number)| {
                (kept.step, task.map(|task| task.node), value.get())
            };
            kept.writes.iter().map(value)
        });
        let kept: Vec<_> = kept.collect();
        assert_eq!(kept, [(0, Some(NodeId::START), 1), (1, Some(NodeId(1)), 2)]);
        let counted = Counter {
            channel: SUM,
            updates: 2,
            supersteps: 3,
        };
        assert_eq!(last.checkpoint.counters, [counted]);
        assert!(last.checkpoint.values.iter().all(|(id, _)| *id != SUM));
    }

    #[test]
    fn a_channel_that_is_stored_whole_keeps_no_writes() {
        let last = last(1, RESET);
        assert!(last.kept.is_empty());
        let stored = last.checkpoint.values.iter().find(|(id, _)| *id == SUM);
        assert!(matches!(stored, Some((_, crate::Saved::Snapshot(sum))) if sum.get() == 1));
    }
}
