//! What is seen of a run while it lasts: one line that changes on a terminal, a line every few seconds elsewhere.

use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use mocker_loadgen::drive::{Progress, Report, Seen};
use mocker_loadgen::load::Load;
use mocker_loadgen::percentile::Percentile;
use mocker_loadgen::record::Second;

use crate::limits::{LIVE_LINE, LIVE_LOOK, LIVE_STEP};

/// Cells of the bar.
const BAR: usize = 16;

/// Does `work` while another thread shows it, which is told when it is over, even by a panic.
pub(crate) fn beside<T>(show: impl FnOnce(&AtomicBool) + Send, work: impl FnOnce() -> T) -> T {
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| show(&is_over));
        let _end = End(&is_over);
        work()
    })
}

/// Says when it is dropped that something is over.
struct End<'a>(&'a AtomicBool);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Shows `progress` until the run is over, and ends the run when the user does.
pub(crate) fn watch(
    progress: &Progress,
    seconds: &Receiver<Report>,
    load: &Load,
    is_shown: bool,
    is_stopped: &AtomicBool,
    is_over: &AtomicBool,
) {
    let is_terminal = io::stderr().is_terminal();
    let every = if is_terminal { LIVE_STEP } else { LIVE_LINE };
    let mut view = View {
        begun: Instant::now(),
        whole: load.warmup + load.model.duration(),
        warmup: load.warmup,
        last: Second::default(),
        at: 0,
        before: (Instant::now(), Seen::default()),
    };
    let mut next = view.begun + every;
    while !is_over.load(Ordering::Relaxed) {
        if is_stopped.load(Ordering::Relaxed) {
            progress.stop();
        }
        match seconds.recv_timeout(LIVE_LOOK) {
            Ok(report) => view.take(report),
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) => {}
        }
        if is_shown && Instant::now() >= next {
            next += every;
            let line = view.line(progress.seen());
            // Whoever does not listen loses nothing but this.
            let _ = if is_terminal {
                write!(io::stderr(), "\r{line}\x1b[K")
            } else {
                writeln!(io::stderr(), "{line}")
            };
        }
    }
    if is_shown && is_terminal {
        let _ = write!(io::stderr(), "\r\x1b[K");
    }
}

/// What the line is made of.
struct View {
    begun: Instant,
    whole: Duration,
    warmup: Duration,
    /// The last second that is over, of all threads
    last: Second,
    at: usize,
    /// When the line was made last, and of what
    before: (Instant, Seen),
}

impl View {
    fn take(&mut self, report: Report) {
        if report.second > self.at {
            self.at = report.second;
            self.last = Second::default();
        }
        if report.second == self.at {
            self.last.merge(&report.seen);
        }
    }

    fn line(&mut self, seen: Seen) -> String {
        let now = Instant::now();
        let (then, before) = std::mem::replace(&mut self.before, (now, seen));
        let passed = now - self.begun;
        let mut line = bar(passed, self.whole);
        // Writing to a String cannot fail.
        let _ = write!(line, " {:.1}/{:.0}s", passed.as_secs_f64(), self.whole.as_secs_f64());
        if passed < self.warmup {
            line.push_str("  warming up");
            return line;
        }
        let rate = (seen.sent - before.sent) as f64 / (now - then).as_secs_f64().max(1e-9);
        let _ = write!(line, "  sent {rate:.0}/s  in flight {}", seen.in_flight);
        let milliseconds = |percentile: Percentile| {
            percentile.of(&self.last.response).map_or(0.0, |value| value as f64 / 1e6)
        };
        let _ = write!(
            line,
            "  p50 {:.2}  p99 {:.2}  max {:.1} ms  errors {}  sched-lag max {:.2} ms",
            milliseconds(Percentile::P50),
            milliseconds(Percentile::P99),
            self.last.response.max() as f64 / 1e6,
            seen.errors,
            self.last.most_lag as f64 / 1e6,
        );
        line
    }
}

fn bar(passed: Duration, whole: Duration) -> String {
    let part = (passed.as_secs_f64() / whole.as_secs_f64().max(1e-9)).min(1.0);
    let full = (part * BAR as f64).round() as usize;
    format!("[{}{}]", "█".repeat(full), "░".repeat(BAR - full))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_shows_is_told_of_the_end_however_it_comes() {
        for panics in [false, true] {
            let was_told = AtomicBool::new(false);
            let show = |is_over: &AtomicBool| {
                let until = Instant::now() + Duration::from_secs(30);
                while !is_over.load(Ordering::Relaxed) && Instant::now() < until {
                    thread::yield_now();
                }
                was_told.store(is_over.load(Ordering::Relaxed), Ordering::Relaxed);
            };
            let work = || if panics { std::panic::resume_unwind(Box::new("broken")) } else { 7 };
            let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| beside(show, work)));
            assert_eq!(outcome.ok(), (!panics).then_some(7));
            assert!(was_told.load(Ordering::Relaxed));
        }
    }

    #[test]
    fn bars_fill() {
        let bar = |passed, whole| super::bar(Duration::from_secs(passed), Duration::from_secs(whole));
        assert_eq!(bar(0, 10), "[░░░░░░░░░░░░░░░░]");
        assert_eq!(bar(5, 10), "[████████░░░░░░░░]");
        assert_eq!(bar(11, 10), "[████████████████]");
        assert_eq!(bar(1, 0), "[████████████████]");
    }
}
