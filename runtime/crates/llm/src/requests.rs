//! `requests`: what its functions send, and what they make of the answer.
//!
//! Source: <https://requests.readthedocs.io>, release 2.34; URLs are prepared as `urllib3` 2 does.

mod cookies;
mod failures;
mod response;
mod timeout;
mod url;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use langferry_pystd::json::dumps;
use langferry_pystd::{Exception, Truthy, Value, os, repr};
use reqwest::{Method, Url};

pub use crate::requests::response::{Headers, Response};

use crate::kwargs::Kwargs;
use crate::requests::cookies::Cookies;
use crate::requests::failures::{INVALID_HEADER, INVALID_JSON_ERROR, TOO_MANY_REDIRECTS};
use crate::requests::timeout::Timeout;
use crate::requests::url::{Target, encoded, target};
use crate::transport::refuse_own_proxy;
use crate::web::{Outgoing, exchange};

const USER_AGENT: &str = "python-requests/2.34.2";
const MOST_REDIRECTS: usize = 30;

/// `requests.request(method, url, **arguments)`
///
/// The arguments that are known are `params`, `data`, `json`, `headers`, `timeout`, `auth` and `allow_redirects`, and
/// `verify=True` and `stream=False`, which change nothing.
///
/// # Errors
/// The exceptions of `requests`, by their whole names; unsupported for other arguments and for what
/// [`Response`] does not know.
pub async fn request(method: &str, url: &str, arguments: Kwargs) -> Result<Response, Exception> {
    refuse_own_proxy()?;
    let mut asked = Asked::new(method, url, arguments)?;
    let mut cookies = Cookies::default();
    for _ in 0..=MOST_REDIRECTS {
        let response = asked.sent(&cookies).await?;
        let Some(location) = asked.next(&response) else {
            return Ok(response);
        };
        for header in response.headers().all("set-cookie") {
            cookies.keep(&header, &asked.target);
        }
        asked.follow(response.code(), &location)?;
    }
    let message = format!("Exceeded {MOST_REDIRECTS} redirects.");
    Err(TOO_MANY_REDIRECTS.raise([message.into()]))
}

/// A request that is ready to be sent.
struct Asked {
    method: Method,
    target: Target,
    headers: Vec<(String, String)>,
    body: Option<String>,
    timeout: Timeout,
    follows: bool,
}

impl Asked {
    fn new(method: &str, url: &str, arguments: Kwargs) -> Result<Self, Exception> {
        let (mut params, mut data, mut sent_json) = (Value::None, Value::None, Value::None);
        let (mut headers, mut auth) = (Value::None, Value::None);
        let mut timeout = Timeout::default();
        let mut follows = !method.eq_ignore_ascii_case("head");
        for (name, value) in arguments {
            match (name.as_str(), value) {
                ("params", value) => params = value,
                ("data", value) => data = value,
                ("json", value) => sent_json = value,
                ("headers", value) => headers = value,
                ("auth", value) => auth = value,
                ("timeout", value) => timeout = Timeout::of(&value)?,
                ("allow_redirects", Value::Bool(value)) => follows = value,
                ("verify", Value::Bool(true)) | ("stream", Value::Bool(false)) => {}
                ("verify" | "stream" | "cookies" | "files" | "proxies" | "cert", Value::None) => {}
                (name, _) => return Err(unsupported(format!("the argument {name}"))),
            }
        }
        let target = target(url, &params)?;
        let mut headers = with_defaults(&headers)?;
        let (body, kind) = body(&data, &sent_json)?;
        if let Some(kind) = kind {
            add(&mut headers, "Content-Type", kind);
        }
        if let Some(allowed) = authorization(&auth, &target)? {
            headers.retain(|(name, _)| !name.eq_ignore_ascii_case("authorization"));
            add(&mut headers, "Authorization", &allowed);
        }
        let method = method.to_uppercase();
        Ok(Asked {
            method: Method::from_bytes(method.as_bytes())
                .map_err(|_| unsupported(format!("the method {method}")))?,
            target,
            headers,
            body,
            timeout,
            follows,
        })
    }

