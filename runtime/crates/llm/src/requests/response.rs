//! `requests.Response`

use std::io::Read as _;
use std::sync::Arc;

use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use langferry_pystd::{Exception, Int, Truthy, Value, json, repr};

use crate::requests::failures::{HTTP_ERROR, JSON_DECODE_ERROR};
use crate::web::Incoming;

/// An answer of a server. Clones are the same.
#[derive(Clone, Debug)]
pub struct Response(Arc<Answer>);

#[derive(Debug)]
struct Answer {
    url: String,
    code: u16,
    reason: String,
    headers: Headers,
    content: Vec<u8>,
}

impl Response {
    /// What came from `url`, its content as it was before it was compressed for the way.
    ///
    /// # Errors
    /// Unsupported for compressions that are not known, and content that is none.
    pub(crate) fn new(url: String, incoming: Incoming) -> Result<Self, Exception> {
        let headers = Headers(incoming.headers);
        let coded = headers.find("content-encoding").unwrap_or_default();
        let mut content = incoming.content;
        for coding in coded.split(',').rev() {
            let coding = coding.trim().to_lowercase();
            content = uncompressed(content, &coding).ok_or_else(|| {
                Exception::unsupported(format!("an answer that is compressed by {coding}"))
            })?;
        }
        Ok(Response(Arc::new(Answer {
            url,
            code: incoming.code,
            reason: incoming.reason,
            headers,
            content,
        })))
    }

    /// `self.status_code`, as a plain number.
    pub(crate) fn code(&self) -> u16 {
        self.0.code
    }

    /// `self.content`
    pub(crate) fn content(&self) -> &[u8] {
        &self.0.content
    }

    /// `self.status_code`
    #[must_use]
    pub fn status_code(&self) -> Int {
        Int::from(u32::from(self.0.code))
    }

    /// `self.ok`
    #[must_use]
    pub fn ok(&self) -> bool {
        self.0.code < 400
    }

    /// `self.reason`
    #[must_use]
    pub fn reason(&self) -> String {
        self.0.reason.clone()
    }

    /// `self.url`
    #[must_use]
    pub fn url(&self) -> String {
        self.0.url.clone()
    }

    /// `self.headers`
    #[must_use]
    pub fn headers(&self) -> Headers {
        self.0.headers.clone()
    }

    /// `self.text`
    ///
    /// # Errors
    /// Unsupported for encodings that are not known, and for text of no declared encoding that is no UTF-8.
    pub fn text(&self) -> Result<String, Exception> {
        let content = &self.0.content;
        match self.encoding() {
            _ if content.is_empty() => Ok(String::new()),
            Some(name) => decoded(content, &name),
            None => String::from_utf8(content.clone())
                .map_err(|_| Exception::unsupported("a text whose encoding has to be guessed")),
        }
    }

    /// `self.json()`
    ///
    /// # Errors
    /// `requests.exceptions.JSONDecodeError`; as [`Response::text`].
    pub fn json(&self) -> Result<Value, Exception> {
        let content = &self.0.content;
        let undeclared = self.encoding().is_none() && content.len() > 3;
        if undeclared && (content[..4].contains(&0) || content.starts_with(&[0xef, 0xbb, 0xbf])) {
            return Err(Exception::unsupported(
                "JSON in another encoding than UTF-8",
            ));
        }
        json::loads(&self.text()?).map_err(|error| match error.is("JSONDecodeError") {
            true => JSON_DECODE_ERROR.raise([error.message().into()]),
            false => error,
        })
    }

    /// `self.raise_for_status()`
    ///
    /// # Errors
    /// `requests.exceptions.HTTPError` for an answer that says that something went wrong.
    pub fn raise_for_status(&self) -> Result<(), Exception> {
        let at_fault = match self.0.code {
            400..500 => "Client",
            500..600 => "Server",
            _ => return Ok(()),
        };
        let Answer {
            code, reason, url, ..
        } = &*self.0;
        let message = format!("{code} {at_fault} Error: {reason} for url: {url}");
        Err(HTTP_ERROR.raise([message.into()]))
    }

    /// `self.encoding`
    fn encoding(&self) -> Option<String> {
        let told = self.0.headers.find("content-type")?;
        let mut parts = told.split(';');
        let kind = parts.next().unwrap_or_default().trim();
        let bare = |text: &str| text.trim_matches(['"', '\'', ' ']).to_owned();
        let mut charset = None;
        for (name, value) in parts.filter_map(|part| part.trim().split_once('=')) {
            if bare(name).eq_ignore_ascii_case("charset") {
                charset = Some(bare(value));
            }
        }
        match charset {
            Some(charset) => Some(charset),
            None if kind.contains("text") => Some("iso-8859-1".to_owned()),
            None if kind.contains("application/json") => Some("utf-8".to_owned()),
            None => None,
        }
    }
}

impl Truthy for Response {
    fn truthy(&self) -> bool {
        self.ok()
    }
}

/// `response.headers`, whose names are the same in capitals.
#[derive(Clone, Debug)]
pub struct Headers(Vec<(String, String)>);

impl Truthy for Headers {
    fn truthy(&self) -> bool {
        !self.0.is_empty()
    }
}

impl Headers {
    fn find(&self, name: &str) -> Option<String> {
        let values = self.all(name);
        (!values.is_empty()).then(|| values.join(", "))
    }

    /// The values of a header, each for itself.
    pub(crate) fn all(&self, name: &str) -> Vec<String> {
        let named = |(key, _): &&(String, String)| key.eq_ignore_ascii_case(name);
        let found = self.0.iter().filter(named);
        found.map(|(_, value)| value.clone()).collect()
    }

    /// `self.get(name)`
    #[must_use]
    pub fn get(&self, name: &str) -> Option<String> {
        self.find(name)
    }

    /// `self[name]`
    ///
    /// # Errors
    /// `KeyError` for a header that did not come.
    pub fn item(&self, name: &str) -> Result<String, Exception> {
        self.find(name)
            .ok_or_else(|| Exception::key_error(repr(name.to_lowercase().as_str())))
    }
}

fn uncompressed(content: Vec<u8>, coding: &str) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let mut read = &content[..];
    match coding {
        "" | "identity" => return Some(content),
        _ if content.is_empty() => return Some(content),
        "gzip" | "x-gzip" => MultiGzDecoder::new(read).read_to_end(&mut out).ok()?,
        "deflate" => match ZlibDecoder::new(read).read_to_end(&mut out) {
            Ok(count) => count,
            Err(_) => {
                out.clear();
                read = &content[..];
                DeflateDecoder::new(read).read_to_end(&mut out).ok()?
            }
        },
        _ => return None,
    };
    Some(out)
}

/// `str(content, encoding, errors="replace")`
fn decoded(content: &[u8], encoding: &str) -> Result<String, Exception> {
    let name = encoding.to_lowercase().replace(['_', ' '], "-");
    match name.as_str() {
        "utf-8" | "utf8" => Ok(String::from_utf8_lossy(content).into_owned()),
        "iso-8859-1" | "iso8859-1" | "latin-1" | "latin1" => {
            Ok(content.iter().copied().map(char::from).collect())
        }
        "ascii" | "us-ascii" => Ok(content
            .iter()
            .map(|&byte| match byte.is_ascii() {
                true => char::from(byte),
                false => char::REPLACEMENT_CHARACTER,
            })
            .collect()),
        _ => Err(Exception::unsupported(format!(
            "a text in the encoding {encoding}"
        ))),
    }
}
