//! What the running call has used so far.

use std::cell::Cell;
use std::time::{Duration, Instant};

use super::budgets::{Budgets, MEMORY, OPERATIONS, TIME};
use crate::limits::{CLOCK_MASK, LENT_ANSWERS, LIGHT_BYTES};

/// Tells the time. The crate has no clock of its own.
pub type Clock = fn() -> Instant;

thread_local! {
    /// Whether a function of the host did so much that the clock is to be looked at next
    static HAS_WORKED: Cell<bool> = const { Cell::new(false) };
}

/// A function of the host handles so many bytes.
pub(crate) fn works_on(bytes: usize) {
    if bytes > LIGHT_BYTES {
        HAS_WORKED.set(true);
    }
}

/// Tells how many bytes this thread holds; only differences count.
pub type Heap = fn() -> i64;

/// What the running call has used so far.
///
/// Rhai counts operations too, but forgets those of closures that are called by functions of the host.
pub(crate) struct Meter {
    clock: Clock,
    operations: Cell<u64>,
    most_operations: Cell<u64>,
    deadline: Cell<Instant>,
    heap: Heap,
    most_held: Cell<i64>,
    /// Answers that the host made at no cost
    lent: Cell<u32>,
    exceeded: Cell<Option<&'static str>>,
}

impl Meter {
    pub(crate) fn new(clock: Clock, heap: Heap) -> Meter {
        Meter {
            clock,
            operations: Cell::new(0),
            most_operations: Cell::new(u64::MAX),
            deadline: Cell::new(clock()),
            heap,
            most_held: Cell::new(i64::MAX),
            lent: Cell::new(0),
            exceeded: Cell::new(None),
        }
    }

    /// A call begins.
    pub(crate) fn start(&self, budgets: &Budgets) {
        self.operations.set(0);
        self.most_operations.set(budgets.operations);
        self.deadline.set(saturating_add((self.clock)(), budgets.time));
        self.most_held.set((self.heap)().saturating_add(budgets.memory as i64));
        self.lent.set(0);
        self.exceeded.set(None);
    }

    /// Runs what makes an answer of the host's: neither its time nor what it keeps is the script's, but for whoever asks
    /// again and again.
    pub(crate) fn lend<T>(&self, make: impl FnOnce() -> T) -> T {
        let lent = self.lent.get();
        if lent == LENT_ANSWERS {
            return make();
        }
        self.lent.set(lent + 1);
        let (start, held) = ((self.clock)(), (self.heap)());
        let made = make();
        let taken = (self.clock)().saturating_duration_since(start);
        self.deadline.set(saturating_add(self.deadline.get(), taken));
        let kept = (self.heap)().saturating_sub(held).max(0);
        self.most_held.set(self.most_held.get().saturating_add(kept));
        made
    }

    /// One more operation; `true` when the call must end.
    #[inline]
    pub(crate) fn tick(&self) -> bool {
        let operations = self.operations.get() + 1;
        self.operations.set(operations);
        if operations & CLOCK_MASK != 0 && operations <= self.most_operations.get() && !HAS_WORKED.get() {
            return false;
        }
        self.judge(operations)
    }

    /// The budget that ended the call.
    pub(crate) fn exceeded(&self) -> Option<&'static str> {
        self.exceeded.get()
    }

    /// Operations of the call so far.
    pub(crate) fn operations(&self) -> u64 {
        self.operations.get()
    }

    #[cold]
    fn judge(&self, operations: u64) -> bool {
        HAS_WORKED.set(false);
        if operations > self.most_operations.get() {
            self.exceeded.set(Some(OPERATIONS));
        } else if (self.clock)() >= self.deadline.get() {
            self.exceeded.set(Some(TIME));
        }
        if (self.heap)() > self.most_held.get() {
            self.exceeded.set(Some(MEMORY));
        }
        self.exceeded.get().is_some()
    }
}

fn saturating_add(now: Instant, time: Duration) -> Instant {
    now.checked_add(time).unwrap_or(now)
}
