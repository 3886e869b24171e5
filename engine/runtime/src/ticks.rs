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
    waiters: Waiters,
}

impl Ticks {
    pub(crate) fn new() -> Self {
        Self { start: Instant::now(), now: Cell::new(0), waiters: Waiters::default() }
    }

    /// Milliseconds between the start and the last tick.
    pub(crate) fn now(&self) -> u64 {
        self.now.get()
    }

    /// How many there were.
    pub(crate) fn number(&self) -> u64 {
        self.waiters.times.get()
    }

    /// Reads the clock and wakes who waits for it.
    pub(crate) fn turn(&self) {
        self.now.set(u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX));
        self.waiters.wake();
    }

    /// Waits for the next tick.
    pub(crate) fn next(&self) -> impl Future<Output = ()> + use<'_> {
        self.waiters.next()
    }
}

/// Tasks of this thread that wait for the same thing to happen.
#[derive(Default)]
pub(crate) struct Waiters {
    times: Cell<u64>,
    waiting: RefCell<Vec<Waker>>,
}

impl Waiters {
    /// It has happened.
    pub(crate) fn wake(&self) {
        self.times.set(self.times.get() + 1);
        for waker in self.waiting.take() {
            waker.wake();
        }
    }

    /// Waits until it happens the next time.
    pub(crate) fn next(&self) -> impl Future<Output = ()> + use<'_> {
        Next { waiters: self, since: self.times.get() }
    }
}

struct Next<'a> {
    waiters: &'a Waiters,
    since: u64,
}

impl Future for Next<'_> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.waiters.times.get() != self.since {
            return Poll::Ready(());
        }
        self.waiters.waiting.borrow_mut().push(context.waker().clone());
        Poll::Pending
    }
}
