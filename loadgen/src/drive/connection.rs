//! The life of one connection: connect, take what is due, send, read the answers; and again.

use std::{io, net::SocketAddr, rc::Rc};

use mocker_http::answer::{Answer, Fault, Reader, Step};
use mocker_runtime::client::{self, Socket};

use super::{
    Target,
    capture::Capture,
    lane::{Lane, Next, Stage},
    ledger::{Flight, Times},
    wire::Wire,
};
use crate::{
    limits::{MAX_PAUSE, MIN_PAUSE, RECALLED_HEADS},
    record::ErrorClass,
};

/// Keeps one connection until the run is over.
pub(super) async fn keep(lane: Rc<Lane>, slot: usize, target: Rc<Target>) {
    let connection = Connection { lane: &lane, slot, target: &target };
    connection.live().await;
    lane.slots[slot].closed();
    lane.tasks.set(lane.tasks.get() - 1);
}

struct Connection<'a> {
    lane: &'a Lane,
    slot: usize,
    target: &'a Target,
}

/// What follows an exchange.
enum After {
    /// The connection serves on
    Goes,
    /// It does not, and nobody failed
    Ends,
    /// It does not, and whose answers have not come will get none
    Fails(ErrorClass),
}

/// The answers of requests that were sent together.
struct Answers<'a> {
    reader: Reader,
    /// Those whose answers have not come
    awaited: &'a [Flight],
    /// When the first byte of the next answer came; 0 before
    first_byte: u64,
    /// Bytes of the next answer so far
    bytes: u64,
    /// What is kept of the next answer
    capture: &'a mut Capture,
}

