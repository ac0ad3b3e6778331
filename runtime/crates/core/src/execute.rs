//! Running a superstep: handing out calls, taking in results, telling of them.

use std::sync::Arc;

use crate::call::Call;
use crate::error::{Error, Failure};
use crate::event::Event;
use crate::host::Host;
use crate::ids::{ChannelId, NodeId};
use crate::plan::update;
use crate::run::{Failed, Run};
use crate::task::{Phase, Task, TaskInput};
use crate::write::Write;

impl<H: Host> Run<H> {
    /// Hands out what is ready and takes in what has arrived.
    pub(crate) fn execute(&mut self, host: &mut H) {
        while !(self.ready.is_empty() && self.arrived.is_empty()) {
            self.hand_out(host);
            self.take_in(host);
        }
    }

    fn hand_out(&mut self, host: &mut H) {
        self.calls.reserve(self.ready.len());
        while let Some(index) = self.ready.pop_front() {
            let task = &mut self.tasks[index as usize];
            let kept = !self.config.simple || self.graph.handler(task.at.node).is_some();
            match std::mem::replace(&mut task.input, TaskInput::Taken) {
                TaskInput::Node(input) => {
                    if kept {
                        task.input = TaskInput::Node(input.clone());
                    }
                    task.phase = Phase::AwaitingNode;
                    self.calls.push(Call::Node {
                        task: task.at,
                        input,
                        scratchpad: task.pad.clone(),
                        timeout: task.timeout.clone(),
                    });
                }
                TaskInput::Start(mut output) => {
                    let (at, writes) = (task.at, &mut task.writes);
                    self.graph.write_output(at.node, &mut output, writes);
                    self.go_on(host, index);
                }
                // whose input was not kept is not handed out again
                TaskInput::Taken => {}
            }
        }
    }

    fn take_in(&mut self, host: &mut H) {
        let room = std::mem::take(&mut self.taken);
        let mut arrived = std::mem::replace(&mut self.arrived, room);
        for index in arrived.drain(..) {
            let task = &mut self.tasks[index as usize];
            match std::mem::replace(&mut task.phase, Phase::Ready) {
                Phase::Answered => self.go_on(host, index),
                Phase::Recalled(writes) => {
                    task.writes = writes;
                    task.phase = Phase::Cached;
                    self.settle(index);
                }
                Phase::Stopped(failure) => self.stop(host, index, failure),
                // only the phases above get a task into `arrived`
                other => task.phase = other,
            }
        }
        self.taken = arrived;
    }

    /// Calls the task's next router, or finishes the task.
    fn go_on(&mut self, host: &mut H, index: u32) {
        let task = &mut self.tasks[index as usize];
        let branches = &self.graph.nodes[task.at.node.index()].branches;
        if let (Some(&branch), Some(state)) = (branches.get(task.routed), &mut self.state) {
            let channels = &self.graph.branches[branch.index()].input;
            match state.read_fresh(&self.graph, host, channels, &task.writes) {
                Ok(values) => {
                    task.phase = Phase::AwaitingRoute;
                    self.calls.push(Call::Route {
                        task: task.at,
                        branch,
                        input: values,
                        scratchpad: task.pad.clone(),
                    });
                }
                Err(error) => self.fail(host, index, error),
            }
            return;
        }
        if let Some(answers) = task.answers() {
            task.writes.insert(0, answers);
        }
        if !self.update_only && task.writes.iter().all(Write::is_control) {
            task.writes.push(Write::Nothing);
        }
        if let Err(error) = self.deltas.stabilize(host, &mut task.writes) {
            // what cannot be stored is not told of either
            task.phase = Phase::BubbledUp(Arc::new(error));
            self.failed = true;
            return self.settle(index);
        }
        task.phase = Phase::Done;
        self.settle(index);
    }

    fn stop(&mut self, host: &mut H, index: u32, failure: Failure<H::Value, H::Error>) {
        match failure {
            Failure::Error(error) => self.fail(host, index, Error::Host(error)),
            Failure::Engine(error) => self.fail(host, index, error.into()),
            Failure::Refusal(error) => self.record_failure(host, index, Error::Host(error)),
            Failure::Again => {
                let task = &mut self.tasks[index as usize];
                task.pad.restart();
                task.writes.clear();
                task.routed = 0;
                task.phase = Phase::Ready;
                self.ready.push_back(index);
            }
            Failure::BubbleUp(error) => {
                self.tasks[index as usize].phase = Phase::BubbledUp(Arc::new(Error::Host(error)));
                self.settle(index);
            }
            Failure::Interrupt(interrupts) => {
                let task = &self.tasks[index as usize];
                let (name, answered) = (self.task_name(&task.at), task.pad.answered());
                let interrupts = interrupts
                    .into_iter()
                    .map(|new| new.with_id(|| host.interrupt_id(&name, answered)))
                    .collect();
                self.tasks[index as usize].phase = Phase::Interrupted(interrupts);
                self.settle(index);
            }
        }
    }

