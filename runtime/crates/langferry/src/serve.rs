//! `serve`: the graph behind the part of LangGraph's server API that LangGraph's own clients use.
//!
//! `docs/serve.md` says what is there. Whatever is not is refused with a code, so that no client takes another
//! behaviour for the server's.

mod refused;
mod request;
mod run;
mod snapshot;
mod threads;
mod wire;

use std::future::{Future, IntoFuture as _};
use std::io::{self, Write};
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::rejection::PathRejection;
use axum::extract::{FromRequestParts, Path, Request, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use futures_util::future::{self, Either};
use langferry_pystd::{DateTime, Exception, Float};
use serde::de::DeserializeOwned;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::watch;
use uuid::Uuid;

use crate::Json;
use crate::compiled::CompiledGraph;
use crate::config::RunConfig;
use crate::saver::MemorySaver;
use crate::serve::refused::{Refused, busy, malformed, missing, unsupported};
use crate::serve::request::{CheckpointBody, RunBody, SearchBody, ThreadBody};
use crate::serve::snapshot::Snapshot;
use crate::serve::threads::Threads;

/// Larger bodies are refused.
const LIMIT: usize = 16 << 20;

/// How long nodes that run may go on once the server was told to end.
const PATIENCE: Duration = Duration::from_secs(10);

/// The namespace in which LangGraph's server makes the id of a graph's own assistant.
const GRAPHS: Uuid = Uuid::from_u128(0x6ba7_b821_9dad_11d1_80b4_00c0_4fd4_30c8);

type Answer = Result<Response, Refused>;

/// What all requests share.
struct Server {
    graph: CompiledGraph,
    assistant: String,
    started: String,
    threads: Threads,
    /// Becomes true when the server is to end; has a receiver for every run.
    ending: watch::Sender<bool>,
}

/// The part of a path that names something.
struct Named(String);

impl<S: Send + Sync> FromRequestParts<S> for Named {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refused> {
        let named = Path::from_request_parts(parts, state).await;
        let wrong = |error: PathRejection| malformed(StatusCode::BAD_REQUEST, error.to_string());
        named.map(|Path(name)| Named(name)).map_err(wrong)
    }
}

/// Answers requests until the process is told to end.
pub(crate) fn serve(
    graph: &CompiledGraph,
    host: &str,
    port: u16,
    out: &mut dyn Write,
) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let served = runtime.block_on(answer(graph, host, port, out));
    // a node that does not end in time ends with the process
    runtime.shutdown_background();
    served
}

async fn answer(
    graph: &CompiledGraph,
    host: &str,
    port: u16,
    out: &mut dyn Write,
) -> io::Result<()> {
    let told_to_end = told_to_end()?;
    let listener = TcpListener::bind((host, port)).await?;
    writeln!(out, "listening on http://{}", listener.local_addr()?)?;
    out.flush()?;
    let server = Arc::new(Server::new(graph.clone()));
    let app = routes(Arc::clone(&server));
    let ending = Arc::clone(&server);
    let (mut wanted, stopping) = (ending.ending.subscribe(), async move {
        told_to_end.await;
        ending.ending.send_replace(true);
    });
    let serving = axum::serve(listener, app).with_graceful_shutdown(stopping);
    let all = async {
        let served = serving.into_future().await;
        server.ending.closed().await;
        served
    };
    let late = async {
        let _ = wanted.wait_for(|ending| *ending).await;
        // it would be waited for as a run is
        drop(wanted);
        tokio::time::sleep(PATIENCE).await;
    };
    match future::select(pin!(all), pin!(late)).await {
        Either::Left((served, _)) => served,
        Either::Right(_) => Ok(()),
    }
}

/// Waits for Ctrl-C, or for what a supervisor sends.
fn told_to_end() -> io::Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    let mut terminated = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    Ok(async move {
        let interrupted = pin!(tokio::signal::ctrl_c());
        #[cfg(unix)]
        future::select(interrupted, pin!(terminated.recv())).await;
        #[cfg(not(unix))]
        let _ = interrupted.await;
    })
}

fn routes(server: Arc<Server>) -> Router {
    Router::new()
        .route("/ok", get(async || answered(json!({ "ok": true }))))
        .route("/info", get(info))
        .route("/assistants/search", post(search))
        .route("/assistants/{id}", get(assistant))
        .route("/assistants/{id}/schemas", get(schemas))
        .route("/threads", post(create_thread))
        .route("/threads/{id}", get(thread).delete(delete_thread))
        .route("/threads/{id}/state", get(state))
        .route("/threads/{id}/state/checkpoint", post(state_at))
        .route("/threads/{id}/runs/wait", post(wait_on))
        .route("/threads/{id}/runs/stream", post(stream_on))
        .route("/runs/wait", post(wait))
        .route("/runs/stream", post(stream))
        .fallback(elsewhere)
        .method_not_allowed_fallback(elsewhere)
        .layer(middleware::from_fn(logged))
        .with_state(server)
}

