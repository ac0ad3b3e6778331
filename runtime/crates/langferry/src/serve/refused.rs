//! Requests that are not done: a status, a reason, and a code of langferry's table.

use std::fmt::Display;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use langferry_pystd::Exception;
use serde_json::json;

use crate::serve::json_response;

/// Why a request is not done.
#[derive(Debug)]
pub(super) struct Refused {
    status: StatusCode,
    code: &'static str,
    reason: String,
}

/// The server does not have it.
pub(super) fn unsupported(status: StatusCode, reason: String) -> Refused {
    let (code, reason) = ("LF416", format!("not there in `serve`: {reason}"));
    Refused {
        status,
        code,
        reason,
    }
}

/// The request says nothing that could be done.
pub(super) fn malformed(status: StatusCode, reason: String) -> Refused {
    Refused {
        status,
        code: "LF417",
        reason,
    }
}

/// What the request names is not there.
pub(super) fn missing(reason: String) -> Refused {
    Refused {
        status: StatusCode::NOT_FOUND,
        code: "LF418",
        reason,
    }
}

/// The thread is in the way.
pub(super) fn busy(reason: String) -> Refused {
    Refused {
        status: StatusCode::CONFLICT,
        code: "LF419",
        reason,
    }
}

impl Refused {
    /// What should not have happened has.
    pub(super) fn failed(reason: &impl Display) -> Self {
        Refused {
            status: StatusCode::INTERNAL_SERVER_ERROR,
            code: "LF420",
            reason: reason.to_string(),
        }
    }

    #[cfg(test)]
    pub(super) fn is(&self, status: u16, code: &str) -> bool {
        (self.status.as_u16(), self.code) == (status, code)
    }
}

/// What is raised outside of a run: by a database, or by a reducer.
impl From<Exception> for Refused {
    fn from(error: Exception) -> Self {
        Refused::failed(&format!("{}: {}", error.class(), error.message()))
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let Refused {
            status,
            code,
            reason,
        } = self;
        let body = json!({ "detail": format!("{code}: {reason}"), "code": code });
        json_response(status, &body)
    }
}
