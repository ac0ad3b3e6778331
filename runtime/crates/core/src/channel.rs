//! The channels: what a slot holds, and what an update, a read or the end of a run does to it.

use std::collections::HashSet;

use crate::call::{NodeOutput, Send};
use crate::checkpoint::Saved;
use crate::error::{EngineError, Error};
use crate::graph::{ChannelKind, Slot};
use crate::host::Host;
use crate::ids::{HostedId, NodeId, ReducerId};
use crate::write::Write;

/// What a channel of the driver's own kind is told.
#[derive(Debug)]
pub enum Signal<V> {
    /// The writes of a step, possibly none.
    Update(Vec<V>),
    /// The writes of many steps, oldest first.
    Replay(Vec<V>),
    /// A task it triggers has run.
    Consume,
    /// Nothing is left to run.
    Finish,
}

/// One channel. Absent values are `None`, as reading a channel never fails in the engine.
#[derive(Debug)]
pub(crate) enum Channel<V> {
    LastValue(Option<V>),
    Reducer {
        reducer: ReducerId,
        value: Option<V>,
    },
    Ephemeral {
        guard: bool,
        value: Option<V>,
    },
    Start(Option<NodeOutput<V>>),
    Branch {
        deferred: bool,
        taken: bool,
        finished: bool,
    },
    Join {
        names: usize,
        deferred: bool,
        seen: HashSet<NodeId>,
        finished: bool,
    },
    Tasks(Vec<Send<V>>),
    Hosted {
        id: HostedId,
        channel: Option<V>,
        /// What it showed when it last changed.
        value: Option<V>,
    },
}

impl<V: Clone> Channel<V> {
    pub fn new<H: Host<Value = V>>(slot: &Slot, host: &mut H) -> Self {
        match *slot {
            Slot::State(ChannelKind::Hosted(id) | ChannelKind::Delta { channel: id, .. }) => {
                Channel::Hosted {
                    id,
                    channel: None,
                    value: None,
                }
            }
            Slot::State(ChannelKind::LastValue) => Channel::LastValue(None),
            Slot::State(ChannelKind::Reducer(reducer)) => Channel::Reducer {
                reducer,
                value: host.initial(reducer),
            },
            Slot::State(ChannelKind::Ephemeral { guard }) => {
                Channel::Ephemeral { guard, value: None }
            }
            Slot::Start => Channel::Start(None),
            Slot::Branch { deferred } => Channel::Branch {
                deferred,
                taken: false,
                finished: false,
            },
            Slot::Join { names, deferred } => Channel::Join {
                names,
                deferred,
                seen: HashSet::new(),
                finished: false,
            },
            Slot::Tasks => Channel::Tasks(Vec::new()),
        }
    }

    /// Whether the channel holds something that a reader may see or that may trigger a task.
    pub fn is_available(&self) -> bool {
        match self {
            Channel::LastValue(value)
            | Channel::Reducer { value, .. }
            | Channel::Ephemeral { value, .. }
            | Channel::Hosted { value, .. } => value.is_some(),
            Channel::Start(input) => input.is_some(),
            Channel::Branch {
                deferred,
                taken,
                finished,
            } => *taken && (*finished || !deferred),
            Channel::Join {
                names,
                deferred,
                seen,
                finished,
            } => seen.len() == *names && (*finished || !deferred),
            Channel::Tasks(sends) => !sends.is_empty(),
        }
    }

    /// The value, for a state channel.
    pub fn value(&self) -> Option<&V> {
        match self {
            Channel::LastValue(value)
            | Channel::Reducer { value, .. }
            | Channel::Ephemeral { value, .. }
            | Channel::Hosted { value, .. } => value.as_ref(),
            _ => None,
        }
    }

    /// Whether the channel is emptied by a superstep that does not write to it.
    pub fn is_transient(&self) -> bool {
        matches!(
            self,
            Channel::Ephemeral { .. }
                | Channel::Hosted { .. }
                | Channel::Start(_)
                | Channel::Branch {
                    deferred: false,
                    ..
                }
                | Channel::Tasks(_)
        )
    }

    /// Whether the channel waits for the end of the run to become available.
    pub fn is_finishable(&self) -> bool {
        match self {
            Channel::Branch {
                deferred,
                taken,
                finished,
            } => *deferred && *taken && !finished,
            Channel::Join {
                names,
                deferred,
                seen,
                finished,
            } => *deferred && !finished && seen.len() == *names,
            _ => false,
        }
    }

