//! How long injected delays are: distributions, each by its quantiles.

use std::time::Duration;

use super::normal;
use crate::limits::MAX_DELAY;

/// How long a delay is. None is negative, none longer than [`MAX_DELAY`].
#[derive(Clone, Debug, PartialEq)]
pub enum Latency {
    /// Always so long
    Fixed(Duration),
    /// Anything between two times, each as likely as the other
    Uniform {
        /// The shortest
        min: Duration,
        /// The longest
        max: Duration,
    },
    /// Normally distributed
    Normal {
        /// The mean
        mean: Duration,
        /// The standard deviation
        stddev: Duration,
    },
    /// Its logarithm is normally distributed
    Lognormal {
        /// Half of them are shorter
        median: Duration,
        /// The standard deviation of the logarithm
        sigma: f64,
    },
    /// So many percent are shorter than this, in ascending order. From one to the next the time grows by the same factor
    /// with each percent; up to the first it grows from nothing by the same time, behind the last it stays
    Percentiles(Box<[(f64, Duration)]>),
}

/// What a delay is measured from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// It comes on top of what the answer takes by itself
    #[default]
    Add,
    /// The answer goes out so long after the request's head came, whatever else it was to wait for
    Set,
}

impl Latency {
    /// The time below which the share `fraction` of all delays is; from 0 to 1.
    pub(super) fn at(&self, fraction: f64) -> Duration {
        let seconds = match self {
            Latency::Fixed(time) => return (*time).min(MAX_DELAY),
            Latency::Uniform { min, max } => between(fraction, (0.0, *min), (1.0, *max)),
            Latency::Normal { mean, stddev } => {
                mean.as_secs_f64() + stddev.as_secs_f64() * normal::quantile(fraction)
            }
            Latency::Lognormal { median, sigma } => {
                median.as_secs_f64() * (sigma * normal::quantile(fraction)).exp()
            }
            Latency::Percentiles(points) => percentile(points, fraction * 100.0),
        };
        // No number and less than nothing are no time; both are beyond what the parameters allow.
        let seconds = if seconds > 0.0 { seconds.min(MAX_DELAY.as_secs_f64()) } else { 0.0 };
        Duration::from_secs_f64(seconds)
    }
}

fn percentile(points: &[(f64, Duration)], percent: f64) -> f64 {
    let behind = points.partition_point(|(at, _)| *at <= percent);
    let before = behind.checked_sub(1).map_or((0.0, Duration::ZERO), |index| points[index]);
    match points.get(behind) {
        Some(next) if before.1.is_zero() => between(percent, before, *next),
        Some((percentile, time)) => {
            let [from, to] = [before.1, *time].map(|time| time.as_secs_f64());
            from * (to / from).powf((percent - before.0) / (percentile - before.0))
        }
        None => before.1.as_secs_f64(),
    }
}

/// In seconds.
fn between(at: f64, (low, from): (f64, Duration), (high, to): (f64, Duration)) -> f64 {
    let share = if high > low { (at - low) / (high - low) } else { 0.0 };
    from.as_secs_f64() + (to.as_secs_f64() - from.as_secs_f64()) * share
}

#[cfg(test)]
mod tests {
    use mocker_schema::generate::Key;
    use proptest::prelude::*;

    use super::*;
    use crate::draw::fraction;

    const DRAWS: u64 = 100_000;

    fn ms(time: u64) -> Duration {
        Duration::from_millis(time)
    }

    /// What is drawn, as requests draw it, in ascending order.
    fn drawn(latency: &Latency) -> Vec<Duration> {
        let key = Key(7).with(b"slow").with(b"GET /a");
        let mut drawn: Vec<Duration> =
            (0..DRAWS).map(|number| latency.at(fraction(key.with_number(number).with(b"time")))).collect();
        drawn.sort();
        drawn
    }

