//! What the tasks of one sending thread share.

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    rc::Rc,
    sync::Arc,
};

use mocker_http::answer::Recall;
use mocker_runtime::client::{self, Piece};

use super::{
    capture::Capture,
    ledger::{Flight, Ledger},
    sequence::Sequence,
    slot::Slot,
    stock::{Stock, Stocked},
};
use crate::{
    limits::{MAX_QUEUE, RECALLED_HEADS, STALE_AFTER},
    record::Expected,
    schedule::Due,
    verify::Memo,
};

/// What all threads know before they begin.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) sequence: Sequence,
    pub(super) stock: Stock,
    /// By operation: failures that are no errors
    pub(super) expected: Arc<[Expected]>,
    pub(super) threads: usize,
    pub(super) pipeline: usize,
    /// Nanoseconds after which an answer counts as lost
    pub(super) timeout: u64,
    pub(super) is_open: bool,
    /// Whether answers say how long the server took
    pub(super) server_timing: bool,
}

/// How far a thread is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    /// Connecting; nothing is sent yet
    Waiting,
    /// Sending
    Running,
    /// What is queued is still sent, nothing more will be due
    Emptying,
    /// Nothing is sent any more; what is in flight may come
    Closing,
}

/// What a connection is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// Send the batch
    Send,
    /// Make itself anew: the server closed it while it had nothing to do
    Reopen,
    /// Leave
    Leave,
}

/// The tasks of one thread: connections, a pacer, a warden.
pub(super) struct Lane {
    pub(super) index: usize,
    pub(super) plan: Arc<Plan>,
    pub(super) slots: Vec<Slot>,
    pub(super) ledger: RefCell<Ledger>,
    /// Where answers are judged
    pub(super) memo: RefCell<Option<Memo>>,
    /// Heads of answers, by the request
    pub(super) heads: RefCell<Box<[Recall]>>,
    bytes: Rc<Arc<[u8]>>,
    stage: Cell<Stage>,
    /// When the measured part ends, and when nothing is sent any more
    end: Cell<u64>,
    closing: Cell<u64>,
    /// From here on what was due was released behind the end
    overslept: Cell<u64>,
    /// Due, and no connection was free
    queue: RefCell<VecDeque<Due>>,
    /// Connections with nothing to do, the last freed on top
    idle: RefCell<Vec<usize>>,
    /// Requests that a closed loop has sent, and how many of the measured part it may
    sent: Cell<u64>,
    quota: Cell<u64>,
    /// Connections that have tried to connect, that could, and tasks that are not over
    pub(super) attempted: Cell<usize>,
    pub(super) connected: Cell<usize>,
    pub(super) tasks: Cell<usize>,
    /// Why connecting failed last
    pub(super) failure: Cell<Option<std::io::Error>>,
    is_cut: Cell<bool>,
    /// Index of the address that took the last connection
    pub(super) preferred: Cell<usize>,
    /// Nanoseconds the pacer has spun
    pub(super) spun: Cell<u64>,
}

impl Lane {
    pub(super) fn new(
        index: usize,
        plan: Arc<Plan>,
        connections: usize,
        quota: u64,
        memo: Option<Memo>,
    ) -> Self {
        Self {
            index,
            slots: (0..connections).map(|_| Slot::default()).collect(),
            ledger: RefCell::new(Ledger::new(Arc::clone(&plan.expected), plan.is_open)),
            memo: RefCell::new(memo),
            heads: RefCell::new(vec![Recall::default(); RECALLED_HEADS].into()),
            bytes: Rc::new(Arc::clone(&plan.stock.bytes)),
            plan,
            stage: Cell::new(Stage::Waiting),
            end: Cell::new(u64::MAX),
            closing: Cell::new(u64::MAX),
            overslept: Cell::new(u64::MAX),
            queue: RefCell::default(),
            idle: RefCell::default(),
            sent: Cell::new(0),
            quota: Cell::new(quota),
            attempted: Cell::new(0),
            connected: Cell::new(0),
            tasks: Cell::new(0),
            failure: Cell::new(None),
            is_cut: Cell::new(false),
            preferred: Cell::new(0),
            spun: Cell::new(0),
        }
    }

