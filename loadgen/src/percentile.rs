//! Percentiles by rank, counted in whole numbers so that no rounding moves them.

use std::fmt;

use hdrhistogram::{Counter, Histogram};

use crate::limits::TAIL_SAMPLES;

/// Parts of a whole.
const WHOLE: u64 = 1_000_000_000;
/// Half the width of a 95 % interval, in standard deviations.
const Z95: f64 = 1.96;

/// A percentile between the 0th and the 100th, both excluded; at most seven digits behind the point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Percentile {
    /// In billionths: 990,000,000 is the 99th
    billionths: u64,
}

impl Percentile {
    /// The median
    pub const P50: Percentile = Percentile { billionths: 500_000_000 };
    /// p75
    pub const P75: Percentile = Percentile { billionths: 750_000_000 };
    /// p90
    pub const P90: Percentile = Percentile { billionths: 900_000_000 };
    /// p95
    pub const P95: Percentile = Percentile { billionths: 950_000_000 };
    /// p99
    pub const P99: Percentile = Percentile { billionths: 990_000_000 };
    /// p99.9
    pub const P999: Percentile = Percentile { billionths: 999_000_000 };
    /// p99.99
    pub const P9999: Percentile = Percentile { billionths: 999_900_000 };

    /// Reads `99`, `99.9`, `50`; nothing from 100 on, no 0, no more than seven digits behind the point.
    pub fn parse(percent: &str) -> Option<Percentile> {
        let (whole, fraction) = percent.split_once('.').unwrap_or((percent, "0"));
        let are_digits = |text: &str, most: usize| {
            (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
        };
        if !are_digits(whole, 2) || !are_digits(fraction, 7) {
            return None;
        }
        let billionths = format!("{whole}{fraction:0<7}").parse().ok()?;
        (billionths > 0).then_some(Percentile { billionths })
    }

    /// As a part of 1.
    pub fn quantile(self) -> f64 {
        self.billionths as f64 / WHOLE as f64
    }

    /// The place, from 1, of this percentile among so many samples in order.
    pub fn rank(self, samples: u64) -> u64 {
        let product = u128::from(samples) * u128::from(self.billionths);
        (product.div_ceil(u128::from(WHOLE)) as u64).max(1)
    }

    /// Enough samples lie above it, so that it is not decided by one or two: n·(1−p) is at least 10.
    pub fn has_tail(self, samples: u64) -> bool {
        u128::from(samples) * u128::from(WHOLE - self.billionths) >= u128::from(TAIL_SAMPLES * WHOLE)
    }

    /// The value, in the histogram's unit; nothing of nothing.
    pub fn of<T: Counter>(self, histogram: &Histogram<T>) -> Option<u64> {
        (!histogram.is_empty()).then(|| value_at_rank(histogram, self.rank(histogram.len())))
    }

    /// The 95 % interval of its value by ranks: those np ± 1.96·√(np(1−p)) of the order statistics. Holds for
    /// samples that do not depend on each other, which latencies do somewhat: it is rather too narrow.
    pub fn interval<T: Counter>(self, histogram: &Histogram<T>) -> Option<(u64, u64)> {
        if histogram.is_empty() {
            return None;
        }
        let samples = histogram.len() as f64;
        let p = self.quantile();
        let half = Z95 * (samples * p * (1.0 - p)).sqrt();
        let low = (samples * p - half).floor().max(1.0) as u64;
        let high = ((samples * p + half).ceil() as u64).clamp(1, histogram.len());
        Some((value_at_rank(histogram, low), value_at_rank(histogram, high)))
    }
}

/// `p99.9`
impl fmt::Display for Percentile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, fraction) = (self.billionths / 10_000_000, self.billionths % 10_000_000);
        if fraction == 0 {
            return write!(f, "p{whole}");
        }
        write!(f, "p{whole}.{}", format!("{fraction:07}").trim_end_matches('0'))
    }
}

/// The quantile in the middle of a rank: no rounding takes it to the next. What is too short to be told from nothing
/// is nothing, so that no percentile is above the maximum.
fn value_at_rank<T: Counter>(histogram: &Histogram<T>, rank: u64) -> u64 {
    let value = histogram.value_at_quantile((rank as f64 - 0.5) / histogram.len() as f64);
    value.min(histogram.max())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::of_run;

    #[test]
    fn percentiles_are_read_and_written() {
        let cases = [
            ("50", Some("p50")),
            ("99", Some("p99")),
            ("99.9", Some("p99.9")),
            ("99.99", Some("p99.99")),
            ("99.90", Some("p99.9")),
            ("5", Some("p5")),
            ("0.1", Some("p0.1")),
            ("99.9999999", Some("p99.9999999")),
            ("99.99999999", None),
            ("0", None),
            ("100", None),
            ("999", None),
            ("", None),
            ("99.", None),
            (".9", None),
            ("9x", None),
            ("-9", None),
        ];
        for (text, expected) in cases {
            let got = Percentile::parse(text).map(|percentile| percentile.to_string());
            assert_eq!(got.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn ranks_are_exact() {
        let cases = [
            (Percentile::P50, 1, 1),
            (Percentile::P50, 2, 1),
            (Percentile::P50, 3, 2),
            (Percentile::P99, 100, 99),
            (Percentile::P99, 101, 100),
            (Percentile::P999, 315_000, 314_685),
            (Percentile::P9999, 10_000, 9_999),
            (Percentile::P99, 0, 1),
        ];
        for (percentile, samples, rank) in cases {
            assert_eq!(percentile.rank(samples), rank, "{percentile} of {samples}");
        }
        let mut histogram = of_run();
        for value in 1..=1_000 {
            histogram.record(value * 1_000_000).expect("within bounds");
        }
        for (percentile, expected) in
            [(Percentile::P50, 500), (Percentile::P99, 990), (Percentile::P999, 999)]
        {
            let got = percentile.of(&histogram).expect("samples");
            assert!(histogram.equivalent(got, expected * 1_000_000), "{percentile}: {got}");
        }
    }

    #[test]
    fn tails_need_ten_samples() {
        assert!(Percentile::P99.has_tail(1_000));
        assert!(!Percentile::P99.has_tail(999));
        assert!(Percentile::P999.has_tail(10_000));
        assert!(!Percentile::P999.has_tail(9_999));
        assert!(!Percentile::P50.has_tail(19));
    }

    #[test]
    fn intervals_hold_the_value_and_stay_within_the_samples() {
        let mut histogram = of_run();
        assert_eq!(Percentile::P99.interval(&histogram), None);
        assert_eq!(Percentile::P99.of(&histogram), None);
        histogram.record(5_000_000).expect("within bounds");
        let (low, high) = Percentile::P99.interval(&histogram).expect("a sample");
        assert_eq!(low, high);
        for value in 1..=10_000_u64 {
            histogram.record(value * 100_000).expect("within bounds");
        }
        let (low, high) = Percentile::P99.interval(&histogram).expect("samples");
        let value = Percentile::P99.of(&histogram).expect("samples");
        // 9,900 ± 1.96·√99 is 9,880 to 9,920.
        assert!(low < value && value < high, "{low} {value} {high}");
        assert!(histogram.equivalent(low, 988_000_000) && histogram.equivalent(high, 992_000_000));
    }
}
