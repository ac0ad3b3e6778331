//! One run for a client: on a thread of its own, so that a node that does not return keeps nobody waiting.

use std::convert::Infallible;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Poll, ready};

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use futures_util::{StreamExt as _, future, stream};
use langferry_pystd::{Exception, repr};
use serde_json::json;
use tokio::runtime::Handle;
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::sync::{OwnedMutexGuard, watch};
use uuid::Uuid;

use crate::Json;
use crate::compiled::CompiledGraph;
use crate::config::RunConfig;
use crate::input::Input;
use crate::saver::MemorySaver;
use crate::serve::refused::{Refused, busy, malformed};
use crate::serve::request::{IfNotExists, OnDisconnect, RunBody, Strategy};
use crate::serve::wire::plain;
use crate::serve::{Server, json_response};
use crate::stream::StreamMode;

/// A run that has begun, as its client sees it.
pub(super) struct Begun {
    run: String,
    /// Where its client finds what the run is called.
    place: String,
    told: UnboundedReceiver<Told>,
}

/// What a run tells its client.
enum Told {
    Chunk(StreamMode, Json),
    Ended(Result<(), Exception>),
}

/// What is to be run.
struct Run {
    graph: CompiledGraph,
    input: Input,
    config: RunConfig,
    modes: Vec<StreamMode>,
    on_disconnect: OnDisconnect,
    ending: watch::Receiver<bool>,
}

/// Begins a run, of a thread or of none, as soon as it is its turn.
pub(super) async fn begun(
    server: &Arc<Server>,
    thread: Option<String>,
    wanted: RunBody,
) -> Result<Begun, Refused> {
    let on_disconnect = wanted.on_disconnect;
    let beginning = begin(Arc::clone(server), thread, wanted);
    match on_disconnect {
        OnDisconnect::Cancel => beginning.await,
        // its client may go before it is its turn
        OnDisconnect::Continue => {
            let begun = tokio::spawn(beginning).await;
            begun.map_err(|error| Refused::failed(&error))?
        }
    }
}

async fn begin(
    server: Arc<Server>,
    thread: Option<String>,
    wanted: RunBody,
) -> Result<Begun, Refused> {
    server.check_assistant(&wanted.assistant_id)?;
    wanted.check(thread.is_some())?;
    let run = Uuid::new_v4().to_string();
    let mut graph = wanted.graph(&server.graph)?;
    let (id, place) = match &thread {
        Some(id) => (id.clone(), format!("/threads/{id}/runs/{run}")),
        None => {
            // nobody can come back to it
            graph = graph.with_checkpointer(MemorySaver::new());
            (run.clone(), format!("/runs/{run}"))
        }
    };
    let asked = Run {
        input: wanted.input()?,
        config: wanted.config(&id)?,
        modes: wanted.modes()?,
        on_disconnect: wanted.on_disconnect,
        ending: server.ending.subscribe(),
        graph,
    };
    // an input that does not fit is the client's mistake, not the run's
    let fits = asked.input.clone().start(&asked.graph);
    fits.map_err(|error| malformed(StatusCode::UNPROCESSABLE_ENTITY, error.message().to_owned()))?;
    let turn = match &thread {
        Some(id) => Some(turn(&server, id, &wanted).await?),
        None => None,
    };
    let (tell, told) = mpsc::unbounded_channel();
    let runtime = Handle::current();
    tokio::task::spawn_blocking(move || {
        let ended = runtime.block_on(asked.perform(&tell));
        if let Some(id) = &thread {
            let error = ended.as_ref().err();
            server.threads.ended(id, error.map(repr));
        }
        // the next run of the thread may begin before the client asks for it
        drop(turn);
        // a client that has gone does not want to know
        let _ = tell.send(Told::Ended(ended));
    });
    Ok(Begun { run, place, told })
}

/// Waits until nobody else runs the thread.
async fn turn(server: &Server, id: &str, wanted: &RunBody) -> Result<OwnedMutexGuard<()>, Refused> {
    loop {
        match (server.check_thread(id).await, wanted.if_not_exists) {
            (Err(error), IfNotExists::Reject) => return Err(error),
            (Err(_), IfNotExists::Create) => {
                server.threads.add(id, serde_json::Map::new());
            }
            (Ok(_), _) => {}
        }
        let turn = server.threads.turn(id);
        let held = match wanted.multitask_strategy {
            Strategy::Enqueue => turn.lock_owned().await,
            Strategy::Reject => {
                let running = |_| busy(format!("thread {id} is running"));
                turn.try_lock_owned().map_err(running)?
            }
        };
        // the thread may have been deleted meanwhile
        if server.threads.is_turn_of(id, &held) {
            return Ok(held);
        }
    }
}

