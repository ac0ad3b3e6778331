//! One HTTP request of a program, and all of its answer: no retries, no redirects, nothing added to what is asked.

use std::collections::HashMap;
use std::error::Error as _;
use std::io;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Client, Method, Url};

use crate::transport::run_on;

/// A request as it is to be sent.
#[derive(Clone, Debug)]
pub(crate) struct Outgoing {
    pub method: Method,
    pub url: Url,
    pub headers: Vec<(String, String)>,
    pub body: Option<String>,
    pub limits: Limits,
}

/// How long connecting may take, and the server keep silent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Limits {
    pub connect: Option<Duration>,
    pub read: Option<Duration>,
}

/// An answer as it came, its content not decoded.
#[derive(Clone, Debug)]
pub(crate) struct Incoming {
    pub code: u16,
    pub reason: String,
    pub headers: Vec<(String, String)>,
    pub content: Vec<u8>,
}

/// Why there is no answer.
#[derive(Clone, Debug)]
pub(crate) enum Broken {
    /// Connecting took too long.
    ConnectTimeout,
    /// The server kept silent.
    ReadTimeout,
    /// The system would not connect: its number and text for that.
    Refused(i32, String),
    /// The name of the host stands for no address.
    Unresolved(String),
    /// The connection was closed before an answer came.
    Closed,
    /// Anything else, in the words of the libraries below.
    Other(String),
}

/// Sends one request.
pub(crate) async fn exchange(request: Outgoing) -> Result<Incoming, Broken> {
    let unavailable = || Broken::Other("no runtime for requests".to_owned());
    run_on(async move { sent(request).await })
        .await
        .ok_or_else(unavailable)?
}

async fn sent(request: Outgoing) -> Result<Incoming, Broken> {
    let mut builder = client(request.limits)?.request(request.method, request.url);
    for (name, value) in &request.headers {
        builder = builder.header(name, value);
    }
    if let Some(body) = request.body {
        builder = builder.body(body);
    }
    let response = builder.send().await.map_err(|error| broken(&error))?;
    let code = response.status();
    let reason = match response.extensions().get::<hyper::ext::ReasonPhrase>() {
        Some(said) => latin1(said.as_bytes()),
        None => code.canonical_reason().unwrap_or_default().to_owned(),
    };
    let headers = response.headers().iter();
    let headers = headers.map(|(name, value)| (name.to_string(), latin1(value.as_bytes())));
    let headers = headers.collect();
    let content = response.bytes().await.map_err(|error| broken(&error))?;
    Ok(Incoming {
        code: code.as_u16(),
        reason,
        headers,
        content: content.to_vec(),
    })
}

/// The client that keeps to these limits; each request has a connection of its own.
fn client(limits: Limits) -> Result<Client, Broken> {
    static CLIENTS: OnceLock<Mutex<HashMap<Limits, Client>>> = OnceLock::new();
    let clients = CLIENTS.get_or_init(Mutex::default);
    let mut clients = clients.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(made) = clients.get(&limits) {
        return Ok(made.clone());
    }
    // another part of the program may have chosen already, which is as good
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = Client::builder()
        .redirect(Policy::none())
        .pool_max_idle_per_host(0);
    if let Some(limit) = limits.connect {
        builder = builder.connect_timeout(limit);
    }
    if let Some(limit) = limits.read {
        builder = builder.read_timeout(limit);
    }
    let made = builder.build().map_err(|error| broken(&error))?;
    clients.insert(limits, made.clone());
    Ok(made)
}

fn broken(error: &reqwest::Error) -> Broken {
    if error.is_timeout() {
        return match error.is_connect() {
            true => Broken::ConnectTimeout,
            false => Broken::ReadTimeout,
        };
    }
    let (mut text, mut source) = (error.to_string(), error.source());
    while let Some(cause) = source {
        if let Some(found) = cause.downcast_ref::<io::Error>()
            && let Some(number) = found.raw_os_error()
        {
            return match error.is_connect() {
                true => Broken::Refused(number, system_text(found)),
                false => Broken::Other(system_text(found)),
            };
        }
        if let Some(found) = cause.downcast_ref::<hyper::Error>()
            && (found.is_incomplete_message() || found.is_closed())
        {
            return Broken::Closed;
        }
        text = cause.to_string();
        if let Some(why) = text.strip_prefix(UNRESOLVED) {
            return Broken::Unresolved(why.to_owned());
        }
        source = cause.source();
    }
    Broken::Other(text)
}

/// How the standard library says that a name stands for no address.
const UNRESOLVED: &str = "failed to lookup address information: ";

/// The system's text for an error, without the number that the standard library adds.
fn system_text(error: &io::Error) -> String {
    let text = error.to_string();
    let told = text.split(" (os error").next();
    told.unwrap_or_default().to_owned()
}

/// Bytes of a head as Python reads them.
fn latin1(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}
