//! What a search for the highest rate found, on the page: the answer, the curve, a line for each probe.

use super::escaped;
use super::tables::{head, row};
use crate::number::{self, NONE};
use crate::report::text::{answer, said};
use crate::report::{Report, plot};
use crate::search::{Finding, Probe};

/// Nothing where nothing was searched for.
pub(super) fn section(report: &Report<'_>) -> String {
    let Some(found) = report.search else { return String::new() };
    let mut probes: Vec<&Probe> = found.probes.iter().collect();
    probes.sort_by(|a, b| a.rate.total_cmp(&b.rate));
    let mut table = head(&["Rate", "answered", "p50", "p99", "p99.9", "errors", ""]);
    for probe in probes {
        table.push_str(&line(probe));
    }
    let class = if found.outcome.confirmed { "good" } else { "warning" };
    format!(
        r#"<section><h2>Highest rate</h2><p class="{class}">{}</p><div class="scroll">{}</div><div class="scroll"><table>{table}</table></div><p class="dim">All below is of the last run.</p></section>"#,
        escaped(&answer(found)),
        plot::search(found, &report.judgement.outcomes)
    )
}

fn line(probe: &Probe) -> String {
    let latency = |value: Option<u64>| value.map_or(NONE.to_owned(), |value| number::latency(value as f64));
    let cells = [
        format!("{}/s", number::rate(probe.completed)),
        latency(probe.p50),
        latency(probe.p99),
        latency(probe.p999),
        number::count(probe.errors),
    ];
    let class = match probe.finding() {
        Some(Finding::Holds) => "good",
        Some(Finding::Breaks) => "broken",
        Some(Finding::Limited) | None => "warning",
    };
    row(&format!("{}/s", number::rate(probe.rate)), &cells, Some((class, &escaped(&said(probe)))))
}
