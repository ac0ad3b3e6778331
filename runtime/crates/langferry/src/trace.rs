//! Recording a case: its runs as the events of the trace schema.

use langferry_core as core;
use langferry_pystd::{Exception, Int, Value, random};
use langferry_trace::events::{Header, RunStart, RunStartKind, SCHEMA_VERSION, TraceEvent};
use langferry_trace::{DecodeError, TraceValue};
use serde::Deserialize;

use crate::Json;
use crate::command::Command;
use crate::compiled::CompiledGraph;
use crate::config::RunConfig;
use crate::driver::Execution;
use crate::input::Input;
use crate::recorder::Recorder;

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
        let mut recorder = Recorder::new(self, run);
        let ended = match Execution::new(self, input, config, interest, core::Output::State) {
            Err(error) => Err(error),
            Ok(mut execution) => {
                while let Some(event) = execution.next().await {
                    recorder.tell(&event, each);
                }
                recorder.last_step = execution.last_step();
                let stopped = execution.stopped();
                execution.finish().map(|_| stopped)
            }
        };
        recorder.end(ended, each);
    }
}

#[cfg(feature = "bridge")]
fn seed_random(seed: i64) -> Result<(), Exception> {
    random::seed(Int::from(seed))?;
    crate::bridge::seed_random(seed)
}

#[cfg(not(feature = "bridge"))]
fn seed_random(seed: i64) -> Result<(), Exception> {
    random::seed(Int::from(seed))
}
