//! Watching a run: LangGraph's stream modes as chunks of JSON.

use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::{Stream, StreamExt as _, stream};
use langferry_core::{self as core, ChannelId, Event, Interrupt, TaskRef};
use langferry_pystd::Exception;
use serde_json::{Map, json};

use crate::Json;
use crate::compiled::CompiledGraph;
use crate::config::RunConfig;
use crate::custom::CustomChunks;
use crate::driver::{Execution, RunEvent};
use crate::error::exception;
use crate::input::Input;
use crate::state_value::Shared;

/// What a stream shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, clap::ValueEnum, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StreamMode {
    /// The whole state after every step that changed it.
    Values,
    /// What every node wrote, and the questions of `interrupt()`.
    Updates,
    /// Tasks as they begin and end.
    Tasks,
    /// What nodes write themselves (`StreamWriter`), as they do it.
    Custom,
}

/// One item of a stream.
#[derive(Clone, Debug, PartialEq)]
pub struct Chunk {
    /// The mode it belongs to.
    pub mode: StreamMode,
    /// What LangGraph shows there, in the trace's encoding; tasks without their ids.
    pub data: Json,
}

/// The chunks of a run, and at the end of a failed one the exception.
pub struct Chunks(Pin<Box<dyn Stream<Item = Result<Chunk, Exception>> + Send>>);

impl Stream for Chunks {
    type Item = Result<Chunk, Exception>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_next_unpin(context)
    }
}

impl CompiledGraph {
    /// Runs the graph and shows what happens in the given modes, as it happens.
    ///
    /// The chunks show all state channels, as LangGraph's `stream` does, not only the output schema.
    pub fn stream(
        &self,
        input: impl Into<Input>,
        config: &RunConfig,
        modes: &[StreamMode],
    ) -> Chunks {
        let is_custom = modes.contains(&StreamMode::Custom);
        let interest = core::Interest {
            values: modes.contains(&StreamMode::Values),
            // without any event, a run of many steps would be over before the first chunk is shown
            updates: modes.contains(&StreamMode::Updates) || is_custom,
            tasks: modes.contains(&StreamMode::Tasks),
            ..core::Interest::default()
        };
        let run = Execution::new(
            self,
            input.into(),
            config.clone(),
            interest,
            core::Output::State,
        );
        let run = match run {
            Ok(run) => run,
            Err(error) => return Chunks(Box::pin(stream::iter([Err(error)]))),
        };
        let custom = CustomChunks::default();
        let run = if is_custom {
            run.writing_to(custom.clone())
        } else {
            run
        };
        let mut watched = Watched {
            graph: self.clone(),
            run: Some(run),
            custom,
            modes: modes.to_vec(),
            told: None,
        };
        Chunks(Box::pin(stream::poll_fn(move |task| {
            watched.poll_next(task)
        })))
    }

    /// [`CompiledGraph::stream`] for callers outside an async runtime: `each` is given every chunk.
    ///
    /// # Errors
    /// What the run raises, and when no runtime can be started.
    pub fn stream_blocking(
        &self,
        input: impl Into<Input>,
        config: &RunConfig,
        modes: &[StreamMode],
        mut each: impl FnMut(Chunk),
    ) -> Result<(), Exception> {
        let mut chunks = self.stream(input, config, modes);
        crate::driver::block_on(async move {
            while let Some(chunk) = chunks.next().await {
                each(chunk?);
            }
            Ok(())
        })?
    }
}

/// A run that somebody watches.
struct Watched {
    graph: CompiledGraph,
    /// There until it is over.
    run: Option<Execution>,
    custom: CustomChunks,
    modes: Vec<StreamMode>,
    /// What is to be shown after all that nodes have written before.
    told: Option<Result<Chunk, Exception>>,
}

impl Watched {
    fn poll_next(&mut self, task: &mut Context<'_>) -> Poll<Option<Result<Chunk, Exception>>> {
        loop {
            if let Some(data) = self.custom.take() {
                let mode = StreamMode::Custom;
                return Poll::Ready(Some(Ok(Chunk { mode, data })));
            }
            if let Some(told) = self.told.take() {
                return Poll::Ready(Some(told));
            }
            let Some(run) = &mut self.run else {
                return Poll::Ready(None);
            };
            match run.poll_next(task) {
                Poll::Ready(Some(event)) => {
                    let chunk = chunk(&self.graph, &event);
                    self.told = chunk.filter(|x| self.modes.contains(&x.mode)).map(Ok);
                }
                Poll::Ready(None) => {
                    let run = self.run.take();
                    self.told = run.and_then(|run| run.finish().err()).map(Err);
                }
                Poll::Pending => match self.custom.take() {
                    // the task is woken again by what the run waits for
                    Some(data) => {
                        let mode = StreamMode::Custom;
                        return Poll::Ready(Some(Ok(Chunk { mode, data })));
                    }
                    None => return Poll::Pending,
                },
            }
        }
    }
}

