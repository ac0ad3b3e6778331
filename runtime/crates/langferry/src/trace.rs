//! Recording a case: its runs as the events of the trace schema.

use langferry_core::{self as core, Event, Interrupt};
use langferry_pystd::{Exception, Int, Value, random};
use langferry_trace::events::{
    Header, Interrupt as InterruptEvent, InterruptValue, RunEnd, RunEndStatus, RunStart,
    RunStartKind, SCHEMA_VERSION, Task, TaskResult, TraceError, TraceEvent, Update, Values,
};
use langferry_trace::{DecodeError, TraceValue};
use serde::Deserialize;

use crate::Json;
use crate::command::Command;
use crate::compiled::CompiledGraph;
use crate::config::RunConfig;
use crate::driver::{Execution, RunEvent};
use crate::error::exception;
use crate::input::Input;
use crate::state_value::Shared;
use crate::stream::{encode_input, encode_update};

/// What to record: the runs of one thread, one after the other.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    program: String,
    case: String,
    #[serde(default)]
    seed: Option<i64>,
    #[serde(default)]
    config: Json,
    runs: Vec<CaseRun>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum CaseRun {
    Input(Json),
    Resume(Json),
}

impl CompiledGraph {
    /// Runs a case and hands its events to `each`. A run that fails is recorded, and the next one begins.
    ///
    /// # Errors
    /// [`DecodeError`] when the case itself cannot be read.
    pub async fn record(
        &self,
        case: &Case,
        mut each: impl FnMut(TraceEvent),
    ) -> Result<(), DecodeError> {
        let config = RunConfig::decode(&case.config).map_err(|error| error.within("config"))?;
        let header = Header {
            schema: SCHEMA_VERSION,
            engine: "crate".to_owned(),
            engine_version: env!("CARGO_PKG_VERSION").to_owned(),
            program: case.program.clone(),
            case: case.case.clone(),
        };
        each(header.into());
        for (run, given) in (0..).zip(&case.runs) {
            if let Some(seed) = case.seed {
                seed_random(seed)
                    .map_err(|error| DecodeError::new(error.message()).within("seed"))?;
            }
            let (kind, value, input) = match given {
                CaseRun::Input(Json::Null) => (RunStartKind::Input, &Json::Null, Input::Continue),
                CaseRun::Input(value) => {
                    (RunStartKind::Input, value, Input::Encoded(value.clone()))
                }
                CaseRun::Resume(value) => {
                    let answer = Value::from_trace(value)
                        .map_err(|error| error.within("resume").within(run))?;
                    (
                        RunStartKind::Resume,
                        value,
                        Input::Command(Command::resume(answer)),
                    )
                }
            };
            each(
                RunStart {
                    run,
                    kind,
                    value: value.clone(),
                }
                .into(),
            );
            self.record_run(run, input, config.clone(), &mut each).await;
        }
        Ok(())
    }

    async fn record_run(
        &self,
        run: i64,
        input: Input,
        config: RunConfig,
        each: &mut impl FnMut(TraceEvent),
    ) {
        let interest = core::Interest::STREAMS;
        let mut recorder = Recorder {
            graph: self,
            run,
            early: Vec::new(),
            begun: false,
            asked: None,
            last: Json::Null,
        };
        let ended = match Execution::new(self, input, config, interest, core::Output::State) {
            Err(error) => Err(error),
            Ok(mut execution) => {
                while let Some(event) = execution.next().await {
                    recorder.tell(&event, each);
                }
                let stopped = execution.stopped();
                execution.finish().map(|_| stopped)
            }
        };
        recorder.end(ended, each);
    }
}

#[cfg(feature = "bridge")]
fn seed_random(seed: i64) -> Result<(), Exception> {
    random::seed(&Int::from(seed))?;
    crate::bridge::seed_random(seed)
}

#[cfg(not(feature = "bridge"))]
fn seed_random(seed: i64) -> Result<(), Exception> {
    random::seed(&Int::from(seed))
}

/// Puts a run's events into the order of the schema.
struct Recorder<'a> {
    graph: &'a CompiledGraph,
    run: i64,
    /// States shown before the first task, which is what numbers them.
    early: Vec<Values>,
    begun: bool,
    /// Questions of the current step, told as one event after all of its results.
    asked: Option<InterruptEvent>,
    last: Json,
}

impl Recorder<'_> {
    fn tell(&mut self, event: &RunEvent, each: &mut impl FnMut(TraceEvent)) {
        let (run, graph) = (self.run, self.graph);
        let name = |task: &core::TaskRef| graph.core().node_name(task.node).to_owned();
        match event {
            Event::TaskStarted { task, input } => {
                self.begin(Some(task.step - 1), each);
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
                    input: encode_input(graph, input),
                }));
            }
            Event::Update { task, update, .. } => each(TraceEvent::Update(Update {
                run,
                step: task.step,
                node: name(task),
                value: encode_update(graph, update),
            })),
            Event::TaskFinished {
                task,
                writes,
                error,
                interrupts,
            } => {
                let write = |(channel, value): &(core::ChannelId, Shared)| {
                    (graph.channel_name(*channel).to_owned(), value.encoded())
                };
                each(TraceEvent::TaskResult(TaskResult {
                    run,
                    step: task.step,
                    name: name(task),
                    writes: writes.iter().map(write).collect(),
                    error: error.as_ref().map(|error| trace_error(&exception(error))),
                    interrupts: interrupt_values(interrupts),
                }));
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
                    self.tell_asked(each);
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
            | Event::Warning(_) => {}
        }
    }

    /// Tells the states from before the first task, as of the step `before` it.
    fn begin(&mut self, before: Option<i64>, each: &mut impl FnMut(TraceEvent)) {
        self.begun = true;
        for mut values in self.early.drain(..) {
            values.step = before.unwrap_or(values.step);
            each(TraceEvent::Values(values));
        }
    }

    fn tell_asked(&mut self, each: &mut impl FnMut(TraceEvent)) {
        if let Some(asked) = self.asked.take() {
            each(TraceEvent::Interrupt(asked));
        }
    }

    fn end(mut self, ended: Result<bool, Exception>, each: &mut impl FnMut(TraceEvent)) {
        self.begin(None, each);
        self.tell_asked(each);
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
