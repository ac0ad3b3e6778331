//! The start of a run: new input, an answer to an interrupt, or simply going on.

use std::collections::HashSet;

use crate::call::NodeOutput;
use crate::checkpoint::{Checkpoint, CheckpointId, Source};
use crate::config::{Command, Resume, Start};
use crate::error::EngineError;
use crate::event::Event;
use crate::graph::Graph;
use crate::host::Host;
use crate::ids::{ChannelId, NodeId, TaskPath};
use crate::run::{Failed, Run};
use crate::scratchpad::NullResume;
use crate::state::{Applied, State};
use crate::write::{Write, Writer};

/// What a run does once it has begun.
pub(crate) enum Begun {
    Run,
    /// Its tasks are there already: updates from outside.
    Update,
    Done,
}

/// Input for the start node, or what it writes to channels at once.
type TakenIn<V> = (Option<NodeOutput<V>>, Vec<Write<V>>);

impl<H: Host> Run<H> {
    pub(crate) fn begin(
        &mut self,
        host: &mut H,
        start: Start<H::Value>,
        checkpoint: Option<Checkpoint<H::Value>>,
    ) -> Result<Begun, Failed<H>> {
        self.found = checkpoint.is_some();
        let mut state = self.load(host, checkpoint)?;
        if self.config.recursion_limit < 1 {
            return Err(EngineError::InvalidRecursionLimit.into());
        }

        let given = !matches!(start, Start::Input(_));
        let resuming = state.top > 0 && self.config.resuming.unwrap_or(given);
        let forks = resuming && self.config.replay.fork;
        let updates = matches!(start, Start::Update(_) | Start::Receive(_) | Start::Clear);
        if (updates || !resuming || self.rerun) && self.config.deltas.branches {
            self.deltas.abandon_waiting();
            self.deltas.force_written(&self.input_writes);
        }
        let mut input = None;
        match start {
            Start::Input(_) if resuming => {}
            Start::Input(updates) => input = Some(updates.into()),
            Start::Continue if resuming || self.config.resuming.is_some() => {}
            Start::Continue => return Err(EngineError::NoInput.into()),
            Start::Command(command) => {
                // upstream gives a command on a new thread to the start node as well
                input = (!resuming).then(|| command.output.clone());
                self.take_command(host, command, forks)?;
            }
            Start::Update(updates) => return Ok(self.update(state, updates)),
            Start::Receive(updates) => return self.receive(host, state, updates),
            Start::Clear => return self.clear(host, state),
        }
        if let Some(Write::Resume(answers)) = self
            .input_writes
            .iter()
            .find(|write| matches!(write, Write::Resume(_)))
        {
            self.null = NullResume::new(answers.first().cloned());
            self.answered = true;
        }
        if !self.input_writes.is_empty() {
            let more = self.apply_input_writes(host, &mut state)?;
            if let Some(updated) = &mut self.updated {
                let known: HashSet<_> = updated.iter().copied().collect();
                updated.extend(more.into_iter().filter(|channel| !known.contains(channel)));
            }
        }
        if let Some(input) = input {
            let (input, writes) = self.taken_in(host, input)?;
            self.note_input(host, &writes);
            let mut tasks = self.unfinished(&mut state);
            tasks.push(Applied { task: None, writes });
            self.updated = Some(state.apply(&self.graph, host, input, tasks, &mut self.events)?);
            self.loaded.clear();
            self.loaded_called.clear();
            self.state = Some(state);
            self.put_checkpoint(host, Source::Input)?;
        } else if resuming {
            state.resume();
            self.state = Some(state);
            if forks {
                // the new checkpoint's tasks have other ids, and it holds what a command wrote
                self.loaded.clear();
                self.loaded_called.clear();
                self.input_writes.clear();
                self.commanded = false;
                self.put_checkpoint(host, Source::Fork)?;
            }
            self.tell_values(None);
        } else {
            self.state = Some(state);
        }
        Ok(Begun::Run)
    }

    /// Where nodes subscribe to channels, the input is written to channels at once.
    pub(crate) fn taken_in(
        &self,
        host: &mut H,
        input: NodeOutput<H::Value>,
    ) -> Result<TakenIn<H::Value>, Failed<H>> {
        if !self.graph.subscribed {
            return Ok((Some(input), Vec::new()));
        }
        let mut writes = writes(&self.graph, input);
        self.deltas.stabilize(host, &mut writes)?;
        Ok((None, writes))
    }

