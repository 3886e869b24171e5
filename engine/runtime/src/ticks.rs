//! The time as a worker sees it: read from the clock once a tick, so that waiting for a deadline
//! costs a request nothing.

use std::{
    cell::{Cell, RefCell},
    future::Future,
    pin::Pin,
    task::{Context, Poll, Waker},
    time::Instant,
};

/// A coarse clock.
pub(crate) struct Ticks {
    start: Instant,
    now: Cell<u64>,
    count: Cell<u64>,
    waiting: RefCell<Vec<Waker>>,
}

impl Ticks {
    pub(crate) fn new() -> Self {
        Self { start: Instant::now(), now: Cell::new(0), count: Cell::new(0), waiting: RefCell::default() }
    }

    /// Milliseconds between the start and the last tick.
    pub(crate) fn now(&self) -> u64 {
        self.now.get()
    }

    /// Reads the clock and wakes who waits for it.
    pub(crate) fn turn(&self) {
        self.now.set(u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX));
        self.count.set(self.count.get() + 1);
        for waker in self.waiting.take() {
            waker.wake();
        }
    }

    /// Waits for the next tick.
    pub(crate) fn next(&self) -> impl Future<Output = ()> + '_ {
        NextTick { ticks: self, since: self.count.get() }
    }
}

struct NextTick<'a> {
    ticks: &'a Ticks,
    since: u64,
}

impl Future for NextTick<'_> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.ticks.count.get() != self.since {
            return Poll::Ready(());
        }
        self.ticks.waiting.borrow_mut().push(context.waker().clone());
        Poll::Pending
    }
}
