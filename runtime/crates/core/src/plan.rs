//! Planning a superstep: which tasks run, in which order, on what input.

use crate::call::{Input, NodeOutput};
use crate::channel::Channel;
use crate::config::{Breakpoints, Config, Stop};
use crate::error::EngineError;
use crate::event::{Event, Update};
use crate::graph::Graph;
use crate::host::{Host, TaskName};
use crate::ids::{ChannelId, NodeId, TaskPath, TaskRef};
use crate::run::{Ended, Failed, Run};
use crate::scratchpad::Scratchpad;
use crate::state::State;
use crate::task::{Phase, Task, TaskInput};
use crate::values::Values;
use crate::write::Write;

impl<H: Host> Run<H> {
    /// Plans the next superstep; an outcome when there is nothing to run or a reason to stop.
    pub(crate) fn plan(&mut self, host: &mut H) -> Result<Ended<H>, Failed<H>> {
        self.find_tasks(host)?;
        self.tell_planned();
        if self.step > self.stop {
            let limit = self.config.recursion_limit;
            return Err(EngineError::RecursionLimit { limit }.into());
        }
        if self.tasks.is_empty() {
            return Ok(Some(self.finished()));
        }
        self.restore_finished();
        self.resume_handlers(host);
        let nodes = self.tasks.iter().map(|task| task.at.node);
        if self.should_interrupt(|config| &config.interrupt_before, nodes) {
            return self.interrupt(host, Vec::new(), Stop::Before).map(Some);
        }
        if let Some(reason) = host.drained() {
            return Err(EngineError::Drained { reason }.into());
        }
        self.announce();
        self.announced = self.events.len();
        self.told = 0;
        self.unsettled = 0;
        self.halted = false;
        self.ready.reserve(self.tasks.len());
        for (index, task) in (0..).zip(&self.tasks) {
            if !task.is_settled() {
                self.unsettled += 1;
                self.ready.push_back(index);
            }
        }
        Ok(None)
    }

    pub(crate) fn find_tasks(&mut self, host: &mut H) -> Result<(), Failed<H>> {
        self.tasks.clear();
        // taken out while tasks are added to the run
        let Some(mut state) = self.state.take() else {
            return Ok(());
        };
        let found = self.find_sent(host, &state);
        if found.is_ok() {
            self.find_triggered(host, &mut state);
            state.stats.tasks += self.tasks.len() as u64;
        }
        self.state = Some(state);
        found
    }

    fn find_sent(&mut self, host: &mut H, state: &State<H::Value>) -> Result<(), Failed<H>> {
        self.tasks.reserve(state.sends(&self.graph).len());
        // most often all packets are for one node
        let mut last: Option<(&str, Option<NodeId>)> = None;
        for (place, send) in (0..).zip(state.sends(&self.graph)) {
            let node = match last {
                Some((name, node)) if name == send.node => node,
                _ => self.graph.node_id(&send.node),
            };
            last = Some((&send.node, node));
            match node {
                Some(NodeId::START) => {
                    let what = "a Send to the node __start__".to_owned();
                    return Err(EngineError::Unsupported { what }.into());
                }
                Some(node) => {
                    let input = TaskInput::Node(Input::Arg(send.arg.clone()));
                    let path = TaskPath::Push(place);
                    self.add_task(host, node, path, input, send.timeout.clone());
                }
                None => self.events.push(Event::Warning(format!(
                    "Ignoring unknown node name {} in pending sends",
                    send.node
                ))),
            }
        }
        Ok(())
    }

    fn find_triggered(&mut self, host: &mut H, state: &mut State<H::Value>) {
        candidates(&self.graph, self.updated.as_deref(), &mut self.candidates);
        let candidates = std::mem::take(&mut self.candidates);
        for (place, &node) in candidates.iter().enumerate() {
            if !state.is_triggered(&self.graph, node) {
                continue;
            }
            let input = if node == NodeId::START {
                TaskInput::Start(match state.channel(self.graph.start) {
                    Channel::Start(Some(input)) => input.clone(),
                    _ => NodeOutput::default(),
                })
            } else {
                let spec = &self.graph.nodes[node.index()];
                let known = self.read.iter().find(|(schema, _)| *schema == spec.schema);
                let values = match known {
                    Some((_, values)) => values.clone(),
                    None => {
                        let mut values = Values::from(state.read(&spec.input));
                        let more = place + 1 < candidates.len();
                        if more || !self.config.simple {
                            values = values.into_shared();
                        }
                        if more {
                            self.read.push((spec.schema, values.clone()));
                        }
                        values
                    }
                };
                if spec.root && values.is_empty() {
                    continue;
                }
                TaskInput::Node(Input::State(values))
            };
            self.add_task(host, node, TaskPath::Pull, input, None);
        }
        self.candidates = candidates;
        self.read.clear();
    }

    /// A pad for a task, an earlier task's where one is left.
    fn pad(&mut self, host: &mut H, at: &TaskRef) -> Scratchpad<H::Value> {
        let answers = self.answers(host, at);
        let open = self.answered || self.config.parent.is_some();
        if self.config.simple && answers.is_empty() && !open {
            return Scratchpad::without_answers();
        }
        match self.spare_pads.pop() {
            None => Scratchpad::new(answers, self.null.clone()),
            Some(mut pad) => match pad.reuse(answers, &self.null) {
                Ok(()) => pad,
                Err(answers) => Scratchpad::new(answers, self.null.clone()),
            },
        }
    }

