//! Values counted by their size.

use crate::Counter;

/// How many values lie up to each of some bounds; written by one thread, read by any.
#[derive(Debug)]
pub struct Histogram {
    bounds: &'static [u64],
    /// One more than bounds: the last is of values above all of them
    counts: Box<[Counter]>,
    sum: Counter,
}

/// What a histogram held at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Distribution {
    /// Up to which values are counted together, in ascending order
    pub bounds: &'static [u64],
    /// How many values lie above the bound before and up to this one; the last is of those above all
    pub counts: Vec<u64>,
    /// All values together
    pub sum: u64,
}

impl Histogram {
    /// An empty one; `bounds` ascend.
    pub fn new(bounds: &'static [u64]) -> Histogram {
        debug_assert!(bounds.is_sorted(), "bounds ascend");
        Histogram {
            bounds,
            counts: (0..=bounds.len()).map(|_| Counter::default()).collect(),
            sum: Counter::default(),
        }
    }

    /// Counts a value; see [`Counter::add`].
    #[inline]
    pub fn record(&self, value: u64) {
        self.record_many(value, 1);
    }

    /// Counts a value as often as it came.
    #[inline]
    pub fn record_many(&self, value: u64, times: u64) {
        // Small values are the usual ones.
        let bucket = self.bounds.iter().position(|&bound| value <= bound).unwrap_or(self.bounds.len());
        self.counts[bucket].add(times);
        self.sum.add(value.saturating_mul(times));
    }

    /// What it holds now. A value that is being counted may be in some of the figures and not in others.
    pub fn distribution(&self) -> Distribution {
        Distribution {
            bounds: self.bounds,
            counts: self.counts.iter().map(Counter::get).collect(),
            sum: self.sum.get(),
        }
    }
}

impl Distribution {
    /// One of nothing.
    pub fn empty(bounds: &'static [u64]) -> Distribution {
        Distribution { bounds, counts: vec![0; bounds.len() + 1], sum: 0 }
    }

    /// How many values there are.
    pub fn count(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// Adds another of the same bounds.
    pub fn add(&mut self, other: &Distribution) {
        debug_assert_eq!(self.bounds, other.bounds, "only like is added to like");
        for (count, more) in self.counts.iter_mut().zip(&other.counts) {
            *count = count.wrapping_add(*more);
        }
        self.sum = self.sum.wrapping_add(other.sum);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_counted_up_to_their_bound() {
        let histogram = Histogram::new(&[10, 100]);
        for value in [0, 10, 11, 100, 101, u64::MAX / 2] {
            histogram.record(value);
        }
        histogram.record_many(7, 3);
        let mut distribution = histogram.distribution();
        assert_eq!(distribution.counts, [5, 2, 2]);
        assert_eq!((distribution.count(), distribution.sum), (9, 243 + u64::MAX / 2));
        distribution.add(&Distribution { counts: vec![1, 0, 1], sum: 1, ..Distribution::empty(&[10, 100]) });
        assert_eq!((distribution.counts, distribution.sum), (vec![6, 2, 3], 244 + u64::MAX / 2));
    }
}
