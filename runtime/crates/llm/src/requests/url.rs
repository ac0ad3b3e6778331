//! URLs as `requests` and `urllib3` prepare them (`PreparedRequest.prepare_url`, `parse_url`).

use langferry_pystd::{Exception, Value, repr, str_of};

use crate::requests::failures::{INVALID_SCHEMA, INVALID_URL, MISSING_SCHEMA};

/// A URL that can be asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    /// As `response.url` gives it.
    pub url: String,
    pub scheme: &'static str,
    pub host: String,
    pub port: u16,
    /// The path and the query, as they are sent.
    pub asked: String,
}

const UNRESERVED: &str = "._-~";
/// What stays as it is in a path, besides letters and digits.
const IN_PATH: &str = "._-~!$&'()*+,;=:@/";
const IN_QUERY: &str = "._-~!$&'()*+,;=:@/?";
/// What `requests` leaves alone in a whole URL.
const IN_URL: &str = "._-~!#$%&'()*+,/:;=?@[]~";

/// What is asked for by a URL and parameters.
///
/// # Errors
/// `MissingSchema`, `InvalidSchema` and `InvalidURL`, as Python; unsupported for names of users and for hosts that are no
/// plain names.
pub(crate) fn target(url: &str, params: &Value) -> Result<Target, Exception> {
    let url = url.trim_start();
    if url.contains(':') && !url.to_lowercase().starts_with("http") {
        let message = format!("No connection adapters were found for {}", repr(url));
        return Err(INVALID_SCHEMA.raise([message.into()]));
    }
    let Some((scheme, rest)) = with_scheme(url) else {
        let said = "No scheme supplied. Perhaps you meant";
        let message = format!("Invalid URL {}: {said} https://{url}?", repr(url));
        return Err(MISSING_SCHEMA.raise([message.into()]));
    };
    let (rest, fragment) = split(rest, '#');
    let (rest, query) = split(rest, '?');
    let (authority, path) = match rest.strip_prefix("//") {
        Some(rest) => rest.split_at(rest.find(['/', '\\']).unwrap_or(rest.len())),
        None => ("", rest),
    };
    if path.starts_with('\\') || authority.contains('@') {
        return Err(unsupported(url));
    }
    if authority.is_empty() {
        let message = format!("Invalid URL {}: No host supplied", repr(url));
        return Err(INVALID_URL.raise([message.into()]));
    }
    let (host, port) = split(authority, ':');
    if host.starts_with(['*', '.']) {
        return Err(INVALID_URL.raise(["URL has an invalid label.".into()]));
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
    let port = match port {
        None | Some("") => None,
        Some(port) => Some(port.parse::<u16>().map_err(|_| unsupported(url))?),
    };
    let scheme = match scheme.to_ascii_lowercase().as_str() {
        "http" => "http",
        "https" => "https",
        _ => return Err(unsupported(url)),
    };
    let host = host.to_ascii_lowercase();
    if host.is_empty() || !host.chars().all(plain) {
        return Err(unsupported(url));
    }
    let path = escaped(&without_dots(path), IN_PATH);
    let path = if path.is_empty() { "/" } else { &path };
    let more = encoded(params)?;
    let query = match query.map(|query| escaped(query, IN_QUERY)) {
        Some(query) if query.is_empty() => more,
        None => more,
        Some(query) if more.is_empty() => query,
        Some(query) => format!("{query}&{more}"),
    };
    let mut asked = path.to_owned();
    if !query.is_empty() {
        asked += &format!("?{query}");
    }
    let asked = requoted(&asked);
    let fragment = fragment.map(|text| requoted(&escaped(text, IN_QUERY)));
    let fragment = fragment.filter(|text| !text.is_empty());
    let fragment = fragment.map_or_else(String::new, |text| format!("#{text}"));
    let shown = port.map_or_else(String::new, |port| format!(":{port}"));
    Ok(Target {
        url: format!("{scheme}://{host}{shown}{asked}{fragment}"),
        scheme,
        host,
        port: port.unwrap_or(if scheme == "https" { 443 } else { 80 }),
        asked,
    })
}

fn unsupported(url: &str) -> Exception {
    Exception::unsupported(format!("the URL {url}"))
}

/// The scheme of a URL and what follows it, if it has one.
fn with_scheme(url: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = url.split_once(':')?;
    let is_one = scheme
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    is_one.then_some((scheme, rest))
}

fn split(text: &str, at: char) -> (&str, Option<&str>) {
    match text.split_once(at) {
        Some((before, after)) => (before, Some(after)),
        None => (text, None),
    }
}

/// A path without `.` and `..`.
fn without_dots(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "." => {}
            ".." => {
                kept.pop();
            }
            segment => kept.push(segment),
        }
    }
    if path.starts_with('/') && kept.first().is_none_or(|first| !first.is_empty()) {
        kept.insert(0, "");
    }
    if path.ends_with("/.") || path.ends_with("/..") {
        kept.push("");
    }
    kept.join("/")
}

