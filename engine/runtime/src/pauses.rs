//! Answers that wait: connections asleep until a time, woken by one timer of their worker.

use std::{
    cell::{Cell, OnceCell, RefCell},
    collections::BTreeMap,
    future::Future,
    io,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll, Waker},
    time::Duration,
};

use crate::{
    ticks::Waiters,
    timer::{Timer, now},
};

/// When a pause ends, in nanoseconds of [`now`], and a number that no other pause has.
pub(crate) type Due = (u64, u64);

/// The pauses of one worker.
#[derive(Default)]
pub(crate) struct Pauses {
    waiting: RefCell<BTreeMap<Due, Waker>>,
    number: Cell<u64>,
    timer: OnceCell<Timer>,
    ticks: Waiters,
    /// Nobody waits any more
    is_over: Cell<bool>,
}

impl Pauses {
    /// Has a timer at hand, before any pause: once descriptors have run out there is none to be had.
    ///
    /// # Errors
    /// When there is no descriptor left.
    pub(crate) fn begin(self: &Rc<Self>) -> io::Result<()> {
        let timer = Timer::new()?;
        if self.timer.set(timer).is_ok() {
            drop(monoio::spawn(wake_all(Rc::clone(self))));
        }
        Ok(())
    }

    /// A tick of the worker.
    pub(crate) fn tick(&self) {
        self.ticks.wake();
    }

    /// Waits for so long. For tasks of the thread that made `self`.
    pub(crate) fn pause(self: &Rc<Self>, time: Duration) -> Pause {
        self.number.set(self.number.get() + 1);
        let time = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        let due = (now().saturating_add(time), self.number.get());
        Pause { pauses: Rc::clone(self), due, has_entered: false }
    }

    /// Ends a pause before its time: nobody waits for what it delays.
    pub(crate) fn give_up(&self, due: Due) {
        let waker = self.waiting.borrow_mut().remove(&due);
        waker.into_iter().for_each(Waker::wake);
    }

    /// Ends all pauses, and lets none begin.
    pub(crate) fn end(&self) {
        self.is_over.set(true);
        std::mem::take(&mut *self.waiting.borrow_mut()).into_values().for_each(Waker::wake);
    }

    fn enter(&self, due: Due, waker: &Waker) {
        let is_first = {
            let mut waiting = self.waiting.borrow_mut();
            waiting.insert(due, waker.clone());
            waiting.first_key_value().is_some_and(|(first, _)| *first == due)
        };
        let is_set = self.timer.get().is_some_and(|timer| !is_first || timer.set(due.0).is_ok());
        if !is_set {
            // Nobody would wake it: it looks at the clock itself, whenever the others had their turn.
            waker.wake_by_ref();
        }
    }

    /// Wakes those whose time has come, and sets the timer to the next.
    fn turn(&self, timer: &Timer) {
        let later = (now() + 1, 0);
        let due = {
            let mut waiting = self.waiting.borrow_mut();
            let later = waiting.split_off(&later);
            std::mem::replace(&mut *waiting, later)
        };
        due.into_values().for_each(Waker::wake);
        let next = self.waiting.borrow().first_key_value().map_or(0, |(due, _)| due.0);
        // A timer that cannot be set stays readable, and this comes back at once.
        let _ = timer.set(next);
    }
}

/// Runs as long as its worker does. It holds the pauses alone: what a task holds lives as long as the runtime.
async fn wake_all(pauses: Rc<Pauses>) {
    while let Some(timer) = pauses.timer.get() {
        if timer.wait().await.is_err() {
            // The kernel has no room to wait for it; at the next tick it may.
            pauses.ticks.next().await;
        }
        pauses.turn(timer);
    }
}

/// Ends when its time has come, with `true`; with `false` where nobody waits for it any more.
pub(crate) struct Pause {
    pauses: Rc<Pauses>,
    due: Due,
    has_entered: bool,
}

impl Pause {
    /// When it ends.
    pub(crate) fn due(&self) -> Due {
        self.due
    }
}

impl Future for Pause {
    type Output = bool;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<bool> {
        if self.pauses.is_over.get() {
            return Poll::Ready(false);
        }
        if now() >= self.due.0 {
            return Poll::Ready(true);
        }
        // Those whose time has not come stay among those who wait until they are given up.
        if self.has_entered && !self.pauses.waiting.borrow().contains_key(&self.due) {
            return Poll::Ready(false);
        }
        self.has_entered = true;
        self.pauses.enter(self.due, context.waker());
        Poll::Pending
    }
}

impl Drop for Pause {
    fn drop(&mut self) {
        self.pauses.waiting.borrow_mut().remove(&self.due);
    }
}
