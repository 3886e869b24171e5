//! Every answer that refuses a request: `application/problem+json` (RFC 9457).

use std::collections::BTreeMap;

use mocker_http::Refusal;
use mocker_http::response::{DateCache, Persistence, Writer, reason};
use mocker_plan::Unanswerable;
use mocker_plan::request::Fault;
use mocker_plan::request::violations;
use mocker_scripting::{self as scripting, FaultKind};
use serde::ser::{Serialize, SerializeMap, Serializer};

/// Types that Prism's users already tell apart; their URIs are kept.
const PRISM: &str = "https://stoplight.io/prism/errors#";

/// Seconds after which a client may try again.
const RETRY_AFTER: &[u8] = b"1";

/// A refused request.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Problem {
    /// No path of the documents matches.
    NoPath {
        /// As sent, without the query
        path: Box<str>,
    },
    /// What the path names is not among the entities.
    NoEntity {
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
    /// The client's wish cannot be read.
    Preferences(String),
    /// The document has not what the client asks for.
    Unanswerable(Unanswerable),
    /// The request breaks the contract.
    Invalid(Vec<Fault>),
    /// The body is no JSON at all.
    Malformed(Vec<Fault>),
    /// A body of a media type that the operation does not take.
    MediaType(String),
    /// Credentials are missing or have not the right form.
    Unauthorized {
        /// Value of `WWW-Authenticate`
        challenge: Option<String>,
    },
    /// The credentials lack scopes.
    Forbidden {
        /// Separated by spaces
        scopes: String,
    },
    /// The answer would break the contract, and that is to be an error.
    Violations(Vec<Fault>),
    /// A script or template failed.
    Failed(scripting::Fault),
    /// A fault that is answered on purpose.
    Injected {
        /// Its status
        status: u16,
        /// Whose it is; empty where the client asked for it
        scenario: Box<str>,
    },
    /// The client asks for a fault that there is not.
    UnknownFault(String),
    /// The bytes are no request this server reads.
    Unreadable(Refusal),
    /// As many requests are being answered as may be.
    Crowded,
    /// Plain HTTP came where TLS is spoken.
    NotEncrypted,
    /// The client took too long to send.
    TooSlow,
}

/// Type, title and detail of a problem.
struct Text {
    kind: &'static str,
    title: &'static str,
    detail: String,
}

impl Problem {
    /// Status of the answer.
    pub(crate) fn status(&self) -> u16 {
        match self {
            Problem::NoPath { .. } | Problem::NoEntity { .. } => 404,
            Problem::NoMethod { .. } => 405,
            Problem::Preferences(_) | Problem::Invalid(_) => 422,
            Problem::Unanswerable(Unanswerable::NotAcceptable { .. }) => 406,
            Problem::Unanswerable(Unanswerable::NoSchema { .. }) | Problem::Violations(_) => 500,
            Problem::Unanswerable(_) => 404,
            Problem::Malformed(_) | Problem::UnknownFault(_) | Problem::NotEncrypted => 400,
            Problem::Injected { status, .. } => *status,
            Problem::MediaType(_) => 415,
            Problem::Unauthorized { .. } => 401,
            Problem::Forbidden { .. } => 403,
            Problem::Unreadable(refusal) => refusal.status(),
            Problem::TooSlow => 408,
            Problem::Crowded => 503,
            Problem::Failed(fault) => match fault.kind {
                FaultKind::Failed => 500,
                FaultKind::Full => 507,
                FaultKind::Resting { .. } => 503,
            },
        }
    }

    /// Appends the whole answer; `lines` are whole field lines that go with it.
    pub(crate) fn write(
        &self,
        date: &DateCache,
        persistence: Persistence,
        head_only: bool,
        lines: &[u8],
        out: &mut Vec<u8>,
    ) {
        let body = self.document();
        let writer =
            Writer::new(self.status(), out).date(date).field("Content-Type", b"application/problem+json");
        let writer = match self {
            Problem::NoMethod { allow, .. } => writer.field("Allow", allow.as_bytes()),
            Problem::Crowded => writer.field("Retry-After", RETRY_AFTER),
            Problem::Unauthorized { challenge: Some(challenge) } => {
                writer.field("WWW-Authenticate", challenge.as_bytes())
            }
            Problem::Failed(scripting::Fault { kind: FaultKind::Resting { seconds }, .. }) => {
                writer.field("Retry-After", seconds.to_string().as_bytes())
            }
            _ => writer,
        };
        writer.length(body.len()).lines(lines).persistence(persistence).finish();
        if !head_only {
            out.extend_from_slice(&body);
        }
    }

    fn document(&self) -> Vec<u8> {
        // Texts and numbers only: this cannot fail.
        let mut document = serde_json::to_vec(self).unwrap_or_default();
        let (faults, message) = match self {
            Problem::Invalid(faults) | Problem::Malformed(faults) => (faults, None),
            Problem::Violations(faults) => (faults, Some("response")),
            _ => return document,
        };
        document.pop();
        document.extend_from_slice(b",\"validation\":");
        violations::list(faults, message, &mut document);
        document.push(b'}');
        document
    }