impl Run {
    async fn perform(mut self, tell: &UnboundedSender<Told>) -> Result<(), Exception> {
        let chunks = self.graph.stream(self.input, &self.config, &self.modes);
        let gone = async {
            match self.on_disconnect {
                OnDisconnect::Cancel => tell.closed().await,
                OnDisconnect::Continue => future::pending().await,
            }
        };
        let stopped = async {
            let ending = pin!(self.ending.wait_for(|ending| *ending));
            future::select(ending, pin!(gone)).await;
        };
        let mut chunks = chunks.take_until(Box::pin(stopped));
        while let Some(chunk) = chunks.next().await {
            let chunk = chunk?;
            let _ = tell.send(Told::Chunk(chunk.mode, plain(&chunk.data)?));
        }
        match chunks.take_result() {
            None => Ok(()),
            Some(()) => Err(Exception::new(
                "Cancelled",
                "the run was cancelled: the server ends, or its client has gone",
            )),
        }
    }
}

impl Begun {
    /// The last state the run has shown, which is its result.
    pub(super) async fn waited_for(mut self) -> Result<Response, Refused> {
        let mut last = Json::Null;
        loop {
            match self.told.recv().await {
                Some(Told::Chunk(StreamMode::Values, values)) => last = values,
                Some(Told::Chunk(..)) => {}
                Some(Told::Ended(Ok(()))) => break,
                Some(Told::Ended(Err(error))) if is_panic(&error) => return Err(error.into()),
                Some(Told::Ended(Err(error))) => {
                    last = json!({ "__error__": told_error(&error) });
                    break;
                }
                None => return Err(Refused::failed(&"the run panicked")),
            }
        }
        Ok(located(&self.place, json_response(StatusCode::OK, &last)))
    }

    /// What happens, as it happens.
    pub(super) fn streamed(self) -> Response {
        let began = event("metadata", &json!({ "run_id": self.run, "attempt": 1 }));
        let (run, mut told) = (self.run, Some(self.told));
        let mut asked = false;
        let events = stream::poll_fn(move |task| {
            let Some(open) = &mut told else {
                return Poll::Ready(None);
            };
            let shown = match ready!(open.poll_recv(task)) {
                Some(Told::Chunk(mode, data)) => {
                    asked |= data.get("__interrupt__").is_some();
                    return Poll::Ready(Some(chunk_event(mode, &data)));
                }
                Some(Told::Ended(Ok(()))) => {
                    let status = if asked { "interrupted" } else { "success" };
                    event("end", &json!({ "run_id": run, "status": status }))
                }
                Some(Told::Ended(Err(error))) => event("error", &told_error(&error)),
                None => event(
                    "error",
                    &json!({ "error": "Panic", "message": "the run panicked" }),
                ),
            };
            told = None;
            Poll::Ready(Some(shown))
        });
        let events = stream::iter([began]).chain(events).map(Ok::<_, Infallible>);
        let response = Sse::new(events).keep_alive(KeepAlive::default());
        located(&self.place, response.into_response())
    }
}

/// Tells the client what its run is called.
fn located(place: &str, mut response: Response) -> Response {
    // a thread may have a name that no header holds; then a client is not told
    if let Ok(place) = HeaderValue::from_str(place) {
        response
            .headers_mut()
            .insert(header::CONTENT_LOCATION, place);
    }
    response
}

fn chunk_event(mode: StreamMode, data: &Json) -> Event {
    let name = match mode {
        StreamMode::Values => "values",
        StreamMode::Updates => "updates",
        StreamMode::Tasks => "tasks",
        StreamMode::Custom => "custom",
    };
    event(name, data)
}

/// Whether it is a mistake in the program's Rust.
fn is_panic(error: &Exception) -> bool {
    error.class() == "Panic"
}

fn told_error(error: &Exception) -> Json {
    json!({ "error": error.class(), "message": error.message() })
}

fn event(name: &str, data: &Json) -> Event {
    Event::default().event(name).data(data.to_string())
}