    pub(super) fn stage(&self) -> Stage {
        self.stage.get()
    }

    pub(super) fn end(&self) -> u64 {
        self.end.get()
    }

    /// When nothing is sent any more, as far as it is known.
    pub(super) fn closing(&self) -> u64 {
        self.closing.get()
    }

    /// What is queued is still sent until then.
    pub(super) fn keep_open(&self, until: u64) {
        self.closing.set(self.closing.get().max(until));
    }

    /// Whether anything is still to be sent.
    pub(super) fn has_more(&self) -> bool {
        match self.stage.get() {
            Stage::Waiting => true,
            Stage::Running => self.plan.is_open || client::now() < self.end.get(),
            Stage::Emptying => !self.queue.borrow().is_empty(),
            Stage::Closing => false,
        }
    }

    /// The run was interrupted, and will not wait any longer.
    pub(super) fn cut(&self) {
        self.is_cut.set(true);
        self.slots.iter().for_each(|slot| slot.expire(u64::MAX, 0));
    }

    pub(super) fn is_cut(&self) -> bool {
        self.is_cut.get()
    }

    /// The measured part goes from `zero` to `end`.
    pub(super) fn set_times(&self, zero: u64, end: u64) {
        self.ledger.borrow_mut().begin(zero);
        self.end.set(end);
        self.closing.set(end);
    }

    /// Moves on to a stage, never back, and has all connections look.
    pub(super) fn enter(&self, stage: Stage) {
        if stage > self.stage.get() {
            self.stage.set(stage);
            if stage >= Stage::Emptying {
                // Those with nothing to do leave, and take nothing more.
                self.idle.borrow_mut().clear();
            }
            self.slots.iter().for_each(Slot::wake);
        }
    }

    /// Nothing is sent any more from `now` on.
    pub(super) fn close(&self, now: u64) {
        self.end.set(self.end.get().min(now));
        self.enter(Stage::Closing);
        for due in std::mem::take(&mut *self.queue.borrow_mut()) {
            match due.at >= self.overslept.get() {
                true => self.miss(due),
                false => self.leave_unsent(due),
            }
        }
    }

    /// Sends what is due, now or as soon as a connection is free.
    pub(super) fn release(&self, due: Due, now: u64) {
        self.ledger.borrow_mut().scheduled(due.at);
        if now >= self.end.get() {
            self.overslept.set(self.overslept.get().min(due.at));
        }
        self.assign(due);
    }

    fn miss(&self, due: Due) {
        self.ledger.borrow_mut().missed(due.at);
        self.leave_unsent(due);
    }

    fn assign(&self, due: Due) {
        if self.stage.get() == Stage::Closing {
            return self.miss(due);
        }
        let mut idle = self.idle.borrow_mut();
        // The lowest has been free for longest: since then waiting is no connection's fault.
        let free = idle.first().map(|&lowest| self.slots[lowest].free_since.get());
        if let (Some(slot), Some(free)) = (idle.pop(), free) {
            let slot = &self.slots[slot];
            slot.free_since.set(free);
            slot.given.set(Some(due));
            return slot.wake();
        }
        drop(idle);
        let mut queue = self.queue.borrow_mut();
        if queue.len() < MAX_QUEUE {
            queue.push_back(due);
        } else {
            drop(queue);
            self.leave_unsent(due);
        }
    }

    /// What a connection does next, and the requests that it sends then, all at once. `freed` is when it became free,
    /// `is_alive` asks whether it still is of use.
    pub(super) async fn take(
        &self,
        slot: usize,
        freed: u64,
        batch: &mut Vec<Flight>,
        is_alive: impl Fn() -> bool,
    ) -> Next {
        match self.plan.is_open {
            true => self.take_due(slot, freed, batch, is_alive).await,
            false => self.take_at_once(freed, batch),
        }
    }

