//! The state of a run between supersteps: channels, their versions, and what each node has seen.

mod apply;

use std::collections::BTreeSet;
use std::ops::Range;

use crate::call::{NodeOutput, Send};
use crate::channel::Channel;
use crate::checkpoint::{Checkpoint, Saved, Source};
use crate::error::Error;
use crate::graph::Graph;
use crate::groups::Groups;
use crate::host::Host;
use crate::ids::{ChannelId, NodeId, TaskPath};
use crate::stats::Stats;
use crate::values::Values;
use crate::write::Write;

/// A task's contribution to a superstep. No task: the writes of the input or of a `Command`.
pub(crate) struct Applied<V> {
    pub task: Option<(NodeId, TaskPath)>,
    pub writes: Vec<Write<V>>,
}

#[derive(Debug)]
pub(crate) struct State<V> {
    channels: Vec<Channel<V>>,
    versions: Vec<u64>,
    /// The channels that were ever written, in the order in which they first were.
    written: Vec<ChannelId>,
    /// The highest version of any channel: they only grow, and all changes of a step share one.
    pub top: u64,
    /// What each node has seen, in the order of its triggers, node after node.
    seen: Vec<u64>,
    /// By node: where its part of `seen` begins, and at the end where the last one ends.
    seen_from: Vec<usize>,
    /// Names of the tasks that were called so far.
    called: BTreeSet<String>,
    /// The nodes that ever ran, in the order in which they first did.
    ran: Vec<NodeId>,
    has_run: Vec<bool>,
    /// Value of `top` when the run was last resumed.
    pub interrupt_seen: u64,
    /// All versions at that moment, when it was this run that was resumed.
    resumed_at: Option<Vec<(ChannelId, u64)>>,
    /// Transient channels that hold something, so that a step need not look at all channels.
    transient: Vec<ChannelId>,
    /// Deferred channels that wait for the end of the run.
    finishable: BTreeSet<ChannelId>,
    /// Channels of the driver's own kind.
    hosted: Vec<ChannelId>,
    /// The writes of a step while they are applied.
    groups: Groups<Write<V>>,
    /// What a task has written while its router's state is read.
    previews: Groups<V>,
    /// The transient channels while a step is applied.
    held: Vec<ChannelId>,
    pub stats: Stats,
}

impl<V: Clone> State<V> {
    pub fn new<H: Host<Value = V>>(
        graph: &Graph,
        host: &mut H,
        checkpoint: Option<&mut Checkpoint<V>>,
    ) -> Result<Self, Error<H::Error>> {
        let mut seen_from = vec![0];
        let mut triggers = 0;
        for node in &graph.nodes {
            triggers += node.triggers.len();
            seen_from.push(triggers);
        }
        let mut state = State {
            channels: graph
                .slots
                .iter()
                .map(|slot| Channel::new(slot, host))
                .collect(),
            versions: vec![0; graph.slots.len()],
            written: Vec::new(),
            top: 0,
            seen: vec![0; triggers],
            seen_from,
            called: BTreeSet::new(),
            ran: Vec::new(),
            has_run: vec![false; graph.nodes.len()],
            interrupt_seen: 0,
            resumed_at: None,
            transient: Vec::new(),
            finishable: BTreeSet::new(),
            hosted: Vec::new(),
            groups: Groups::new(graph.slots.len()),
            previews: Groups::new(graph.slots.len()),
            held: Vec::new(),
            stats: Stats::default(),
        };
        for (id, channel) in (0..).map(ChannelId).zip(&state.channels) {
            if channel.is_hosted() {
                state.hosted.push(id);
            }
        }
        if let Some(checkpoint) = checkpoint {
            state.restore(graph, host, checkpoint)?;
        }
        state.open_rest(host)?;
        Ok(state)
    }

    /// Opens the channels of the driver's own kind of which no checkpoint keeps anything.
    fn open_rest<H: Host<Value = V>>(&mut self, host: &mut H) -> Result<(), Error<H::Error>> {
        for &id in &self.hosted {
            let channel = &mut self.channels[id.index()];
            if let Channel::Hosted { channel: None, .. } = channel {
                channel.open(host, None)?;
                if channel.is_available() {
                    self.transient.push(id);
                }
            }
        }
        Ok(())
    }

