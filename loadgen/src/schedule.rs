//! When requests are due, in absolute nanoseconds. Due times are computed from the beginning of their stage and
//! never from each other, so they do not drift.

use std::time::Duration;

use crate::{
    load::{Arrival, Stage},
    random::Random,
};

/// A request that is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// When, in nanoseconds of the clock that `zero` was read from
    pub at: u64,
    /// Which one it is, over all threads; the warm-up counts for itself
    pub number: u64,
}

/// The due times of a whole open loop.
#[derive(Clone, Debug)]
pub struct Schedule {
    warmup: Vec<Phase>,
    measured: Vec<Phase>,
    /// Nanoseconds of the warm-up
    lead: u64,
    /// Requests of the measured part, were they uniform
    total: u64,
    /// What ends it early
    limit: u64,
    arrival: Arrival,
    seed: u64,
}

/// A stage in integers.
#[derive(Clone, Copy, Debug)]
struct Phase {
    /// Nanoseconds from the beginning of its part
    start: u64,
    length: u64,
    /// Requests in a million seconds
    rate: u64,
    /// Number of its first request, and how many it has
    first: u64,
    count: u64,
}

/// Nanoseconds in a million seconds.
const MEGASECOND: u128 = 1_000_000_000_000_000;

impl Phase {
    fn new(start: u64, first: u64, stage: &Stage) -> Self {
        let length = nanoseconds(stage.duration);
        let rate = (stage.rate * 1e6).round() as u64;
        let count = (u128::from(length) * u128::from(rate)).div_ceil(MEGASECOND);
        Self { start, length, rate, first, count: u64::try_from(count).unwrap_or(u64::MAX) }
    }

    /// When its request `index` is due, from the beginning of its part.
    fn due(&self, index: u64) -> u64 {
        self.start + (u128::from(index) * MEGASECOND / u128::from(self.rate.max(1))) as u64
    }
}

impl Schedule {
    /// One stage after the other; the warm-up at the rate of the first. Ends after `requests`, if that comes first.
    pub fn new(
        stages: &[Stage],
        warmup: Duration,
        requests: Option<u64>,
        arrival: Arrival,
        seed: u64,
    ) -> Self {
        let lead = stages.first().map(|first| Phase::new(0, 0, &Stage { duration: warmup, ..*first }));
        let mut measured: Vec<Phase> = Vec::new();
        let (mut start, mut first) = (0_u64, 0_u64);
        for stage in stages {
            let phase = Phase::new(start, first, stage);
            start = start.saturating_add(phase.length);
            first = first.saturating_add(phase.count);
            measured.push(phase);
        }
        let limit = requests.unwrap_or(u64::MAX);
        let (warmup, lead) = (lead.into_iter().collect(), nanoseconds(warmup));
        Self { warmup, measured, lead, total: first.min(limit), limit, arrival, seed }
    }

    /// Nanoseconds of all stages.
    pub fn whole(&self) -> u64 {
        self.measured.last().map_or(0, |last| last.start.saturating_add(last.length))
    }

    /// Nanoseconds of the measured part: all stages, or until the last request where their number ends it.
    pub fn length(&self) -> u64 {
        let whole = self.whole();
        let cut = self.measured.iter().find(|phase| self.total < phase.first + phase.count);
        cut.map_or(whole, |phase| phase.due(self.total - phase.first).min(whole))
    }

    /// Requests of the measured part; with Poisson arrivals about so many.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// The due times of one thread of several, ascending; the measured part begins at `zero`.
    pub fn of_thread(&self, thread: usize, threads: usize, zero: u64) -> Times {
        let random = Random::new(self.seed, thread as u64);
        Times {
            part: Part {
                phases: self.warmup.clone(),
                origin: zero.saturating_sub(self.lead),
                limit: u64::MAX,
            },
            next_part: Some(Part { phases: self.measured.clone(), origin: zero, limit: self.limit }),
            thread: thread as u64,
            threads: threads.max(1) as u64,
            number: thread as u64,
            phase: 0,
            poisson: (self.arrival == Arrival::Poisson).then_some((random, 0.0)),
        }
    }
}

/// The warm-up, or the measured part.
#[derive(Clone, Debug)]
struct Part {
    phases: Vec<Phase>,
    origin: u64,
    /// Numbers beyond are not due any more
    limit: u64,
}

/// The due times of one thread.
#[derive(Clone, Debug)]
pub struct Times {
    part: Part,
    next_part: Option<Part>,
    thread: u64,
    threads: u64,
    number: u64,
    phase: usize,
    /// Where Poisson arrivals are in their phase, in nanoseconds
    poisson: Option<(Random, f64)>,
}

impl Iterator for Times {
    type Item = Due;

    fn next(&mut self) -> Option<Due> {
        loop {
            let number = self.number;
            if number < self.part.limit
                && let Some(at) = self.within_part()
            {
                self.number += self.threads;
                return Some(Due { at: self.part.origin + at, number });
            }
            self.part = self.next_part.take()?;
            (self.number, self.phase) = (self.thread, 0);
            if let Some((_, at)) = &mut self.poisson {
                *at = 0.0;
            }
        }
    }
}

impl Times {
    /// When the next request is due, from the beginning of its part.
    fn within_part(&mut self) -> Option<u64> {
        while let Some(phase) = self.part.phases.get(self.phase) {
            if let Some((random, at)) = &mut self.poisson {
                // No gap is long enough to be infinite: the unit is above 0.
                *at -= random.unit().ln() * MEGASECOND as f64 * self.threads as f64 / phase.rate as f64;
                if *at < phase.length as f64 {
                    return Some(phase.start + *at as u64);
                }
                // Arrivals have no memory: the next stage begins anew.
                *at = 0.0;
            } else if self.number < phase.first + phase.count {
                return Some(phase.due(self.number - phase.first));
            }
            self.phase += 1;
        }
        None
    }
}

/// Saturates after five centuries.
pub(crate) fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}
