//! From a request's head to what will be answered: a plain function of plan and head.

use mocker_http::request::{Head, Known};
use mocker_plan::Plan;
use mocker_plan::route::{Captures, Outcome as Routed, Request};
use mocker_schema::generate::Key;

use crate::problem::Problem;

/// Paths of our own lie under it, out of the way of any document's.
pub(crate) const OWN_PREFIX: &[u8] = b"/__mocker/";

/// What a request is answered with.
#[derive(Clone, Debug)]
pub(crate) enum Outcome {
    /// An operation's answer
    Operation {
        /// Index in the plan
        operation: u32,
        /// Index of the media type
        variant: usize,
        /// What a varying body is a function of
        key: Key,
    },
    /// The server is up
    Health,
    /// `OPTIONS *`: what the server as a whole can do (RFC 9110, section 9.3.7)
    Options,
    /// A refusal
    Problem(Box<Problem>),
}

/// Routes a request and chooses among the media types of its operation.
pub(crate) fn decide(plan: &Plan, head: &Head<'_>, fresh: impl FnOnce() -> u64) -> Outcome {
    let path = head.target.path;
    if path.starts_with(OWN_PREFIX) {
        return own(head);
    }
    if path == b"*" {
        return Outcome::Options;
    }
    let mut captures = Captures::new();
    let request =
        Request { method: head.method_name.as_bytes(), path, query: head.target.query.unwrap_or_default() };
    let operation = match plan.find(&request, &|name| head.fields.find(name), &mut captures) {
        Routed::Operation(matched) => matched.operation,
        Routed::NotFound => return refuse(Problem::NoPath { path: text(path) }),
        Routed::MethodNotAllowed { allow } => {
            return refuse(Problem::NoMethod {
                path: text(path),
                method: head.method_name.into(),
                allow: allow.into(),
            });
        }
    };
    let target = plan.operation(operation);
    let mut key = captures.values(path).fold(target.key(), |key, capture| key.with(capture));
    if target.is_fresh() {
        key = key.with(&fresh().to_le_bytes());
    }
    let variant = target.negotiate(head.fields.all(Known::Accept));
    Outcome::Operation { operation, variant, key }
}

#[cold]
fn own(head: &Head<'_>) -> Outcome {
    let path = head.target.path;
    match &path[OWN_PREFIX.len()..] {
        b"health" if matches!(head.method_name, "GET" | "HEAD") => Outcome::Health,
        b"health" => refuse(Problem::NoMethod {
            path: text(path),
            method: head.method_name.into(),
            allow: "GET, HEAD".into(),
        }),
        _ => refuse(Problem::NoPath { path: text(path) }),
    }
}

#[cold]
fn refuse(problem: Problem) -> Outcome {
    Outcome::Problem(Box::new(problem))
}

fn text(path: &[u8]) -> Box<str> {
    String::from_utf8_lossy(path).into()
}
