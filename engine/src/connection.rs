//! HTTP/1.1 on one connection: requests cut out of the bytes, answered in order.

mod delivery;

use std::net::IpAddr;
use std::rc::Rc;
use std::time::Duration;

use mocker_http::Refusal;
use mocker_http::body::Body;
use mocker_http::request::{self, Head, Method, Progress, Slots};
use mocker_http::response::{CONTINUE, Persistence};
use mocker_runtime::limits::OUTPUT_TARGET;
use mocker_runtime::{Next, Step, Wait};

use crate::behaviour::Arrived;
use crate::chaos::Held;
use crate::crowd::Place;
use crate::dispatch::{Decision, OWN_PREFIX};
use crate::problem::Problem;
use crate::publication::Served;
use delivery::Slow;

/// What decides and writes; the connection only frames.
pub(crate) trait Responder {
    /// Whether each answer is to be the last of its connection.
    fn is_closing(&self) -> bool;
    /// What requests that begin now are answered by.
    fn served(&self) -> Rc<Served>;
    /// A place among the requests that are being answered, unless there are `limit` already.
    fn enter(&self, limit: usize) -> Option<Place>;
    /// What a request is answered with that has no place.
    fn turn_away(&self, head: &Head<'_>) -> Decision;
    /// What a request is answered with. Nothing is written yet: the body may still be on its way.
    fn decide(&self, served: &Rc<Served>, arrived: &Arrived<'_>) -> Decision;
    /// Judges the body, where the decision waits for it, and has the answer made, where it is made for each request.
    fn complete(&self, decision: &mut Decision, body: &[u8]);
    /// Appends an answer.
    fn write(&self, decision: &Decision, persistence: Persistence, head_only: bool, out: &mut Vec<u8>);
    /// Keeps what the access log says of the head, for an answer that is not written at once.
    fn keep(&self, decision: &mut Decision);
    /// Tells the access log what a client gets in place of an answer: so many bytes.
    fn unanswered(&self, decision: &Decision, bytes: usize);
    /// An answer was written that was due then, in nanoseconds of [`mocker_runtime::now`].
    fn delivered(&self, due: u64);
    /// Takes an answer, which is all of `out` from `start` on, to be sent slowly. Without room for it, it stays there.
    fn hold(&self, out: &mut Vec<u8>, start: usize) -> Option<Held>;
}

/// State between reads.
pub struct Connection {
    client: IpAddr,
    progress: Progress,
    pending: Option<Box<Pending>>,
    /// That of the request being answered, where there is a limit
    place: Option<Place>,
    /// Its first request was looked at
    is_accepted: bool,
    /// A fault struck it: nothing more is answered
    is_silent: bool,
}

/// A request whose head was read.
struct Pending {
    decision: Decision,
    persistence: Persistence,
    head_only: bool,
    missing: Missing,
}

/// What it waits for.
enum Missing {
    /// The rest of its body
    Body {
        body: Body,
        /// What came of a body that is judged, where it did not come at once
        collected: Vec<u8>,
    },
    /// The time at which it is to be answered, in nanoseconds
    Time(u64),
    /// Pieces of the answer are still to be sent
    Pieces(Slow),
}

/// What became of the bytes at hand.
enum Taken {
    /// A request, or a piece of one, was consumed; more may follow.
    Some(usize),
    /// More bytes are needed.
    Wait(Wait, usize),
    /// Nothing more for a while.
    Pause(Duration, usize),
    /// The connection ends behind what was written.
    End(usize),
    /// The connection is reset.
    Abort(usize),
}

impl Connection {
    /// Where its client is.
    pub(crate) fn client(&self) -> IpAddr {
        self.client
    }

    /// A connection of this client.
    pub(crate) fn new(client: IpAddr) -> Connection {
        let progress = Progress::default();
        Connection { client, progress, pending: None, place: None, is_accepted: false, is_silent: false }
    }

    /// Answers every whole request in `input`; see [`mocker_runtime::Service::feed`].
    pub(crate) fn feed(&mut self, responder: &impl Responder, input: &[u8], out: &mut Vec<u8>) -> Step {
        let mut consumed = 0;
        loop {
            if self.is_silent {
                return Step { consumed: input.len(), next: Next::Receive(Wait::Idle) };
            }
            if out.len() >= OUTPUT_TARGET {
                return Step { consumed, next: Next::Again };
            }
            let rest = &input[consumed..];
            let taken = match self.pending.take() {
                Some(pending) => self.go_on(responder, pending, rest, out),
                None if rest.is_empty() => return Step { consumed, next: Next::Receive(Wait::Idle) },
                None => self.head(responder, rest, out),
            };
            if self.place.is_some() && self.pending.is_none() && !self.is_silent {
                self.place = None;
            }
            match taken {
                Taken::Some(bytes) => consumed += bytes,
                Taken::Wait(wait, bytes) => {
                    return Step { consumed: consumed + bytes, next: Next::Receive(wait) };
                }
                Taken::Pause(time, bytes) => {
                    return Step { consumed: consumed + bytes, next: Next::Pause(time) };
                }
                Taken::End(bytes) => return Step { consumed: consumed + bytes, next: Next::Close },
                Taken::Abort(bytes) => return Step { consumed: consumed + bytes, next: Next::Abort },
            }
        }
    }

    fn head(&mut self, responder: &impl Responder, input: &[u8], out: &mut Vec<u8>) -> Taken {
        let served = responder.served();
        if !std::mem::replace(&mut self.is_accepted, true)
            && let Some(time) = served.behaviours.chaos.accepting()
        {
            return Taken::Pause(time, 0);
        }
        let limits = &served.settings.limits;
        let mut slots = Slots::new();
        let head = match request::head(input, &mut self.progress, limits, &mut slots) {
            Ok(Some(head)) => head,
            Ok(None) => return Taken::Wait(Wait::Head, 0),
            Err(refusal) => return refuse(responder, refusal, input.len(), out),
        };
        let body = Body::new(head.framing, limits);
        let persistence = Persistence::of(&head, responder.is_closing());
        let head_only = head.method == Method::Head;
        if let Some(limit) = served.settings.concurrency
            && !head.target.path.starts_with(OWN_PREFIX)
        {
            self.place = responder.enter(limit);
            if self.place.is_none() {
                return turn_away(responder, &head, body.is_done().then_some(persistence), out);
            }
        }
        let (bytes, client) = (&input[..head.len], self.client);
        let arrived = Arrived { head: &head, bytes, client, is_changed: false, earlier: None };
        let mut decision = responder.decide(&served, &arrived);
        if body.is_done() && decision.is_ready() {
            responder.write(&decision, persistence, head_only, out);
            return after(persistence == Persistence::Closes, head.len);
        }
        responder.keep(&mut decision);
        if body.is_done() {
            let pending = Pending { decision, persistence, head_only, missing: Missing::Time(0) };
            return self.complete(responder, Box::new(pending), b"", head.len, out);
        }
        if head.expect_continue && input.len() == head.len {
            out.extend_from_slice(CONTINUE);
        }
        let consumed = head.len;
        let missing = Missing::Body { body, collected: Vec::new() };
        self.pending = Some(Box::new(Pending { decision, persistence, head_only, missing }));
        Taken::Some(consumed)
    }

    fn go_on(
        &mut self,
        responder: &impl Responder,
        mut pending: Box<Pending>,
        input: &[u8],
        out: &mut Vec<u8>,
    ) -> Taken {
        match std::mem::replace(&mut pending.missing, Missing::Time(0)) {
            Missing::Body { body, collected } => self.body(responder, pending, (body, collected), input, out),
            Missing::Time(due) => {
                let taken = self.deliver(responder, pending, 0, out);
                responder.delivered(due);
                taken
            }
            missing @ Missing::Pieces(_) => {
                pending.missing = missing;
                self.go_on_sending(pending, 0, out)
            }
        }
    }

    /// Answers a whole request, or waits until it is to be answered.
    fn complete(
        &mut self,
        responder: &impl Responder,
        mut pending: Box<Pending>,
        body: &[u8],
        consumed: usize,
        out: &mut Vec<u8>,
    ) -> Taken {
        responder.complete(&mut pending.decision, body);
        self.answer(responder, pending, consumed, out)
    }

    /// Takes what is here of a body; the answer goes out when all of it came.
    fn body(
        &mut self,
        responder: &impl Responder,
        mut pending: Box<Pending>,
        (mut body, mut collected): (Body, Vec<u8>),
        input: &[u8],
        out: &mut Vec<u8>,
    ) -> Taken {
        let mut consumed = 0;
        loop {
            match body.decode(&input[consumed..]) {
                Err(refusal) => {
                    let refused = Decision::of(Problem::Unreadable(refusal)).in_place_of(pending.decision);
                    responder.write(&refused, Persistence::Closes, false, out);
                    return Taken::End(input.len());
                }
                Ok(decoded) => {
                    let data = &input[consumed..][decoded.data];
                    consumed += decoded.consumed;
                    let is_piece = !decoded.done || !collected.is_empty();
                    pending.decision.received += data.len() as u64;
                    if is_piece && pending.decision.awaits_body() {
                        collected.extend_from_slice(data);
                    }
                    if decoded.done {
                        let whole = if is_piece { &collected } else { data };
                        return self.complete(responder, pending, whole, consumed, out);
                    }
                    if decoded.consumed == 0 || consumed == input.len() {
                        pending.missing = Missing::Body { body, collected };
                        self.pending = Some(pending);
                        return Taken::Wait(Wait::Body, consumed);
                    }
                }
            }
        }
    }

    /// What began with these bytes is not TLS, as it must be here: a request that is plain HTTP is refused.
    pub(crate) fn refuse_plain(&mut self, responder: &impl Responder, input: &[u8], out: &mut Vec<u8>) {
        if input.first().is_some_and(u8::is_ascii_uppercase) {
            responder.write(&Decision::of(Problem::NotEncrypted), Persistence::Closes, false, out);
        }
    }

    /// The client took too long with what `wait` names; appends the last answer, if one is due.
    pub(crate) fn expire(&mut self, responder: &impl Responder, wait: Wait, out: &mut Vec<u8>) {
        if wait != Wait::Idle && !self.is_silent {
            let slow = Decision::of(Problem::TooSlow);
            let slow = match self.pending.take() {
                Some(pending) => slow.in_place_of(pending.decision),
                None => slow,
            };
            responder.write(&slow, Persistence::Closes, false, out);
            self.place = None;
        }
    }

    /// The client left while its answer waited.
    pub(crate) fn abandon(&mut self, responder: &impl Responder) {
        if let Some(pending) = self.pending.take_if(|pending| matches!(pending.missing, Missing::Time(_))) {
            responder.unanswered(&pending.decision, 0);
        }
    }
}

fn after(is_last: bool, consumed: usize) -> Taken {
    if is_last { Taken::End(consumed) } else { Taken::Some(consumed) }
}

/// There is no place for this request. Nobody waits for its body: without a `persistence` the connection ends.
#[cold]
fn turn_away(
    responder: &impl Responder,
    head: &Head<'_>,
    persistence: Option<Persistence>,
    out: &mut Vec<u8>,
) -> Taken {
    let persistence = persistence.unwrap_or(Persistence::Closes);
    responder.write(&responder.turn_away(head), persistence, head.method == Method::Head, out);
    after(persistence == Persistence::Closes, head.len)
}

/// Where the next request would begin is not certain any more, so the connection ends.
#[cold]
fn refuse(responder: &impl Responder, refusal: Refusal, consumed: usize, out: &mut Vec<u8>) -> Taken {
    responder.write(&Decision::of(Problem::Unreadable(refusal)), Persistence::Closes, false, out);
    Taken::End(consumed)
}