    /// Takes a checkpoint in: the state it holds, and what was written since.
    pub(crate) fn load(
        &mut self,
        host: &mut H,
        mut checkpoint: Option<Checkpoint<H::Value>>,
    ) -> Result<Box<State<H::Value>>, Failed<H>> {
        let state = Box::new(State::new(&self.graph, host, checkpoint.as_mut())?);
        let Some(checkpoint) = checkpoint else {
            return Ok(state);
        };
        self.deltas.restore(&checkpoint.counters);
        self.checkpoint_id = CheckpointId::new(checkpoint.step, Some(checkpoint.id));
        self.step = checkpoint.step + 1;
        self.updated = Some(checkpoint.updated).filter(|updated| !updated.is_empty());
        for mut pending in checkpoint.pending {
            if self.config.replay.ask_again {
                pending
                    .writes
                    .retain(|write| !matches!(write, Write::Resume(_)));
            }
            match pending.writer {
                Writer::Input => self.input_writes.extend(pending.writes),
                Writer::Task(node, path) => {
                    self.deltas.wait(Some((node, path)), &pending.writes);
                    self.loaded.insert((node, path), pending.writes);
                }
                Writer::Called(id) => {
                    self.deltas.wait(None, &pending.writes);
                    self.loaded_called.insert(id, pending.writes);
                }
            }
        }
        Ok(state)
    }

    /// Applies what commands wrote on the checkpoint, and lists the channels that changed.
    pub(crate) fn apply_input_writes(
        &mut self,
        host: &mut H,
        state: &mut State<H::Value>,
    ) -> Result<Vec<ChannelId>, Failed<H>> {
        let writes = self.input_writes.clone();
        let tasks = vec![Applied { task: None, writes }];
        state.apply(&self.graph, host, None, tasks, &mut self.events)
    }

    /// Turns a `Command` into the writes that it makes before the run goes on.
    ///
    /// Where the run branches, the branch's first checkpoint holds what they do: the one it starts from
    /// keeps nothing of them.
    fn take_command(
        &mut self,
        host: &mut H,
        command: Command<H::Value>,
        forks: bool,
    ) -> Result<(), Failed<H>> {
        let mut writes = writes(&self.graph, command.output);
        let mut answers = None;
        match command.resume {
            Some(_) if !self.config.interest.save => {
                return Err(EngineError::ResumeWithoutSaver.into());
            }
            Some(Resume::Value(_)) if self.open_interrupts() > 1 => {
                return Err(EngineError::AmbiguousResume.into());
            }
            Some(Resume::Value(value)) => answers = Some(Write::Resume(vec![value])),
            Some(Resume::ByInterrupt(map)) => {
                self.resume_map = map.into_iter().collect();
                if writes.is_empty() {
                    return Ok(());
                }
            }
            None => {}
        }
        writes.extend(answers);
        if writes.is_empty() {
            return Err(EngineError::EmptyCommand.into());
        }
        self.deltas.stabilize(host, &mut writes)?;
        if forks {
            self.deltas.force_written(&writes);
        } else {
            self.note_command(&writes);
            self.commanded = true;
        }
        self.input_writes.retain(|write| !write.is_control());
        self.input_writes.extend(writes);
        if self.config.interest.task_writes && self.found && !forks {
            let writes = self.input_writes.clone();
            self.events.push(Event::CommandWrites { writes });
        }
        Ok(())
    }

    /// How many interrupts of the unfinished step wait for an answer.
    fn open_interrupts(&self) -> usize {
        let open = self
            .loaded
            .values()
            .chain(self.loaded_called.values())
            .filter(|writes| writes.iter().all(Write::is_control));
        let ids: HashSet<&str> = open
            .flatten()
            .filter_map(|write| match write {
                Write::Interrupt(interrupts) => Some(interrupts),
                _ => None,
            })
            .flatten()
            .map(|interrupt| interrupt.id.as_str())
            .collect();
        ids.len()
    }

    /// The tasks that the checkpoint was about to run: new input drops them, but they count as run.
    fn unfinished(&self, state: &mut State<H::Value>) -> Vec<Applied<H::Value>> {
        if state.top == 0 {
            // nothing was ever written
            return Vec::new();
        }
        let dropped = |node, path| Applied {
            task: Some((node, path)),
            writes: Vec::new(),
        };
        let mut nodes: Vec<NodeId> = (0..)
            .take(self.graph.nodes.len())
            .map(NodeId)
            .filter(|&node| state.is_triggered(&self.graph, node))
            .collect();
        nodes.sort_by_key(|node| self.graph.nodes[node.index()].rank);
        let mut tasks: Vec<_> = nodes
            .into_iter()
            .map(|node| dropped(node, TaskPath::Pull))
            .collect();
        for (place, send) in (0..).zip(state.sends(&self.graph)) {
            if let Some(node) = self.graph.node_id(&send.node) {
                tasks.push(dropped(node, TaskPath::Push(place)));
            }
        }
        tasks
    }
}

/// The writes of a command given as input: where to go comes before what to update.
fn writes<V>(graph: &Graph, output: NodeOutput<V>) -> Vec<Write<V>> {
    let goto = output.goto.into_iter().map(|target| graph.write_to(target));
    let updates = output
        .updates
        .into_iter()
        .map(|(id, value)| Write::Channel(id, value));
    goto.chain(updates).collect()
}