impl Server {
    fn new(graph: CompiledGraph) -> Self {
        let graph = match graph.has_saver() {
            true => graph,
            // as under LangGraph's server, every thread is kept
            false => graph.with_checkpointer(MemorySaver::new()),
        };
        Server {
            assistant: Uuid::new_v5(&GRAPHS, graph.name().as_bytes()).to_string(),
            graph,
            started: now(),
            threads: Threads::default(),
            ending: watch::Sender::new(false),
        }
    }

    /// A graph's own assistant is known by the graph's name, too.
    fn check_assistant(&self, id: &str) -> Result<(), Refused> {
        match id == self.assistant || id == self.graph.name() {
            true => Ok(()),
            false => Err(missing(format!("no assistant {id}"))),
        }
    }

    fn assistant(&self) -> Json {
        json!({
            "assistant_id": self.assistant,
            "graph_id": self.graph.name(),
            "name": self.graph.name(),
            "description": null,
            "config": {},
            "context": {},
            "metadata": { "created_by": "system" },
            "version": 1,
            "created_at": self.started,
            "updated_at": self.started,
        })
    }

    /// Where a thread stands; `None` if nothing has run on it.
    async fn snapshot(&self, id: &str) -> Result<Option<Snapshot>, Refused> {
        let (graph, id) = (self.graph.clone(), id.to_owned());
        // what waits for a database, or for a reducer, does not keep others waiting
        let read = tokio::task::spawn_blocking(move || Snapshot::of(&graph, &id));
        Ok(read.await.map_err(|error| Refused::failed(&error))??)
    }

    /// Makes sure that there is a thread, which an earlier process may have begun.
    async fn check_thread(&self, id: &str) -> Result<Option<Snapshot>, Refused> {
        let snapshot = self.snapshot(id).await?;
        if snapshot.is_some() || self.threads.has(id) {
            return Ok(snapshot);
        }
        Err(missing(format!("no thread {id}")))
    }

    async fn told_thread(&self, id: &str) -> Result<Response, Refused> {
        let snapshot = self.check_thread(id).await?;
        answered(self.threads.told(id, snapshot.as_ref())?)
    }

    async fn told_state(&self, id: &str) -> Result<Response, Refused> {
        let snapshot = self.check_thread(id).await?;
        let error = self.threads.error(id);
        answered(snapshot::told_state(id, snapshot.as_ref(), error)?)
    }
}

async fn info() -> Answer {
    answered(json!({
        "version": env!("CARGO_PKG_VERSION"),
        "server": "langferry",
        "flags": { "assistants": true, "crons": false, "langsmith": false },
    }))
}

async fn search(State(server): State<Arc<Server>>, request: Request) -> Answer {
    let wanted: SearchBody = body(request).await?;
    let shown = wanted
        .shows(server.graph.name())
        .then(|| server.assistant());
    answered(shown.into_iter().collect())
}

async fn assistant(State(server): State<Arc<Server>>, Named(id): Named) -> Answer {
    server.check_assistant(&id)?;
    answered(server.assistant())
}

async fn schemas(State(server): State<Arc<Server>>, Named(id): Named) -> Answer {
    server.check_assistant(&id)?;
    let reason = "a crate does not know its graph's JSON schemas".to_owned();
    Err(unsupported(StatusCode::NOT_FOUND, reason))
}

async fn create_thread(State(server): State<Arc<Server>>, request: Request) -> Answer {
    let wanted: ThreadBody = body(request).await?;
    let id = wanted.id();
    let keeps = wanted.keeps_existing();
    let is_new = match server.check_thread(&id).await {
        Ok(_) => false,
        // another request may have made it meanwhile
        Err(_) => server.threads.add(&id, wanted.metadata()),
    };
    if !is_new && !keeps {
        return Err(busy(format!("thread {id} exists already")));
    }
    server.told_thread(&id).await
}

async fn thread(State(server): State<Arc<Server>>, Named(id): Named, request: Request) -> Answer {
    check_query(&request)?;
    server.told_thread(&id).await
}

