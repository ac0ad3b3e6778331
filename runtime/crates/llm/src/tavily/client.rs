//! `TavilyClient`

use langferry_pystd::json::dumps;
use langferry_pystd::{Class, Dict, Exception, Float, Value, repr, str_of};

use crate::kwargs::{Kwargs, get, kwargs};
use crate::requests::{Response, request};
use crate::tavily::settings::{service, text, unfit, variable};

/// What asks the service. Clones are the same.
#[derive(Clone, Debug)]
pub struct TavilyClient {
    base_url: String,
    headers: Dict<Value, Value>,
    is_keyless: bool,
}

/// `TavilyClient(**arguments)`, of `api_key`, `api_base_url`, `client_source`, `project_id`, `org_id`, `session_id`,
/// `human_id` and `client_name`; without a key it asks as somebody unknown.
///
/// # Errors
/// Unsupported for other arguments, and for proxies of its own.
pub fn tavily_client(mut arguments: Kwargs) -> Result<TavilyClient, Exception> {
    let named = |name: &str| -> Result<Option<String>, Exception> { variable(name) };
    for proxy in ["TAVILY_HTTP_PROXY", "TAVILY_HTTPS_PROXY"] {
        if named(proxy)?.is_some() {
            return Err(Exception::unsupported(proxy));
        }
    }
    let key = match arguments.pop("api_key") {
        Err(_) | Ok(Value::None) => named("TAVILY_API_KEY")?,
        Ok(Value::Str(key)) => Some(key).filter(|key| !key.is_empty()),
        Ok(other) => return Err(unfit("api_key", &other)),
    };
    let is_keyless = key.is_none();
    let base_url = text(&mut arguments, "api_base_url")?;
    let source = text(&mut arguments, "client_source")?;
    let source = source.unwrap_or_else(|| {
        let kind = if is_keyless { "-keyless" } else { "" };
        format!("tavily-python{kind}")
    });
    let project = text(&mut arguments, "project_id")?;
    let org = text(&mut arguments, "org_id")?;
    let headers = [
        ("Content-Type", Some("application/json".to_owned())),
        ("Authorization", key.map(|key| format!("Bearer {key}"))),
        (
            "X-Tavily-Access-Mode",
            is_keyless.then(|| "keyless".to_owned()),
        ),
        ("X-Client-Source", Some(source)),
        ("X-Project-ID", project.or(named("TAVILY_PROJECT")?)),
        ("X-Tavily-Orgid", org.or(named("TAVILY_ORG_ID")?)),
        ("X-Session-Id", text(&mut arguments, "session_id")?),
        ("X-Human-Id", text(&mut arguments, "human_id")?),
        ("X-Client-Name", text(&mut arguments, "client_name")?),
    ];
    if let Some((name, value)) = arguments.items().find(|(_, value)| **value != Value::None) {
        return Err(unfit(name, value));
    }
    let headers = headers.into_iter();
    Ok(TavilyClient {
        base_url: service(base_url)?,
        headers: headers
            .filter_map(|(name, value)| Some((name.into(), value?.into())))
            .collect(),
        is_keyless,
    })
}

/// The arguments of a search, in the order in which they are sent.
const OF_SEARCH: [&str; 24] = [
    "query",
    "search_depth",
    "topic",
    "time_range",
    "start_date",
    "end_date",
    "days",
    "max_age_hours",
    "include_answer",
    "include_raw_content",
    "max_results",
    "include_domains",
    "exclude_domains",
    "include_domains_mode",
    "include_images",
    "country",
    "auto_parameters",
    "include_favicon",
    "include_usage",
    "exact_match",
    "fetch_timeout",
    "cache_fallback",
    "language",
    "filter_by_language",
];

const OF_EXTRACT: [&str; 9] = [
    "urls",
    "include_images",
    "extract_depth",
    "format",
    "timeout",
    "include_favicon",
    "include_usage",
    "query",
    "chunks_per_source",
];

/// Arguments of a call that are sent as headers.
const AS_HEADERS: [(&str, &str); 4] = [
    ("project_id", "X-Project-ID"),
    ("session_id", "X-Session-Id"),
    ("human_id", "X-Human-Id"),
    ("client_name", "X-Client-Name"),
];

impl TavilyClient {
    /// `self.search(**arguments)`
    ///
    /// # Errors
    /// The exceptions of `tavily.errors` and of `requests`, by their whole names; unsupported for a `timeout` that is no
    /// number.
    pub async fn search(&self, mut arguments: Kwargs) -> Result<Value, Exception> {
        let mut timeout = arguments.pop("timeout").unwrap_or_else(|_| 60.into());
        if timeout.to::<Float>()?.to_f64()? > 120.0 {
            timeout = 120.into();
        }
        let found = self.asked("/search", &OF_SEARCH, arguments, timeout);
        with_lists(found.await?, &["results"])
    }

