//! The answer to one request, with what decided about it: for who asks without a server.

use std::net::IpAddr;
use std::rc::Rc;
use std::time::Duration;

use mocker_http::body::Body;
use mocker_http::request::{Head, Method, Progress, Slots, head};
use mocker_http::response::Persistence;
use mocker_plan::model::Place;
use mocker_plan::request::Fault;
use mocker_plan::route::Captures;
use mocker_plan::{Asked, Reply, Wish};
use mocker_schema::generate::Locale;
use serde_json::Value;

use crate::Worker;
use crate::behaviour::{Arrived, Foreseen, Pick, foresee};
use crate::connection::Responder;
use crate::dispatch::{self, Decision, Outcome};
use crate::metrics::Route;
use crate::preferences;
use crate::problem::Problem;
use crate::publication::Served;

/// What a request is answered with, and why.
#[derive(Clone, Debug)]
pub struct Account {
    /// The operation that it was found to be of, by number in the plan
    pub operation: Option<u32>,
    /// Variables of the path, as sent
    pub variables: Vec<(String, String)>,
    /// Parameters that were sent, decoded by their schemas
    pub parameters: Vec<(Place, String, Value)>,
    /// The language of what is generated, and the range of `Accept-Language` that asks for it; `None` where the client is
    /// not asked
    pub language: Option<(Locale, Option<String>)>,
    /// What is wrong with it
    pub faults: Vec<Fault>,
    /// What a generated answer is a function of, part by part
    pub made_from: Vec<String>,
    /// Which answer of the user's it gets, where the operation has some and no one of the document's was asked for
    pub pick: Option<Pick>,
    /// Whether the condition of each rule of the operation holds
    pub rules: Vec<bool>,
    /// Where the answer comes from
    pub source: Source,
    /// What the answer waits by itself
    pub delay: Duration,
    /// The whole answer, as bytes
    pub answer: Vec<u8>,
}

/// Where an answer comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The document, as an answer of this operation; scripts may have led the request to another
    Document {
        /// Number in the plan
        operation: u32,
        /// Which of its answers
        reply: Reply,
        /// It refuses the request
        is_refusal: bool,
        /// What it is made of in a world
        entities: Option<Box<Asked>>,
    },
    /// A plugin that saw the head
    Plugin,
    /// Made for this request, by script, template or an answer of the user's
    Made,
    /// A refusal of the server's
    Problem,
    /// The server itself, of no operation
    Own,
}

impl Worker {
    /// Answers one whole request as [`mocker_runtime::Service::feed`] would, without waiting, and accounts for it. Chaos
    /// does not strike if its master switch is off.
    pub fn account(&self, request: &[u8], client: IpAddr) -> Account {
        let served = self.served();
        let limits = &served.settings.limits;
        let mut slots = Slots::new();
        let head = match head(request, &mut Progress::default(), limits, &mut slots) {
            Ok(Some(head)) => head,
            Ok(None) => return self.refused(Problem::TooSlow),
            Err(refusal) => return self.refused(Problem::Unreadable(refusal)),
        };
        let (bytes, rest) = request.split_at(head.len);
        let mut framed = Body::new(head.framing, limits);
        let mut body = Vec::new();
        if let Err(refusal) = framed.collect(rest, &mut body) {
            return self.refused(Problem::Unreadable(refusal));
        }
        let arrived = Arrived { head: &head, bytes, client, is_changed: false, earlier: None };
        let mut account = Account::default();
        self.look(&served, &arrived, &body, &mut account);
        let mut decision = self.decide(&served, &arrived);
        let wish = wished(&head, &served);
        account.language = preferences::language(&head, &served.plan).map(|language| {
            let range = language.range.map(|range| String::from_utf8_lossy(range).into_owned());
            (language.locale, range)
        });
        let is_of_plugin = matches!(decision.outcome, Outcome::Made(_));
        if !(body.is_empty() && decision.is_ready()) {
            self.complete(&mut decision, &body);
        }
        account.note(&decision);
        account.note_key(&served, &wish);
        if is_of_plugin {
            account.source = Source::Plugin;
        }
        let persistence = Persistence::of(&head, false);
        self.write(&decision, persistence, head.method == Method::Head, &mut account.answer);
        account
    }

    fn refused(&self, problem: Problem) -> Account {
        let mut account = Account::default();
        self.write(&Decision::of(problem), Persistence::Closes, false, &mut account.answer);
        account
    }

    /// What the operation makes of the request before anything is decided.
    fn look(&self, served: &Rc<Served>, arrived: &Arrived<'_>, body: &[u8], account: &mut Account) {
        let head = arrived.head;
        let mut captures = Captures::new();
        let found = dispatch::route(&served.plan, &served.settings, head, &mut captures);
        let Ok(matched) = found else { return };
        let (number, sent) = dispatch::apt(self, served, matched, &captures, head);
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let values = captures.values(sent.path).map(text);
        account.variables = sent.names.iter().map(|name| name.to_string()).zip(values).collect();
        let operation = served.plan.operation(number);
        {
            let mut scratch = self.scratch.borrow_mut();
            let told = operation.rules().parameters.told(operation.schemas(), &sent, scratch.arena());
            account.parameters =
                told.into_iter().map(|(place, name, value)| (place, name.to_owned(), value.into())).collect();
        }
        let wish = wished(head, served);
        let key = operation.key(None);
        let asked = crate::judge::Asked { number, sent: &sent, wish: &wish, key };
        let request = arrived.builder(&asked).finish(body);
        if let Some(Foreseen { pick, rules }) = foresee(&served.behaviours, number, &request, key) {
            // Who asks for an answer of the document gets it.
            account.pick = pick.filter(|_| wish.code.is_none() && wish.example.is_none());
            account.rules = rules;
        }
    }
}

