//! The way of an answer out: at once, later, in pieces, spoilt, or not at all.

use mocker_http::response::Persistence;
use mocker_runtime::{Wait, now};

use super::{Connection, Missing, Pending, Responder, Taken, after};
use crate::chaos::{Fault, Pieces, garbage};

/// An answer that is sent in pieces.
pub(super) struct Slow {
    pieces: Pieces,
    /// When it was ready, in nanoseconds
    begun: u64,
    /// The connection ends behind it
    is_last: bool,
}

impl Connection {
    /// Answers a request that is whole, or waits until it is to be answered; `consumed` is what of the input it was.
    pub(super) fn answer(
        &mut self,
        responder: &impl Responder,
        mut pending: Box<Pending>,
        consumed: usize,
        out: &mut Vec<u8>,
    ) -> Taken {
        let Some((due, wait)) = pending.decision.due() else {
            return self.deliver(responder, pending, consumed, out);
        };
        pending.decision.waited += wait;
        pending.missing = Missing::Time(due);
        self.pending = Some(pending);
        Taken::Pause(wait, consumed)
    }

    /// Does what becomes of an answer whose time has come.
    pub(super) fn deliver(
        &mut self,
        responder: &impl Responder,
        mut pending: Box<Pending>,
        consumed: usize,
        out: &mut Vec<u8>,
    ) -> Taken {
        let Pending { decision, persistence, head_only, .. } = &*pending;
        let struck = decision.struck.as_ref();
        let (fault, pace) = struck.map_or((None, None), |struck| (struck.fault, struck.pace));
        let start = out.len();
        match fault {
            None => responder.write(decision, *persistence, *head_only, out),
            Some(Fault::Spoilt(spoil)) => {
                responder.write(decision, *persistence, *head_only, out);
                spoil.apply(start, out);
            }
            Some(Fault::Garbage { bytes, key }) => {
                garbage(bytes, key, out);
                responder.unanswered(decision, out.len() - start);
            }
            Some(Fault::Empty) => {
                responder.unanswered(decision, 0);
                return Taken::End(consumed);
            }
            Some(Fault::Reset) => {
                responder.unanswered(decision, 0);
                return Taken::Abort(consumed);
            }
            Some(Fault::Silence) => {
                responder.unanswered(decision, 0);
                self.is_silent = true;
                return Taken::Wait(Wait::Idle, consumed);
            }
        }
        let is_last = fault.is_some() || *persistence == Persistence::Closes;
        match pace.and_then(|pace| Some(Pieces::new(pace, responder.hold(out, start)?))) {
            Some(pieces) => {
                pending.missing = Missing::Pieces(Slow { pieces, begun: now(), is_last });
                self.go_on_sending(pending, consumed, out)
            }
            None => after(is_last, consumed),
        }
    }

    /// Sends what is due of an answer in pieces.
    pub(super) fn go_on_sending(
        &mut self,
        mut pending: Box<Pending>,
        consumed: usize,
        out: &mut Vec<u8>,
    ) -> Taken {
        let Missing::Pieces(slow) = &mut pending.missing else { return Taken::Some(consumed) };
        let elapsed = now().saturating_sub(slow.begun);
        let Some(next) = slow.pieces.send(elapsed, out) else { return after(slow.is_last, consumed) };
        self.pending = Some(pending);
        match next.saturating_sub(elapsed) {
            0 => Taken::Some(consumed),
            wait => Taken::Pause(std::time::Duration::from_nanos(wait), consumed),
        }
    }
}
