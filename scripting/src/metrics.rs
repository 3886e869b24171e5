//! How often plugins and scripts were called, how often they failed, and how long they took.
//!
//! Each worker has a [`Counters`] of its own for each of them and is the only one that writes it; whoever asks sums
//! them up. No write waits for another core.

use std::iter::Sum;
use std::ops::Add;
use std::time::Duration;

use mocker_state::Counter;

/// Calls of one plugin or script on one worker. It has cache lines of its own, so that workers do not slow each
/// other down.
#[derive(Debug, Default)]
#[repr(align(128))]
pub struct Counters {
    calls: Counter,
    errors: Counter,
    /// Nanoseconds
    time: Counter,
}

/// What was counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Calls, failed ones among them
    pub calls: u64,
    /// Calls that failed
    pub errors: u64,
    /// Time spent in all calls together
    pub time: Duration,
}

impl Counters {
    /// Counts one call. Only the worker that they belong to may do so: two writers would lose counts.
    pub fn count(&self, took: Duration, is_error: bool) {
        let nanoseconds = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
        self.calls.add(1);
        self.errors.add(u64::from(is_error));
        self.time.add(nanoseconds);
    }

    /// What was counted so far. A call that is being counted may be in some of the figures and not in others.
    pub fn figures(&self) -> Figures {
        Figures {
            calls: self.calls.get(),
            errors: self.errors.get(),
            time: Duration::from_nanos(self.time.get()),
        }
    }
}

impl Add for Figures {
    type Output = Figures;

    fn add(self, other: Figures) -> Figures {
        Figures {
            calls: self.calls.saturating_add(other.calls),
            errors: self.errors.saturating_add(other.errors),
            time: self.time.saturating_add(other.time),
        }
    }
}

impl Sum for Figures {
    fn sum<I: Iterator<Item = Figures>>(figures: I) -> Figures {
        figures.fold(Figures::default(), Add::add)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Counters, Figures};

    #[test]
    fn what_workers_count_is_summed() {
        let workers = [Counters::default(), Counters::default()];
        std::thread::scope(|scope| {
            for counters in &workers {
                scope.spawn(|| {
                    for call in 0..1000 {
                        counters.count(Duration::from_micros(2), call % 10 == 0);
                    }
                });
            }
        });
        let sum: Figures = workers.iter().map(Counters::figures).sum();
        assert_eq!(sum, Figures { calls: 2000, errors: 200, time: Duration::from_millis(4) });
    }

    #[test]
    fn sums_end_where_numbers_do() {
        let counters = Counters::default();
        counters.count(Duration::MAX, true);
        let figures = counters.figures();
        assert_eq!(figures, Figures { calls: 1, errors: 1, time: Duration::from_nanos(u64::MAX) });
        assert_eq!((figures + figures).calls, 2);
    }
}
