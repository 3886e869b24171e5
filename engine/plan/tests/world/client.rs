//! Asks a plan as a client would.

use std::sync::Arc;

use mocker_http::Limits;
use mocker_http::request::{Fields, Head, Progress, Slots, head};
use mocker_http::response::{DateCache, Sending};
use mocker_openapi::{Document, Location, MemoryFetch, load};
use mocker_plan::request::Sent;
use mocker_plan::route::{Captures, Outcome, Request};
use mocker_plan::{Asking, BasePath, Options, Plan, UnknownIds, Wish, WorldOptions};
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
        let options = Options {
            seed,
            ignores_examples,
            base_path: BasePath::None,
            world: Some(Arc::new(world)),
            ..Options::default()
        };
        let (plan, _) = Plan::compile(std::slice::from_ref(document), &options);
        Server { document: Arc::clone(document), plan }
    }

    pub(crate) fn of(text: &str, size: u64) -> Server {
        Server::new(&document(text), 7, WorldOptions { usual_size: size, ..WorldOptions::default() })
    }

    pub(crate) fn strict(text: &str, size: u64) -> Server {
        Server::strict_with(text, size, true)
    }

    pub(crate) fn strict_with(text: &str, size: u64, ignores_examples: bool) -> Server {
        let world =
            WorldOptions { usual_size: size, unknown_ids: UnknownIds::NotFound, ..WorldOptions::default() };
        Server::made(&document(text), 7, world, ignores_examples)
    }

    /// What `GET` of a path and query is answered with. A body is held against its schema.
    pub(crate) fn get(&self, target: &str) -> Answer {
        self.ask("GET", target)
    }

    /// The same of any method.
    pub(crate) fn ask(&self, method: &str, target: &str) -> Answer {
        let bytes = format!("{method} {target} HTTP/1.1\r\nHost: a.b\r\n\r\n");
        let mut slots = Slots::new();
        let read = head(bytes.as_bytes(), &mut Progress::default(), &Limits::default(), &mut slots);
        self.answer(&read.unwrap().unwrap())
    }

    fn answer(&self, head: &Head<'_>) -> Answer {
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
            Asking::Found(asked) => asked,
        };
        let date = DateCache::new(0);
        let sending = Sending { lines: Some(asked.lines()), ..Sending::plain(&date) };
        let mut out = Vec::new();
        operation.ready(&reply).write_entities(sending, operation.key(None), Some(&asked), &mut out);
        let end = out.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
        let body = serde_json::from_slice(&out[end + 4..]).unwrap();
        let (response, media) = (reply.response().unwrap(), reply.media().unwrap());
        let media = &operation.model().responses[response].1.content[media];
        let violations = self.document.schemas.validate(media.schema.unwrap(), &body, Direction::Response);
        assert!(violations.is_empty(), "{}: {violations:?}\n{body:#}", path.escape_ascii());
        Answer::World { head: String::from_utf8_lossy(&out[..end]).into_owned(), body }
    }

    pub(crate) fn body(&self, target: &str) -> Value {
        match self.get(target) {
            Answer::World { body, .. } => body,
            other => panic!("{target}: {other:?}"),
        }
    }
}

pub(crate) fn is_world(answer: &Answer) -> bool {
    matches!(answer, Answer::World { .. })
}