    /// A closed loop sends in the moment that the last answer came.
    fn take_at_once(&self, now: u64, batch: &mut Vec<Flight>) -> Next {
        if self.stage.get() == Stage::Closing || now >= self.end.get() {
            return Next::Leave;
        }
        let mut ledger = self.ledger.borrow_mut();
        for _ in 0..self.plan.pipeline {
            if ledger.is_measured(now) {
                let Some(left) = self.quota.get().checked_sub(1) else { break };
                self.quota.set(left);
            }
            let number = self.sent.get() * self.plan.threads as u64 + self.index as u64;
            self.sent.set(self.sent.get() + 1);
            ledger.scheduled(now);
            let flight = self.flight(Due { at: now, number }, now);
            ledger.sent(&flight);
            batch.push(flight);
        }
        if batch.is_empty() { Next::Leave } else { Next::Send }
    }

    async fn take_due(
        &self,
        index: usize,
        freed: u64,
        batch: &mut Vec<Flight>,
        is_alive: impl Fn() -> bool,
    ) -> Next {
        if self.take_queued(freed, batch) {
            return Next::Send;
        }
        if self.stage.get() >= Stage::Emptying {
            return Next::Leave;
        }
        let slot = &self.slots[index];
        slot.free_since.set(freed);
        self.idle.borrow_mut().push(index);
        let given = slot.wait(|slot| match slot.given.take() {
            None if self.stage.get() >= Stage::Emptying => Some(None),
            None => None,
            due => Some(due),
        });
        let Some(due) = given.await else { return Next::Leave };
        let now = client::now();
        if now - freed >= STALE_AFTER && !is_alive() {
            self.assign(due);
            return Next::Reopen;
        }
        self.depart(due, slot.free_since.get(), now, batch);
        Next::Send
    }

    fn take_queued(&self, freed: u64, batch: &mut Vec<Flight>) -> bool {
        let mut queue = self.queue.borrow_mut();
        if queue.is_empty() {
            return false;
        }
        let count = queue.len().min(self.plan.pipeline);
        let now = client::now();
        for due in queue.drain(..count) {
            self.depart(due, freed, now, batch);
        }
        true
    }

    fn depart(&self, due: Due, free: u64, now: u64, batch: &mut Vec<Flight>) {
        let flight = self.flight(due, now);
        let mut ledger = self.ledger.borrow_mut();
        ledger.late(due.at, free, now);
        ledger.sent(&flight);
        batch.push(flight);
    }

    fn flight(&self, due: Due, sent: u64) -> Flight {
        let (operation, before) = self.plan.sequence.at(due.number);
        let request = self.plan.stock.of(operation, before);
        Flight { due: due.at, sent, operation, request }
    }

    fn leave_unsent(&self, due: Due) {
        let (operation, _) = self.plan.sequence.at(due.number);
        self.ledger.borrow_mut().unsent(due.at, operation, self.end.get());
    }

    /// Whether the answer to a request is to be judged; asked once for each.
    pub(super) fn wants(&self, flight: &Flight) -> bool {
        let mut memo = self.memo.borrow_mut();
        let Some(memo) = memo.as_mut() else { return false };
        memo.wants(flight.operation, self.ledger.borrow().is_measured(flight.due))
    }

    /// Has an answer judged.
    pub(super) fn judge(&self, flight: &Flight, status: u16, capture: &Capture) {
        let mut memo = self.memo.borrow_mut();
        let Some(memo) = memo.as_mut().filter(|_| capture.is_wanted()) else { return };
        let mut ledger = self.ledger.borrow_mut();
        let second = ledger.second_of(flight.due);
        match capture.answer(flight.operation, status) {
            Some(answer) => memo.note(&answer, second, &mut ledger.record),
            None => memo.skip(second),
        }
    }

    /// Notes down what was judged meanwhile.
    pub(super) fn learn(&self) {
        if let Some(memo) = &mut *self.memo.borrow_mut() {
            memo.learn(&mut self.ledger.borrow_mut().record);
        }
    }

    /// The bytes of a request, to be sent without copying them.
    pub(super) fn piece(&self, request: usize) -> Piece {
        Piece::new(&self.bytes, self.stocked(request).range.clone())
    }

    pub(super) fn stocked(&self, request: usize) -> &Stocked {
        self.plan.stock.get(request)
    }

    /// The bytes of a request.
    pub(super) fn bytes(&self, request: usize) -> &[u8] {
        &self.bytes[self.stocked(request).range.clone()]
    }
}