/// A part of a URL in which everything but `kept` is escaped, and what is escaped already stays, in capitals.
fn escaped(part: &str, kept: &str) -> String {
    let bytes = part.as_bytes();
    let is_escape = |at: usize| {
        let digits = bytes.get(at + 1..at + 3);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    };
    let percents = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'%');
    let all_escapes = percents.clone().all(|(at, _)| is_escape(at));
    let mut out = String::new();
    let mut capitals = 0;
    for (at, &byte) in bytes.iter().enumerate() {
        let c = char::from(byte);
        if byte == b'%' {
            capitals = if is_escape(at) { 3 } else { 0 };
            out.push_str(if all_escapes { "%" } else { "%25" });
        } else if c.is_ascii_alphanumeric() || (byte < 128 && kept.contains(c)) {
            out.push(if capitals > 0 {
                c.to_ascii_uppercase()
            } else {
                c
            });
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
        capitals -= i32::from(capitals > 0);
    }
    out
}

/// `requests.utils.requote_uri`: escapes of what needs none are taken back.
fn requoted(url: &str) -> String {
    let mut parts = url.split('%');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let byte = part.get(..2).and_then(|x| u8::from_str_radix(x, 16).ok());
        match byte.map(char::from) {
            Some(c) if c.is_ascii_alphanumeric() || UNRESERVED.contains(c) => {
                out.push(c);
                out.push_str(&part[2..]);
            }
            _ => {
                out.push('%');
                out.push_str(part);
            }
        }
    }
    quoted(&out, IN_URL)
}

fn quoted(text: &str, kept: &str) -> String {
    let mut out = String::new();
    for &byte in text.as_bytes() {
        let c = char::from(byte);
        if byte < 128 && (c.is_ascii_alphanumeric() || kept.contains(c)) {
            out.push(c);
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// Parameters or a form, as `urlencode(…, doseq=True)` writes them; a text stays as it is.
///
/// # Errors
/// Unsupported for anything but texts, dicts and lists of pairs.
pub(crate) fn encoded(given: &Value) -> Result<String, Exception> {
    let pairs: Vec<(Value, Value)> = match given {
        Value::None => Vec::new(),
        Value::Str(text) => return Ok(text.clone()),
        Value::Dict(items) => items.items().map(|(k, v)| (k.clone(), v.clone())).collect(),
        Value::List(items) | Value::Tuple(items) => {
            let pair = |item: &Value| match item {
                Value::Tuple(pair) if pair.len() == 2 => Ok((pair[0].clone(), pair[1].clone())),
                other => Err(not_encoded(other)),
            };
            items.iter().map(pair).collect::<Result<_, _>>()?
        }
        other => return Err(not_encoded(other)),
    };
    let mut out: Vec<String> = Vec::new();
    for (key, values) in pairs {
        let values = match values {
            Value::List(values) | Value::Tuple(values) => values,
            value => vec![value],
        };
        for value in values.iter().filter(|value| **value != Value::None) {
            out.push(format!("{}={}", field(&key)?, field(value)?));
        }
    }
    Ok(out.join("&"))
}

/// A key or a value, where a space becomes a plus.
fn field(value: &Value) -> Result<String, Exception> {
    match value {
        Value::Str(text) => Ok(quoted(text, "_.-~ ").replace(' ', "+")),
        Value::Int(_) | Value::Float(_) | Value::Bool(_) => {
            Ok(quoted(&str_of(value), "_.-~ ").replace(' ', "+"))
        }
        other => Err(not_encoded(other)),
    }
}

fn not_encoded(value: &Value) -> Exception {
    Exception::unsupported(format!("a {} in a URL or a form", value.class_name()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_path_of_its_own_is_put_right() {
        assert_eq!(without_dots("/a/./b/../c"), "/a/c");
        assert_eq!(without_dots("/a/.."), "/");
        assert_eq!(without_dots("/../a/"), "/a/");
    }

    #[test]
    fn escapes_are_kept_only_where_all_of_them_are_some() {
        assert_eq!(escaped("a%2fb", IN_PATH), "a%2Fb");
        assert_eq!(escaped("100%", IN_PATH), "100%25");
        assert_eq!(requoted("/%7Ea%2Fb"), "/~a%2Fb");
    }
}
