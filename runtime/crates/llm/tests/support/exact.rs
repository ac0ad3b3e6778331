//! A server on this machine that gives replies as they are written down, and keeps all that was asked.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Map, Value as Json, json};

pub struct Exact {
    pub url: String,
    requests: Arc<Mutex<Vec<Json>>>,
}

impl Exact {
    /// Starts one with these replies, each for a connection of its own.
    pub fn start(replies: Vec<Json>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (kept, own) = (Arc::clone(&requests), url.clone());
        thread::spawn(move || {
            for reply in replies {
                let (mut stream, _) = listener.accept().unwrap();
                kept.lock().unwrap().push(asked(&stream));
                let after = reply["after"].as_f64().unwrap_or(0.0);
                thread::sleep(Duration::from_secs_f64(after));
                // one who has gone away does not mind
                let _ = stream.write_all(&bytes(&reply, &own));
            }
        });
        Exact { url, requests }
    }

    pub fn requests(&self) -> Vec<Json> {
        self.requests.lock().unwrap().clone()
    }
}

fn asked(stream: &TcpStream) -> Json {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    let line: Vec<&str> = line.split_whitespace().take(2).collect();
    let (mut headers, mut length) = (Map::new(), 0);
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).unwrap();
        let Some((name, value)) = header.trim_end().split_once(": ") else {
            break;
        };
        let name = name.to_lowercase();
        if name == "content-length" {
            length = value.parse().unwrap();
        }
        if name != "host" && name != "connection" {
            headers.insert(name, value.into());
        }
    }
    headers.sort_keys();
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    json!({"line": line, "headers": headers, "body": String::from_utf8(body).unwrap()})
}

fn bytes(reply: &Json, url: &str) -> Vec<u8> {
    if let Some(raw) = reply["raw"].as_str() {
        return raw.as_bytes().to_vec();
    }
    let mut body = reply["text"]
        .as_str()
        .unwrap_or_default()
        .as_bytes()
        .to_vec();
    if let Some(value) = reply.get("json") {
        body = value.to_string().into_bytes();
    }
    if let Some(text) = reply["base64"].as_str() {
        body = STANDARD.decode(text).unwrap();
    }
    let mut headers = reply["headers"].as_object().cloned().unwrap_or_default();
    if headers.get("Content-Encoding").is_some_and(|x| x == "gzip") {
        let mut writer = GzEncoder::new(Vec::new(), Compression::default());
        writer.write_all(&body).unwrap();
        body = writer.finish().unwrap();
    }
    headers.insert("Content-Length".into(), body.len().to_string().into());
    headers.insert("Connection".into(), "close".into());
    let mut head = format!(
        "HTTP/1.1 {}\r\n",
        reply["status"].as_str().unwrap_or("200 OK")
    );
    for (name, value) in &headers {
        head += &format!("{name}: {}\r\n", value.as_str().unwrap());
    }
    let mut all = format!("{}\r\n", head.replace("$URL", url)).into_bytes();
    all.extend(body);
    all
}
