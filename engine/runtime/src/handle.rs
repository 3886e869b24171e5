//! A running server, from other threads.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use crate::{
    bell::Bell,
    counters::Snapshot,
    server::STOP,
    shared::{Shared, Stage},
};

/// Ends a running server from anywhere, or looks at its counters.
#[derive(Clone, Debug)]
pub struct Handle {
    shared: Arc<Shared>,
    bell: Arc<Bell>,
}

impl Handle {
    pub(crate) fn new(shared: Arc<Shared>, bell: Arc<Bell>) -> Self {
        Self { shared, bell }
    }

    /// The same as a signal: the first call drains, the second ends at once.
    pub fn shutdown(&self) {
        self.bell.say(STOP);
    }

    /// Open connections of each worker.
    pub fn loads(&self) -> Vec<usize> {
        self.shared.desks.iter().map(|desk| desk.load.load(Ordering::Relaxed)).collect()
    }

    /// For how long each worker has not looked up from its work, to a tick of [`Timeouts::tick`](crate::Timeouts).
    pub fn silences(&self) -> Vec<Duration> {
        let (ticks, tick) = (self.shared.ticks(), self.shared.config.timeouts.tick);
        let silence = |seen: u32| tick.saturating_mul(ticks.saturating_sub(seen));
        self.shared.desks.iter().map(|desk| silence(desk.seen.load(Ordering::Relaxed))).collect()
    }

    /// Whether the server is ending.
    pub fn is_draining(&self) -> bool {
        self.shared.stage() > Stage::Serving
    }

    /// Counters of all workers.
    pub fn counters(&self) -> Snapshot {
        self.shared.snapshot()
    }
}
