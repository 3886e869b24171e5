//! Spinning on epoll: a wait that lasts one round of the thread, in which the other tasks get what has come for them.

use std::{
    cell::Cell,
    future::poll_fn,
    rc::Rc,
    task::{Poll, Waker},
};

/// Hands the thread to a task that hands it back. A task that woke itself would be put in front of all others and keep
/// them waiting; two that wake each other take their turns. While a task can run, the runtime asks epoll and does not
/// wait; a ring it would not ask, so rings spin in other ways.
pub(super) struct Relay(Rc<Handover>);

#[derive(Default)]
struct Handover {
    asked: Cell<bool>,
    over: Cell<bool>,
    asking: Cell<Option<Waker>>,
    runner: Cell<Option<Waker>>,
}

impl Relay {
    /// A relay of the calling thread.
    pub(super) fn new() -> Self {
        let handover = Rc::new(Handover::default());
        let other = Rc::clone(&handover);
        // Not counted as work, unlike other tasks.
        drop(monoio::spawn(poll_fn(move |context| {
            if other.over.get() {
                return Poll::Ready(());
            }
            other.runner.set(Some(context.waker().clone()));
            if other.asked.take() {
                wake(&other.asking);
            }
            Poll::Pending
        })));
        Self(handover)
    }

    /// Lasts one round.
    pub(super) async fn round(&self) {
        self.0.asked.set(true);
        poll_fn(|context| {
            if !self.0.asked.get() {
                return Poll::Ready(());
            }
            self.0.asking.set(Some(context.waker().clone()));
            wake(&self.0.runner);
            Poll::Pending
        })
        .await;
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.0.over.set(true);
        wake(&self.0.runner);
    }
}

fn wake(waker: &Cell<Option<Waker>>) {
    if let Some(waker) = waker.take() {
        waker.wake();
    }
}
