//! One worker's share of the engine: what it serves, and what only this worker writes.

use std::cell::{Cell, RefCell};
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use mocker_http::request::Head;
use mocker_http::response::{DateCache, Persistence, Sending, Writer};
use mocker_plan::request::violations;
use mocker_plan::without;
use mocker_runtime::{Service, Step, Wait};
use mocker_scripting::{Fault, FaultKind};

use crate::access::Log;
use crate::behaviour::{Arrived, Performed, Staged, Visited, breach, perform, read_again};
use crate::chaos::{Held, Holding, Lateness};
use crate::connection::{Connection, Responder};
use crate::crowd::Place;
use crate::dispatch::{self, Answer, Decision, Outcome};
use crate::judge;
use crate::metrics::{Noted, Route, status};
use crate::outbox::Outbox;
use crate::problem::Problem;
use crate::publication::{Publication, Served};
use crate::scratch::Scratch;
use crate::timing;

/// One worker's share of the engine.
pub struct Worker {
    publication: Arc<Publication>,
    served: RefCell<Rc<Served>>,
    /// Where callbacks are handed to; without it none are sent
    pub(crate) outbox: Option<Outbox>,
    date: RefCell<DateCache>,
    /// How late delayed answers are
    lateness: Arc<Lateness>,
    /// Answers that are sent slowly
    holding: Holding,
    /// The server is ending: every answer is the last of its connection
    is_draining: Cell<bool>,
    /// Fresh bodies made so far; the worker's number is in its upper bits
    fresh: Cell<u64>,
    /// When the bytes that are being fed came, if requests are counted
    turn: Cell<Option<Instant>>,
    /// Answers to what came then, by where they are counted
    counted: RefCell<Vec<(Route, Noted, u64)>>,
    log: Log,
    /// Field lines of the answer being written
    lines: RefCell<Vec<u8>>,
    pub(crate) scratch: RefCell<Scratch>,
}

impl Worker {
    /// The engine of worker number `number`.
    pub fn new(publication: Arc<Publication>, number: usize) -> Self {
        Worker {
            served: RefCell::new(Served::latest(&publication)),
            lateness: publication.lateness(),
            holding: Holding::default(),
            log: Log::new(Arc::clone(publication.access())),
            publication,
            outbox: None,
            date: RefCell::new(DateCache::new(now())),
            is_draining: Cell::new(false),
            fresh: Cell::new((number as u64) << 48),
            turn: Cell::default(),
            counted: RefCell::default(),
            lines: RefCell::default(),
            scratch: RefCell::default(),
        }
    }

    /// The same, with callbacks sent by whoever holds the other end of `outbox`.
    pub fn with_outbox(self, outbox: Option<Outbox>) -> Self {
        Worker { outbox, ..self }
    }

    /// A number that no other request of any worker has.
    pub(crate) fn fresh(&self) -> u64 {
        self.fresh.set(self.fresh.get() + 1);
        self.fresh.get()
    }

    fn answer(
        &self,
        answer: &Answer,
        decision: &Decision,
        persistence: Persistence,
        head_only: bool,
        out: &mut Vec<u8>,
    ) {
        if let Some(problem) = breach(answer) {
            return self.problem(&problem, decision, persistence, head_only, out);
        }
        let ready = answer.served.plan.operation(answer.operation).ready(&answer.reply);
        let mut lines = self.lines.borrow_mut();
        let is_usual = decision.sharing.is_usual() && answer.faults.is_empty() && answer.lines.is_empty();
        let lines = (!is_usual).then(|| {
            lines.clear();
            without(decision.sharing.lines(), ready.sharing(), &mut lines);
            lines.extend_from_slice(&answer.lines);
            violations::append(&answer.faults, ready.verdict(), &mut lines);
            &**lines
        });
        let date = &*self.date.borrow();
        let sending = Sending { date, persistence, head_only, status: answer.reply.status(), lines };
        let start = out.len();
        ready.write_entities(sending, answer.key, answer.asked.as_deref(), out);
        if let Some(announced) = decision.announced.as_ref().filter(|_| !answer.is_refusal) {
            announced.hand(self, answer.key, &out[start..]);
        }
    }

