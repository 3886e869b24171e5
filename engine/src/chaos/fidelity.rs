//! How exact delays are: what was delivered against what was asked.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Linear steps in each doubling: percentiles are exact to one part in so many.
const STEPS: u64 = 32;
const STEP_BITS: u32 = STEPS.trailing_zeros();
/// Longer than 2 to the power of this in nanoseconds, more than a minute, counts as that.
const HIGHEST_BITS: u32 = 36;
const BUCKETS: usize = ((HIGHEST_BITS - STEP_BITS + 1) as u64 * STEPS) as usize;

/// How late delayed answers were: when each was written less when it was due. In nanoseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fidelity {
    /// Delayed answers
    pub count: u64,
    /// Of how late they were
    pub sum: u64,
    /// Half of them were no later; exact to 3 %
    pub p50: u64,
    /// 99 % of them were no later; exact to 3 %
    pub p99: u64,
    /// The latest
    pub max: u64,
}

/// What one worker has seen. It alone writes, anyone reads.
pub(crate) struct Lateness {
    buckets: Box<[AtomicU64]>,
    sum: AtomicU64,
    max: AtomicU64,
}

impl Default for Lateness {
    fn default() -> Lateness {
        let buckets = (0..BUCKETS).map(|_| AtomicU64::new(0)).collect();
        Lateness { buckets, sum: AtomicU64::new(0), max: AtomicU64::new(0) }
    }
}

impl Lateness {
    /// An answer was so late, in nanoseconds. Only the owning worker calls this.
    pub(crate) fn record(&self, late: u64) {
        let add = |to: &AtomicU64, more: u64| to.store(to.load(Relaxed).wrapping_add(more), Relaxed);
        add(&self.buckets[bucket(late)], 1);
        add(&self.sum, late);
        self.max.store(self.max.load(Relaxed).max(late), Relaxed);
    }
}

impl Fidelity {
    /// Of all workers together.
    pub(crate) fn of<'l>(all: impl Iterator<Item = &'l Lateness>) -> Fidelity {
        let mut buckets = vec![0_u64; BUCKETS];
        let mut fidelity = Fidelity::default();
        for one in all {
            buckets.iter_mut().zip(&one.buckets).for_each(|(sum, count)| *sum += count.load(Relaxed));
            fidelity.sum = fidelity.sum.wrapping_add(one.sum.load(Relaxed));
            fidelity.max = fidelity.max.max(one.max.load(Relaxed));
        }
        fidelity.count = buckets.iter().sum();
        fidelity.p50 = percentile(&buckets, fidelity.count, 50).min(fidelity.max);
        fidelity.p99 = percentile(&buckets, fidelity.count, 99).min(fidelity.max);
        fidelity
    }
}

/// The highest value of the bucket in which so many percent of the values end.
fn percentile(buckets: &[u64], count: u64, percent: u64) -> u64 {
    let wanted = (u128::from(count) * u128::from(percent)).div_ceil(100) as u64;
    let mut seen = 0;
    let found = buckets.iter().position(|count| {
        seen += count;
        seen >= wanted && seen > 0
    });
    found.map_or(0, highest)
}

/// Values below twice [`STEPS`] have a bucket each, those above one for each step of a doubling.
fn bucket(value: u64) -> usize {
    let value = value.min((1 << HIGHEST_BITS) - 1);
    if value < STEPS {
        return value as usize;
    }
    let doubling = value.ilog2() - STEP_BITS;
    ((u64::from(doubling) << STEP_BITS) + (value >> doubling)) as usize
}

fn highest(bucket: usize) -> u64 {
    let bucket = bucket as u64;
    if bucket < 2 * STEPS {
        return bucket;
    }
    let doubling = (bucket >> STEP_BITS) - 1;
    (((bucket - (doubling << STEP_BITS)) + 1) << doubling) - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_is_in_a_bucket_of_its_size() {
        let mut before = 0;
        for value in
            (0..2_000).chain((11..36).flat_map(|bits| [(1_u64 << bits) - 1, 1 << bits, 3 << (bits - 1)]))
        {
            let top = highest(bucket(value));
            assert!(top >= value && top - value <= value / STEPS, "{value}: {top}");
            assert!(bucket(value) >= before || value < 2_048, "{value}");
            before = bucket(value);
        }
        assert_eq!(bucket(u64::MAX), BUCKETS - 1);
        assert_eq!(bucket((1 << HIGHEST_BITS) - 1), BUCKETS - 1);
    }

    #[test]
    fn workers_are_added_up() {
        let (one, other) = (Lateness::default(), Lateness::default());
        (1..=50).for_each(|value| one.record(value * 1_000));
        (51..=100).for_each(|value| other.record(value * 1_000));
        let Fidelity { count, sum, p50, p99, max } = Fidelity::of([&one, &other].into_iter());
        assert_eq!((count, sum, max), (100, 5_050_000, 100_000));
        assert!((50_000..51_600).contains(&p50), "{p50}");
        assert!((99_000..=100_000).contains(&p99), "{p99}");
        assert_eq!(Fidelity::of(std::iter::empty()), Fidelity::default());
    }
}
