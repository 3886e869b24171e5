//! Switches: turned while the server runs, read at each request, kept from one deployment to the next.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use mocker_runtime::now;

/// A switch, and how often what it is for struck.
#[derive(Debug, Default)]
pub(super) struct Switch {
    /// When it was turned on, in nanoseconds of [`now`]; 0 while it is off
    since: AtomicU64,
    /// Somebody turned it: what the configuration says counts no more
    is_by_hand: AtomicBool,
    struck: AtomicU64,
}

impl Switch {
    /// As the configuration has it.
    pub(super) fn new(is_on: bool) -> Switch {
        let switch = Switch::default();
        switch.turn(is_on);
        switch
    }

    #[inline]
    pub(super) fn is_on(&self) -> bool {
        self.since.load(Relaxed) != 0
    }

    /// How long it has been on; nothing while it is off.
    pub(super) fn on_for(&self) -> Option<Duration> {
        let since = self.since.load(Relaxed);
        (since != 0).then(|| Duration::from_nanos(now().saturating_sub(since)))
    }

    /// Turns it; one that is on goes on.
    fn turn(&self, is_on: bool) {
        if self.is_on() != is_on {
            self.since.store(if is_on { now().max(1) } else { 0 }, Relaxed);
        }
    }

    /// Turns it for good: no configuration turns it back.
    pub(super) fn turn_by_hand(&self, is_on: bool) {
        self.is_by_hand.store(true, Relaxed);
        self.turn(is_on);
    }

    /// The configuration was changed.
    pub(super) fn reconfigure(&self, is_on: bool) {
        if !self.is_by_hand.load(Relaxed) {
            self.turn(is_on);
        }
    }

    pub(super) fn strike(&self) {
        self.struck.fetch_add(1, Relaxed);
    }

    pub(super) fn struck(&self) -> u64 {
        self.struck.load(Relaxed)
    }
}