    fn restore<H: Host<Value = V>>(
        &mut self,
        graph: &Graph,
        host: &mut H,
        checkpoint: &mut Checkpoint<V>,
    ) -> Result<(), Error<H::Error>> {
        for (id, saved) in checkpoint.values.drain(..) {
            let channel = &mut self.channels[id.index()];
            match saved {
                Saved::Value(kept) if channel.is_hosted() => {
                    channel.open(host, Some(kept))?;
                    if !channel.is_available() {
                        continue;
                    }
                }
                Saved::History { seed, writes } => channel.replay(host, seed, writes)?,
                saved => channel.restore(saved),
            }
            if channel.is_transient() && channel.is_available() {
                self.transient.push(id);
            }
            if channel.is_finishable() {
                self.finishable.insert(id);
            }
        }
        for &(id, version) in &checkpoint.versions {
            self.versions[id.index()] = version;
            self.written.push(id);
            self.top = self.top.max(version);
        }
        for (node, versions) in &checkpoint.versions_seen {
            self.note_run(*node);
            let triggers = &graph.nodes[node.index()].triggers;
            for (channel, version) in versions {
                if let Some(at) = triggers.iter().position(|trigger| trigger == channel) {
                    let seen = self.seen_by(*node);
                    self.seen[seen][at] = *version;
                }
            }
        }
        self.called.extend(checkpoint.called.drain(..));
        self.interrupt_seen = checkpoint.interrupt_seen;
        Ok(())
    }

