//! Runs against earlier runs, or against another server's: whether they are worse, and whether that is chance.
//!
//! A run is one value of each metric; groups of runs are compared, never raw requests, of which there are so many that
//! any two groups differ.

mod bootstrap;
mod file;
mod pooled;
pub mod rank_sum;

use std::fmt;

use thiserror::Error;

pub use file::{Baseline, Conduct, Machine};
pub use pooled::pooled;

use self::bootstrap::{interval_of_ratio, median};
use crate::decimal;
use crate::figures;
use crate::limits::{ERROR_RATE_GROWTH, SIGNIFICANCE};
use crate::percentile::Percentile;
use crate::record::Run;

/// What one run comes to. Percentiles are of the response time, in nanoseconds, where enough samples lie above them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Figures {
    /// The median
    pub p50: Option<f64>,
    /// p99
    pub p99: Option<f64>,
    /// p99.9
    pub p999: Option<f64>,
    /// Answers a second
    pub rps: f64,
    /// Errors among the requests that ended, 0 to 1
    pub error_rate: f64,
}

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metric {
    /// p99 of the response time
    P99,
    /// The median of the response time
    P50,
    /// p99.9 of the response time
    P999,
    /// Answers a second
    Rps,
}

/// One metric of both groups.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Which
    pub metric: Metric,
    /// Median of the runs it is compared with; nanoseconds, or answers a second
    pub base: f64,
    /// Median of these runs
    pub now: f64,
    /// `now` over `base`; nothing where that is 0
    pub ratio: Option<f64>,
    /// The 95 % interval of the ratio
    pub interval: Option<(f64, f64)>,
    /// How likely chance makes such a difference: Mann–Whitney U, corrected for the number of metrics (Holm)
    pub p_value: f64,
    /// Significant, worse, and by more than is allowed
    pub regressed: bool,
}

/// A comparison.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// What these runs are compared with: a file or a server
    pub reference: String,
    /// Of this side
    pub runs: usize,
    /// Of the other side
    pub base_runs: usize,
    /// How much worse it may be, 0.1 for a tenth
    pub max_regression: f64,
    /// Metric by metric; those that some run says too little of are left out
    pub changes: Vec<Change>,
    /// What may have touched it
    pub warnings: Vec<String>,
}

/// Why there is no comparison.
#[derive(Debug, Error)]
pub enum Fault {
    /// However they come out
    #[error("{0} runs against {1} cannot be told from chance, however they come out: 5 on each side can")]
    TooFewRuns(usize, usize),
    /// Not what `--save-baseline` writes
    #[error("this is no baseline: {0}")]
    Shape(String),
    /// Another load
    #[error("the baseline was made under another load: {}", .0.join(", "))]
    OtherLoad(Vec<String>),
    /// `--max-regression 10`
    #[error("`{0}` is no part: write `10%`")]
    Share(String),
}

impl Metric {
    /// All, the most telling first.
    pub const ALL: [Metric; 4] = [Metric::P99, Metric::P50, Metric::P999, Metric::Rps];

    /// As reports write it.
    pub fn name(self) -> &'static str {
        match self {
            Metric::P99 => "p99",
            Metric::P50 => "p50",
            Metric::P999 => "p99.9",
            Metric::Rps => "rps",
        }
    }

    fn of(self, figures: &Figures) -> Option<f64> {
        match self {
            Metric::P99 => figures.p99,
            Metric::P50 => figures.p50,
            Metric::P999 => figures.p999,
            Metric::Rps => Some(figures.rps),
        }
    }

    /// Whether a ratio is worse than 1 by more than this part.
    fn is_worse(self, ratio: f64, allowed: f64) -> bool {
        match self {
            Metric::Rps => ratio < 1.0 - allowed,
            Metric::P99 | Metric::P50 | Metric::P999 => ratio > 1.0 + allowed,
        }
    }
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Figures {
    /// Of a run.
    pub fn of(run: &Run) -> Figures {
        let response = &run.record.response;
        let at = |percentile: Percentile| {
            let value = percentile.of(response).filter(|_| percentile.has_tail(response.len()));
            value.map(|value| value as f64)
        };
        Figures {
            p50: at(Percentile::P50),
            p99: at(Percentile::P99),
            p999: at(Percentile::P999),
            rps: figures::per_second(run.record.counts.completed, run),
            error_rate: figures::error_rate(&run.record.counts).unwrap_or(0.0),
        }
    }
}

