//! What is told before the server serves, where nobody said how: for people if that comes to nothing, as a shell or a CI job shows
//! it; else as all that follows.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use tracing::Level;

use super::events::{self, line};
use crate::limits::MAX_LINES_HELD;

static IS_HOLDING: AtomicBool = AtomicBool::new(false);
static HELD: Mutex<Vec<Told>> = Mutex::new(Vec::new());

struct Told {
    level: Level,
    message: String,
    time: SystemTime,
}

/// A start whose lines are held until it is known what comes of it. Where it is dropped, nothing came of it.
pub(crate) struct Starting(());

impl Starting {
    /// Holds lines from now on.
    pub(crate) fn begin() -> Starting {
        IS_HOLDING.store(true, Relaxed);
        Starting(())
    }

    /// The server serves: its lines are as the configuration has them.
    pub(crate) fn serves(self) {
        release(held());
    }
}

impl Drop for Starting {
    fn drop(&mut self) {
        let held = held();
        if IS_HOLDING.load(Relaxed) {
            events::be_human();
            release(held);
        }
    }
}

fn held() -> MutexGuard<'static, Vec<Told>> {
    HELD.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Holds a line where a server starts; gives it back where none does.
pub(super) fn hold(level: Level, message: String) -> Option<String> {
    if !IS_HOLDING.load(Relaxed) {
        return Some(message);
    }
    let mut held = held();
    // It may have come to its end while we waited.
    if !IS_HOLDING.load(Relaxed) {
        return Some(message);
    }
    held.push(Told { level, message, time: SystemTime::now() });
    if held.len() >= MAX_LINES_HELD {
        release(held);
    }
    None
}

/// Writes what was held, and holds nothing more.
fn release(mut held: MutexGuard<'_, Vec<Told>>) {
    let lines: Vec<String> =
        held.drain(..).map(|Told { level, message, time }| line(level, message, time)).collect();
    // As one, so that no number of them finds too little room.
    if !lines.is_empty() {
        super::put(lines.join("\n"));
    }
    // Not before: what others tell comes behind these.
    IS_HOLDING.store(false, Relaxed);
}
