//! The figures of one histogram that every report shows.

use hdrhistogram::{Counter, Histogram};

use crate::percentile::Percentile;

/// Which percentiles, in the order of reports.
pub(super) const PERCENTILES: [Percentile; 7] = [
    Percentile::P50,
    Percentile::P75,
    Percentile::P90,
    Percentile::P95,
    Percentile::P99,
    Percentile::P999,
    Percentile::P9999,
];

/// What a histogram of at least one sample comes to, in nanoseconds.
#[derive(Clone, Debug)]
pub(super) struct Latency {
    pub(super) count: u64,
    pub(super) min: f64,
    pub(super) max: f64,
    pub(super) mean: f64,
    pub(super) stdev: f64,
    percentiles: [f64; PERCENTILES.len()],
}

impl Latency {
    /// Nothing of nothing.
    pub(super) fn of<T: Counter>(histogram: &Histogram<T>) -> Option<Latency> {
        (!histogram.is_empty()).then(|| Latency {
            count: histogram.len(),
            min: histogram.min() as f64,
            max: histogram.max() as f64,
            mean: histogram.mean(),
            stdev: histogram.stdev(),
            percentiles: PERCENTILES
                .map(|percentile| percentile.of(histogram).map_or(0.0, |value| value as f64)),
        })
    }

    /// One of [`PERCENTILES`].
    pub(super) fn percentile(&self, percentile: Percentile) -> f64 {
        let index = PERCENTILES.iter().position(|&known| known == percentile);
        index.map_or(0.0, |index| self.percentiles[index])
    }

    /// One of [`PERCENTILES`], if enough samples lie above it.
    pub(super) fn sound_percentile(&self, percentile: Percentile) -> Option<f64> {
        percentile.has_tail(self.count).then(|| self.percentile(percentile))
    }
}
