//! How runs compare with others. The figures of the most telling metric stand at the top, too.

use serde::Serialize;

use super::{microseconds, rounded};
use crate::baseline::{Change, Comparison, Metric};

#[derive(Serialize)]
pub(super) struct Baseline<'r> {
    #[serde(rename = "ref")]
    reference: &'r str,
    runs: usize,
    base_runs: usize,
    max_regression: f64,
    metric: Option<&'static str>,
    ratio: Option<f64>,
    ci95: Option<[f64; 2]>,
    p_value: Option<f64>,
    regressed: bool,
    metrics: Vec<Part>,
    warnings: &'r [String],
}

#[derive(Serialize)]
struct Part {
    metric: &'static str,
    base: f64,
    now: f64,
    unit: &'static str,
    ratio: Option<f64>,
    ci95: Option<[f64; 2]>,
    p_value: f64,
    significant: bool,
    regressed: bool,
}

pub(super) fn baseline(comparison: &Comparison) -> Baseline<'_> {
    let changes = &comparison.changes;
    // What regressed explains the verdict; else the first, which is p99 where it is known.
    let top = changes.iter().find(|change| change.regressed).or(changes.first());
    Baseline {
        reference: &comparison.reference,
        runs: comparison.runs,
        base_runs: comparison.base_runs,
        max_regression: comparison.max_regression,
        metric: top.map(|change| change.metric.name()),
        ratio: top.and_then(|change| change.ratio),
        ci95: top.and_then(|change| change.interval).map(<[f64; 2]>::from),
        p_value: top.map(|change| change.p_value),
        regressed: comparison.has_regressed(),
        metrics: changes.iter().map(part).collect(),
        warnings: &comparison.warnings,
    }
}

fn part(change: &Change) -> Part {
    let (unit, value): (_, fn(f64) -> f64) = match change.metric {
        Metric::Rps => ("per_s", rounded),
        Metric::P99 | Metric::P50 | Metric::P999 => ("us", microseconds),
    };
    Part {
        metric: change.metric.name(),
        base: value(change.base),
        now: value(change.now),
        unit,
        ratio: change.ratio,
        ci95: change.interval.map(<[f64; 2]>::from),
        p_value: change.p_value,
        significant: change.is_significant(),
        regressed: change.regressed,
    }
}