    #[test]
    fn percentiles_of_what_is_drawn_are_those_of_the_distribution() {
        let points = Box::new([(50.0, ms(20)), (90.0, ms(100)), (99.0, ms(300))]);
        // z of 0.99 is 2.326348
        for (latency, p50, p99) in [
            (Latency::Fixed(ms(5)), 5.0, 5.0),
            (Latency::Uniform { min: ms(10), max: ms(110) }, 60.0, 109.0),
            (Latency::Normal { mean: ms(100), stddev: ms(20) }, 100.0, 146.527),
            (Latency::Lognormal { median: ms(20), sigma: 0.5 }, 20.0, 64.010),
            (Latency::Lognormal { median: ms(5), sigma: 1.0 }, 5.0, 51.200),
            (Latency::Percentiles(points), 20.0, 300.0),
        ] {
            let drawn = drawn(&latency);
            for (share, expected) in [(0.5, p50), (0.99, p99)] {
                let index = (share * DRAWS as f64) as usize;
                let found = drawn[index].as_secs_f64() * 1e3;
                assert!((found / expected - 1.0).abs() < 0.02, "{latency:?}: {share} is {found} ms");
            }
        }
    }

    #[test]
    fn percentiles_between_and_beyond_the_points_of_a_table() {
        let table = Latency::Percentiles(Box::new([(50.0, ms(20)), (90.0, ms(180))]));
        for (share, expected) in
            [(0.0, 0.0), (0.25, 10.0), (0.5, 20.0), (0.7, 60.0), (0.9, 180.0), (0.95, 180.0), (1.0, 180.0)]
        {
            let found = table.at(share).as_secs_f64() * 1e3;
            assert!((found - expected).abs() < 1e-6, "{share}: {found}");
        }
        assert_eq!(Latency::Percentiles(Box::new([(0.0, ms(3))])).at(0.0), ms(3));
    }

    #[test]
    fn no_delay_is_negative_or_beyond_the_limit() {
        let wide = Latency::Normal { mean: ms(1), stddev: ms(100) };
        assert_eq!(wide.at(0.01), Duration::ZERO);
        for latency in [
            Latency::Fixed(MAX_DELAY * 2),
            Latency::Lognormal { median: MAX_DELAY, sigma: 10.0 },
            Latency::Uniform { min: MAX_DELAY, max: MAX_DELAY * 3 },
        ] {
            assert_eq!(latency.at(0.9), MAX_DELAY);
        }
        assert_eq!(Latency::Fixed(MAX_DELAY).at(0.5), MAX_DELAY);
    }

    proptest! {
        #[test]
        fn what_is_longer_in_one_hundred_is_longer_in_all(
            mut points in proptest::collection::btree_map(0..101_u32, 0..100_000_u64, 1..6),
            times in proptest::array::uniform2(0..4_000_000_u64),
            sigma in 0.0..10.0_f64,
            shares in proptest::array::uniform2(0.0..=1.0_f64),
        ) {
            let mut longest = 0;
            for time in points.values_mut() {
                longest = longest.max(*time);
                *time = longest;
            }
            let table = points.into_iter().map(|(percent, time)| (f64::from(percent), ms(time))).collect();
            let [low, high] = [times[0].min(times[1]), times[0].max(times[1])].map(ms);
            for latency in [
                Latency::Percentiles(table),
                Latency::Uniform { min: low, max: high },
                Latency::Normal { mean: high, stddev: low },
                Latency::Lognormal { median: low, sigma },
            ] {
                let [least, most] = [shares[0].min(shares[1]), shares[0].max(shares[1])];
                let (least, most) = (latency.at(least), latency.at(most));
                // Quantiles of the normal distribution are exact to nine digits.
                prop_assert!(least.as_secs_f64() <= most.as_secs_f64() * (1.0 + 1e-7) + 1e-9, "{latency:?}");
                prop_assert!(most <= MAX_DELAY);
            }
        }
    }
}
