//! Ending a superstep: what its tasks wrote, by channel.

use super::{Applied, State};
use crate::call::NodeOutput;
use crate::channel::{Channel, Signal};
use crate::error::Error;
use crate::event::Event;
use crate::graph::Graph;
use crate::host::Host;
use crate::ids::{ChannelId, NodeId, TaskPath};
use crate::write::Write;

impl<V: Clone> State<V> {
    /// Ends a superstep: applies the writes of `tasks`, which come in upstream's order, and lists the
    /// channels that were updated and hold something.
    ///
    /// `input` is written to the start channel before all other writes.
    pub fn apply<H: Host<Value = V>>(
        &mut self,
        graph: &Graph,
        host: &mut H,
        input: Option<NodeOutput<V>>,
        mut tasks: Vec<Applied<V>>,
        events: &mut Vec<Event<V, H::Error>>,
    ) -> Result<Vec<ChannelId>, Error<H::Error>> {
        let mut updated = Vec::new();
        self.apply_into(graph, host, input, &mut tasks, events, &mut updated)?;
        Ok(updated)
    }

    /// The same with vectors that are used again: takes the writes out of `tasks` and lists the channels in
    /// `updated`, which is empty.
    pub fn apply_into<H: Host<Value = V>>(
        &mut self,
        graph: &Graph,
        host: &mut H,
        input: Option<NodeOutput<V>>,
        tasks: &mut [Applied<V>],
        events: &mut Vec<Event<V, H::Error>>,
        updated: &mut Vec<ChannelId>,
    ) -> Result<(), Error<H::Error>> {
        let bump = tasks.iter().any(|applied| applied.task.is_some());
        let version = self.top + 1;
        if self.mark_seen(graph, tasks) {
            self.consume(graph, host, tasks, version)?;
        }
        if bump {
            self.held.clear();
            std::mem::swap(&mut self.held, &mut self.transient);
        }
        if let Some(input) = input {
            self.transient.push(graph.start);
            self.channels[graph.start.index()] = Channel::Start(Some(input));
            self.touch(graph.start, version);
            updated.push(graph.start);
        }
        if let [task] = tasks
            && are_apart(&task.writes)
        {
            self.write_apart(graph, host, &mut task.writes, !bump, version, updated)?;
        } else {
            self.group(graph, tasks, events);
            self.write_groups(graph, host, !bump, version, updated)?;
        }
        if bump {
            self.clear(host, version, updated)?;
            if updated
                .iter()
                .all(|id| graph.triggered[id.index()].is_empty())
            {
                self.finish(host, version, updated)?;
            }
        }
        Ok(())
    }

    /// Makes writes that go to as many channels.
    #[inline(never)]
    fn write_apart<H: Host<Value = V>>(
        &mut self,
        graph: &Graph,
        host: &mut H,
        writes: &mut Vec<Write<V>>,
        keeps: bool,
        version: u64,
        updated: &mut Vec<ChannelId>,
    ) -> Result<(), Error<H::Error>> {
        for write in writes.drain(..) {
            let Some(id) = slot_of(graph, &write) else {
                continue;
            };
            // what nearly all writes are
            match (&mut self.channels[id.index()], write) {
                (Channel::LastValue(value), Write::Channel(_, written)) => {
                    *value = Some(written);
                    updated.push(id);
                    self.touch(id, version);
                }
                (
                    Channel::Branch {
                        deferred: false,
                        taken,
                        ..
                    },
                    Write::Branch(_),
                ) => {
                    if !(std::mem::replace(taken, true) && keeps) {
                        self.transient.push(id);
                    }
                    updated.push(id);
                    self.touch(id, version);
                }
                (_, write) => {
                    let write = std::iter::once(write);
                    self.write(graph, host, id, write, keeps, version, updated)?;
                }
            }
        }
        Ok(())
    }