    /// `whole`: the delta channels it is to hold; of the others it holds nothing.
    #[expect(
        clippy::too_many_arguments,
        reason = "what a checkpoint says beside the state"
    )]
    pub fn save<H: Host<Value = V>>(
        &self,
        graph: &Graph,
        host: &mut H,
        id: String,
        step: i64,
        source: Source,
        updated: &[ChannelId],
        whole: &[ChannelId],
    ) -> Result<Checkpoint<V>, Error<H::Error>> {
        let mut stored = self.written.clone();
        stored.sort_unstable();
        let mut values = Vec::new();
        for &channel in whole {
            let value = self.channels[channel.index()].value().cloned();
            values.extend(value.map(|value| (channel, Saved::Snapshot(value))));
        }
        for channel in stored {
            if graph.is_delta(channel) {
                continue;
            }
            if let Some(saved) = self.channels[channel.index()].save(host)? {
                values.push((channel, saved));
            }
        }
        let versions_seen = self.ran.iter().map(|&node| {
            let triggers = graph.nodes[node.index()].triggers.iter().copied();
            let seen = triggers.zip(self.seen[self.seen_by(node)].iter().copied());
            (node, seen.filter(|&(_, version)| version > 0).collect())
        });
        let mut updated = updated.to_vec();
        updated.sort_unstable();
        Ok(Checkpoint {
            id,
            step,
            source,
            values,
            versions: self.versions_of(&self.written),
            versions_seen: versions_seen.collect(),
            called: self.called.iter().cloned().collect(),
            interrupt_seen: self.interrupt_seen,
            resumed_at: self.resumed_at.clone(),
            updated,
            counters: Vec::new(),
            pending: Vec::new(),
        })
    }

    /// Remembers that the run goes on from here: breakpoints fire on later updates only.
    pub fn resume(&mut self) {
        self.interrupt_seen = self.top;
        let mut written = self.written.clone();
        written.sort_unstable();
        self.resumed_at = Some(self.versions_of(&written));
    }

    fn versions_of(&self, channels: &[ChannelId]) -> Vec<(ChannelId, u64)> {
        let version = |&id: &ChannelId| (id, self.versions[id.index()]);
        channels.iter().map(version).collect()
    }

    /// Remembers that a task of this name was called.
    pub fn note_called(&mut self, name: &str) {
        if !self.called.contains(name) {
            self.called.insert(name.to_owned());
        }
    }

    pub fn channel(&self, id: ChannelId) -> &Channel<V> {
        &self.channels[id.index()]
    }

    /// Whether a channel was ever written to and holds something.
    pub fn holds_written(&self, id: ChannelId) -> bool {
        self.versions[id.index()] > 0 && self.channels[id.index()].is_available()
    }

    /// The packets for the next superstep.
    pub fn sends(&self, graph: &Graph) -> &[Send<V>] {
        match &self.channels[graph.tasks.index()] {
            Channel::Tasks(sends) => sends,
            _ => &[],
        }
    }

    /// Takes the packets for the next superstep.
    pub fn take_sends(&mut self, graph: &Graph) -> Vec<Send<V>> {
        match &mut self.channels[graph.tasks.index()] {
            Channel::Tasks(sends) => std::mem::take(sends),
            _ => Vec::new(),
        }
    }

    /// Takes the input that waits for the first superstep.
    pub fn take_input(&mut self, graph: &Graph) -> NodeOutput<V> {
        match &mut self.channels[graph.start.index()] {
            Channel::Start(input) => input.take().unwrap_or_default(),
            _ => NodeOutput::default(),
        }
    }

    /// The channels that hold a value, in the order asked for.
    pub fn read(&mut self, channels: &[ChannelId]) -> Vec<(ChannelId, V)> {
        self.stats.values_read += channels.len() as u64;
        let mut values = Vec::with_capacity(channels.len());
        for &id in channels {
            if let Some(value) = self.channels[id.index()].value() {
                values.push((id, value.clone()));
            }
        }
        values
    }

    /// Reads with one task's writes applied, as its routers do.
    pub fn read_fresh<H: Host<Value = V>>(
        &mut self,
        graph: &Graph,
        host: &mut H,
        channels: &[ChannelId],
        writes: &[Write<V>],
    ) -> Result<Values<V>, Error<H::Error>> {
        /// So many comparisons take less than bringing the writes together by channel.
        const FEW: usize = 64;
        self.stats.values_read += channels.len() as u64;
        let mut values = Vec::with_capacity(channels.len());
        if writes.len() * channels.len() <= FEW {
            for &id in channels {
                let own = writes.iter().filter_map(|write| match write {
                    Write::Channel(to, value) if *to == id => Some(value.clone()),
                    _ => None,
                });
                let (channel, name) = (&self.channels[id.index()], graph.channel_name(id));
                let value = channel.preview(host, name, own)?;
                values.extend(value.map(|value| (id, value)));
            }
            return Ok(values.into());
        }
        for write in writes {
            if let Write::Channel(id, value) = write {
                self.previews.add(*id, value.clone());
            }
        }
        let read = channels.iter().try_for_each(|&id| {
            let (channel, name) = (&self.channels[id.index()], graph.channel_name(id));
            let value = channel.preview(host, name, self.previews.take_of(id))?;
            values.extend(value.map(|value| (id, value)));
            Ok(())
        });
        self.previews.clear();
        read.map(|()| values.into())
    }

    /// Whether one of the node's triggers was updated since the node last ran.
    pub fn is_triggered(&mut self, graph: &Graph, node: NodeId) -> bool {
        self.stats.nodes_considered += 1;
        let from = self.seen_from[node.index()];
        let mut triggers = (from..).zip(&graph.nodes[node.index()].triggers);
        triggers.any(|(place, trigger)| {
            self.versions[trigger.index()] > self.seen[place]
                && self.channels[trigger.index()].is_available()
        })
    }

    /// Which part of `seen` is a node's.
    fn seen_by(&self, node: NodeId) -> Range<usize> {
        self.seen_from[node.index()]..self.seen_from[node.index() + 1]
    }

    fn note_run(&mut self, node: NodeId) {
        if !std::mem::replace(&mut self.has_run[node.index()], true) {
            self.ran.push(node);
        }
    }

    fn touch(&mut self, id: ChannelId, version: u64) {
        if self.versions[id.index()] == 0 {
            self.written.push(id);
        }
        self.versions[id.index()] = version;
        self.top = version;
        self.stats.channels_touched += 1;
    }
}