    /// Applies one step's writes (at least one) and tells whether the channel changed.
    pub fn update<H: Host<Value = V>>(
        &mut self,
        host: &mut H,
        name: &str,
        writes: impl ExactSizeIterator<Item = Write<V>>,
    ) -> Result<bool, Error<H::Error>> {
        match self {
            Channel::LastValue(value) => *value = Some(only(values(writes), name)?),
            Channel::Reducer { reducer, value } => {
                *value = fold(host, *reducer, value.take(), values(writes))?;
            }
            Channel::Ephemeral { guard, value } => {
                if *guard && writes.len() != 1 {
                    let channel = name.to_owned();
                    return Err(EngineError::ConcurrentEphemeral { channel }.into());
                }
                *value = values(writes).last();
            }
            Channel::Start(_) => {}
            Channel::Hosted { .. } => {
                return self.signal(host, Signal::Update(values(writes).collect()));
            }
            Channel::Branch {
                taken, finished, ..
            } => {
                *taken = true;
                *finished = false;
            }
            Channel::Join { seen, .. } => {
                let before = seen.len();
                seen.extend(writes.filter_map(|write| match write {
                    Write::Join(_, source) => Some(source),
                    _ => None,
                }));
                return Ok(seen.len() > before);
            }
            Channel::Tasks(sends) => {
                sends.clear();
                sends.reserve(writes.len());
                sends.extend(writes.filter_map(|write| match write {
                    Write::Send(send) => Some(send),
                    _ => None,
                }));
            }
        }
        Ok(true)
    }

    /// The value a router sees: the current one with one task's writes applied, the channel untouched.
    pub fn preview<H: Host<Value = V>>(
        &self,
        host: &mut H,
        name: &str,
        mut writes: impl Iterator<Item = V>,
    ) -> Result<Option<V>, Error<H::Error>> {
        match self {
            Channel::LastValue(value) => match (writes.next(), writes.next()) {
                (None, _) => Ok(value.clone()),
                (only, None) => Ok(only),
                _ => Err(concurrent_update(name).into()),
            },
            Channel::Reducer { reducer, value } => fold(host, *reducer, value.clone(), writes),
            Channel::Ephemeral { guard, .. } => {
                let first = writes.next();
                match writes.last() {
                    Some(_) if *guard => Err(EngineError::ConcurrentEphemeral {
                        channel: name.to_owned(),
                    }
                    .into()),
                    last => Ok(last.or(first)),
                }
            }
            Channel::Hosted {
                channel: Some(channel),
                ..
            } => {
                let twin = host.twin(channel).map_err(Error::Host)?;
                host.tell(&twin, Signal::Update(writes.collect()))
                    .map_err(Error::Host)?;
                host.look(&twin).map_err(Error::Host)
            }
            _ => Ok(None),
        }
    }

    /// Gives a channel of the driver's own kind its state, empty or kept.
    pub fn open<H: Host<Value = V>>(
        &mut self,
        host: &mut H,
        kept: Option<V>,
    ) -> Result<(), Error<H::Error>> {
        if let Channel::Hosted { id, channel, value } = self {
            *channel = host.open(*id, kept).map_err(Error::Host)?;
            *value = match channel {
                Some(channel) => host.look(channel).map_err(Error::Host)?,
                None => None,
            };
        }
        Ok(())
    }

    /// Takes the value a checkpoint implies without holding it.
    pub fn replay<H: Host<Value = V>>(
        &mut self,
        host: &mut H,
        seed: Option<V>,
        writes: Vec<V>,
    ) -> Result<(), Error<H::Error>> {
        match self {
            Channel::Hosted { .. } => {
                self.open(host, seed)?;
                self.signal(host, Signal::Replay(writes)).map(drop)
            }
            Channel::Reducer { reducer, value } => {
                if seed.is_some() {
                    *value = seed;
                }
                // one update a write: they come from many steps, and each may overwrite
                for write in writes {
                    let current = value.take();
                    *value = fold(host, *reducer, current, std::iter::once(write))?;
                }
                Ok(())
            }
            // a channel of another kind was never stored as writes
            _ => Ok(()),
        }
    }

    /// Tells a channel of the driver's own kind what happened; gives whether it changed.
    pub fn signal<H: Host<Value = V>>(
        &mut self,
        host: &mut H,
        signal: Signal<V>,
    ) -> Result<bool, Error<H::Error>> {
        let Channel::Hosted {
            channel: Some(channel),
            value,
            ..
        } = self
        else {
            return Ok(false);
        };
        // the channel may own what it shows, and extend it in place
        *value = None;
        let changed = host.tell(channel, signal).map_err(Error::Host)?;
        *value = host.look(channel).map_err(Error::Host)?;
        Ok(changed)
    }

    /// Whether the driver decides what this channel does.
    pub fn is_hosted(&self) -> bool {
        matches!(self, Channel::Hosted { .. })
    }

