//! Every answer that refuses a request: `application/problem+json` (RFC 9457).

use mocker_http::Refusal;
use mocker_http::response::{DateCache, Persistence, Writer};
use serde_json::{Value, json};

/// Types that Prism's users already tell apart; their URIs are kept.
const PRISM: &str = "https://stoplight.io/prism/errors#";

/// A refused request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Problem {
    /// No path of the documents matches.
    NoPath {
        /// As sent, without the query
        path: Box<str>,
    },
    /// The path matches; the method is not declared for it.
    NoMethod {
        /// As sent, without the query
        path: Box<str>,
        /// As sent
        method: Box<str>,
        /// What the path has
        allow: Box<str>,
    },
    /// The bytes are no request this server reads.
    Unreadable(Refusal),
    /// The client took too long to send.
    TooSlow,
}

impl Problem {
    /// Status of the answer.
    pub(crate) fn status(&self) -> u16 {
        match self {
            Problem::NoPath { .. } => 404,
            Problem::NoMethod { .. } => 405,
            Problem::Unreadable(refusal) => refusal.status(),
            Problem::TooSlow => 408,
        }
    }

    /// Appends the whole answer.
    pub(crate) fn write(
        &self,
        date: &DateCache,
        persistence: Persistence,
        head_only: bool,
        out: &mut Vec<u8>,
    ) {
        let body = self.document().to_string();
        let writer =
            Writer::new(self.status(), out).date(date).field("Content-Type", b"application/problem+json");
        let writer = match self {
            Problem::NoMethod { allow, .. } => writer.field("Allow", allow.as_bytes()),
            _ => writer,
        };
        writer.length(body.len()).persistence(persistence).finish();
        if !head_only {
            out.extend_from_slice(body.as_bytes());
        }
    }

    fn document(&self) -> Value {
        let (kind, title, detail) = match self {
            Problem::NoPath { path } => (
                format!("{PRISM}NO_PATH_MATCHED_ERROR"),
                "Route not resolved, no path matched",
                format!("The route {path} hasn't been found in the specification file"),
            ),
            Problem::NoMethod { path, method, .. } => (
                format!("{PRISM}NO_METHOD_MATCHED_ERROR"),
                "Route resolved, but no method matched",
                format!(
                    "The route {path} has been matched, but it does not have \"{}\" method defined",
                    method.to_lowercase()
                ),
            ),
            Problem::Unreadable(refusal) => (
                "about:blank".to_owned(),
                mocker_http::response::reason(refusal.status()),
                refusal.detail().to_owned(),
            ),
            Problem::TooSlow => (
                "about:blank".to_owned(),
                mocker_http::response::reason(408),
                "The rest of the request did not come within the server's time limit.".to_owned(),
            ),
        };
        json!({ "type": kind, "title": title, "status": self.status(), "detail": detail })
    }
}