    /// Has scripts, templates and answers of the user's make the answer, where the request keeps the contract.
    fn perform(&self, staged: Staged, visited: Option<&Visited>, decision: &mut Decision, body: &[u8]) {
        let Outcome::Answer(answer) = &decision.outcome else { return };
        if answer.is_refusal {
            return;
        }
        let (served, client) = staged.origin();
        match perform(staged, answer.clone(), body) {
            Performed::Done(outcome, delay) => {
                decision.outcome = outcome;
                decision.delay += delay;
            }
            Performed::Changed(changes) => {
                let decide = |head: &Head<'_>, bytes: &[u8]| {
                    dispatch::decide(
                        self,
                        &served,
                        &Arrived { head, bytes, client, is_changed: true, earlier: visited },
                    )
                };
                let (request, delay) = (Rc::clone(changes.request()), changes.delay());
                match read_again(&request, &served.settings.limits, decide) {
                    Ok(mut changed) => {
                        if let Some(staged) = &mut changed.staged {
                            staged.follow(changes);
                        }
                        self.complete(&mut changed, request.body());
                        changed.begun = decision.begun;
                        changed.arrived = decision.arrived;
                        changed.received = decision.received;
                        changed.heard = std::mem::take(&mut decision.heard);
                        changed.route = decision.route.clone();
                        changed.struck = decision.struck.take();
                        // What scripts of the changed request asked for contains it.
                        changed.delay = changed.delay.max(delay);
                        *decision = changed;
                    }
                    Err(message) => decision.outcome = changed_badly(message),
                }
            }
        }
    }

    /// Counts an answer; those that came at once are counted together.
    fn tally(&self, decision: &Decision, noted: Noted) {
        if let Some(took) = self.took_by_itself(decision) {
            return self.count(&decision.route, &noted, 1, took);
        }
        let mut counted = self.counted.borrow_mut();
        match counted.last_mut() {
            Some((route, last, times)) if *last == noted && *route == decision.route => *times += 1,
            _ => counted.push((decision.route.clone(), noted, 1)),
        }
    }

    /// Has the access log say it.
    #[inline]
    fn note(&self, decision: &Decision, written: &[u8]) {
        if self.log.is_on() {
            let took = self.took_by_itself(decision);
            self.log.note(decision, status(written), body_length(written), took);
        }
    }

    /// How long an answer took that does not share the time of this turn.
    fn took_by_itself(&self, decision: &Decision) -> Option<Duration> {
        let (arrived, turn) = (decision.arrived, self.turn.get());
        let is_earlier = turn.is_none() || (arrived.is_some() && arrived != turn);
        is_earlier.then(|| arrived.map_or(Duration::ZERO, |arrived| arrived.elapsed()))
    }

    fn count(&self, route: &Route, noted: &Noted, times: u64, each: Duration) {
        match route {
            Route::Operation(served, operation) => {
                if let Some(part) = served.part() {
                    part.count(*operation, noted, times, each);
                }
            }
            Route::Nowhere(method) => {
                if let Some(part) = self.served.borrow().part() {
                    part.count_nowhere(*method, noted, times, each);
                }
            }
        }
    }

    /// The last turn of a connection, which no request has begun.
    #[cold]
    fn end_by(&self, connection: &mut Connection, end: impl FnOnce(&mut Connection)) {
        let begun = Instant::now();
        let is_logged = self.log.begin(connection.client());
        self.turn.set(None);
        end(connection);
        self.end_turn(begun);
        if is_logged {
            self.log.end(None);
        }
    }

    /// Counts the answers that were made since `begun`: they share the time.
    fn end_turn(&self, begun: Instant) {
        let mut counted = self.counted.borrow_mut();
        let answers: u64 = counted.iter().map(|(_, _, times)| times).sum();
        if answers > 0 {
            let each = begun.elapsed() / u32::try_from(answers).unwrap_or(u32::MAX);
            for (route, noted, times) in counted.drain(..) {
                self.count(&route, &noted, times, each);
            }
        }
    }

    fn problem(
        &self,
        problem: &Problem,
        decision: &Decision,
        persistence: Persistence,
        head_only: bool,
        out: &mut Vec<u8>,
    ) {
        problem.write(&self.date.borrow(), persistence, head_only, decision.sharing.lines(), out);
    }
}

impl Service for Worker {
    type Connection = Connection;

    fn open(&self, peer: SocketAddr) -> Connection {
        Connection::new(peer.ip())
    }

    fn feed(&self, connection: &mut Connection, input: &[u8], output: &mut Vec<u8>) -> Step {
        let is_logged = self.log.begin(connection.client());
        if self.publication.metrics().is_none() && !is_logged {
            return connection.feed(self, input, output);
        }
        let begun = Instant::now();
        self.turn.set(Some(begun));
        let step = connection.feed(self, input, output);
        self.end_turn(begun);
        if is_logged {
            self.log.end(Some(begun));
        }
        step
    }

    fn expire(&self, connection: &mut Connection, wait: Wait, output: &mut Vec<u8>) {
        self.end_by(connection, |connection| connection.expire(self, wait, output));
    }

    fn abandon(&self, connection: &mut Connection) {
        self.end_by(connection, |connection| connection.abandon(self));
    }

    fn refuse_plain(&self, connection: &mut Connection, input: &[u8], output: &mut Vec<u8>) {
        self.end_by(connection, |connection| connection.refuse_plain(self, input, output));
    }

    fn tick(&self) {
        self.date.borrow_mut().update(now());
        // A worker that nobody asks anything holds on to nothing that was replaced.
        self.served();
    }

    fn drain(&self) {
        self.is_draining.set(true);
    }
}

impl Responder for Worker {
    #[inline]
    fn served(&self) -> Rc<Served> {
        let mut served = self.served.borrow_mut();
        if !served.is_latest(&self.publication) {
            *served = Served::latest(&self.publication);
        }
        Rc::clone(&served)
    }

