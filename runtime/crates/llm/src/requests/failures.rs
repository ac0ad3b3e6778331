//! What `requests` raises.

use langferry_pystd::{Class, Exception, repr, str_of};

use crate::requests::timeout::Timeout;
use crate::requests::url::Target;
use crate::web::Broken;

macro_rules! classes {
    ($($name:ident $class:literal $($base:literal)*;)+) => {$(
        pub(crate) static $name: Class = Class::new(
            concat!("requests.exceptions.", $class),
            &[$(concat!("requests.exceptions.", $base),)* "requests.exceptions.RequestException", "OSError"],
        );
    )+};
}

classes! {
    HTTP_ERROR "HTTPError";
    CONNECTION_ERROR "ConnectionError";
    READ_TIMEOUT "ReadTimeout" "Timeout";
    CONNECT_TIMEOUT "ConnectTimeout" "ConnectionError" "Timeout";
    TOO_MANY_REDIRECTS "TooManyRedirects";
    INVALID_JSON_ERROR "InvalidJSONError";
}

macro_rules! value_classes {
    ($($name:ident $class:literal;)+) => {$(
        pub(crate) static $name: Class = Class::new(
            concat!("requests.exceptions.", $class),
            &["requests.exceptions.RequestException", "OSError", "ValueError"],
        );
    )+};
}

value_classes! {
    MISSING_SCHEMA "MissingSchema";
    INVALID_SCHEMA "InvalidSchema";
    INVALID_URL "InvalidURL";
    INVALID_HEADER "InvalidHeader";
}

pub(crate) static JSON_DECODE_ERROR: Class = Class::new(
    "requests.exceptions.JSONDecodeError",
    &[
        "requests.exceptions.InvalidJSONError",
        "requests.exceptions.RequestException",
        "OSError",
        "JSONDecodeError",
    ],
);

/// The exception for a request that has no answer.
///
/// Its text is urllib3's where that is certain; a broken connection is told in the words of the libraries that are used
/// here.
pub(crate) fn of(broken: Broken, target: &Target, timeout: &Timeout) -> Exception {
    let kind = match target.scheme {
        "https" => "HTTPSConnection",
        _ => "HTTPConnection",
    };
    let place = format!(
        "(host={}, port={})",
        repr(target.host.as_str()),
        target.port
    );
    let failed = |text: String| {
        let asked = &target.asked;
        let message =
            format!("{kind}Pool{place}: Max retries exceeded with url: {asked} (Caused by {text})");
        let inner = format!("MaxRetryError({})", repr(message.as_str()));
        (message, inner)
    };
    let (class, (message, inner)) = match broken {
        Broken::ReadTimeout => {
            let seconds = str_of(&timeout.read);
            let message = format!("{kind}Pool{place}: Read timed out. (read timeout={seconds})");
            let inner = format!("ReadTimeoutError({})", repr(message.as_str()));
            (&READ_TIMEOUT, (message, inner))
        }
        Broken::ConnectTimeout => {
            let seconds = str_of(&timeout.connect);
            let told = format!(
                "Connection to {} timed out. (connect timeout={seconds})",
                target.host
            );
            // Python tells the address of the connection's object, too
            let told = format!("<{kind}{place}>, {}", repr(told.as_str()));
            (
                &CONNECT_TIMEOUT,
                failed(format!("ConnectTimeoutError({told})")),
            )
        }
        Broken::Refused(number, text) => {
            let told = format!(
                "{kind}{place}: Failed to establish a new connection: [Errno {number}] {text}"
            );
            let told = repr(told.as_str());
            (
                &CONNECTION_ERROR,
                failed(format!("NewConnectionError({told})")),
            )
        }
        Broken::Unresolved(why) => {
            let told = format!(
                "{kind}{place}: Failed to resolve {} ([Errno {}] {why})",
                repr(target.host.as_str()),
                resolver_number(&why)
            );
            let told = repr(told.as_str());
            (
                &CONNECTION_ERROR,
                failed(format!("NameResolutionError({told})")),
            )
        }
        Broken::Closed => {
            let told = "Remote end closed connection without response";
            let message = format!(
                "('Connection aborted.', RemoteDisconnected({}))",
                repr(told)
            );
            let inner = format!("ProtocolError{message}");
            (&CONNECTION_ERROR, (message, inner))
        }
        Broken::Other(text) => {
            let inner = repr(text.as_str());
            (&CONNECTION_ERROR, (text, inner))
        }
    };
    let raised = class.raise([message.into()]);
    let shown = format!("{}({inner})", raised.class());
    raised.with_repr(shown)
}

/// glibc's number for what it says of a name.
fn resolver_number(text: &str) -> i32 {
    match text {
        "Temporary failure in name resolution" => -3,
        "No address associated with hostname" => -5,
        _ => -2,
    }
}