impl Comparison {
    /// Compares runs with those of `reference`. The seed is that of the interval's drawings.
    pub fn of(
        reference: &str,
        now: &[Figures],
        base: &[Figures],
        max_regression: f64,
        seed: u64,
    ) -> Comparison {
        let mut warnings = Vec::new();
        let mut changes = Vec::new();
        for metric in Metric::ALL {
            let values =
                |group: &[Figures]| group.iter().map(|run| metric.of(run)).collect::<Option<Vec<f64>>>();
            let change = match (values(now), values(base)) {
                (Some(now), Some(base)) => change(metric, &now, &base, seed),
                _ => None,
            };
            match change {
                Some(change) => changes.push(change),
                None => warnings.push(format!(
                    "{metric} is not compared: in some run fewer than 10 samples lie above it; send more"
                )),
            }
        }
        correct(&mut changes);
        for change in &mut changes {
            let is_worse = change.ratio.is_some_and(|ratio| change.metric.is_worse(ratio, max_regression));
            change.regressed = is_worse && change.is_significant();
        }
        warnings.extend(more_errors(now, base));
        Comparison {
            reference: reference.to_owned(),
            runs: now.len(),
            base_runs: base.len(),
            max_regression,
            changes,
            warnings,
        }
    }

    /// Some metric is worse by more than is allowed, and not by chance.
    pub fn has_regressed(&self) -> bool {
        self.changes.iter().any(|change| change.regressed)
    }
}

impl Change {
    /// Chance seldom makes such a difference.
    pub fn is_significant(&self) -> bool {
        self.p_value < SIGNIFICANCE
    }

    /// Worse, by however little.
    pub fn is_worse(&self) -> bool {
        self.ratio.is_some_and(|ratio| self.metric.is_worse(ratio, 0.0))
    }
}

fn change(metric: Metric, now: &[f64], base: &[f64], seed: u64) -> Option<Change> {
    let p_value = rank_sum::p_value(now, base);
    let interval = interval_of_ratio(now, base, seed);
    let (now, base) = (median(now)?, median(base)?);
    let ratio = (base > 0.0).then(|| now / base);
    Some(Change { metric, base, now, ratio, interval, p_value, regressed: false })
}

/// Several tests find something by chance more often than one: Holm's correction (A simple sequentially rejective
/// multiple test procedure, 1979).
fn correct(changes: &mut [Change]) {
    let mut order: Vec<usize> = (0..changes.len()).collect();
    order.sort_by(|&a, &b| changes[a].p_value.total_cmp(&changes[b].p_value));
    let mut least = 0.0_f64;
    for (before, &index) in order.iter().enumerate() {
        let left = (order.len() - before) as f64;
        least = least.max((changes[index].p_value * left).min(1.0));
        changes[index].p_value = least;
    }
}

/// Answers that fail are often quick: latencies say nothing of them.
fn more_errors(now: &[Figures], base: &[Figures]) -> Option<String> {
    let rates = |group: &[Figures]| group.iter().map(|run| run.error_rate).collect::<Vec<f64>>();
    let (now, base) = (median(&rates(now))?, median(&rates(base))?);
    (now > base + ERROR_RATE_GROWTH).then(|| {
        format!(
            "errors grew from {:.2} % to {:.2} %: latencies of failures say little; `--threshold error_rate<1%` judges \
             them",
            base * 100.0,
            now * 100.0
        )
    })
}

/// Checks that groups of these sizes can differ by more than chance makes.
///
/// # Errors
/// [`Fault::TooFewRuns`] says how many are needed.
pub fn check_runs(runs: usize, base_runs: usize) -> Result<(), Fault> {
    let least = rank_sum::least_p_value(runs, base_runs) * Metric::ALL.len() as f64;
    if least < SIGNIFICANCE { Ok(()) } else { Err(Fault::TooFewRuns(runs, base_runs)) }
}

