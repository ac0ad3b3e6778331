//! The start of a run: new input, an answer to an interrupt, or simply going on.

use std::collections::HashSet;

use crate::call::{NodeOutput, Target};
use crate::checkpoint::{Checkpoint, Source};
use crate::config::{Command, Resume, Start};
use crate::error::EngineError;
use crate::graph::Graph;
use crate::host::Host;
use crate::ids::{NodeId, TaskPath};
use crate::run::{Failed, Run};
use crate::scratchpad::NullResume;
use crate::state::{Applied, State};
use crate::write::{Write, Writer};

impl<H: Host> Run<H> {
    pub(crate) fn begin(
        &mut self,
        host: &mut H,
        start: Start<H::Value>,
        mut checkpoint: Option<Checkpoint<H::Value>>,
    ) -> Result<(), Failed<H>> {
        let mut state = State::new(&self.graph, host, checkpoint.as_mut());
        if let Some(checkpoint) = checkpoint {
            self.checkpoint_id = checkpoint.id;
            self.step = checkpoint.step + 1;
            self.updated = Some(checkpoint.updated).filter(|updated| !updated.is_empty());
            for pending in checkpoint.pending {
                match pending.writer {
                    Writer::Input => self.input_writes.extend(pending.writes),
                    Writer::Task(node, path) => {
                        self.loaded.insert((node, path), pending.writes);
                    }
                }
            }
        }
        if self.config.recursion_limit < 1 {
            return Err(EngineError::InvalidRecursionLimit.into());
        }
        let limit = i64::try_from(self.config.recursion_limit).unwrap_or(i64::MAX);
        self.stop = self.step.saturating_add(limit).saturating_add(1);

        let resuming = state.top > 0 && !matches!(start, Start::Input(_));
        let mut input = None;
        match start {
            Start::Input(updates) => input = Some(updates.into()),
            Start::Continue if resuming => {}
            Start::Continue => return Err(EngineError::NoInput.into()),
            Start::Command(command) => {
                // upstream gives a command on a new thread to the start node as well
                input = (!resuming).then(|| command.output.clone());
                self.take_command(command)?;
            }
        }
        if let Some(Write::Resume(answers)) = self
            .input_writes
            .iter()
            .find(|write| matches!(write, Write::Resume(_)))
        {
            self.null = NullResume::new(answers.first().cloned());
        }
        if !self.input_writes.is_empty() {
            let writes = self.input_writes.clone();
            let tasks = vec![Applied { task: None, writes }];
            let more = state.apply(&self.graph, host, None, tasks, &mut self.events)?;
            if let Some(updated) = &mut self.updated {
                let known: HashSet<_> = updated.iter().copied().collect();
                updated.extend(more.into_iter().filter(|channel| !known.contains(channel)));
            }
        }
        if let Some(input) = input {
            let mut tasks = vec![Applied {
                task: None,
                writes: Vec::new(),
            }];
            tasks.extend(self.unfinished(&mut state));
            self.updated =
                Some(state.apply(&self.graph, host, Some(input), tasks, &mut self.events)?);
            self.loaded.clear();
            self.state = Some(state);
            self.put_checkpoint(host, Source::Input);
        } else {
            state.interrupt_seen = state.top;
            self.state = Some(state);
            if self.config.interest.values {
                self.tell_values(None);
            }
        }
        Ok(())
    }

    /// Turns a `Command` into the writes that it makes before the run goes on.
    fn take_command(&mut self, command: Command<H::Value>) -> Result<(), Failed<H>> {
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
        self.input_writes.retain(|write| !write.is_control());
        self.input_writes.extend(writes);
        Ok(())
    }

    /// How many interrupts of the unfinished step wait for an answer.
    fn open_interrupts(&self) -> usize {
        let open = self
            .loaded
            .values()
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
    let goto = output.goto.into_iter().map(|target| match target {
        Target::Send(send) => Write::Send(send),
        Target::Node(name) => graph.branch_to(&name),
    });
    let updates = output
        .updates
        .into_iter()
        .map(|(id, value)| Write::Channel(id, value));
    goto.chain(updates).collect()
}
