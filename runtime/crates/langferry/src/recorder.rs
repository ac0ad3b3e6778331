//! A run's events as those of a trace, in the order of the trace schema.

use langferry_core::{self as core, Event, Interrupt};
use langferry_pystd::Exception;
use langferry_trace::events::{
    Interrupt as InterruptEvent, InterruptValue, RunEnd, RunEndStatus, Task, TaskResult,
    TraceError, TraceEvent, Update, Values,
};

use crate::Json;
use crate::compiled::CompiledGraph;
use crate::driver::RunEvent;
use crate::error::exception;
use crate::state_value::Shared;
use crate::stream::{encode_input, encode_update};

/// Puts a run's events into the order of the schema: of each step its tasks, their results in planned
/// order, what was asked, and the state it led to.
pub(crate) struct Recorder<'a> {
    graph: &'a CompiledGraph,
    run: i64,
    /// The current step, once a task has begun.
    step: Option<i64>,
    /// Results of the current step, by the place of their tasks in it.
    results: Vec<(u32, TraceEvent)>,
    /// Questions of the current step; none of its own stops a run at a breakpoint.
    asked: Option<Vec<InterruptValue>>,
    /// States shown in the current step.
    shown: Vec<Json>,
    last: Json,
    /// The superstep of the run's last checkpoint, which numbers what happened if no task was begun.
    pub last_step: i64,
}

impl<'a> Recorder<'a> {
    pub(crate) fn new(graph: &'a CompiledGraph, run: i64) -> Self {
        Recorder {
            graph,
            run,
            step: None,
            results: Vec::new(),
            asked: None,
            shown: Vec::new(),
            last: Json::Null,
            last_step: 0,
        }
    }

    /// Takes an event and hands on what can be told now.
    pub(crate) fn tell(&mut self, event: &RunEvent, each: &mut impl FnMut(TraceEvent)) {
        let (run, graph) = (self.run, self.graph);
        let name = |task: &core::TaskRef| graph.core().node_name(task.node).to_owned();
        match event {
            Event::TaskStarted { task, input } => {
                if self.step != Some(task.step) {
                    self.close_step(task.step - 1, each);
                    self.step = Some(task.step);
                }
                let triggers = graph
                    .core()
                    .trigger_names(task)
                    .into_iter()
                    .map(str::to_owned);
                each(TraceEvent::Task(Task {
                    run,
                    step: task.step,
                    name: name(task),
                    triggers: triggers.collect(),
                    input: encode_input(graph, task, input),
                }));
            }
            Event::Update { task, update, .. } => {
                let update = Update {
                    run,
                    step: task.step,
                    node: name(task),
                    value: encode_update(graph, update),
                };
                self.results.push((task.index, update.into()));
            }
            Event::TaskFinished {
                task,
                writes,
                error,
                interrupts,
            } => {
                let write = |(channel, value): &(core::ChannelId, Shared)| {
                    (graph.channel_name(*channel).to_owned(), value.encoded())
                };
                let result = TaskResult {
                    run,
                    step: task.step,
                    name: name(task),
                    writes: writes.iter().map(write).collect(),
                    error: error.as_ref().map(|error| trace_error(&exception(error))),
                    interrupts: interrupt_values(interrupts),
                };
                self.results.push((task.index, result.into()));
            }
            Event::Interrupted { interrupts, .. } => {
                let asked = self.asked.get_or_insert_default();
                asked.extend(interrupt_values(interrupts));
            }
            Event::Values {
                values,
                interrupts: None,
                ..
            } => {
                self.last = graph.encode(values);
                self.shown.push(self.last.clone());
            }
            // repeats the state to carry the questions, which have an event of their own
            Event::Values {
                interrupts: Some(_),
                ..
            }
            | Event::Planned { .. }
            | Event::Checkpoint(_)
            | Event::TaskWrites { .. }
            | Event::Passed { .. }
            | Event::InputWrites { .. }
            | Event::CommandWrites { .. }
            | Event::Keep { .. }
            | Event::Warning(_) => {}
        }
    }

    /// Tells what is left of the step; without one, of what was `before` the first.
    fn close_step(&mut self, before: i64, each: &mut impl FnMut(TraceEvent)) {
        let (run, step) = (self.run, self.step.unwrap_or(before));
        // those of tasks that did not run again come early
        self.results.sort_by_key(|(place, _)| *place);
        for (_, event) in self.results.drain(..) {
            each(event);
        }
        let asked = self.asked.take().map(|interrupts| InterruptEvent {
            run,
            step,
            interrupts,
        });
        let shown = self.shown.drain(..);
        let shown: Vec<_> = shown.map(|value| Values { run, step, value }).collect();
        let (asked, shown) = (
            asked.map(TraceEvent::Interrupt),
            shown.into_iter().map(TraceEvent::Values),
        );
        if self.step.is_some() {
            asked.into_iter().chain(shown).for_each(each);
        } else {
            shown.chain(asked).for_each(each);
        }
    }

    /// The run is over: whether it was stopped, or what it raised.
    pub(crate) fn end(mut self, ended: Result<bool, Exception>, each: &mut impl FnMut(TraceEvent)) {
        self.close_step(self.last_step, each);
        let (status, output, error) = match ended {
            Ok(false) => (RunEndStatus::Finished, self.last, None),
            Ok(true) => (RunEndStatus::Interrupted, self.last, None),
            Err(error) => (RunEndStatus::Failed, Json::Null, Some(trace_error(&error))),
        };
        each(TraceEvent::RunEnd(RunEnd {
            run: self.run,
            status,
            output,
            error,
        }));
    }
}

fn trace_error(error: &Exception) -> TraceError {
    TraceError {
        r#type: error.class().to_owned(),
        message: error.message().to_owned(),
    }
}

fn interrupt_values(interrupts: &[Interrupt<Shared>]) -> Vec<InterruptValue> {
    let value = |interrupt: &Interrupt<Shared>| InterruptValue {
        value: interrupt.value.encoded(),
    };
    interrupts.iter().map(value).collect()
}