    /// Makes the writes that were grouped.
    #[inline(never)]
    fn write_groups<H: Host<Value = V>>(
        &mut self,
        graph: &Graph,
        host: &mut H,
        keeps: bool,
        version: u64,
        updated: &mut Vec<ChannelId>,
    ) -> Result<(), Error<H::Error>> {
        let mut groups = std::mem::take(&mut self.groups);
        let written = (0..groups.len()).try_for_each(|place| {
            let (id, writes) = groups.take(place);
            self.write(graph, host, id, writes, keeps, version, updated)
        });
        groups.clear();
        self.groups = groups;
        written
    }

    /// Writes to a channel. With `keeps`, transient channels keep what they hold.
    #[expect(
        clippy::too_many_arguments,
        reason = "what the writes of a step have in common, beside one channel's"
    )]
    fn write<H: Host<Value = V>>(
        &mut self,
        graph: &Graph,
        host: &mut H,
        id: ChannelId,
        writes: impl ExactSizeIterator<Item = Write<V>>,
        keeps: bool,
        version: u64,
        updated: &mut Vec<ChannelId>,
    ) -> Result<(), Error<H::Error>> {
        let channel = &mut self.channels[id.index()];
        let listed = keeps && channel.is_available();
        if !channel.update(host, graph.channel_name(id), writes)? {
            return Ok(());
        }
        if channel.is_transient() && !listed {
            self.transient.push(id);
        }
        if channel.is_finishable() {
            self.finishable.insert(id);
        }
        if channel.is_available() {
            updated.push(id);
        }
        self.touch(id, version);
        Ok(())
    }

    /// Marks what the tasks have seen, and tells whether they have run on channels that empties.
    fn mark_seen(&mut self, graph: &Graph, tasks: &[Applied<V>]) -> bool {
        let mut consuming = false;
        for (node, path) in tasks.iter().filter_map(|applied| applied.task) {
            self.note_run(node);
            if path == TaskPath::Pull {
                let spec = &graph.nodes[node.index()];
                consuming |= spec.consumes;
                let from = self.seen_from[node.index()];
                for (place, trigger) in (from..).zip(&spec.triggers) {
                    self.seen[place] = self.versions[trigger.index()];
                }
            }
        }
        consuming
    }

    /// Empties the channels that the tasks have run on, where that empties them.
    #[inline(never)]
    fn consume<H: Host<Value = V>>(
        &mut self,
        graph: &Graph,
        host: &mut H,
        tasks: &[Applied<V>],
        version: u64,
    ) -> Result<(), Error<H::Error>> {
        for applied in tasks {
            let Some((node, TaskPath::Pull)) = applied.task else {
                continue;
            };
            for &trigger in &graph.nodes[node.index()].triggers {
                let channel = &mut self.channels[trigger.index()];
                let changed = match channel {
                    Channel::Hosted { .. } => channel.signal(host, Signal::Consume)?,
                    _ => channel.consume(),
                };
                if changed {
                    self.touch(trigger, version);
                }
            }
        }
        Ok(())
    }

    /// Groups writes by channel.
    #[inline(never)]
    fn group<E>(&mut self, graph: &Graph, tasks: &mut [Applied<V>], events: &mut Vec<Event<V, E>>) {
        self.groups
            .reserve(tasks.iter().map(|applied| applied.writes.len()).sum());
        for applied in tasks {
            for write in applied.writes.drain(..) {
                if let Some(id) = slot_of(graph, &write) {
                    self.groups.add(id, write);
                } else if let Write::Unknown(channel) = &write {
                    let warning = unknown_channel(graph, applied.task, channel);
                    events.push(Event::Warning(warning));
                }
            }
        }
    }

    /// Empties the transient channels that this step did not write.
    #[inline(never)]
    fn clear<H: Host<Value = V>>(
        &mut self,
        host: &mut H,
        version: u64,
        updated: &mut Vec<ChannelId>,
    ) -> Result<(), Error<H::Error>> {
        for place in 0..self.held.len() {
            let id = self.held[place];
            if self.channels[id.index()].is_hosted() {
                self.clear_hosted(host, id, version, updated)?;
            } else if self.versions[id.index()] != version {
                // only an update of this very step can have given a transient channel this version
                self.channels[id.index()].clear();
                self.touch(id, version);
            }
        }
        Ok(())
    }

    #[inline(never)]
    fn clear_hosted<H: Host<Value = V>>(
        &mut self,
        host: &mut H,
        id: ChannelId,
        version: u64,
        updated: &mut Vec<ChannelId>,
    ) -> Result<(), Error<H::Error>> {
        let channel = &mut self.channels[id.index()];
        if updated.contains(&id) || !channel.is_available() {
            return Ok(());
        }
        let changed = channel.signal(host, Signal::Update(Vec::new()))?;
        let available = channel.is_available();
        if available {
            self.transient.push(id);
        }
        if changed {
            if available {
                updated.push(id);
            }
            self.touch(id, version);
        }
        Ok(())
    }

    /// Nothing will run next, so deferred nodes may.
    #[inline(never)]
    fn finish<H: Host<Value = V>>(
        &mut self,
        host: &mut H,
        version: u64,
        updated: &mut Vec<ChannelId>,
    ) -> Result<(), Error<H::Error>> {
        for id in self.hosted.clone() {
            let channel = &mut self.channels[id.index()];
            if channel.signal(host, Signal::Finish)? {
                if channel.is_available() {
                    updated.push(id);
                    self.transient.push(id);
                }
                self.touch(id, version);
            }
        }
        for id in std::mem::take(&mut self.finishable) {
            let channel = &mut self.channels[id.index()];
            if channel.is_finishable() {
                channel.finish();
                self.touch(id, version);
                updated.push(id);
            }
        }
        Ok(())
    }
}

