//! What the vendors' SDKs raise when a request fails.

use std::borrow::Cow;

use langferry_pystd::json::loads;
use langferry_pystd::{Exception, Value, str_of};

use crate::kwargs::{get, text};
use crate::transport::Failure;

/// The SDKs that are made by the same generator, and raise classes of the same names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sdk {
    /// `openai`, under LangChain's own classes.
    OpenAi,
    /// `openai` as it is.
    PlainOpenAi,
    /// `anthropic`, under LangChain's own classes.
    Anthropic,
    /// `groq`.
    Groq,
}

/// The exception for a failed request.
pub(crate) fn failure(sdk: Sdk, failure: Failure) -> Exception {
    let (class, above, message) = match failure {
        Failure::Timeout => (
            "APITimeoutError",
            vec!["APIConnectionError"],
            sdk.timed_out().to_owned(),
        ),
        Failure::Connection => ("APIConnectionError", vec![], "Connection error.".to_owned()),
        Failure::Status { code, body } => {
            let (class, above) = sdk.class(code);
            (class, above, sdk.message(code, &body))
        }
    };
    let bases = above.into_iter().chain(["APIError", sdk.base()]);
    match sdk.langchain(class, &message) {
        None => raised(class, bases, message),
        Some((own, general)) => {
            let of_langchain = [general, "ModelError", "LangChainException"];
            let bases = [class].into_iter().chain(bases).chain(of_langchain);
            raised(own, bases, message)
        }
    }
}

impl Sdk {
    /// The class for a status, and the classes between it and `APIError`.
    fn class(self, code: u16) -> (&'static str, Vec<&'static str>) {
        let class = match (self, code) {
            (_, 400) => "BadRequestError",
            (_, 401) => "AuthenticationError",
            (_, 403) => "PermissionDeniedError",
            (_, 404) => "NotFoundError",
            (_, 409) => "ConflictError",
            (_, 422) => "UnprocessableEntityError",
            (_, 429) => "RateLimitError",
            (Sdk::Anthropic, 413) => "RequestTooLargeError",
            (Sdk::Anthropic, 503) => "ServiceUnavailableError",
            (Sdk::Anthropic, 504) => "DeadlineExceededError",
            (Sdk::Anthropic, 529) => "OverloadedError",
            (_, 500..) => "InternalServerError",
            _ => return ("APIStatusError", vec![]),
        };
        match class {
            "OverloadedError" | "ServiceUnavailableError" | "DeadlineExceededError" => {
                (class, vec!["InternalServerError", "APIStatusError"])
            }
            _ => (class, vec!["APIStatusError"]),
        }
    }

    fn base(self) -> &'static str {
        match self {
            Sdk::OpenAi | Sdk::PlainOpenAi => "OpenAIError",
            Sdk::Anthropic => "AnthropicError",
            Sdk::Groq => "GroqError",
        }
    }

    fn timed_out(self) -> &'static str {
        match self {
            Sdk::OpenAi | Sdk::PlainOpenAi | Sdk::Groq => "Request timed out.",
            Sdk::Anthropic => {
                "Request timed out or interrupted. This could be due to a network timeout, dropped connection, or \
                 request cancellation. See https://docs.anthropic.com/en/api/errors#long-requests for more details."
            }
        }
    }

    fn message(self, code: u16, body: &str) -> String {
        let body = body.trim();
        let Ok(told) = loads(body) else {
            return match (self, body) {
                (Sdk::OpenAi | Sdk::PlainOpenAi, _) | (_, "") => format!("Error code: {code}"),
                (_, body) => body.to_owned(),
            };
        };
        if !matches!(self, Sdk::OpenAi | Sdk::PlainOpenAi) {
            return format!("Error code: {code} - {}", str_of(&told));
        }
        let error = match get(&told, "error") {
            Value::None => &told,
            error => error,
        };
        match text(get(error, "message")) {
            Some(text) if !text.is_empty() => format!("Error code: {code} - {text}"),
            _ => format!("Error code: {code}"),
        }
    }

    /// LangChain's class that is the SDK's as well, and its class for all vendors.
    fn langchain(self, class: &str, message: &str) -> Option<(&'static str, &'static str)> {
        let says = |signs: &[&str]| signs.iter().any(|sign| message.contains(sign));
        match self {
            Sdk::PlainOpenAi | Sdk::Groq => None,
            Sdk::OpenAi => Some(match class {
                "BadRequestError"
                    if says(&[
                        "context_length_exceeded",
                        "Input tokens exceed the configured limit",
                        "prompt is too long",
                        "ContextWindowExceededError",
                    ]) =>
                {
                    ("OpenAIContextOverflowError", "ContextOverflowError")
                }
                "BadRequestError" => ("OpenAIInvalidRequestError", "ModelInvalidRequestError"),
                "AuthenticationError" => ("OpenAIAuthenticationError", "ModelAuthenticationError"),
                "PermissionDeniedError" => {
                    ("OpenAIPermissionDeniedError", "ModelPermissionDeniedError")
                }
                "NotFoundError" => ("OpenAIModelNotFoundError", "ModelNotFoundError"),
                "RateLimitError" => ("OpenAIRateLimitError", "ModelRateLimitError"),
                "InternalServerError" => ("OpenAIAPIError", "ModelAPIError"),
                "APITimeoutError" => ("OpenAITimeoutError", "ModelTimeoutError"),
                "APIConnectionError" => ("OpenAIConnectionError", "ModelConnectionError"),
                _ => return None,
            }),
            Sdk::Anthropic => Some(match class {
                "BadRequestError" if says(&["prompt is too long"]) => {
                    ("AnthropicContextOverflowError", "ContextOverflowError")
                }
                "BadRequestError" => ("AnthropicInvalidRequestError", "ModelInvalidRequestError"),
                "AuthenticationError" => {
                    ("AnthropicAuthenticationError", "ModelAuthenticationError")
                }
                "PermissionDeniedError" => (
                    "AnthropicPermissionDeniedError",
                    "ModelPermissionDeniedError",
                ),
                "NotFoundError" => ("AnthropicModelNotFoundError", "ModelNotFoundError"),
                "RateLimitError" => ("AnthropicRateLimitError", "ModelRateLimitError"),
                "OverloadedError" => ("AnthropicOverloadedError", "ModelAPIError"),
                "InternalServerError" => ("AnthropicAPIError", "ModelAPIError"),
                "APITimeoutError" => ("AnthropicTimeoutError", "ModelTimeoutError"),
                "APIConnectionError" => ("AnthropicConnectionError", "ModelConnectionError"),
                _ => return None,
            }),
        }
    }
}

/// What httpx raises where an SDK lets it through; why there was no connection is not told apart.
pub(crate) fn of_http(failure: &Failure) -> Exception {
    let (class, base, message) = match failure {
        Failure::Timeout => ("ReadTimeout", "TimeoutException", "timed out"),
        _ => (
            "ConnectError",
            "NetworkError",
            "[Errno 111] Connection refused",
        ),
    };
    let bases = [base, "TransportError", "RequestError", "HTTPError"];
    raised(class, bases, message.to_owned())
}

fn raised(
    class: &'static str,
    bases: impl IntoIterator<Item = &'static str>,
    message: String,
) -> Exception {
    let bases = bases.into_iter().chain(["Exception", "BaseException"]);
    Exception::with_bases(class, bases.map(Cow::Borrowed), message)
}