    async fn sent(&self, cookies: &Cookies) -> Result<Response, Exception> {
        let mut headers = self.headers.clone();
        if let Some(cookies) = cookies.header(&self.target) {
            add(&mut headers, "Cookie", &cookies);
        }
        if self.body.is_none() && !matches!(self.method, Method::GET | Method::HEAD) {
            add(&mut headers, "Content-Length", "0");
        }
        let outgoing = Outgoing {
            method: self.method.clone(),
            url: as_sent(&self.target)?,
            headers,
            body: self.body.clone(),
            limits: self.timeout.limits()?,
        };
        let incoming = exchange(outgoing).await;
        let incoming =
            incoming.map_err(|broken| failures::of(broken, &self.target, &self.timeout))?;
        Response::new(self.target.url.clone(), incoming)
    }

    /// Where an answer sends the one who asked.
    fn next(&self, response: &Response) -> Option<String> {
        let moved = matches!(response.code(), 301 | 302 | 303 | 307 | 308);
        let location = response.headers().get("location")?;
        (self.follows && moved).then_some(location)
    }

    /// Asks for `location`, as the answer `code` says.
    fn follow(&mut self, code: u16, location: &str) -> Result<(), Exception> {
        // a head is read as Latin-1, but holds UTF-8
        let bytes: Vec<u8> = location.chars().map(|c| c as u8).collect();
        let location = String::from_utf8(bytes)
            .map_err(|_| unsupported(format!("the location {location}")))?;
        let here = Url::parse(&self.target.url);
        let there = here.and_then(|here| here.join(&location));
        let there = there.map_err(|_| unsupported(format!("the location {location}")))?;
        let target = target(there.as_str(), &Value::None)?;
        let is_head = self.method == Method::HEAD;
        if (matches!(code, 302 | 303) && !is_head) || (code == 301 && self.method == Method::POST) {
            self.method = Method::GET;
        }
        if !matches!(code, 307 | 308) {
            self.body = None;
            self.headers
                .retain(|(name, _)| !name.eq_ignore_ascii_case("content-type"));
        }
        if tells_another(&self.target, &target) {
            self.headers
                .retain(|(name, _)| !name.eq_ignore_ascii_case("authorization"));
        }
        self.target = target;
        Ok(())
    }
}

/// Whether what is allowed at one place is not to be told at the other.
fn tells_another(from: &Target, to: &Target) -> bool {
    let ends = |target: &Target| (target.scheme, target.port);
    if from.host != to.host {
        return true;
    }
    let upgraded = ends(from) == ("http", 80) && ends(to) == ("https", 443);
    !upgraded && ends(from) != ends(to)
}

fn unsupported(what: String) -> Exception {
    Exception::unsupported(format!("{what} of a request"))
}

/// The URL for the one who sends, who must not change it.
fn as_sent(target: &Target) -> Result<Url, Exception> {
    let unfit = || unsupported(format!("the URL {}", target.url));
    let Target {
        scheme,
        host,
        port,
        asked,
        ..
    } = target;
    let url = Url::parse(&format!("{scheme}://{host}:{port}{asked}")).map_err(|_| unfit())?;
    let mut same = url.path().to_owned();
    if let Some(query) = url.query() {
        same += &format!("?{query}");
    }
    match same == *asked {
        true => Ok(url),
        false => Err(unfit()),
    }
}

/// The body that `data` and `json` make, and its type.
fn body(data: &Value, json: &Value) -> Result<(Option<String>, Option<&'static str>), Exception> {
    const FORM: &str = "application/x-www-form-urlencoded";
    if !data.truthy() {
        return match json {
            Value::None => Ok((None, None)),
            json => Ok((Some(as_json(json)?), Some("application/json"))),
        };
    }
    let text = encoded(data)?;
    let kind = (!matches!(data, Value::Str(_))).then_some(FORM);
    Ok((Some(text), kind))
}

/// `json.dumps(value, allow_nan=False)`
fn as_json(value: &Value) -> Result<String, Exception> {
    if holds_no_number(value) {
        let message = "Out of range float values are not JSON compliant";
        let raised = INVALID_JSON_ERROR.raise([message.into()]);
        let inner = format!("InvalidJSONError(ValueError({}))", repr(message));
        return Err(raised.with_repr(inner));
    }
    dumps(value.clone())
}

