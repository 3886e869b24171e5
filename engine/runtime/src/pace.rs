//! How often a connection asks.

use crate::limits::BUSY_ROUNDS;

/// Counts the rounds of one tick.
#[derive(Default)]
pub(crate) struct Pace {
    /// The tick in which rounds are counted, in milliseconds
    tick: u64,
    rounds: u32,
}

impl Pace {
    /// Counts a round; whether there were enough of them in this tick to call the connection busy.
    pub(crate) fn is_busy(&mut self, now: u64) -> bool {
        if self.tick != now {
            (self.tick, self.rounds) = (now, 0);
        }
        self.rounds = self.rounds.saturating_add(1);
        self.rounds > BUSY_ROUNDS
    }
}