/// Reads `10%` as 0.1.
///
/// # Errors
/// [`Fault::Share`] says what would be right.
pub fn parse_share(text: &str) -> Result<f64, Fault> {
    let percent = text.trim().strip_suffix('%').and_then(|number| decimal::parse(number.trim_end()));
    percent.map(|percent| percent / 100.0).ok_or_else(|| Fault::Share(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs whose p99 are these milliseconds; the others are constant.
    fn runs(p99: &[f64]) -> Vec<Figures> {
        let run = |&p99: &f64| Figures {
            p50: Some(300e3),
            p99: Some(p99 * 1e6),
            p999: None,
            rps: 1_000.0,
            error_rate: 0.0,
        };
        p99.iter().map(run).collect()
    }

    fn compared(now: &[Figures], base: &[Figures]) -> Comparison {
        Comparison::of("base.json", now, base, 0.1, 1)
    }

    #[test]
    fn only_what_is_both_large_and_no_chance_has_regressed() {
        let base = runs(&[1.0, 1.01, 0.99, 1.02, 0.98]);
        let cases: [(&str, &[f64], bool); 6] = [
            ("the same", &[1.0, 1.01, 0.99, 1.02, 0.98], false),
            ("significant and small", &[1.05, 1.06, 1.07, 1.08, 1.09], false),
            ("large and by chance", &[1.3, 0.97, 1.25, 0.96, 1.4], false),
            ("both", &[1.2, 1.21, 1.19, 1.22, 1.18], true),
            ("better", &[0.5, 0.51, 0.49, 0.52, 0.48], false),
            ("one outlier", &[1.0, 1.01, 0.99, 1.02, 9.0], false),
        ];
        for (name, now, regressed) in cases {
            assert_eq!(compared(&runs(now), &base).has_regressed(), regressed, "{name}");
        }
    }

    #[test]
    fn fewer_answers_are_worse_and_more_are_not() {
        let with = |rps: [f64; 5]| rps.map(|rps| Figures { rps, ..runs(&[1.0])[0] });
        let base = with([1_000.0, 1_001.0, 999.0, 1_002.0, 998.0]);
        for (rps, regressed) in [([800.0, 801.0, 799.0, 802.0, 798.0], true), ([1_300.0; 5], false)] {
            let comparison = compared(&with(rps), &base);
            assert_eq!(comparison.has_regressed(), regressed, "{rps:?}");
            let change = comparison.changes.last().expect("rps is always there");
            assert_eq!((change.metric, change.regressed), (Metric::Rps, regressed));
        }
    }

    #[test]
    fn what_is_not_known_of_every_run_is_left_out() {
        let comparison = compared(&runs(&[1.0; 5]), &runs(&[1.0; 5]));
        let metrics: Vec<Metric> = comparison.changes.iter().map(|change| change.metric).collect();
        assert_eq!(metrics, [Metric::P99, Metric::P50, Metric::Rps]);
        assert!(comparison.warnings[0].starts_with("p99.9 is not compared"), "{:?}", comparison.warnings);
        assert!(comparison.changes.iter().all(|change| change.ratio == Some(1.0) && change.p_value == 1.0));
    }

    #[test]
    fn errors_that_grow_are_told() {
        let base = runs(&[1.0; 5]);
        let failing: Vec<Figures> = base.iter().map(|run| Figures { error_rate: 0.05, ..*run }).collect();
        let told = |comparison: Comparison| comparison.warnings.iter().any(|text| text.starts_with("errors"));
        assert!(told(compared(&failing, &base)) && !told(compared(&base, &failing)));
    }

    #[test]
    fn chances_are_corrected_for_their_number() {
        let of = |p_value| Change { p_value, ..compared(&runs(&[1.0]), &runs(&[1.0])).changes[0].clone() };
        let mut changes = [0.04, 0.01, 0.9, 0.03].map(of);
        correct(&mut changes);
        let corrected = changes.map(|change| (change.p_value * 100.0).round());
        assert_eq!(corrected, [9.0, 4.0, 90.0, 9.0]);
    }

    #[test]
    fn runs_that_can_tell_nothing_are_refused() {
        for (runs, base, is_enough) in
            [(5, 5, true), (4, 5, false), (1, 1, false), (3, 10, true), (30, 30, true)]
        {
            assert_eq!(check_runs(runs, base).is_ok(), is_enough, "{runs} and {base}");
        }
        let said = check_runs(4, 5).expect_err("too few").to_string();
        assert!(said.starts_with("4 runs against 5") && said.ends_with("5 on each side can"), "{said}");
    }

    #[test]
    fn shares_are_percents() {
        for (text, expected) in [
            ("10%", Some(0.1)),
            ("0%", Some(0.0)),
            ("2.5 %", Some(0.025)),
            ("10", None),
            ("-1%", None),
            ("%", None),
        ] {
            assert_eq!(parse_share(text).ok(), expected, "{text}");
        }
    }
}
