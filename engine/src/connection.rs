//! HTTP/1.1 on one connection: requests cut out of the bytes, answered in order.

use std::rc::Rc;

use mocker_http::Refusal;
use mocker_http::body::Body;
use mocker_http::request::{self, Head, Method, Progress, Slots};
use mocker_http::response::{CONTINUE, Persistence};
use mocker_runtime::limits::OUTPUT_TARGET;
use mocker_runtime::{Next, Step, Wait};

use crate::dispatch::Decision;
use crate::problem::Problem;
use crate::publication::Served;

/// What decides and writes; the connection only frames.
pub(crate) trait Responder {
    /// Whether each answer is to be the last of its connection.
    fn is_closing(&self) -> bool;
    /// What requests that begin now are answered by.
    fn served(&self) -> Rc<Served>;
    /// What a request is answered with. Nothing is written yet: the body may still be on its way.
    fn decide(&self, served: &Rc<Served>, head: &Head<'_>) -> Decision;
    /// Judges the body, where the decision waits for it.
    fn complete(&self, decision: &mut Decision, body: &[u8]);
    /// Appends an answer.
    fn write(&self, decision: &Decision, persistence: Persistence, head_only: bool, out: &mut Vec<u8>);
}

/// State between reads.
#[derive(Default)]
pub struct Connection {
    progress: Progress,
    pending: Option<Box<Pending>>,
}

/// A request whose head was read and whose body is on its way.
struct Pending {
    body: Body,
    decision: Decision,
    persistence: Persistence,
    head_only: bool,
    /// What came of a body that is judged, where it did not come at once
    collected: Vec<u8>,
}

/// What became of the bytes at hand.
enum Taken {
    /// A request, or a piece of one, was consumed; more may follow.
    Some(usize),
    /// More bytes are needed.
    Wait(Wait, usize),
    /// The connection ends behind what was written.
    End(usize),
}

impl Connection {
    /// Answers every whole request in `input`; see [`mocker_runtime::Service::feed`].
    pub(crate) fn feed(&mut self, responder: &impl Responder, input: &[u8], out: &mut Vec<u8>) -> Step {
        let mut consumed = 0;
        loop {
            if out.len() >= OUTPUT_TARGET {
                return Step { consumed, next: Next::Again };
            }
            let rest = &input[consumed..];
            let taken = match self.pending.take() {
                Some(pending) => self.body(responder, pending, rest, out),
                None if rest.is_empty() => return Step { consumed, next: Next::Receive(Wait::Idle) },
                None => self.head(responder, rest, out),
            };
            match taken {
                Taken::Some(bytes) => consumed += bytes,
                Taken::Wait(wait, bytes) => {
                    return Step { consumed: consumed + bytes, next: Next::Receive(wait) };
                }
                Taken::End(bytes) => return Step { consumed: consumed + bytes, next: Next::Close },
            }
        }
    }

    fn head(&mut self, responder: &impl Responder, input: &[u8], out: &mut Vec<u8>) -> Taken {
        let served = responder.served();
        let limits = &served.settings.limits;
        let mut slots = Slots::new();
        let head = match request::head(input, &mut self.progress, limits, &mut slots) {
            Ok(Some(head)) => head,
            Ok(None) => return Taken::Wait(Wait::Head, 0),
            Err(refusal) => return refuse(responder, refusal, input.len(), out),
        };
        let body = Body::new(head.framing, limits);
        let persistence = Persistence::of(&head, responder.is_closing());
        let decision = responder.decide(&served, &head);
        let head_only = head.method == Method::Head;
        if body.is_done() {
            responder.write(&decision, persistence, head_only, out);
            return after(persistence, head.len);
        }
        if head.expect_continue && input.len() == head.len {
            out.extend_from_slice(CONTINUE);
        }
        let consumed = head.len;
        self.pending =
            Some(Box::new(Pending { body, decision, persistence, head_only, collected: Vec::new() }));
        Taken::Some(consumed)
    }

    /// Takes what is here of a body; the answer goes out when all of it came.
    fn body(
        &mut self,
        responder: &impl Responder,
        mut pending: Box<Pending>,
        input: &[u8],
        out: &mut Vec<u8>,
    ) -> Taken {
        let mut consumed = 0;
        loop {
            match pending.body.decode(&input[consumed..]) {
                Err(refusal) => return refuse(responder, refusal, input.len(), out),
                Ok(decoded) => {
                    let data = &input[consumed..][decoded.data];
                    consumed += decoded.consumed;
                    let is_piece = !decoded.done || !pending.collected.is_empty();
                    if is_piece && pending.decision.awaits_body() {
                        pending.collected.extend_from_slice(data);
                    }
                    if decoded.done {
                        let whole = if is_piece { &pending.collected } else { data };
                        responder.complete(&mut pending.decision, whole);
                        responder.write(&pending.decision, pending.persistence, pending.head_only, out);
                        return after(pending.persistence, consumed);
                    }
                    if decoded.consumed == 0 || consumed == input.len() {
                        self.pending = Some(pending);
                        return Taken::Wait(Wait::Body, consumed);
                    }
                }
            }
        }
    }

    /// The client took too long with what `wait` names; appends the last answer, if one is due.
    pub(crate) fn expire(&mut self, responder: &impl Responder, wait: Wait, out: &mut Vec<u8>) {
        if wait != Wait::Idle {
            responder.write(&Decision::of(Problem::TooSlow), Persistence::Closes, false, out);
        }
    }
}

fn after(persistence: Persistence, consumed: usize) -> Taken {
    if persistence == Persistence::Closes { Taken::End(consumed) } else { Taken::Some(consumed) }
}

/// Where the next request would begin is not certain any more, so the connection ends.
#[cold]
fn refuse(responder: &impl Responder, refusal: Refusal, consumed: usize, out: &mut Vec<u8>) -> Taken {
    responder.write(&Decision::of(Problem::Unreadable(refusal)), Persistence::Closes, false, out);
    Taken::End(consumed)
}
