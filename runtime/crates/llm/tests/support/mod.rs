//! A server on this machine that answers with the replies it is given, in order, and keeps the requests.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::{Map, Value as Json, json};

/// The headers that are compared; the others tell of the SDK, not of the request.
const HEADERS: [&str; 9] = [
    "authorization",
    "x-api-key",
    "anthropic-version",
    "anthropic-beta",
    "content-type",
    "api-key",
    "x-goog-api-key",
    "openai-organization",
    "x-own",
];

pub struct Server {
    pub url: String,
    requests: Arc<Mutex<Vec<Json>>>,
}

impl Server {
    /// Starts one whose replies are made by `replies`, given its address.
    pub fn start(replies: impl FnOnce(&str) -> Vec<Json>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (kept, mut replies) = (Arc::clone(&requests), replies(&url).into_iter());
        thread::spawn(move || {
            for stream in listener.incoming() {
                answer(stream.unwrap(), &kept, &mut replies);
            }
        });
        Server { url, requests }
    }

    pub fn requests(&self) -> Vec<Json> {
        self.requests.lock().unwrap().clone()
    }
}

fn answer(
    mut stream: TcpStream,
    kept: &Mutex<Vec<Json>>,
    replies: &mut impl Iterator<Item = Json>,
) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
    let (mut headers, mut length) = (Map::new(), 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            break;
        };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.parse().unwrap();
        }
        if HEADERS.contains(&name.to_lowercase().as_str()) {
            headers.insert(name.to_lowercase(), value.into());
        }
    }
    headers.sort_keys();
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let body: Json = serde_json::from_slice(&body).unwrap();
    let request = json!({"path": path, "headers": headers, "body": body});
    kept.lock().unwrap().push(request);

    let reply = replies.next().unwrap();
    let (text, kind) = match reply.get("text") {
        Some(text) => {
            let kind = reply.get("type").and_then(Json::as_str);
            (
                text.as_str().unwrap().to_owned(),
                kind.unwrap_or("text/event-stream"),
            )
        }
        None => (reply["body"].to_string(), "application/json"),
    };
    let status = reply.get("status").and_then(Json::as_u64).unwrap_or(200);
    let mut head = format!(
        "HTTP/1.1 {status} -\r\ncontent-type: {kind}\r\ncontent-length: {}\r\nconnection: close\r\n",
        text.len()
    );
    if let Some(Json::Object(more)) = reply.get("headers") {
        for (name, value) in more {
            head.push_str(&format!("{name}: {}\r\n", value.as_str().unwrap()));
        }
    }
    write!(stream, "{head}\r\n{text}").unwrap();
}