    fn text(&self) -> Text {
        let text = |kind, title, detail: String| Text { kind, title, detail };
        match self {
            Problem::NoPath { path } => text(
                "NO_PATH_MATCHED_ERROR",
                "Route not resolved, no path matched",
                format!("The route {path} hasn't been found in the specification file"),
            ),
            Problem::NoEntity { path } => {
                text("", reason(404), format!("There is no entity of this identity at {path}"))
            }
            Problem::NoMethod { path, method, .. } => text(
                "NO_METHOD_MATCHED_ERROR",
                "Route resolved, but no method matched",
                format!(
                    "The route {path} has been matched, but it does not have \"{}\" method defined",
                    method.to_lowercase()
                ),
            ),
            Problem::Preferences(detail) => text("UNPROCESSABLE_ENTITY", "Invalid request", detail.clone()),
            Problem::Unanswerable(why) => unanswerable(why),
            Problem::Invalid(_) => text("UNPROCESSABLE_ENTITY", "Invalid request", generated("is not valid", "validation")),
            Problem::Malformed(_) => {
                text("UNPROCESSABLE_ENTITY", "Invalid request", generated("cannot be read", "validation"))
            }
            Problem::MediaType(detail) => {
                text("INVALID_CONTENT_TYPE", "Invalid content type", detail.clone())
            }
            Problem::Unauthorized { .. } => text(
                "UNAUTHORIZED",
                "Invalid security scheme used",
                generated("does not fullfil the security requirements", "unauthorized"),
            ),
            Problem::Forbidden { scopes } => text(
                "FORBIDDEN",
                "Insufficient scope",
                format!("The token presented lacks the scopes this operation needs: {scopes}"),
            ),
            Problem::Violations(_) => text(
                "VIOLATIONS",
                "Request/Response not valid",
                "Your request/response is not valid and the --errors flag is set, so Prism is generating this \
                 error for you."
                    .to_owned(),
            ),
            Problem::Unreadable(refusal) => text("", reason(refusal.status()), refusal.detail().to_owned()),
            Problem::Failed(fault) => text("", failure(fault), fault.to_string()),
            Problem::UnknownFault(detail) => text("", "Unknown fault", detail.clone()),
            Problem::Injected { status, scenario } => text("", reason(*status), injected(scenario)),
            Problem::Crowded => text(
                "",
                reason(503),
                "The server answers as many requests at a time as it may; try again".to_owned(),
            ),
            Problem::NotEncrypted => text(
                "",
                "The plain HTTP request was sent to HTTPS port",
                "This port speaks TLS: the URL must begin with https://".to_owned(),
            ),
            Problem::TooSlow => text(
                "",
                reason(408),
                "The rest of the request did not come within the server's time limit.".to_owned(),
            ),
        }
    }
}

fn injected(scenario: &str) -> String {
    match scenario {
        "" => "The request asked for this fault".to_owned(),
        _ => format!("A fault injected by the chaos scenario `{scenario}`"),
    }
}

fn failure(fault: &scripting::Fault) -> &'static str {
    match (fault.kind, fault.budget) {
        (FaultKind::Full, _) => "No room for more state",
        (FaultKind::Resting { .. }, _) => "A script or template took long and failed, again and again",
        (FaultKind::Failed, Some(_)) => "A script or template used up its budget",
        (FaultKind::Failed, None) => "A script or template failed",
    }
}

/// In Prism's words, to the letter of its spelling: clients compare them.
fn generated(fault: &str, response: &str) -> String {
    format!(
        "Your request {fault} and no HTTP {response} response was found in the spec, so Prism is generating \
         this error for you."
    )
}

/// All of it but its faults.
impl Serialize for Problem {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Text { kind, title, detail } = self.text();
        let mut document = serializer.serialize_map(None)?;
        match kind {
            "" => document.serialize_entry("type", "about:blank")?,
            _ => document.serialize_entry("type", &format_args!("{PRISM}{kind}"))?,
        }
        document.serialize_entry("title", title)?;
        document.serialize_entry("status", &self.status())?;
        document.serialize_entry("detail", &detail)?;
        if let Problem::Unauthorized { challenge: Some(challenge) } = self {
            document.serialize_entry("headers", &BTreeMap::from([("WWW-Authenticate", challenge)]))?;
        }
        if let Problem::Failed(fault) = self {
            document.serialize_entry("file", &fault.file)?;
            if fault.line > 0 {
                document.serialize_entry("line", &fault.line)?;
                document.serialize_entry("column", &fault.column)?;
            }
            if let Some(budget) = fault.budget {
                document.serialize_entry("budget", budget)?;
            }
        }
        document.end()
    }
}

fn unanswerable(why: &Unanswerable) -> Text {
    let (kind, title) = match why {
        Unanswerable::NoCode { .. } | Unanswerable::NoExample { .. } => {
            ("NOT_FOUND", "The server cannot find the requested content")
        }
        Unanswerable::NotAcceptable { .. } => {
            ("NOT_ACCEPTABLE", "The server cannot produce a representation for your accept header")
        }
        Unanswerable::NoSchema { .. } => {
            ("UNKNOWN", "The server cannot generate the body that was asked for")
        }
    };
    Text { kind, title, detail: why.to_string() }
}