    /// Adds a task that waits for its node to be called.
    pub(crate) fn add_task(
        &mut self,
        host: &mut H,
        node: NodeId,
        path: TaskPath,
        input: TaskInput<H::Value>,
        timeout: Option<H::Value>,
    ) -> u32 {
        let index = u32::try_from(self.tasks.len()).unwrap_or(u32::MAX);
        let at = TaskRef {
            step: self.step,
            index,
            node,
            path,
        };
        let pad = self.pad(host, &at);
        self.tasks.push(Task {
            at,
            input,
            pad,
            timeout,
            writes: self.spare_writes.pop().unwrap_or_default(),
            routed: 0,
            phase: Phase::Ready,
        });
        index
    }

    /// The answers a task already has: those of earlier runs, then one from the resume map.
    fn answers(&self, host: &mut H, at: &TaskRef) -> Vec<H::Value> {
        if self.loaded.is_empty() && self.input_writes.is_empty() {
            return Vec::new();
        }
        let loaded = self.loaded.get(&(at.node, at.path));
        let name = self.task_name(at);
        self.answers_among(loaded.map_or(&[], Vec::as_slice), |answered| {
            host.interrupt_id(&name, answered)
        })
    }

    /// The answers among a task's earlier writes, then one from the resume map.
    pub(crate) fn answers_among(
        &self,
        loaded: &[Write<H::Value>],
        mut interrupt_id: impl FnMut(usize) -> String,
    ) -> Vec<H::Value> {
        let mut given = loaded
            .iter()
            .find_map(|write| match write {
                Write::Resume(answers) => Some(answers.clone()),
                _ => None,
            })
            .unwrap_or_default();
        if !self.resume_map.is_empty() {
            let answer = self.resume_map.get(&interrupt_id(given.len())).cloned();
            // ids made by older versions of upstream are the first one's for every interrupt of a task
            let answer = answer.or_else(|| self.resume_map.get(&interrupt_id(0)).cloned());
            given.extend(answer);
        }
        given
    }

    pub(crate) fn task_name(&self, at: &TaskRef) -> TaskName<'_> {
        TaskName::new(&self.graph, self.checkpoint_id.as_str(), at)
    }

    /// Gives tasks that finished in an earlier run their writes back, so that they do not run again.
    pub(crate) fn restore_finished(&mut self) {
        if self.loaded.is_empty() || self.rerun {
            return;
        }
        for task in &mut self.tasks {
            let Some(loaded) = self.loaded.get(&task.key()) else {
                continue;
            };
            task.writes = loaded
                .iter()
                .filter(|write| !write.is_control())
                .cloned()
                .collect();
            if !task.writes.is_empty() {
                task.phase = Phase::Restored;
            }
        }
    }

    pub(crate) fn should_interrupt(
        &self,
        breakpoints: impl Fn(&Config<H::Value>) -> &Breakpoints,
        mut nodes: impl Iterator<Item = NodeId>,
    ) -> bool {
        let breakpoints = breakpoints(&self.config);
        *breakpoints != Breakpoints::None
            && self
                .state
                .as_ref()
                .is_some_and(|state| state.top > state.interrupt_seen)
            && nodes.any(|node| breakpoints.contains(node))
    }

    pub(crate) fn tell_planned(&mut self) {
        let interest = self.config.interest;
        if let (true, true, Some(state)) = (interest.planned, interest.save, &mut self.state) {
            let tasks = self.tasks.iter().map(|task| task.at).collect();
            let values = state.read(&self.graph.state);
            self.events.push(Event::Planned {
                step: self.step - 1,
                tasks,
                values,
            });
        }
    }

    /// Tells of all tasks of the step, then of the results kept from an earlier run.
    fn announce(&mut self) {
        let interest = self.config.interest;
        for task in &self.tasks {
            if let (true, TaskInput::Node(input)) = (interest.tasks, &task.input) {
                let input = input.clone();
                self.events.push(Event::TaskStarted {
                    task: task.at,
                    input,
                });
            }
        }
        for task in &self.tasks {
            let shown = interest.updates && task.at.node != NodeId::START;
            let restored = match task.phase {
                Phase::Restored => true,
                Phase::Handled(_) => !matches!(task.writes.first(), Some(Write::Error)),
                _ => false,
            };
            if shown && restored {
                let update = update(&task.writes, &self.in_output);
                self.events.push(Event::Update {
                    task: task.at,
                    update,
                    cached: true,
                });
            }
        }
    }
}

/// The nodes that may have been triggered, in planned order.
///
/// Upstream looks at the nodes of updated channels by name, or at all nodes as they were added when it
/// does not know of any update.
fn candidates(graph: &Graph, updated: Option<&[ChannelId]>, nodes: &mut Vec<NodeId>) {
    nodes.clear();
    match updated {
        Some(updated) if !updated.is_empty() => {
            for id in updated {
                nodes.extend_from_slice(&graph.triggered[id.index()]);
            }
            if nodes.len() > 1 {
                nodes.sort_by_key(|node| graph.nodes[node.index()].rank);
                nodes.dedup();
            }
        }
        _ => nodes.extend((0..).take(graph.nodes.len()).map(NodeId)),
    }
}

/// A task's writes to the output channels, as mode `updates` shows them.
pub(crate) fn update<V: Clone>(writes: &[Write<V>], in_output: &[bool]) -> Update<V> {
    let mut shown = Vec::new();
    for write in writes {
        if let Write::Channel(id, value) = write
            && in_output[id.index()]
        {
            shown.push((*id, value.clone()));
        }
    }
    let mut ids: Vec<ChannelId> = shown.iter().map(|(id, _)| *id).collect();
    ids.sort_unstable();
    if shown.is_empty() {
        Update::Nothing
    } else if ids.windows(2).any(|pair| pair[0] == pair[1]) {
        Update::Many(shown)
    } else {
        Update::One(shown)
    }
}