/// The channel a write goes to, if it goes to one.
fn slot_of<V>(graph: &Graph, write: &Write<V>) -> Option<ChannelId> {
    match write {
        Write::Channel(id, _) | Write::Join(id, _) => Some(*id),
        Write::Branch(node) => Some(graph.entry[node.index()]),
        Write::Send(_) => Some(graph.tasks),
        Write::Unknown(_)
        | Write::Nothing
        | Write::Return(_)
        | Write::Resume(_)
        | Write::Interrupt(_)
        | Write::Error
        | Write::ErrorSource(_) => None,
    }
}

/// Whether these are a few writes to as many channels, which need not be brought together.
fn are_apart<V>(writes: &[Write<V>]) -> bool {
    const FEW: usize = 8;
    let apart = |one: &Write<V>, other: &Write<V>| match (one, other) {
        (Write::Channel(one, _), Write::Channel(other, _)) => one != other,
        (Write::Branch(one), Write::Branch(other)) => one != other,
        _ => true,
    };
    writes.len() <= FEW
        && writes.iter().enumerate().all(|(place, write)| {
            matches!(
                write,
                Write::Channel(..) | Write::Branch(_) | Write::Nothing
            ) && writes[..place].iter().all(|other| apart(write, other))
        })
}

fn unknown_channel(graph: &Graph, task: Option<(NodeId, TaskPath)>, channel: &str) -> String {
    let (name, path) = match task {
        None => ("__input__", "()".to_owned()),
        Some((node, TaskPath::Pull)) => {
            let name = graph.node_name(node);
            (name, format!("('__pregel_pull', '{name}')"))
        }
        Some((node, TaskPath::Push(index))) => (
            graph.node_name(node),
            format!("('__pregel_push', {index}, False)"),
        ),
        Some((node, TaskPath::Update(index))) => {
            (graph.node_name(node), format!("('__interrupt__', {index})"))
        }
        Some((node, TaskPath::Handler { failed, push })) => {
            let path = match push {
                None => format!("'__pregel_pull', '{}'", graph.node_name(failed)),
                Some(index) => format!("'__pregel_push', {index}, False"),
            };
            (
                graph.node_name(node),
                format!("({path}, 'node_error_handler', False)"),
            )
        }
    };
    format!("Task {name} with path {path} wrote to unknown channel {channel}, ignoring it.")
}