fn wished<'a>(head: &Head<'a>, served: &Served) -> Wish<'a> {
    preferences::wish(head, &served.plan).unwrap_or_default()
}

impl Default for Account {
    fn default() -> Account {
        Account {
            operation: None,
            variables: Vec::new(),
            parameters: Vec::new(),
            language: None,
            faults: Vec::new(),
            made_from: Vec::new(),
            pick: None,
            rules: Vec::new(),
            source: Source::Problem,
            delay: Duration::ZERO,
            answer: Vec::new(),
        }
    }
}

impl Account {
    fn note(&mut self, decision: &Decision) {
        if let Route::Operation(_, operation) = &decision.route {
            self.operation = Some(*operation);
        }
        self.delay = decision.delay;
        self.source = match &decision.outcome {
            Outcome::Answer(answer) => {
                self.faults = answer.faults.clone();
                let (operation, reply, is_refusal) = (answer.operation, answer.reply, answer.is_refusal);
                Source::Document { operation, reply, is_refusal, entities: answer.asked.clone() }
            }
            Outcome::Problem(problem) => {
                if let Problem::Invalid(faults) | Problem::Malformed(faults) | Problem::Violations(faults) =
                    &**problem
                {
                    self.faults = faults.clone();
                }
                Source::Problem
            }
            Outcome::Made(_) | Outcome::Nothing => Source::Made,
            Outcome::Health | Outcome::Options | Outcome::Preflight(_) => Source::Own,
        };
    }

    /// Scripts may have led the request to another operation, whose variables are not known here.
    fn note_key(&mut self, served: &Served, wish: &Wish<'_>) {
        let Source::Document { operation, entities, .. } = &self.source else { return };
        let variables = if Some(*operation) == self.operation { &*self.variables } else { &[] };
        self.made_from = served.plan.operation(*operation).made_from(wish, variables, entities.as_deref());
    }
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, SocketAddr};
    use std::sync::Arc;

    use mocker_openapi::{Location, MemoryFetch, load};
    use mocker_plan::{Options, Plan};
    use mocker_runtime::Service;

    use super::*;
    use crate::{Deployment, Publication, Settings};

    const DOCUMENT: &str = r#"{"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {
        "/a/{id}": {"get": {
            "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "integer"}}],
            "responses": {"200": {"description": "d", "content": {"application/json": {"example": {"a": 1}}}}}},
          "post": {"requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}},
            "responses": {"201": {"description": "d"}}}}}}"#;

    /// The account has the answer that a connection gets, and what was found on the way to it.
    #[test]
    fn an_account_has_the_answer_of_a_connection() {
        let location = Location::File("a.json".into());
        let mut files = MemoryFetch::default().with(location.clone(), DOCUMENT);
        let document = load(location, &mut files).document.expect("a sound document");
        let (plan, _) = Plan::compile(&[Arc::new(document)], &Options::default());
        let deployment = Deployment::new(Arc::new(plan), Settings::default());
        let worker = Worker::new(Arc::new(Publication::new(deployment)), 0);
        let client = Ipv4Addr::LOCALHOST.into();
        for (line, body, operation, faults) in [
            ("GET /a/1", "", Some(0), 0),
            ("GET /a/b", "", Some(0), 1),
            ("HEAD /a/1", "", Some(0), 0),
            ("POST /a/1", "{}", Some(1), 0),
            ("POST /a/1", "[]", Some(1), 1),
            ("PUT /a/1", "", None, 0),
            ("GET /b", "", None, 0),
            ("GET /__mocker/health", "", None, 0),
            ("GE T /a", "", None, 0),
        ] {
            let length = body.len();
            let fields = format!("Host: a\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n");
            let request = format!("{line} HTTP/1.1\r\n{fields}\r\n{body}");
            let account = worker.account(request.as_bytes(), client);
            let mut output = Vec::new();
            let mut connection = worker.open(SocketAddr::new(client, 1));
            worker.feed(&mut connection, request.as_bytes(), &mut output);
            assert_eq!(String::from_utf8_lossy(&account.answer), String::from_utf8_lossy(&output), "{line}");
            assert_eq!((account.operation, account.faults.len()), (operation, faults), "{line}");
        }
        let account = worker.account(b"GET /a/1 HTTP/1.1\r\nHost: a\r\n\r\n", client);
        assert_eq!(account.variables, [("id".to_owned(), "1".to_owned())]);
        assert_eq!(account.parameters, [(Place::Path, "id".to_owned(), 1.into())]);
    }
}