    fn is_closing(&self) -> bool {
        self.is_draining.get()
    }

    fn decide(&self, served: &Rc<Served>, arrived: &Arrived<'_>) -> Decision {
        let begun = timing::begun(arrived.head);
        let mut decision = dispatch::decide(self, served, arrived);
        decision.begun = begun;
        decision.arrived = self.turn.get();
        decision.heard = self.log.hear(arrived.head);
        decision
    }

    fn enter(&self, limit: usize) -> Option<Place> {
        self.publication.crowd().enter(limit)
    }

    #[cold]
    fn turn_away(&self, head: &Head<'_>) -> Decision {
        let crowded = Outcome::Problem(Box::new(Problem::Crowded));
        let arrived = self.turn.get();
        Decision { arrived, heard: self.log.hear(head), ..Decision::nowhere(head, crowded) }
    }

    fn complete(&self, decision: &mut Decision, body: &[u8]) {
        if let Some(announced) = &mut decision.announced {
            announced.hear_body(body);
        }
        if let Some(expected) = decision.expected.take() {
            let outcome = std::mem::replace(&mut decision.outcome, Outcome::Health);
            decision.outcome = judge::body(self, outcome, *expected, body);
        }
        if let Some(mut staged) = decision.staged.take() {
            let visited = staged.visited();
            self.perform(*staged, visited.as_ref(), decision, body);
            if let Some(visited) = visited {
                let outcome = std::mem::replace(&mut decision.outcome, Outcome::Health);
                decision.outcome = visited.end(outcome);
            }
        }
    }

    fn write(&self, decision: &Decision, persistence: Persistence, head_only: bool, out: &mut Vec<u8>) {
        let start = out.len();
        match &decision.outcome {
            Outcome::Answer(answer) => self.answer(answer, decision, persistence, head_only, out),
            Outcome::Made(made) => {
                let shared = decision.sharing.lines();
                made.write(&self.date.borrow(), persistence, head_only, shared, out);
                if let (Some(announced), Some(key)) = (&decision.announced, made.key) {
                    announced.hand(self, key, &out[start..]);
                }
            }
            Outcome::Problem(problem) => self.problem(problem, decision, persistence, head_only, out),
            Outcome::Health => health(&self.date.borrow(), persistence, head_only, out),
            Outcome::Options => options(&self.date.borrow(), persistence, out),
            Outcome::Preflight(allowed) => {
                let lines = [decision.sharing.lines(), allowed].concat();
                preflight(&self.date.borrow(), &lines, persistence, out);
            }
            Outcome::Nothing => {}
        }
        if let Some(begun) = decision.begun {
            timing::tell(begun.elapsed(), decision.waited, start, out);
        }
        if self.publication.metrics().is_some() {
            self.tally(decision, Noted::new(&out[start..], decision.received, decision.struck_by()));
        }
        self.note(decision, &out[start..]);
    }

    fn keep(&self, decision: &mut Decision) {
        self.log.keep(&mut decision.heard);
    }

    fn unanswered(&self, decision: &Decision, bytes: usize) {
        if self.publication.metrics().is_some() {
            self.tally(decision, Noted::unanswered(bytes as u64, decision.received, decision.struck_by()));
        }
        self.log.note(decision, 0, bytes as u64, self.took_by_itself(decision));
    }

    fn delivered(&self, due: u64) {
        self.lateness.record(mocker_runtime::now().saturating_sub(due));
    }

    fn hold(&self, out: &mut Vec<u8>, start: usize) -> Option<Held> {
        self.holding.take(out, start)
    }
}

#[cold]
fn changed_badly(message: String) -> Outcome {
    let fault =
        Fault { file: "before".into(), line: 0, column: 0, message, budget: None, kind: FaultKind::Failed };
    Outcome::Problem(Box::new(Problem::Failed(fault)))
}

#[cold]
fn health(date: &DateCache, persistence: Persistence, head_only: bool, out: &mut Vec<u8>) {
    let body = b"{\"status\":\"healthy\"}";
    let writer = Writer::new(200, out).date(date).field("Content-Type", b"application/json");
    writer.length(body.len()).persistence(persistence).finish();
    if !head_only {
        out.extend_from_slice(body);
    }
}

#[cold]
fn options(date: &DateCache, persistence: Persistence, out: &mut Vec<u8>) {
    let allow = b"GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS, TRACE, QUERY";
    Writer::new(204, out).date(date).field("Allow", allow).persistence(persistence).finish();
}

#[cold]
fn preflight(date: &DateCache, lines: &[u8], persistence: Persistence, out: &mut Vec<u8>) {
    Writer::new(204, out).date(date).lines(lines).persistence(persistence).finish();
}

/// Bytes behind the head of an answer.
fn body_length(written: &[u8]) -> u64 {
    memchr::memmem::find(written, b"\r\n\r\n").map_or(0, |end| (written.len() - end - 4) as u64)
}

fn now() -> u64 {
    // A clock before 1970 is a broken clock: its date is as wrong as any.
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