impl Connection<'_> {
    async fn live(&self) {
        let lane = self.lane;
        let slot = &lane.slots[self.slot];
        let mut failures = 0;
        let mut is_first = true;
        while lane.has_more() {
            let opened = self.open().await;
            if is_first {
                lane.attempted.set(lane.attempted.get() + 1);
                lane.connected.set(lane.connected.get() + usize::from(opened.is_some()));
                is_first = false;
                slot.wait(|_| (lane.stage() > Stage::Waiting).then_some(())).await;
            }
            match opened {
                Some(wire) => {
                    failures = 0;
                    if !self.converse(wire).await {
                        return;
                    }
                    slot.closed();
                }
                None => {
                    let pause = (MIN_PAUSE << failures.min(16)).min(MAX_PAUSE);
                    failures += 1;
                    slot.pause(client::now() + pause);
                    slot.wait(|slot| (!slot.pauses() || lane.stage() == Stage::Closing).then_some(())).await;
                }
            }
        }
    }

    /// Connects to the first of the addresses that takes it; the one that did last is tried first.
    async fn open(&self) -> Option<Wire> {
        let begun = client::now();
        let lane = self.lane;
        let (first, count) = (lane.preferred.get(), self.target.addresses.len());
        let mut failure = None;
        for index in (first..count).chain(0..first) {
            match self.dial(self.target.addresses[index]).await {
                Ok(wire) => {
                    lane.preferred.set(index);
                    lane.ledger.borrow_mut().connected(client::now() - begun);
                    return Some(wire);
                }
                Err(error) => {
                    lane.slots[self.slot].closed();
                    failure = Some(error);
                }
            }
        }
        let (class, error) = failure?;
        lane.ledger.borrow_mut().not_connected(class, &error, client::now());
        lane.failure.set(Some(error));
        None
    }

    async fn dial(&self, address: SocketAddr) -> Result<Wire, (ErrorClass, io::Error)> {
        let socket = Socket::dial(address).map_err(|error| (ErrorClass::Connect, error))?;
        let mut wire = Wire::new(socket);
        let slot = &self.lane.slots[self.slot];
        slot.opened(wire.abort_handle());
        slot.begin_wait(client::now());
        let result = wire.connected(self.target.tls.as_ref()).await;
        slot.end_wait();
        match slot.is_expired() {
            true => Err((ErrorClass::Connect, io::ErrorKind::TimedOut.into())),
            false => result.map(|()| wire),
        }
    }

    /// Sends and receives until the connection ends. False when it is not needed any more.
    async fn converse(&self, mut wire: Wire) -> bool {
        let slot = &self.lane.slots[self.slot];
        let mut batch = Vec::with_capacity(self.lane.plan.pipeline);
        let mut capture = Capture::new(self.lane.plan.server_timing);
        let mut freed = client::now();
        loop {
            match self.lane.take(self.slot, freed, &mut batch, || wire.is_quiet()).await {
                Next::Send => {}
                Next::Reopen => return true,
                Next::Leave => return false,
            }
            slot.begin_wait(batch.first().map_or(freed, |flight| flight.sent));
            let mut answers = Answers {
                reader: Reader::new(),
                awaited: &batch,
                first_byte: 0,
                bytes: 0,
                capture: &mut capture,
            };
            let after = match wire.send(self.lane, &batch).await {
                Ok(()) => self.receive(&mut wire, &mut answers, &mut freed).await,
                Err(_) => After::Fails(self.class(ErrorClass::Reset)),
            };
            slot.end_wait();
            match after {
                // One that was given up in the very moment its answer came is of no use any more.
                After::Goes if !slot.is_expired() => batch.clear(),
                After::Goes | After::Ends => return true,
                After::Fails(class) => {
                    self.fail(answers.awaited, class);
                    return true;
                }
            }
        }
    }

    /// Receives until all answers have come; `at` is then when the last one did.
    async fn receive(&self, wire: &mut Wire, answers: &mut Answers<'_>, at: &mut u64) -> After {
        answers.begin(self.lane);
        loop {
            let received = wire.receive().await;
            *at = client::now();
            match received {
                Ok(0) => return self.ended(wire, answers, *at),
                Ok(_) => {}
                Err(_) => return After::Fails(self.class(ErrorClass::Reset)),
            }
            if let Some(after) = self.read(wire, answers, *at) {
                return after;
            }
        }
    }

    /// Reads what has come; `None` waits for more.
    fn read(&self, wire: &mut Wire, answers: &mut Answers<'_>, at: u64) -> Option<After> {
        while !answers.awaited.is_empty() {
            if answers.first_byte == 0 && !wire.received().is_empty() {
                answers.first_byte = at;
            }
            let Ok(step) = answers.feed(self.lane, wire.received()) else {
                return Some(After::Fails(ErrorClass::Protocol));
            };
            wire.consume(step.consumed);
            answers.bytes += step.consumed as u64;
            let answer = step.answer?;
            answers.note(self.lane, &answer, at);
            answers.begin(self.lane);
            if !answer.keep_alive {
                return Some(answers.cut_off());
            }
        }
        // What nobody asked for would be taken for the next answer.
        Some(if wire.received().is_empty() { After::Goes } else { After::Ends })
    }

    /// The connection ended, as some answers do.
    fn ended(&self, wire: &Wire, answers: &mut Answers<'_>, at: u64) -> After {
        let has_rest = !wire.received().is_empty();
        match (answers.reader.end(has_rest), answers.awaited) {
            (Ok(answer), [_, ..]) if !self.lane.slots[self.slot].is_expired() => {
                answers.note(self.lane, &answer, at);
                answers.cut_off()
            }
            (Err(Fault::NoAnswer | Fault::Incomplete) | Ok(_), _) => {
                After::Fails(self.class(ErrorClass::Reset))
            }
            (Err(_), _) => After::Fails(ErrorClass::Protocol),
        }
    }

    /// What it was that ended a wait.
    fn class(&self, class: ErrorClass) -> ErrorClass {
        if self.lane.slots[self.slot].is_expired() { ErrorClass::Timeout } else { class }
    }

    fn fail(&self, awaited: &[Flight], class: ErrorClass) {
        let now = client::now();
        let mut ledger = self.lane.ledger.borrow_mut();
        for flight in awaited {
            match class {
                ErrorClass::Timeout if self.lane.is_cut() => ledger.given_up(flight, now),
                _ => ledger.failed(flight, class, now),
            }
        }
    }
}

impl Answers<'_> {
    /// What comes next is another answer.
    fn begin(&mut self, lane: &Lane) {
        let next = self.awaited.first();
        let to_head = next.is_some_and(|flight| lane.stocked(flight.request).is_head);
        self.reader.begin(to_head);
        self.capture.begin(next.is_some_and(|flight| lane.wants(flight)), to_head);
        (self.first_byte, self.bytes) = (0, 0);
    }

    fn feed(&mut self, lane: &Lane, input: &[u8]) -> Result<Step, Fault> {
        let request = self.awaited.first().map_or(0, |flight| flight.request);
        let mut heads = lane.heads.borrow_mut();
        self.reader.feed_recalling(input, self.capture, &mut heads[request % RECALLED_HEADS])
    }

    /// The answer that was awaited came whole.
    fn note(&mut self, lane: &Lane, answer: &Answer, at: u64) {
        let [flight, rest @ ..] = self.awaited else { return };
        let times = Times { first_byte: self.first_byte, end: at, server: self.capture.timing() };
        lane.ledger.borrow_mut().answered(flight, times, answer.status, self.bytes);
        lane.judge(flight, answer.status, self.capture);
        self.awaited = rest;
    }

    /// No answer comes behind the last one.
    fn cut_off(&self) -> After {
        if self.awaited.is_empty() { After::Ends } else { After::Fails(ErrorClass::Reset) }
    }
}
