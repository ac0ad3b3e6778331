//! HTTP: sends what a provider asks for, tries again as its SDK does, and gives back what came.
//!
//! All of it happens on one runtime of this crate's own, so that a request can be made from any executor, or from
//! none, and connections outlive the run that opened them.

use std::future::Future;
use std::sync::OnceLock;
use std::thread;
use std::time::Duration;

use langferry_pystd::{Exception, os};
use reqwest::{Client, Response};
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use uuid::Uuid;

/// A request that is yet to be sent.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub url: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
    /// How long the server may keep silent.
    pub timeout: Option<Duration>,
    pub retries: Retries,
}

/// When a request is sent again.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Retries {
    /// How often at most.
    pub most: u32,
    /// The longest wait a server may ask for; where it asks for more, `patient` says what follows.
    pub longest_wait: Duration,
    /// Whether a longer wait is replaced by an ordinary one, or else the failure is final.
    pub patient: bool,
}

/// What came of a request.
#[derive(Debug)]
pub(crate) enum Failure {
    /// An answer that says so.
    Status { code: u16, body: String },
    /// The server kept silent.
    Timeout,
    /// There was no connection, or it broke.
    Connection,
}

/// Sends `request` and gives the text of the answer.
pub(crate) fn send(request: Request) -> impl Future<Output = Result<String, Failure>> + Send {
    on_runtime(async move {
        let response = answered(&request).await?;
        within(request.timeout, response.text()).await
    })
}

/// Refuses to ask where the program names a proxy: the clients see only those of the process.
///
/// # Errors
/// Unsupported, then.
pub(crate) fn refuse_own_proxy() -> Result<(), Exception> {
    let mut own = os::prepared().into_iter();
    match own.find(|(name, _)| name.to_uppercase().ends_with("_PROXY")) {
        None => Ok(()),
        Some((name, _)) => Err(Exception::unsupported(format!(
            "a request where the program sets {name}"
        ))),
    }
}

async fn on_runtime<T: Send + 'static>(
    work: impl Future<Output = Result<T, Failure>> + Send + 'static,
) -> Result<T, Failure> {
    run_on(work).await.unwrap_or(Err(Failure::Connection))
}

/// What `work` gives on this crate's runtime; nothing where there is none.
pub(crate) async fn run_on<T: Send + 'static>(
    work: impl Future<Output = T> + Send + 'static,
) -> Option<T> {
    let (done, result) = oneshot::channel();
    runtime()
        .as_ref()?
        .spawn(async move { done.send(work.await) });
    result.await.ok()
}

/// The runtime, on a thread that ends with the process; none where the system gives neither.
fn runtime() -> &'static Option<Handle> {
    static RUNTIME: OnceLock<Option<Handle>> = OnceLock::new();
    RUNTIME.get_or_init(|| {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .ok()?;
        let handle = runtime.handle().clone();
        thread::Builder::new()
            .name("langferry-llm".to_owned())
            .spawn(move || runtime.block_on(std::future::pending::<()>()))
            .ok()?;
        Some(handle)
    })
}

fn client() -> Result<&'static Client, Failure> {
    static CLIENT: OnceLock<Option<Client>> = OnceLock::new();
    let made = CLIENT.get_or_init(|| {
        // another part of the program may have chosen already, which is as good
        let _ = rustls::crypto::ring::default_provider().install_default();
        Client::builder()
            .connect_timeout(Duration::from_secs(5))
            .build()
            .ok()
    });
    made.as_ref().ok_or(Failure::Connection)
}

/// The answer that is a success, after as many attempts as it takes.
async fn answered(request: &Request) -> Result<Response, Failure> {
    let mut attempt = 0;
    loop {
        let last = attempt == request.retries.most;
        let (failure, asked) = match attempted(request).await {
            Ok(response) if response.status().is_success() => return Ok(response),
            Ok(response) => {
                let header = |name: &str| {
                    let value = response.headers().get(name)?;
                    value.to_str().ok().map(str::to_owned)
                };
                let asked = wait_asked_for(&header);
                let too_long = asked.is_some_and(|wait| wait > request.retries.longest_wait);
                let again = match header("x-should-retry").as_deref() {
                    Some("true") => true,
                    Some("false") => false,
                    _ => matches!(response.status().as_u16(), 408 | 409 | 429 | 500..),
                };
                let code = response.status().as_u16();
                let failure = Failure::Status {
                    code,
                    body: response.text().await.map_err(failed)?,
                };
                if !again || (too_long && !request.retries.patient) {
                    return Err(failure);
                }
                (failure, asked.filter(|_| !too_long))
            }
            Err(failure) => (failure, None),
        };
        if last {
            return Err(failure);
        }
        tokio::time::sleep(asked.unwrap_or_else(|| backoff(attempt))).await;
        attempt += 1;
    }
}

/// Half a second, doubled with every attempt up to eight, less up to a quarter by chance.
fn backoff(attempt: u32) -> Duration {
    let seconds = (0.5 * f64::from(2_u32.saturating_pow(attempt))).min(8.0);
    let chance = f64::from(Uuid::now_v7().as_bytes()[15]) / 255.0;
    Duration::from_secs_f64(seconds * (1.0 - 0.25 * chance))
}

fn wait_asked_for(header: &dyn Fn(&str) -> Option<String>) -> Option<Duration> {
    let number = |name: &str| header(name)?.parse::<f64>().ok();
    let seconds = number("retry-after-ms").map(|ms| ms / 1000.0);
    let seconds = seconds.or_else(|| number("retry-after"))?;
    (seconds > 0.0)
        .then(|| Duration::try_from_secs_f64(seconds).ok())
        .flatten()
}

async fn attempted(request: &Request) -> Result<Response, Failure> {
    let mut builder = client()?.post(&request.url);
    for (name, value) in &request.headers {
        builder = builder.header(name, value);
    }
    let sent = builder.body(request.body.clone()).send();
    within(request.timeout, sent).await
}

async fn within<T>(
    limit: Option<Duration>,
    work: impl Future<Output = reqwest::Result<T>>,
) -> Result<T, Failure> {
    let done = match limit {
        None => work.await,
        Some(limit) => match tokio::time::timeout(limit, work).await {
            Ok(done) => done,
            Err(_) => return Err(Failure::Timeout),
        },
    };
    done.map_err(failed)
}

fn failed(error: reqwest::Error) -> Failure {
    match error.is_timeout() {
        true => Failure::Timeout,
        false => Failure::Connection,
    }
}