    /// `self.extract(**arguments)`
    ///
    /// # Errors
    /// As [`TavilyClient::search`].
    pub async fn extract(&self, mut arguments: Kwargs) -> Result<Value, Exception> {
        let timeout = arguments.pop("timeout").unwrap_or_else(|_| 30.into());
        arguments.insert("timeout", timeout.clone());
        let found = self.asked("/extract", &OF_EXTRACT, arguments, timeout);
        with_lists(found.await?, &["results", "failed_results"])
    }

    async fn asked(
        &self,
        path: &str,
        known: &[&str],
        mut arguments: Kwargs,
        timeout: Value,
    ) -> Result<Value, Exception> {
        let mut headers = self.headers.clone();
        for (name, header) in AS_HEADERS {
            match arguments.pop(name) {
                Err(_) | Ok(Value::None) => {}
                Ok(value) => headers.insert(header, Value::from(str_of(&value))),
            }
        }
        let mut data: Dict<Value, Value> = Dict::new();
        for &name in known {
            match arguments.pop(name) {
                Err(_) | Ok(Value::None) => {}
                Ok(value) => data.insert(name, value),
            }
        }
        for (name, value) in arguments {
            data.insert(name, value);
        }
        let sent = kwargs([
            ("data", dumps(Value::Dict(data))?.into()),
            ("headers", Value::Dict(headers)),
            ("timeout", timeout.clone()),
        ]);
        let response = request("POST", &format!("{}{path}", self.base_url), sent).await;
        let response = response.map_err(|error| match error.is(TIMEOUT) {
            true => TIMEOUT_ERROR.raise([late(&timeout).into()]),
            false => error,
        })?;
        match response.code() == 200 {
            true => response.json(),
            false => Err(self.refused(&response)),
        }
    }

    /// What an answer that is none raises.
    fn refused(&self, response: &Response) -> Exception {
        let body = match response.json() {
            Err(error) if !error.is("Exception") => return error,
            body => body.unwrap_or_default(),
        };
        let envelope = get(&body, "error");
        if self.is_keyless && matches!(get(envelope, "code"), Value::Str(_)) {
            let message = get(envelope, "message");
            let message = if *message == Value::None {
                "".into()
            } else {
                message.clone()
            };
            return KEYLESS_LIMIT_ERROR.raise([message]);
        }
        let detail = match get(get(&body, "detail"), "error") {
            Value::None => "".into(),
            detail => detail.clone(),
        };
        let class = match response.code() {
            429 => &USAGE_LIMIT_EXCEEDED_ERROR,
            403 | 432 | 433 => &FORBIDDEN_ERROR,
            401 => &INVALID_API_KEY_ERROR,
            400 => &BAD_REQUEST_ERROR,
            _ => {
                return response.raise_for_status().err().unwrap_or_else(|| {
                    Exception::type_error("exceptions must derive from BaseException")
                });
            }
        };
        class.raise([detail])
    }
}

const TIMEOUT: &str = "requests.exceptions.Timeout";

fn late(timeout: &Value) -> String {
    format!("Request timed out after {} seconds.", repr(timeout))
}

/// An answer that has these lists, even if it came without them.
fn with_lists(mut found: Value, names: &[&str]) -> Result<Value, Exception> {
    for &name in names {
        match &mut found {
            Value::Dict(items) => {
                items.set_default(name, Value::List(Vec::new()));
            }
            other => {
                let class = other.class_name();
                let message = format!("'{class}' object has no attribute 'setdefault'");
                return Err(Exception::attribute_error(message));
            }
        }
    }
    Ok(found)
}

macro_rules! errors {
    ($($name:ident $class:literal $($base:literal)*;)+) => {$(
        static $name: Class = Class::new(
            concat!("tavily.errors.", $class),
            &[$(concat!("tavily.errors.", $base),)* "Exception"],
        );
    )+};
}

errors! {
    USAGE_LIMIT_EXCEEDED_ERROR "UsageLimitExceededError";
    KEYLESS_LIMIT_ERROR "TavilyKeylessLimitError" "UsageLimitExceededError";
    FORBIDDEN_ERROR "ForbiddenError";
    INVALID_API_KEY_ERROR "InvalidAPIKeyError";
    BAD_REQUEST_ERROR "BadRequestError";
    TIMEOUT_ERROR "TimeoutError";
}