fn chunk(graph: &CompiledGraph, event: &RunEvent) -> Option<Chunk> {
    let (mode, data) = match event {
        Event::Values {
            values, interrupts, ..
        } => {
            let mut data = graph.encode(values);
            if let (Some(interrupts), Json::Object(fields)) = (interrupts, &mut data) {
                fields.insert("__interrupt__".into(), encode_interrupts(interrupts));
            }
            (StreamMode::Values, data)
        }
        Event::Update {
            task,
            update,
            cached,
        } => {
            let mut data = Map::new();
            data.insert(node(graph, task), encode_update(graph, update));
            if *cached {
                data.insert("__metadata__".into(), json!({ "cached": true }));
            }
            (StreamMode::Updates, Json::Object(data))
        }
        Event::Interrupted { interrupts, .. } => (
            StreamMode::Updates,
            json!({ "__interrupt__": encode_interrupts(interrupts) }),
        ),
        Event::TaskStarted { task, input } => {
            let triggers = graph.core().trigger_names(task);
            let data = json!({
                "name": node(graph, task),
                "input": encode_input(graph, task, input),
                "triggers": triggers,
            });
            (StreamMode::Tasks, data)
        }
        Event::TaskFinished {
            task,
            writes,
            error,
            interrupts,
        } => {
            let error = error.as_ref().map(|error| {
                let error = exception(error);
                json!({ "type": error.class(), "message": error.message() })
            });
            let data = json!({
                "name": node(graph, task),
                "error": error,
                "result": fold(graph, writes),
                "interrupts": encode_interrupts(interrupts),
            });
            (StreamMode::Tasks, data)
        }
        Event::Planned { .. }
        | Event::Checkpoint(_)
        | Event::TaskWrites { .. }
        | Event::Passed { .. }
        | Event::InputWrites { .. }
        | Event::CommandWrites { .. }
        | Event::Keep { .. }
        | Event::Warning(_) => return None,
    };
    Some(Chunk { mode, data })
}

fn node(graph: &CompiledGraph, task: &TaskRef) -> String {
    graph.core().node_name(task.node).to_owned()
}

pub(crate) fn encode_input(
    graph: &CompiledGraph,
    task: &TaskRef,
    input: &core::Input<Shared>,
) -> Json {
    match input {
        core::Input::State(values) => match graph.object(task.node) {
            Some(class) => class.made_of(&graph.encode(values)),
            None => graph.encode(values),
        },
        core::Input::Arg(arg) => arg.encoded(),
    }
}

pub(crate) fn encode_update(graph: &CompiledGraph, update: &core::Update<Shared>) -> Json {
    match update {
        core::Update::Nothing => Json::Null,
        core::Update::One(writes) => graph.encode(writes),
        core::Update::Many(writes) => writes
            .iter()
            .map(|write| graph.encode(std::slice::from_ref(write)))
            .collect(),
    }
}

pub(crate) fn encode_interrupts(interrupts: &[Interrupt<Shared>]) -> Json {
    let encode = |interrupt: &Interrupt<Shared>| json!({ "value": interrupt.value.encoded(), "id": interrupt.id });
    interrupts.iter().map(encode).collect()
}

/// A task's writes as one dict; several of one channel come as `{"$writes": [...]}`.
pub(crate) fn fold(graph: &CompiledGraph, writes: &[(ChannelId, Shared)]) -> Json {
    let mut channels: Vec<(ChannelId, Vec<Json>)> = Vec::new();
    for (channel, value) in writes {
        let value = value.encoded();
        match channels.iter_mut().find(|(known, _)| known == channel) {
            // upstream takes an earlier `None` for no write
            Some((_, values)) if values.len() == 1 && values[0].is_null() => values[0] = value,
            Some((_, values)) => values.push(value),
            None => channels.push((*channel, vec![value])),
        }
    }
    let mut result = Map::new();
    for (channel, mut values) in channels {
        let value = match values.len() {
            1 => values.pop().unwrap_or_default(),
            _ => json!({ "$writes": values }),
        };
        result.insert(graph.channel_name(channel).to_owned(), value);
    }
    Json::Object(result)
}
