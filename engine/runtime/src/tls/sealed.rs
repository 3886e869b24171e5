//! A service behind TLS.

use std::{cell::Cell, net::SocketAddr, sync::Arc};

use super::{
    Credentials,
    records::{Records, Stage},
};
use crate::{
    layer::Layer,
    limits::{HANDSHAKE_BYTES, POOLED_OUTPUT_CAPACITY},
    service::{Next, Service, Step, Wait},
};

/// What a record of a handshake begins with (RFC 8446, section 5.1).
const HANDSHAKE: u8 = 22;

/// A service whose bytes travel in records.
pub(crate) struct Sealed<S> {
    service: S,
    credentials: Arc<Credentials>,
    /// Opened bytes that a connection may hold
    max_plain: usize,
    /// What is opened of one read, and what is answered to it: lent to one connection after the other
    plain: Cell<Vec<u8>>,
    answer: Cell<Vec<u8>>,
}

/// A connection of such a service.
pub(crate) struct Session<C> {
    state: C,
    records: Box<Records>,
    /// Opened bytes that the service has not consumed
    rest: Vec<u8>,
    /// What the service waits for; `None` where it wants to be asked again, whatever comes
    waits: Option<Wait>,
    phase: Phase,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// No byte has come
    New,
    Handshake,
    Open,
    /// Nothing more is sent
    Closed,
}

impl<S: Service> Sealed<S> {
    /// `max_plain`: bytes that a connection may hold which the service has not consumed.
    pub(crate) fn new(service: S, credentials: Arc<Credentials>, max_plain: usize) -> Self {
        Sealed { service, credentials, max_plain, plain: Cell::default(), answer: Cell::default() }
    }

    /// Opens what came and, once the handshake is done, asks the service about it.
    fn turn(
        &self,
        session: &mut Session<S::Connection>,
        plain: &mut Vec<u8>,
        input: &mut [u8],
        output: &mut Vec<u8>,
    ) -> Step {
        let known = plain.len();
        let (consumed, stage) = session.records.open(input, plain, output);
        let left = &mut input[consumed..];
        let next = match stage {
            Stage::Broken => {
                session.phase = Phase::Closed;
                return Step { consumed: input.len(), next: Next::Close };
            }
            Stage::Handshake if left.len() > HANDSHAKE_BYTES => Next::Abort,
            Stage::Handshake => Next::Receive(Wait::Handshake),
            Stage::Open => {
                session.phase = Phase::Open;
                match session.waits.filter(|_| plain.len() == known && !session.records.has_ended()) {
                    Some(wait) => Next::Receive(wait),
                    None => self.ask(session, plain, left, output),
                }
            }
        };
        let next = match next {
            Next::Receive(_) if plain.len() >= self.max_plain => Next::Abort,
            // Part of a record is part of a request.
            Next::Receive(Wait::Idle) if consumed < input.len() => Next::Receive(Wait::Head),
            next => next,
        };
        Step { consumed, next }
    }

    /// Asks the service about what was opened; what it answers is sealed.
    fn ask(
        &self,
        session: &mut Session<S::Connection>,
        plain: &mut Vec<u8>,
        left: &mut [u8],
        output: &mut Vec<u8>,
    ) -> Next {
        let mut answer = self.answer.take();
        let step = self.service.feed(&mut session.state, plain, &mut answer);
        plain.drain(..step.consumed.min(plain.len()));
        session.waits = match step.next {
            Next::Receive(wait) => Some(wait),
            _ => None,
        };
        let next = match step.next {
            Next::Receive(_) if session.records.has_ended() => Next::Close,
            next => next,
        };
        let is_sent = session.send(&answer, next == Next::Close, left, output);
        self.keep(answer);
        if is_sent { next } else { Next::Abort }
    }

    fn keep(&self, mut answer: Vec<u8>) {
        if answer.capacity() <= POOLED_OUTPUT_CAPACITY {
            answer.clear();
            self.answer.set(answer);
        }
    }

    /// Who does not begin with TLS gets what the service has for such; nothing where it has nothing.
    #[cold]
    fn refuse(
        &self,
        session: &mut Session<S::Connection>,
        input: &[u8],
        output: &mut Vec<u8>,
    ) -> Option<Step> {
        self.service.refuse_plain(&mut session.state, input, output);
        (!output.is_empty()).then(|| {
            session.phase = Phase::Closed;
            Step { consumed: input.len(), next: Next::Close }
        })
    }
}

impl<C> Session<C> {
    /// Appends an answer, and the end behind the last one. Whether the answer could be sent.
    fn send(&mut self, answer: &[u8], is_last: bool, left: &mut [u8], output: &mut Vec<u8>) -> bool {
        let is_sent = answer.is_empty() || self.records.seal(answer, left, output).is_ok();
        if is_last {
            self.phase = Phase::Closed;
            // Who cannot be told anything more sees the connection end all the same.
            let _ = self.records.end(left, output);
        }
        is_sent
    }
}

impl<S: Service> Layer for Sealed<S> {
    type Connection = Session<S::Connection>;

    const FIRST: Wait = Wait::Handshake;

    fn open(&self, peer: SocketAddr) -> Self::Connection {
        Session {
            state: self.service.open(peer),
            records: Box::new(Records::new(self.credentials.current())),
            rest: Vec::new(),
            waits: Some(Wait::Idle),
            phase: Phase::New,
        }
    }

    fn feed(&self, session: &mut Self::Connection, input: &mut [u8], output: &mut Vec<u8>) -> Step {
        if session.phase == Phase::New {
            session.phase = Phase::Handshake;
            let is_foreign = input.first().is_some_and(|&first| first != HANDSHAKE);
            if let Some(step) = is_foreign.then(|| self.refuse(session, input, output)).flatten() {
                return step;
            }
        }
        let has_rest = !session.rest.is_empty();
        let mut plain = if has_rest { std::mem::take(&mut session.rest) } else { self.plain.take() };
        let step = self.turn(session, &mut plain, input, output);
        match (plain.is_empty(), has_rest) {
            (false, true) => session.rest = plain,
            (is_empty, _) => {
                if !is_empty {
                    session.rest = plain.as_slice().to_vec();
                    plain.clear();
                }
                if plain.capacity() <= POOLED_OUTPUT_CAPACITY {
                    self.plain.set(plain);
                }
            }
        }
        step
    }

    fn expire(&self, session: &mut Self::Connection, wait: Wait, input: &mut [u8], output: &mut Vec<u8>) {
        if session.phase == Phase::Open {
            let mut answer = self.answer.take();
            self.service.expire(&mut session.state, wait, &mut answer);
            session.send(&answer, true, input, output);
            self.keep(answer);
        }
    }

    fn close(&self, session: &mut Self::Connection, input: &mut [u8], output: &mut Vec<u8>) {
        if session.phase == Phase::Open {
            session.send(b"", true, input, output);
        }
    }

    fn abandon(&self, session: &mut Self::Connection) {
        self.service.abandon(&mut session.state);
    }

    fn tick(&self) {
        self.service.tick();
    }

    fn drain(&self) {
        self.service.drain();
    }
}