    /// Fails a task, and with it the run as soon as what has arrived is taken in, unless it is handled.
    fn fail(&mut self, host: &mut H, index: u32, error: Failed<H>) {
        let node = self.tasks[index as usize].at.node;
        self.failed |= self.graph.handler(node).is_none();
        self.record_failure(host, index, error);
    }

    fn record_failure(&mut self, host: &mut H, index: u32, error: Failed<H>) {
        let task = &mut self.tasks[index as usize];
        if let Some(answers) = task.answers() {
            task.writes.insert(0, answers);
        }
        task.writes.push(Write::Error);
        let (node, error) = (task.at.node, Arc::new(error));
        if let Some(handler) = self.graph.handler(node) {
            task.writes.push(Write::ErrorSource(node));
            task.phase = Phase::Handled(Some(error));
            let handling = self.add_handler(host, index, handler);
            self.ready.push_back(handling);
            self.unsettled += 1;
        } else {
            task.phase = Phase::Failed(error);
        }
        self.settle(index);
    }

    /// The writes to channels that streams show.
    fn state_writes(&self, writes: &[Write<H::Value>]) -> Vec<(ChannelId, H::Value)> {
        let state = writes.iter().filter_map(|write| match write {
            Write::Channel(id, value) if self.graph.shows(*id) => Some((*id, value.clone())),
            _ => None,
        });
        state.collect()
    }

    fn settle(&mut self, index: u32) {
        self.unsettled -= 1;
        self.halted |= self.tasks[index as usize].is_halted();
        if self.silent {
            return;
        }
        if self.tells_on_arrival() {
            self.tell(index);
        } else {
            self.tell_in_order();
        }
    }

    fn tell_in_order(&mut self) {
        while self.tasks.get(self.told).is_some_and(Task::is_settled) {
            self.tell(u32::try_from(self.told).unwrap_or(u32::MAX));
            self.told += 1;
        }
    }

    /// After a failure: tells of the results that still wait for one planned before them.
    pub(crate) fn tell_settled(&mut self) {
        if self.tells_on_arrival() {
            return;
        }
        for index in self.told..self.tasks.len() {
            if self.tasks[index].is_settled() {
                self.tell(u32::try_from(index).unwrap_or(u32::MAX));
            }
        }
    }

    /// Tells of a settled task, as upstream does when it stores the task's writes.
    fn tell(&mut self, index: u32) {
        let interest = self.config.interest;
        let task = &self.tasks[index as usize];
        let at = task.at;
        if matches!(
            task.phase,
            Phase::Restored | Phase::BubbledUp(_) | Phase::Handled(None)
        ) {
            return;
        }
        if interest.task_writes {
            let writes = task.recorded();
            if !writes.is_empty() {
                self.events.push(Event::TaskWrites { task: at, writes });
            }
        }
        if at.node == NodeId::START {
            return;
        }
        let mut finished = (Vec::new(), None, Vec::new());
        match &task.phase {
            Phase::Interrupted(interrupts) if interrupts.is_empty() => return,
            Phase::Interrupted(interrupts) => {
                finished.2 = interrupts.clone();
                let interrupts = interrupts.clone();
                if interest.updates {
                    let (step, task, interrupts) = (at.step, Some(at), interrupts.clone());
                    self.events.push(Event::Interrupted {
                        step,
                        task,
                        interrupts,
                    });
                }
                self.tell_values(Some(interrupts));
            }
            Phase::Cached => {
                if interest.updates {
                    let update = update(&task.writes, &self.in_output);
                    self.events.push(Event::Update {
                        task: at,
                        update,
                        cached: true,
                    });
                }
                return;
            }
            Phase::Done | Phase::Failed(_) | Phase::Handled(_) => {
                if interest.tasks {
                    finished.0 = self.state_writes(&task.writes);
                }
                if let Phase::Failed(error) | Phase::Handled(Some(error)) = &task.phase {
                    finished.1 = Some(Arc::clone(error));
                }
                if interest.updates && !matches!(task.writes.first(), Some(Write::Error)) {
                    let update = update(&task.writes, &self.in_output);
                    self.events.push(Event::Update {
                        task: at,
                        update,
                        cached: false,
                    });
                }
            }
            _ => return,
        }
        if interest.tasks {
            let (writes, error, interrupts) = finished;
            self.events.push(Event::TaskFinished {
                task: at,
                writes,
                error,
                interrupts,
            });
        }
        let task = &self.tasks[index as usize];
        if matches!(task.phase, Phase::Done) && self.graph.is_cached(at.node) {
            let writes = task.writes.clone();
            self.events.push(Event::Keep { task: at, writes });
        }
    }
}
