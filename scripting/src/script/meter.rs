//! What the running call has used so far.

use std::cell::Cell;
use std::time::{Duration, Instant};

use super::budgets::{Budgets, OPERATIONS, TIME};
use crate::limits::CLOCK_MASK;

/// Tells the time. The crate has no clock of its own.
pub type Clock = fn() -> Instant;

/// What the running call has used so far.
///
/// Rhai counts operations too, but forgets those of closures that are called by functions of the host.
pub(crate) struct Meter {
    clock: Clock,
    operations: Cell<u64>,
    most_operations: Cell<u64>,
    deadline: Cell<Instant>,
    exceeded: Cell<Option<&'static str>>,
}

impl Meter {
    pub(crate) fn new(clock: Clock) -> Meter {
        Meter {
            clock,
            operations: Cell::new(0),
            most_operations: Cell::new(u64::MAX),
            deadline: Cell::new(clock()),
            exceeded: Cell::new(None),
        }
    }

    /// A call begins.
    pub(crate) fn start(&self, budgets: &Budgets) {
        self.operations.set(0);
        self.most_operations.set(budgets.operations);
        self.deadline.set(saturating_add((self.clock)(), budgets.time));
        self.exceeded.set(None);
    }

    /// One more operation; `true` when the call must end.
    #[inline]
    pub(crate) fn tick(&self) -> bool {
        let operations = self.operations.get() + 1;
        self.operations.set(operations);
        if operations & CLOCK_MASK != 0 && operations <= self.most_operations.get() {
            return false;
        }
        self.judge(operations)
    }

    #[allow(dead_code)]
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
        if operations > self.most_operations.get() {
            self.exceeded.set(Some(OPERATIONS));
        } else if (self.clock)() >= self.deadline.get() {
            self.exceeded.set(Some(TIME));
        }
        self.exceeded.get().is_some()
    }
}

fn saturating_add(now: Instant, time: Duration) -> Instant {
    now.checked_add(time).unwrap_or(now)
}
