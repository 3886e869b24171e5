//! How runs compare with others, on the page.

use super::escaped;
use super::tables::{head, row};
use crate::baseline::{Change, Metric};
use crate::number;
use crate::report::text::{growth, interval, of_metric, verdict_of};
use crate::report::{Report, plot};

/// Nothing where nothing was compared.
pub(super) fn section(report: &Report<'_>) -> String {
    let Some(comparison) = report.comparison else { return String::new() };
    let mut table = head(&["Metric", "baseline", "now", "change", "95 % interval, %", "p", "allowed", ""]);
    for change in &comparison.changes {
        table.push_str(&line(change, comparison.max_regression));
    }
    let warnings = comparison.warnings.iter().map(|warning| escaped(warning));
    let warnings: String = warnings.map(|warning| format!(r#"<p class="warning">{warning}</p>"#)).collect();
    format!(
        r#"<section><h2>Compared with {}</h2><p class="dim">{} runs against {}; medians of the runs</p><div class="scroll"><table>{table}</table></div><div class="scroll">{}</div>{warnings}</section>"#,
        escaped(&comparison.reference),
        comparison.runs,
        comparison.base_runs,
        plot::changes(comparison)
    )
}

fn line(change: &Change, allowed: f64) -> String {
    let allowed = match change.metric {
        Metric::Rps => format!("-{}", number::percent(allowed, 1)),
        Metric::P99 | Metric::P50 | Metric::P999 => format!("+{}", number::percent(allowed, 1)),
    };
    let cells = [
        of_metric(change.metric, change.base),
        of_metric(change.metric, change.now),
        growth(change.ratio),
        interval(change.interval),
        format!("{:.3}", change.p_value),
        allowed,
    ];
    let class = match (change.regressed, change.is_significant(), change.is_worse()) {
        (true, _, _) => "broken",
        (false, true, true) => "warning",
        (false, true, false) => "good",
        (false, false, _) => "dim",
    };
    row(change.metric.name(), &cells, Some((class, verdict_of(change))))
}
