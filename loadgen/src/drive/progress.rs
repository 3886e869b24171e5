//! What others may see of a run while it goes on, and how they end it.

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    mpsc::Sender,
};

use crate::record::Second;

/// A run, seen from another thread. The threads that send publish ten times a second.
#[derive(Debug)]
pub struct Progress {
    lanes: Box<[Counters]>,
    stop: AtomicBool,
    seconds: Mutex<Option<Sender<Report>>>,
}

/// Counts of one thread, on cache lines of their own.
#[derive(Debug, Default)]
#[repr(align(128))]
struct Counters {
    sent: AtomicU64,
    completed: AtomicU64,
    errors: AtomicU64,
    in_flight: AtomicU64,
}

/// Counts at one moment, over all threads; the measured part, but for `in_flight`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Requests sent
    pub sent: u64,
    /// Answers that came whole
    pub completed: u64,
    /// Errors of every class
    pub errors: u64,
    /// Requests whose answers are awaited now
    pub in_flight: u64,
}

/// What one thread saw in one second that is over. Answers that come later are not in it.
#[derive(Clone, Debug)]
pub struct Report {
    /// Index of the thread
    pub thread: usize,
    /// Index of the second, from the end of the warm-up
    pub second: usize,
    /// Latencies, by due time
    pub seen: Second,
}

impl Progress {
    /// For a run of so many threads, which send their seconds to `reports` if somebody listens.
    pub fn new(threads: usize, reports: Option<Sender<Report>>) -> Self {
        let lanes = (0..threads).map(|_| Counters::default()).collect();
        Self { lanes, stop: AtomicBool::new(false), seconds: Mutex::new(reports) }
    }

    /// Ends the run soon; it returns what was measured.
    pub fn stop(&self) {
        self.stop.store(true, Relaxed);
    }

    /// Whether somebody ended the run.
    pub fn is_stopped(&self) -> bool {
        self.stop.load(Relaxed)
    }

    /// The counts now.
    pub fn seen(&self) -> Seen {
        let mut seen = Seen::default();
        for lane in &self.lanes {
            seen.sent += lane.sent.load(Relaxed);
            seen.completed += lane.completed.load(Relaxed);
            seen.errors += lane.errors.load(Relaxed);
            seen.in_flight += lane.in_flight.load(Relaxed);
        }
        seen
    }

    /// A thread that is beyond those that were announced is not seen.
    pub(super) fn publish(&self, thread: usize, seen: Seen) {
        let Some(lane) = self.lanes.get(thread) else { return };
        lane.sent.store(seen.sent, Relaxed);
        lane.completed.store(seen.completed, Relaxed);
        lane.errors.store(seen.errors, Relaxed);
        lane.in_flight.store(seen.in_flight, Relaxed);
    }

    /// Where a thread sends its seconds.
    pub(super) fn reports(&self) -> Option<Sender<Report>> {
        self.seconds.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
