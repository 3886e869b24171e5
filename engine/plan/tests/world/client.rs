//! Asks a plan as a client would.

use std::sync::Arc;

use bumpalo::Bump;
use mocker_http::Limits;
use mocker_http::request::{Fields, Head, Progress, Slots, head};
use mocker_http::response::{DateCache, Sending};
use mocker_openapi::{Document, Location, MemoryFetch, load};
use mocker_plan::request::Sent;
use mocker_plan::request::body::{Bench, Scratch};
use mocker_plan::route::{Captures, Outcome, Request};
use mocker_plan::{Asking, Options, Plan, UnknownIds, Wish, WorldOptions};
use mocker_schema::validate::Direction;
use serde_json::Value;

/// A document that is served as one world.
pub(crate) struct Server {
    pub(crate) document: Arc<Document>,
    plan: Plan,
}

/// An answer.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Answer {
    /// It is made of entities
    World {
        head: String,
        body: Value,
    },
    /// It is made alone
    Alone,
    Unknown,
}

pub(crate) fn document(text: &str) -> Arc<Document> {
    let place = Location::File("/openapi.yaml".into());
    let loaded = load(place.clone(), &mut MemoryFetch::default().with(place, text));
    let errors: Vec<_> = loaded.diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).collect();
    assert!(errors.is_empty(), "{errors:?}\n{text}");
    Arc::new(loaded.document.unwrap())
}

impl Server {
    pub(crate) fn new(document: &Arc<Document>, seed: u64, world: WorldOptions) -> Server {
        Server::made(document, seed, world, true)
    }

    fn made(document: &Arc<Document>, seed: u64, world: WorldOptions, ignores_examples: bool) -> Server {
        let options = Options { seed, ignores_examples, world: Some(Arc::new(world)), ..Options::default() };
        let (plan, _) = Plan::compile(std::slice::from_ref(document), &options);
        Server { document: Arc::clone(document), plan }
    }

    pub(crate) fn of(text: &str, size: u64) -> Server {
        Server::new(&document(text), 7, WorldOptions { usual_size: Some(size), ..WorldOptions::default() })
    }

    pub(crate) fn strict(text: &str, size: u64) -> Server {
        Server::strict_with(text, size, true)
    }

    pub(crate) fn strict_with(text: &str, size: u64, ignores_examples: bool) -> Server {
        let world = WorldOptions {
            usual_size: Some(size),
            unknown_ids: UnknownIds::NotFound,
            ..WorldOptions::default()
        };
        Server::made(&document(text), 7, world, ignores_examples)
    }

    /// What `GET` of a path and query is answered with. A body is held against its schema.
    pub(crate) fn get(&self, target: &str) -> Answer {
        self.ask("GET", target, None, b"")
    }

    /// The same of another method with a body of JSON.
    pub(crate) fn send(&self, method: &str, target: &str, body: &Value) -> Answer {
        self.ask(method, target, Some("application/json"), body.to_string().as_bytes())
    }

    pub(crate) fn ask(&self, method: &str, target: &str, content_type: Option<&str>, body: &[u8]) -> Answer {
        let field = content_type.map(|name| format!("Content-Type: {name}\r\n")).unwrap_or_default();
        let bytes = format!("{method} {target} HTTP/1.1\r\nHost: a.b\r\n{field}\r\n");
        let mut slots = Slots::new();
        let read = head(bytes.as_bytes(), &mut Progress::default(), &Limits::default(), &mut slots);
        self.answer(&read.unwrap().unwrap(), content_type, body)
    }

    fn answer(&self, head: &Head<'_>, content_type: Option<&str>, body: &[u8]) -> Answer {
        let (path, query) = (head.target.path, head.target.query.unwrap_or_default());
        let mut captures = Captures::new();
        let request = Request { method: head.method_name.as_bytes(), path, query };
        let Outcome::Operation(matched) = self.plan.find(&request, &|_| None, &mut captures) else {
            panic!("no route for {}", path.escape_ascii())
        };
        let operation = self.plan.operation(matched.operation);
        let fields: &Fields<'_> = &head.fields;
        let sent = Sent { captures: &captures, names: self.plan.names(matched), path, query, fields };
        let wish = Wish::default();
        let reply = operation.reply(&wish, std::iter::empty()).unwrap();
        let (reply, asking) = operation.among_entities(reply, &wish, &sent);
        let asked = match asking {
            Asking::Nothing => return Answer::Alone,
            Asking::Unknown => return Answer::Unknown,
            Asking::Found(asked) => *asked,
        };
        let (arena, mut scratch) = (Bump::new(), Scratch::default());
        let mut bench = Bench { schemas: &self.document.schemas, scratch: &mut scratch, arena: &arena };
        let asked = match asked.awaits_body() {
            true => operation.heard(&reply, asked, content_type.map(str::as_bytes), body, &mut bench),
            false => asked,
        };
        let date = DateCache::new(0);
        let sending = Sending { lines: Some(asked.lines()), ..Sending::plain(&date) };
        let mut out = Vec::new();
        operation.ready(&reply).write_entities(sending, operation.key(None), Some(&asked), &mut out);
        let end = out.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
        let head = String::from_utf8_lossy(&out[..end]).into_owned();
        let Some(media) = reply.media() else {
            assert_eq!(out.len(), end + 4, "no body");
            return Answer::World { head, body: Value::Null };
        };
        let body = serde_json::from_slice(&out[end + 4..]).unwrap();
        let media = &operation.model().responses[reply.response().unwrap()].1.content[media];
        let violations = self.document.schemas.validate(media.schema.unwrap(), &body, Direction::Response);
        assert!(violations.is_empty(), "{}: {violations:?}\n{body:#}", path.escape_ascii());
        Answer::World { head, body }
    }

    pub(crate) fn body(&self, target: &str) -> Value {
        self.get(target).body(target)
    }
}

impl Answer {
    /// The body of what is made of entities.
    pub(crate) fn body(self, target: &str) -> Value {
        match self {
            Answer::World { body, .. } => body,
            other => panic!("{target}: {other:?}"),
        }
    }

    /// The values of a header field.
    pub(crate) fn fields(&self, name: &str) -> Vec<&str> {
        let Answer::World { head, .. } = self else { return Vec::new() };
        let lines = head.lines().filter_map(|line| line.split_once(": "));
        lines.filter(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value).collect()
    }
}

pub(crate) fn is_world(answer: &Answer) -> bool {
    matches!(answer, Answer::World { .. })
}

/// The target of a relation in `Link`.
pub(crate) fn link(head: &str, relation: &str) -> Option<String> {
    let line = head.lines().find_map(|line| line.strip_prefix("Link: "))?;
    let one = line.split(", ").find(|one| one.ends_with(&format!("rel=\"{relation}\"")))?;
    Some(one.strip_prefix('<')?.split_once('>')?.0.to_owned())
}