    /// Empties a transient channel.
    pub fn clear(&mut self) {
        match self {
            Channel::Ephemeral { value, .. } => *value = None,
            Channel::Start(input) => *input = None,
            Channel::Branch { taken, .. } => *taken = false,
            Channel::Tasks(sends) => sends.clear(),
            _ => {}
        }
    }

    /// A task this channel may trigger has run; tells whether the channel changed.
    pub fn consume(&mut self) -> bool {
        let available = self.is_available();
        match self {
            Channel::Branch {
                deferred: true,
                taken,
                finished,
            } if available => {
                *taken = false;
                *finished = false;
                true
            }
            Channel::Join { seen, finished, .. } if available => {
                seen.clear();
                *finished = false;
                true
            }
            _ => false,
        }
    }

    /// The run is about to end: lets a waiting deferred channel through.
    pub fn finish(&mut self) {
        if let Channel::Branch { finished, .. } | Channel::Join { finished, .. } = self {
            *finished = true;
        }
    }

    pub fn save<H: Host<Value = V>>(
        &self,
        host: &mut H,
    ) -> Result<Option<Saved<V>>, Error<H::Error>> {
        if let Channel::Hosted { channel, .. } = self {
            let kept = channel.as_ref().map(|channel| host.keep(channel));
            return Ok(kept
                .transpose()
                .map_err(Error::Host)?
                .flatten()
                .map(Saved::Value));
        }
        Ok(self.saved())
    }

    fn saved(&self) -> Option<Saved<V>> {
        match self {
            Channel::Start(input) => input.clone().map(Saved::Input),
            Channel::Branch {
                taken, finished, ..
            } => taken.then_some(Saved::Branch {
                finished: *finished,
            }),
            Channel::Join { seen, finished, .. } => {
                let mut seen: Vec<NodeId> = seen.iter().copied().collect();
                seen.sort_unstable();
                Some(Saved::Join {
                    seen,
                    finished: *finished,
                })
            }
            Channel::Tasks(sends) => Some(Saved::Sends(sends.clone())),
            _ => self.value().cloned().map(Saved::Value),
        }
    }

    pub fn restore(&mut self, saved: Saved<V>) {
        match (self, saved) {
            (
                Channel::LastValue(value)
                | Channel::Reducer { value, .. }
                | Channel::Ephemeral { value, .. },
                Saved::Value(saved),
            ) => *value = Some(saved),
            (Channel::Start(input), Saved::Input(saved)) => *input = Some(saved),
            (
                Channel::Branch {
                    taken, finished, ..
                },
                Saved::Branch { finished: saved },
            ) => {
                *taken = true;
                *finished = saved;
            }
            (
                Channel::Join { seen, finished, .. },
                Saved::Join {
                    seen: sources,
                    finished: end,
                },
            ) => {
                *seen = sources.into_iter().collect();
                *finished = end;
            }
            (Channel::Tasks(sends), Saved::Sends(saved)) => *sends = saved,
            // a checkpoint of another kind of channel is of another graph: keep the channel empty
            _ => {}
        }
    }
}

fn values<V>(writes: impl Iterator<Item = Write<V>>) -> impl Iterator<Item = V> {
    writes.filter_map(|write| match write {
        Write::Channel(_, value) => Some(value),
        _ => None,
    })
}

fn only<V>(mut values: impl Iterator<Item = V>, channel: &str) -> Result<V, EngineError> {
    match (values.next(), values.next()) {
        (Some(value), None) => Ok(value),
        _ => Err(concurrent_update(channel)),
    }
}

fn concurrent_update(channel: &str) -> EngineError {
    EngineError::ConcurrentUpdate {
        channel: channel.to_owned(),
    }
}

/// Upstream's rules: the first write to an empty channel is taken as it is, even an `Overwrite`; after
/// an `Overwrite` the step's other writes are dropped.
fn fold<H: Host>(
    host: &mut H,
    reducer: ReducerId,
    current: Option<H::Value>,
    mut values: impl Iterator<Item = H::Value>,
) -> Result<Option<H::Value>, Error<H::Error>> {
    let Some(mut current) = current.or_else(|| values.next()) else {
        return Ok(None);
    };
    if !host.overwrites() {
        let Some(first) = values.next() else {
            return Ok(Some(current));
        };
        let mut updates = std::iter::once(first).chain(values);
        let folded = host.reduce_all(reducer, current, &mut updates);
        return folded.map(Some).map_err(Error::Host);
    }
    let mut overwritten = false;
    for value in values {
        if let Some(value) = host.overwrite(&value) {
            if overwritten {
                return Err(EngineError::ConcurrentOverwrite.into());
            }
            overwritten = true;
            current = value;
        } else if !overwritten {
            current = host.reduce(reducer, current, value).map_err(Error::Host)?;
        }
    }
    Ok(Some(current))
}
