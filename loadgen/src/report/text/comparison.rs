//! How runs compare with others.

use std::io::{self, Write};

use super::{Color, paint};
use crate::baseline::{Change, Comparison, Metric};
use crate::limits::NAME_WIDTH;
use crate::number::{self, NONE};
use crate::report::Style;
use crate::report::table::{Table, shown};

/// Behind the verdict: what made it.
pub(super) fn write_regressions(
    comparison: &Comparison,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let allowed = number::percent(comparison.max_regression, 1);
    for change in comparison.changes.iter().filter(|change| change.regressed) {
        let mark = paint(style, Color::Red, "✗");
        writeln!(
            out,
            "  {mark} {} regressed: {} against {}, at most {allowed} is allowed",
            change.metric,
            growth(change.ratio),
            shown(&comparison.reference, NAME_WIDTH)
        )?;
    }
    Ok(())
}

/// A line for each metric.
pub(super) fn write(comparison: &Comparison, style: Style, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "Baseline {} ({} runs against {})",
        shown(&comparison.reference, NAME_WIDTH),
        comparison.runs,
        comparison.base_runs
    )?;
    let mut table = Table::new(&["  metric", "baseline", "now", "change", "95 % interval", "p", ""]);
    for change in &comparison.changes {
        let value = |value: f64| of_metric(change.metric, value);
        table.push(vec![
            format!("  {}", change.metric),
            value(change.base),
            value(change.now),
            growth(change.ratio),
            interval(change.interval),
            format!("{:.3}", change.p_value),
            verdict_of(change).to_owned(),
        ]);
    }
    table.write(out)?;
    for warning in &comparison.warnings {
        let word = paint(style, Color::Yellow, "warning:");
        writeln!(out, "  {word} {}", shown(warning, usize::MAX))?;
    }
    Ok(())
}

/// A value in the metric's unit.
pub(in crate::report) fn of_metric(metric: Metric, value: f64) -> String {
    match metric {
        Metric::Rps => format!("{}/s", number::rate(value)),
        Metric::P99 | Metric::P50 | Metric::P999 => number::latency(value),
    }
}

/// What a change comes to.
pub(in crate::report) fn verdict_of(change: &Change) -> &'static str {
    match (change.regressed, change.is_significant()) {
        (true, _) => "regressed",
        (false, true) if change.is_worse() => "worse, within what is allowed",
        (false, true) => "better",
        (false, false) => "not significant",
    }
}

/// `+2.1 %` of a ratio of 1.021.
pub(in crate::report) fn growth(ratio: Option<f64>) -> String {
    ratio.map_or(NONE.to_owned(), |ratio| format!("{:+.1} %", (ratio - 1.0) * 100.0))
}

/// `[-1.4, +5.9]`, in percent.
pub(in crate::report) fn interval(interval: Option<(f64, f64)>) -> String {
    let percent = |ratio: f64| (ratio - 1.0) * 100.0;
    interval.map_or(NONE.to_owned(), |(low, high)| format!("[{:+.1}, {:+.1}]", percent(low), percent(high)))
}