async fn delete_thread(State(server): State<Arc<Server>>, Named(id): Named) -> Answer {
    server.check_thread(&id).await?;
    let Ok(turn) = server.threads.turn(&id).try_lock_owned() else {
        return Err(busy(format!("thread {id} is running")));
    };
    let (graph, config) = (server.graph.clone(), RunConfig::thread(&id));
    let deleted = tokio::task::spawn_blocking(move || match graph.saver() {
        Some(saver) => saver.delete(&config),
        None => Ok(()),
    });
    deleted.await.map_err(|error| Refused::failed(&error))??;
    server.threads.forget(&id);
    drop(turn);
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn state(State(server): State<Arc<Server>>, Named(id): Named, request: Request) -> Answer {
    check_query(&request)?;
    server.told_state(&id).await
}

/// The same as asked for by `RemoteGraph`, which names the thread again.
async fn state_at(State(server): State<Arc<Server>>, Named(id): Named, request: Request) -> Answer {
    check_query(&request)?;
    let wanted: CheckpointBody = body(request).await?;
    wanted.check(&id)?;
    server.told_state(&id).await
}

async fn wait(State(server): State<Arc<Server>>, request: Request) -> Answer {
    let wanted: RunBody = run_body(request).await?;
    run::begun(&server, None, wanted).await?.waited_for().await
}

async fn stream(State(server): State<Arc<Server>>, request: Request) -> Answer {
    let wanted: RunBody = run_body(request).await?;
    Ok(run::begun(&server, None, wanted).await?.streamed())
}

async fn wait_on(State(server): State<Arc<Server>>, Named(id): Named, request: Request) -> Answer {
    let wanted: RunBody = run_body(request).await?;
    let run = run::begun(&server, Some(id), wanted).await?;
    run.waited_for().await
}

async fn stream_on(
    State(server): State<Arc<Server>>,
    Named(id): Named,
    request: Request,
) -> Answer {
    let wanted: RunBody = run_body(request).await?;
    Ok(run::begun(&server, Some(id), wanted).await?.streamed())
}

async fn elsewhere(request: Request) -> Answer {
    let reason = format!("{} {}", request.method(), request.uri().path());
    Err(unsupported(StatusCode::NOT_FOUND, reason))
}

/// A line of standard error for every request. A stream's is written when it begins.
async fn logged(request: Request, next: Next) -> Response {
    let began = Instant::now();
    let what = format!("{} {}", request.method(), request.uri().path());
    let response = next.run(request).await;
    let (status, took) = (response.status().as_u16(), began.elapsed().as_millis());
    // there is nowhere left to report that standard error is gone
    let _ = writeln!(io::stderr(), "{what} {status} {took} ms");
    response
}

async fn run_body(request: Request) -> Result<RunBody, Refused> {
    check_query(&request)?;
    body(request).await
}

async fn body<T: DeserializeOwned>(request: Request) -> Result<T, Refused> {
    // a page of another site may send a form or plain text here without asking, but no JSON
    let kind = request.headers().get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let is_json = kind.split(';').next().map(str::trim) == Some("application/json");
    if !is_json {
        let reason = format!("a body of type {kind:?}, not \"application/json\"");
        return Err(malformed(StatusCode::UNSUPPORTED_MEDIA_TYPE, reason));
    }
    let bytes: Bytes = to_bytes(request.into_body(), LIMIT)
        .await
        .map_err(|error| {
            let reason = format!("the body, of which {LIMIT} bytes are read: {error}");
            malformed(StatusCode::PAYLOAD_TOO_LARGE, reason)
        })?;
    let wrong = |reason: String| malformed(StatusCode::UNPROCESSABLE_ENTITY, reason);
    let body: Json = serde_json::from_slice(&bytes).map_err(|error| wrong(error.to_string()))?;
    // serde would read a list as the fields in their order
    let parts = [Some(&body), body.get("command"), body.get("config")];
    if body.is_null()
        || parts
            .into_iter()
            .flatten()
            .any(|part| !part.is_object() && !part.is_null())
    {
        return Err(wrong(
            "a body, a command or a config that is no dict".to_owned(),
        ));
    }
    serde_json::from_value(body).map_err(|error| wrong(error.to_string()))
}

/// Clients always ask not to be shown subgraphs; nothing else may be asked for in a query.
fn check_query(request: &Request) -> Result<(), Refused> {
    match request.uri().query() {
        None | Some("" | "subgraphs=false") => Ok(()),
        Some(query) => Err(unsupported(
            StatusCode::UNPROCESSABLE_ENTITY,
            format!("the query {query:?}"),
        )),
    }
}

fn answered(body: Json) -> Answer {
    Ok(json_response(StatusCode::OK, &body))
}

fn json_response(status: StatusCode, body: &Json) -> Response {
    let kind = [(header::CONTENT_TYPE, "application/json")];
    (status, kind, Body::from(body.to_string())).into_response()
}

fn now() -> String {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    moment(since.unwrap_or_default()).unwrap_or_default()
}

/// A moment as LangGraph writes it.
fn moment(since_1970: Duration) -> Result<String, Exception> {
    let seconds = Float::from(since_1970.as_secs_f64());
    Ok(DateTime::from_timestamp_utc(&seconds)?.isoformat())
}
