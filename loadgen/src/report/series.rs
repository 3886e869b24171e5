//! The run second by second, joined where there are more seconds than can be drawn.

use hdrhistogram::Histogram;

use crate::limits::MAX_POINTS;
use crate::percentile::Percentile;
use crate::record::{Run, Second, of_part};

/// Shortest time that a rate is made of, in seconds.
const SHORTEST: f64 = 0.1;

/// Some seconds in a row.
#[derive(Clone, Debug)]
pub(super) struct Point {
    /// Where they begin, in seconds from the end of the warm-up
    pub(super) start: f64,
    /// How many they are; the last may be shorter than one
    pub(super) length: f64,
    /// Requests a second
    pub(super) sent: f64,
    /// Errors a second
    pub(super) errors: f64,
    /// Nanoseconds; nothing where nothing was due
    pub(super) p50: Option<f64>,
    /// Nanoseconds
    pub(super) p99: Option<f64>,
}

/// At most [`MAX_POINTS`], each of equally many seconds but the last.
pub(super) fn points(run: &Run) -> Vec<Point> {
    let seconds = &run.record.seconds;
    let step = seconds.len().div_ceil(MAX_POINTS).max(1);
    let elapsed = run.elapsed as f64 / 1e9;
    let chunks = seconds.chunks(step).enumerate();
    chunks.map(|(index, some)| point((index * step) as f64, some, elapsed)).collect()
}

fn point(start: f64, some: &[Second], elapsed: f64) -> Point {
    let mut joined: Histogram<u32> = of_part();
    for second in some {
        joined.add(&second.response).expect("histograms of seconds have the same bounds");
    }
    let whole = some.len() as f64;
    let left = elapsed - start;
    // A rate over next to no time would say nothing.
    let length = if left >= SHORTEST { whole.min(left) } else { whole };
    let sent: u64 = some.iter().map(|second| second.sent).sum();
    let errors: u64 = some.iter().map(|second| second.errors).sum();
    let at = |percentile: Percentile| percentile.of(&joined).map(|value| value as f64);
    Point {
        start,
        length,
        sent: sent as f64 / length,
        errors: errors as f64 / length,
        p50: at(Percentile::P50),
        p99: at(Percentile::P99),
    }
}
