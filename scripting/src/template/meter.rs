//! What a template may use for one request, and what it used so far.

use std::cell::{Cell, RefCell};
use std::time::{Duration, Instant};

use minijinja::value::Value;
use minijinja::{Error, ErrorKind};

use super::limits;
use crate::script::Clock;

/// What a template may use for one request. What is exceeded ends it with a fault that names the budget.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Budgets {
    /// Instructions of the interpreter
    pub operations: u64,
    /// Bytes of what is rendered
    pub output_bytes: usize,
    /// Bytes of all texts and lists that are made on the way, what is rendered among them
    pub memory_bytes: usize,
    /// Wall time
    pub time: Duration,
    /// Blocks, loops and macros inside one another; a macro counts as four
    pub depth: usize,
}

impl Default for Budgets {
    fn default() -> Budgets {
        Budgets {
            operations: 200_000,
            output_bytes: 4 * 1024 * 1024,
            memory_bytes: 16 * 1024 * 1024,
            time: Duration::from_millis(100),
            depth: 100,
        }
    }
}

/// Every budget by its name in the configuration, with the least and most that can be chosen; time in milliseconds.
const RANGES: [(&str, u64, u64); 5] = [
    ("operations", 100, 1_000_000_000),
    ("output", 64, 256 << 20),
    ("memory", 1 << 10, 1 << 30),
    ("time", 1, 10_000),
    ("depth", 10, 400),
];

impl Budgets {
    /// Names of all budgets in the configuration.
    pub fn names() -> impl Iterator<Item = &'static str> {
        RANGES.iter().map(|(name, ..)| *name)
    }

    /// Chooses a budget by its name in the configuration; time is in milliseconds, the rest in bytes or a number.
    ///
    /// # Errors
    /// When there is none of this name, or the value is out of range; the text says what would be right.
    pub fn set(&mut self, name: &str, value: u64) -> Result<(), String> {
        let Some((name, least, most)) = RANGES.iter().find(|(known, ..)| *known == name) else {
            let names: Vec<&str> = Budgets::names().collect();
            return Err(format!("there is no budget `{name}`; there are {}", names.join(", ")));
        };
        if !(*least..=*most).contains(&value) {
            return Err(format!("`{name}` is {value}; it can be {least} to {most}"));
        }
        match *name {
            "operations" => self.operations = value,
            "output" => self.output_bytes = value as usize,
            "memory" => self.memory_bytes = value as usize,
            "time" => self.time = Duration::from_millis(value),
            _ => self.depth = value as usize,
        }
        Ok(())
    }
}

/// What the template that runs on this thread used so far.
struct Meter {
    clock: Cell<Option<Clock>>,
    deadline: Cell<Option<Instant>>,
    ticks: Cell<u32>,
    memory_left: Cell<usize>,
    exceeded: Cell<Option<&'static str>>,
    is_full: Cell<bool>,
    is_typed: Cell<bool>,
    body: RefCell<Option<Value>>,
}

thread_local! {
    static METER: Meter = const {
        Meter {
            clock: Cell::new(None),
            deadline: Cell::new(None),
            ticks: Cell::new(0),
            memory_left: Cell::new(0),
            exceeded: Cell::new(None),
            is_full: Cell::new(false),
            is_typed: Cell::new(false),
            body: RefCell::new(None),
        }
    };
}

/// What ended a template, when it was not its own fault.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Ended {
    pub(super) exceeded: Option<&'static str>,
    pub(super) is_full: bool,
}

/// Starts anew.
pub(super) fn start(budgets: &Budgets, clock: Option<Clock>) {
    METER.with(|meter| {
        meter.clock.set(clock);
        meter.deadline.set(clock.and_then(|clock| clock().checked_add(budgets.time)));
        meter.ticks.set(0);
        meter.memory_left.set(budgets.memory_bytes);
        meter.exceeded.set(None);
        meter.is_full.set(false);
        meter.is_typed.set(false);
    });
}

/// What there is to say at the end. What was kept for this request is let go.
pub(super) fn end() -> Ended {
    METER.with(|meter| {
        meter.body.borrow_mut().take();
        Ended { exceeded: meter.exceeded.get(), is_full: meter.is_full.get() }
    })
}

/// So many more bytes are made. The clock is read now and then.
///
/// # Errors
/// When memory or time are used up.
pub(super) fn spend(bytes: usize) -> Result<(), Error> {
    /// Calls between two looks at the clock, less one: a mask
    const CLOCK: u32 = 31;
    /// Bytes that are worth a look at the clock
    const LARGE: usize = 4096;
    METER.with(|meter| {
        let Some(left) = meter.memory_left.get().checked_sub(bytes) else {
            return Err(exceed("memory"));
        };
        meter.memory_left.set(left);
        let ticks = meter.ticks.get().wrapping_add(1);
        meter.ticks.set(ticks);
        let is_due = ticks & CLOCK == 0 || bytes >= LARGE;
        let now = || meter.clock.get().map(|clock| clock());
        if is_due && meter.deadline.get().is_some_and(|deadline| now().is_some_and(|now| now >= deadline)) {
            return Err(exceed("time"));
        }
        Ok(())
    })
}

/// One text of so many bytes is made.
///
/// # Errors
/// When it is longer than [`limits::TEXT_BYTES`], or a budget is used up.
pub(super) fn spend_text(bytes: usize) -> Result<(), Error> {
    if bytes > limits::TEXT_BYTES {
        let text = format!("a text of {bytes} bytes is over the limit of {}", limits::TEXT_BYTES);
        return Err(Error::new(ErrorKind::InvalidOperation, text));
    }
    spend(bytes)
}

/// Notes which budget is used up.
pub(super) fn exceed(budget: &'static str) -> Error {
    METER.with(|meter| meter.exceeded.set(Some(budget)));
    Error::new(ErrorKind::InvalidOperation, format!("the budget `{budget}` is used up"))
}

/// Notes that there is no room for more state.
pub(super) fn note_full() {
    METER.with(|meter| meter.is_full.set(true));
}

/// What is printed next is a JSON value of its own, not a part of a string.
pub(super) fn expect_typed() {
    METER.with(|meter| meter.is_typed.set(true));
}

/// Whether [`expect_typed`] was called since the last time.
pub(super) fn take_typed() -> bool {
    METER.with(|meter| meter.is_typed.replace(false))
}

/// The body of the request as a value, read when first asked for.
pub(super) fn body(read: impl FnOnce() -> Value) -> Value {
    METER.with(|meter| meter.body.borrow_mut().get_or_insert_with(read).clone())
}

#[cfg(test)]
mod tests {
    use super::{Budgets, RANGES};

    #[test]
    fn each_budget_can_be_chosen_within_its_range() {
        for (name, least, most) in RANGES {
            let mut budgets = Budgets::default();
            for value in [least, most] {
                budgets.set(name, value).expect(name);
                assert_ne!(budgets, Budgets::default(), "{name}");
            }
            for value in [least - 1, most + 1] {
                assert!(budgets.set(name, value).is_err(), "{name} of {value}");
            }
        }
        assert!(Budgets::default().set("step", 1).expect_err("no budget").contains("operations, output"));
    }
}
