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

/// Puts a run's events into the order of the schema.
pub(crate) struct Recorder<'a> {
    graph: &'a CompiledGraph,
    run: i64,
    /// States shown before the first task, which is what numbers them.
    early: Vec<Values>,
    begun: bool,
    /// Results of the current step, by the place of their tasks in it.
    results: Vec<(u32, TraceEvent)>,
    /// Questions of the current step, told as one event after all of its results.
    asked: Option<InterruptEvent>,
    last: Json,
    /// The superstep of the run's last checkpoint, which numbers what happened if no task was begun.
    pub last_step: i64,
}

impl<'a> Recorder<'a> {
    pub(crate) fn new(graph: &'a CompiledGraph, run: i64) -> Self {
        Recorder {
            graph,
            run,
            early: Vec::new(),
            begun: false,
            results: Vec::new(),
            asked: None,
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
                self.begin(task.step - 1, each);
                self.close_step(each);
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
            Event::Interrupted {
                step, interrupts, ..
            } => {
                let asked = self.asked.get_or_insert_with(|| InterruptEvent {
                    run,
                    step: *step,
                    interrupts: Vec::new(),
                });
                asked.interrupts.extend(interrupt_values(interrupts));
            }
            Event::Values {
                step,
                values,
                interrupts: None,
            } => {
                self.last = graph.encode(values);
                let values = Values {
                    run,
                    step: *step,
                    value: self.last.clone(),
                };
                if self.begun {
                    self.close_step(each);
                    each(TraceEvent::Values(values));
                } else {
                    self.early.push(values);
                }
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

    /// Tells the states from before the first task, as of the step `before` it.
    fn begin(&mut self, before: i64, each: &mut impl FnMut(TraceEvent)) {
        self.begun = true;
        for mut values in self.early.drain(..) {
            values.step = before;
            each(TraceEvent::Values(values));
        }
    }

    /// Tells the results of the step in planned order: those of tasks that did not run again come early.
    fn close_step(&mut self, each: &mut impl FnMut(TraceEvent)) {
        self.results.sort_by_key(|(place, _)| *place);
        for (_, event) in self.results.drain(..) {
            each(event);
        }
        if let Some(asked) = self.asked.take() {
            each(TraceEvent::Interrupt(asked));
        }
    }

    /// The run is over: whether it was stopped, or what it raised.
    pub(crate) fn end(mut self, ended: Result<bool, Exception>, each: &mut impl FnMut(TraceEvent)) {
        if let (false, Some(asked)) = (self.begun, &mut self.asked) {
            asked.step = self.last_step;
        }
        self.begin(self.last_step, each);
        self.close_step(each);
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