fn holds_no_number(value: &Value) -> bool {
    match value {
        Value::Float(number) => !number.is_finite(),
        Value::List(items) | Value::Tuple(items) => items.iter().any(holds_no_number),
        Value::Dict(items) => items.items().any(|(_, value)| holds_no_number(value)),
        _ => false,
    }
}

/// The headers of a request: those given, and those that `requests` adds.
fn with_defaults(given: &Value) -> Result<Vec<(String, String)>, Exception> {
    let own = [
        ("User-Agent", USER_AGENT),
        ("Accept-Encoding", "gzip, deflate"),
        ("Accept", "*/*"),
        ("Connection", "keep-alive"),
    ];
    let mut headers: Vec<(String, String)> = own.map(|(k, v)| (k.into(), v.into())).into();
    let given = match given {
        Value::None => return Ok(headers),
        Value::Dict(given) => given,
        other => {
            return Err(unsupported(format!(
                "headers that are {}",
                other.class_name()
            )));
        }
    };
    for (name, value) in given {
        let Value::Str(name) = name else {
            return Err(unsupported("headers without names".to_owned()));
        };
        headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        match value {
            // what is left out is added by the libraries below, each in its own way
            Value::None if own.iter().any(|(own, _)| own.eq_ignore_ascii_case(name)) => {
                return Err(unsupported(format!("the header {name}=None")));
            }
            Value::None => {}
            Value::Str(value) if is_plain(value) && !name.eq_ignore_ascii_case("host") => {
                headers.push((name.clone(), value.clone()));
            }
            Value::Str(_) => return Err(unsupported(format!("the header {name}"))),
            other => {
                let (shown, kind) = (repr(other), other.class_name());
                let message = format!(
                    "Header part ({shown}) from ({}, {shown}) must be of type str or bytes, not <class '{kind}'>",
                    repr(name.as_str())
                );
                return Err(INVALID_HEADER.raise([message.into()]));
            }
        }
    }
    Ok(headers)
}

/// Whether a header can hold a text as it is.
fn is_plain(text: &str) -> bool {
    let visible = text.chars().all(|c| c == '\t' || (' '..='~').contains(&c));
    visible && !text.starts_with([' ', '\t'])
}

/// Adds a header that is not there yet.
fn add(headers: &mut Vec<(String, String)>, name: &str, value: &str) {
    if !headers
        .iter()
        .any(|(known, _)| known.eq_ignore_ascii_case(name))
    {
        headers.push((name.to_owned(), value.to_owned()));
    }
}

/// The header that `auth=` makes: of a name and a password.
fn authorization(auth: &Value, target: &Target) -> Result<Option<String>, Exception> {
    let told = match auth {
        Value::None => return in_netrc(target),
        Value::Tuple(pair) => pair.as_slice(),
        _ => return Err(unsupported("this `auth`".to_owned())),
    };
    match told {
        [Value::Str(name), Value::Str(word)] if name.is_ascii() && word.is_ascii() => {
            let told = STANDARD.encode(format!("{name}:{word}"));
            Ok(Some(format!("Basic {told}")))
        }
        _ => Err(unsupported("this `auth`".to_owned())),
    }
}

/// What a file of names and passwords says of the host, which is not read here.
fn in_netrc(target: &Target) -> Result<Option<String>, Exception> {
    let home = os::getenv("HOME")?.unwrap_or_default();
    let own = os::getenv("NETRC")?;
    let places = match own {
        Some(place) => vec![place],
        None => vec![format!("{home}/.netrc"), format!("{home}/_netrc")],
    };
    let found = places.iter().find_map(|x| std::fs::read_to_string(x).ok());
    let told = found.is_some_and(|text| {
        text.split_whitespace()
            .any(|word| word == target.host || word == "default")
    });
    match told {
        true => Err(unsupported("a password in .netrc".to_owned())),
        false => Ok(None),
    }
}
