//! Tables of the page.

use hdrhistogram::{Counter, Histogram};

use super::escaped;
use crate::figures;
use crate::limits::OPERATIONS_OF_PAGE;
use crate::number::{self, NONE};
use crate::percentile::Percentile;
use crate::record::ErrorClass;
use crate::report::latency::Latency;
use crate::report::text::{limit, observed};
use crate::report::{Report, all_errors_of, errors_of};

/// Percentiles of the table of latencies.
const OF_RUN: [Percentile; 7] = crate::report::latency::PERCENTILES;
/// Percentiles of the table of operations.
const OF_OPERATION: [Percentile; 3] = [Percentile::P50, Percentile::P99, Percentile::P999];

pub(super) fn thresholds(report: &Report<'_>) -> String {
    let outcomes = &report.judgement.outcomes;
    if outcomes.is_empty() {
        return String::new();
    }
    let mut table = head(&["Threshold", "observed", "limit", ""]);
    for outcome in outcomes {
        let (class, word) = if outcome.passed { ("good", "✓ holds") } else { ("broken", "✗ broken") };
        let cells = [observed(outcome), limit(outcome)].map(|cell| escaped(&cell));
        table.push_str(&row(&escaped(&outcome.bound.threshold.text), &cells, Some((class, word))));
    }
    format!(r#"<section><h2>Thresholds</h2><div class="scroll"><table>{table}</table></div></section>"#)
}

pub(super) fn latencies(report: &Report<'_>) -> String {
    let record = &report.run.record;
    let names = OF_RUN.map(|percentile| percentile.to_string());
    let mut titles = vec!["", "min"];
    titles.extend(names.iter().map(String::as_str));
    titles.extend(["max", "mean", "stdev", "n"]);
    let mut table = head(&titles);
    let server = (!record.server.is_empty()).then_some(("server", &record.server));
    let histograms = [
        ("response", &record.response),
        ("wire", &record.service),
        ("first byte", &record.first_byte),
        ("connect", &record.connect),
        ("sched-lag", &record.sched_lag),
        ("conn-wait", &record.conn_wait),
    ];
    for (name, histogram) in histograms.into_iter().chain(server) {
        table.push_str(&row(name, &latency_cells(histogram), None));
    }
    table
}

fn latency_cells<T: Counter>(histogram: &Histogram<T>) -> Vec<String> {
    let Some(latency) = Latency::of(histogram) else {
        let mut cells = vec![NONE.to_owned(); OF_RUN.len() + 4];
        cells.push("0".to_owned());
        return cells;
    };
    let mut cells = vec![number::latency(latency.min)];
    cells.extend(OF_RUN.map(|percentile| sound(&latency, percentile)));
    cells.extend([latency.max, latency.mean, latency.stdev].map(number::latency));
    cells.push(number::count(latency.count));
    cells
}

fn sound(latency: &Latency, percentile: Percentile) -> String {
    latency.sound_percentile(percentile).map_or(NONE.to_owned(), number::latency)
}

pub(super) fn operations(report: &Report<'_>) -> String {
    let names = OF_OPERATION.map(|percentile| percentile.to_string());
    let mut titles = vec!["Operation", "share", "n", "rate/s"];
    titles.extend(names.iter().map(String::as_str));
    titles.extend(["max", "errors", "invalid"]);
    let mut table = head(&titles);
    for (operation, record) in report.operations_by_count().into_iter().take(OPERATIONS_OF_PAGE) {
        let count = record.map_or(0, |record| record.response.len());
        let share = figures::share_of_weight(operation.weight, report.scenario);
        let mut cells = vec![
            number::percent(share, 1),
            number::count(count),
            number::rate(figures::per_second(count, report.run)),
        ];
        match record.and_then(|record| Latency::of(&record.response)) {
            Some(latency) => {
                cells.extend(OF_OPERATION.map(|percentile| sound(&latency, percentile)));
                cells.push(number::latency(latency.max));
            }
            None => cells.extend(vec![NONE.to_owned(); OF_OPERATION.len() + 1]),
        }
        cells.push(number::count(all_errors_of(record)));
        cells.push(number::count(errors_of(record, ErrorClass::Schema)));
        table.push_str(&row(&escaped(&operation.name()), &cells, None));
    }
    table
}

pub(super) fn more_operations(report: &Report<'_>) -> String {
    match report.scenario.operations.len().saturating_sub(OPERATIONS_OF_PAGE) {
        0 => String::new(),
        more => {
            let more = number::count(more as u64);
            format!(r#"<p class="dim">{more} more operations are in summary.json.</p>"#)
        }
    }
}

pub(super) fn statuses(report: &Report<'_>) -> String {
    let statuses = report.run.record.counts.statuses.iter();
    let statuses: Vec<String> =
        statuses.map(|(status, count)| format!("{status} ×{}", number::count(*count))).collect();
    if statuses.is_empty() { "no answer came".to_owned() } else { statuses.join(" · ") }
}

pub(super) fn errors(report: &Report<'_>) -> String {
    let counts = &report.run.record.counts;
    let error =
        |class: ErrorClass| format!("{} {}", class.name(), number::count(figures::errors(counts, class)));
    format!("Errors: {}", ErrorClass::ALL.map(error).join(" · "))
}

pub(super) fn verification(report: &Report<'_>) -> String {
    let Some(verification) = &report.run.verification else { return String::new() };
    let [checked, invalid, skipped] =
        [verification.checked, verification.invalid, verification.skipped].map(number::count);
    let failures: String = verification
        .first_failures
        .iter()
        .map(|failure| format!(r#"<p class="invalid">{}</p>"#, escaped(failure)))
        .collect();
    let mode = verification.mode.name();
    format!("<p>Verified ({mode}): {checked} checked · {invalid} invalid · {skipped} skipped</p>{failures}")
}

pub(super) fn head(titles: &[&str]) -> String {
    let cells: String = titles.iter().map(|title| format!("<th>{title}</th>")).collect();
    format!("<tr>{cells}</tr>")
}

/// Cells are HTML already; the last may have a class.
pub(super) fn row(first: &str, cells: &[String], last: Option<(&str, &str)>) -> String {
    let cells: String = cells.iter().map(|cell| format!("<td>{cell}</td>")).collect();
    let last = last.map_or(String::new(), |(class, text)| format!(r#"<td class="{class}">{text}</td>"#));
    format!("<tr><td>{first}</td>{cells}{last}</tr>\n")
}
