//! Where the tasks of one thread meet a connection.

use std::{
    cell::{Cell, RefCell},
    future::poll_fn,
    task::{Poll, Waker},
};

use mocker_runtime::client::Abort;

use crate::schedule::Due;

/// One connection, as the other tasks of its thread see it.
#[derive(Default)]
pub(super) struct Slot {
    waker: Cell<Option<Waker>>,
    /// What the pacer gave it to send
    pub(super) given: Cell<Option<Due>>,
    /// Since when it has nothing to do
    pub(super) free_since: Cell<u64>,
    /// Since when it waits for the server; 0 where it does not
    waits_since: Cell<u64>,
    /// Until when it pauses; 0 where it does not
    pauses_until: Cell<u64>,
    /// It waited too long
    expired: Cell<bool>,
    abort: RefCell<Option<Abort>>,
}

impl Slot {
    /// Has its task look again at what it waits for.
    pub(super) fn wake(&self) {
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }

    /// Waits until there is something, asking again whenever the task is woken.
    pub(super) async fn wait<T>(&self, mut ready: impl FnMut(&Slot) -> Option<T>) -> T {
        poll_fn(|context| match ready(self) {
            Some(value) => Poll::Ready(value),
            None => {
                self.waker.set(Some(context.waker().clone()));
                Poll::Pending
            }
        })
        .await
    }

    /// The connection has a socket now.
    pub(super) fn opened(&self, abort: Abort) {
        self.expired.set(false);
        *self.abort.borrow_mut() = Some(abort);
    }

    /// The connection has none any more.
    pub(super) fn closed(&self) {
        *self.abort.borrow_mut() = None;
        self.waits_since.set(0);
    }

    /// The connection waits for the server from `now` on.
    pub(super) fn begin_wait(&self, now: u64) {
        self.waits_since.set(now);
    }

    pub(super) fn end_wait(&self) {
        self.waits_since.set(0);
    }

    /// Whether the connection was given up while it waited.
    pub(super) fn is_expired(&self) -> bool {
        self.expired.get()
    }

    /// Gives the connection up if it waits for the server for as long as `timeout`.
    pub(super) fn expire(&self, now: u64, timeout: u64) {
        let since = self.waits_since.get();
        if since != 0
            && now.saturating_sub(since) >= timeout
            && !self.expired.get()
            && let Some(abort) = &*self.abort.borrow()
        {
            self.expired.set(true);
            abort.abort();
        }
    }

    /// The connection does nothing until then.
    pub(super) fn pause(&self, until: u64) {
        self.pauses_until.set(until);
    }

    pub(super) fn pauses(&self) -> bool {
        self.pauses_until.get() != 0
    }

    /// Ends a pause that is over.
    pub(super) fn end_pause(&self, now: u64) {
        let until = self.pauses_until.get();
        if until != 0 && until <= now {
            self.pauses_until.set(0);
            self.wake();
        }
    }
}
