//! Bodies of errors say of their status what it is.

use serde_json::{Value, json};

use super::compile::{Compiler, Place};
use super::names;

/// The error that a body tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Failure {
    /// Status code (RFC 9110, section 15); `None` where the answer has one of several
    pub status: Option<u16>,
    /// Its reason phrase, such as `Not Found`; empty where it has none
    pub reason: &'static str,
}

/// Names, as tables have them, of what says the status, its phrase, and a sentence
const STATUSES: [&str; 5] = ["status", "statuscode", "httpstatus", "httpstatuscode", "httpcode"];
const PHRASES: [&str; 6] = ["title", "reason", "reasonphrase", "statustext", "error", "errorname"];
const SENTENCES: [&str; 7] =
    ["message", "detail", "details", "description", "errordescription", "errormessage", "msg"];

/// Containers around what speaks of the error itself.
const DEPTH: usize = 3;

impl Failure {
    /// What a member of this name may say, best first; nothing for most names.
    fn said(self, name: &str) -> Vec<Value> {
        let Failure { status, reason } = self;
        let name = names::key(name);
        match (&*name, status) {
            (name, Some(status)) if STATUSES.contains(&name) => {
                vec![json!(status), json!(status.to_string())]
            }
            ("code" | "errorcode", Some(status)) => {
                vec![json!(status), json!(reason.to_lowercase().replace([' ', '-'], "_"))]
            }
            (name, _) if PHRASES.contains(&name) => vec![json!(reason)],
            (name, _) if SENTENCES.contains(&name) => vec![json!(sentence(status)), json!(reason)],
            _ => Vec::new(),
        }
    }
}

fn sentence(status: Option<u16>) -> &'static str {
    match status.unwrap_or(400) {
        400 if status.is_some() => "The request is not valid.",
        401 => "Credentials are missing or not valid.",
        402 => "A payment is required.",
        403 => "This is not allowed.",
        404 => "The resource was not found.",
        405 => "The method is not allowed here.",
        406 => "Nothing acceptable can be sent.",
        408 => "The request took too long.",
        409 => "The resource is in another state than the request expects.",
        410 => "The resource is gone.",
        412 => "A condition of the request does not hold.",
        413 => "The request is too large.",
        415 => "The media type is not supported.",
        422 => "The request cannot be processed as it is.",
        423 => "The resource is locked.",
        428 => "The request needs a condition.",
        429 => "There were too many requests; try again later.",
        500 => "Something went wrong.",
        501 => "This is not implemented.",
        502 => "Another server did not answer as it should.",
        503 => "The service is not available; try again later.",
        504 => "Another server did not answer in time.",
        ..500 => "The request was refused.",
        _ => "The server failed.",
    }
}

impl Compiler<'_> {
    /// What the member of an error's body says of it, as far as that obeys.
    pub(super) fn said_of_failure(&self, conjunction: &[crate::SchemaId], place: Place<'_>) -> Option<Value> {
        let failure = self.options.failure.filter(|_| place.depth <= DEPTH && place.different == 0)?;
        let mut said = failure.said(place.name).into_iter();
        said.find(|value| value != "" && self.obeys(conjunction, value))
    }

    /// Whether a member says the status, which no example knows better.
    pub(super) fn says_status(&self, conjunction: &[crate::SchemaId], place: Place<'_>) -> bool {
        STATUSES.contains(&&*names::key(place.name)) && self.said_of_failure(conjunction, place).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_say_what_they_are() {
        let known = Failure { status: Some(404), reason: "Not Found" };
        let unknown = Failure { status: None, reason: "" };
        for (failure, name, expected) in [
            (known, "status", json!(404)),
            (known, "status_code", json!(404)),
            (known, "code", json!(404)),
            (known, "title", json!("Not Found")),
            (known, "errorMessage", json!("The resource was not found.")),
            (known, "id", Value::Null),
            (unknown, "status", Value::Null),
            (unknown, "title", json!("")),
            (unknown, "message", json!("The request was refused.")),
        ] {
            let said = failure.said(name).into_iter().next().unwrap_or_default();
            assert_eq!(said, expected, "{name} of {failure:?}");
        }
    }
}
