//! Tables of the summary.

use std::io::{self, Write};

use hdrhistogram::{Counter, Histogram};

use crate::figures;
use crate::limits::{NAME_WIDTH, OPERATIONS_OF_SUMMARY};
use crate::load::Model;
use crate::number::{self, NONE, Unit};
use crate::percentile::Percentile;
use crate::record::ErrorClass;
use crate::report::latency::Latency;
use crate::report::table::{Table, shown};
use crate::report::{Report, Style, all_errors_of, errors_of};

/// Percentiles of the latency table.
const OF_RUN: [Percentile; 6] =
    [Percentile::P50, Percentile::P90, Percentile::P95, Percentile::P99, Percentile::P999, Percentile::P9999];
/// Percentiles of the table of operations.
const OF_OPERATION: [Percentile; 3] = [Percentile::P50, Percentile::P99, Percentile::P999];

pub(super) fn rate(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let run = report.run;
    let counts = &run.record.counts;
    let per_second = |count| number::rate(figures::per_second(count, run));
    let mut parts = Vec::new();
    if let Some(target) = figures::target_rate(report.load) {
        parts.push(format!("target {}/s", number::rate(target)));
    }
    parts.push(format!("sent {}/s", per_second(counts.sent)));
    parts.push(format!("completed {}/s", per_second(counts.completed)));
    parts.push(format!("unsent {}", number::count(counts.unsent)));
    parts.push(format!("timeouts {}", number::count(figures::errors(counts, ErrorClass::Timeout))));
    let in_flight = if run.in_flight.is_finite() { run.in_flight } else { 0.0 };
    parts.push(format!("in flight mean {in_flight:.1} max {}", number::count(run.most_in_flight)));
    writeln!(out, "Rate         {}", parts.join("   "))
}

pub(super) fn latencies(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let record = &report.run.record;
    let unit = Unit::fitting(Percentile::P50.of(&record.response).unwrap_or(0) as f64);
    let title = format!("Latency {}", unit.name());
    let mut head = vec![title.as_str(), "min"];
    let names = OF_RUN.map(|percentile| percentile.to_string());
    head.extend(names.iter().map(String::as_str));
    head.extend(["max", "mean", "stdev", "n"]);
    let mut table = Table::new(&head);
    table.push(row("  response *", &record.response, unit));
    table.push(row("  wire", &record.service, unit));
    table.push(row("  first byte", &record.first_byte, unit));
    if !record.server.is_empty() {
        table.push(row("  server", &record.server, unit));
    }
    table.write(out)?;
    notes(report, out)
}

fn row<T: Counter>(name: &str, histogram: &Histogram<T>, unit: Unit) -> Vec<String> {
    let mut cells = vec![name.to_owned()];
    let Some(latency) = Latency::of(histogram) else {
        cells.extend(vec![NONE.to_owned(); OF_RUN.len() + 4]);
        cells.push("0".to_owned());
        return cells;
    };
    cells.push(unit.of(latency.min));
    cells.extend(OF_RUN.map(|percentile| sound(&latency, percentile, unit)));
    cells.extend([latency.max, latency.mean, latency.stdev].map(|value| unit.of(value)));
    cells.push(number::count(latency.count));
    cells
}

/// A percentile that enough samples lie above.
fn sound(latency: &Latency, percentile: Percentile, unit: Unit) -> String {
    latency.sound_percentile(percentile).map_or(NONE.to_owned(), |value| unit.of(value))
}

/// `* from intended send. Worst 1-s window: p99 2.71 ms at t=14 s. …`.
fn notes(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let record = &report.run.record;
    let from = match report.load.model {
        Model::Open { .. } => "* from intended send.",
        Model::Closed { .. } => "* from send: a closed loop has no schedule.",
    };
    let mut parts = vec![from.to_owned()];
    let seconds = record.seconds.iter().enumerate();
    let windows = seconds.filter_map(|(second, seen)| Some((Percentile::P99.of(&seen.response)?, second)));
    // The first of equals.
    if let Some((worst, second)) = windows.max_by_key(|(value, second)| (*value, std::cmp::Reverse(*second)))
    {
        parts.push(format!("Worst 1-s window: p99 {} at t={second} s.", number::latency(worst as f64)));
    }
    if let Some(wait) = Percentile::P99.of(&record.conn_wait) {
        parts.push(format!("  conn-wait p99 {}", number::latency(wait as f64)));
    }
    if let Some(connect) = Percentile::P99.of(&record.connect) {
        let connections = number::count(record.connect.len());
        parts.push(format!("  connect p99 {} ({connections})", number::latency(connect as f64)));
    }
    writeln!(out, "  {}", parts.join(" "))
}

pub(super) fn operations(report: &Report<'_>, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let operations = report.operations_by_count();
    let most = if style.all_operations { operations.len() } else { OPERATIONS_OF_SUMMARY };
    let unit = Unit::fitting(Percentile::P50.of(&report.run.record.response).unwrap_or(0) as f64);
    let title = format!("Operation ({})", unit.name());
    let mut head = vec![title.as_str(), "share", "n", "rate/s"];
    let names = OF_OPERATION.map(|percentile| percentile.to_string());
    head.extend(names.iter().map(String::as_str));
    head.extend(["max", "errors", "invalid"]);
    let method_width =
        operations.iter().map(|(operation, _)| operation.method.len()).max().unwrap_or(0).min(7);
    let mut table = Table::new(&head);
    for (operation, record) in operations.iter().take(most) {
        let name = format!("  {:method_width$} {}", operation.method, operation.path);
        let count = record.map_or(0, |record| record.response.len());
        let mut cells = vec![
            shown(&name, NAME_WIDTH),
            number::percent(figures::share_of_weight(operation.weight, report.scenario), 0),
            number::count(count),
            number::rate(figures::per_second(count, report.run)),
        ];
        match record.and_then(|record| Latency::of(&record.response)) {
            Some(latency) => {
                cells.extend(OF_OPERATION.map(|percentile| sound(&latency, percentile, unit)));
                cells.push(unit.of(latency.max));
            }
            None => cells.extend(vec![NONE.to_owned(); OF_OPERATION.len() + 1]),
        }
        cells.push(number::count(all_errors_of(*record)));
        cells.push(number::count(errors_of(*record, ErrorClass::Schema)));
        table.push(cells);
    }
    table.write(out)?;
    match operations.len().saturating_sub(most) {
        0 => Ok(()),
        more => writeln!(out, "  … {} more (--all-endpoints)", number::count(more as u64)),
    }
}

pub(super) fn statuses(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let counts = &report.run.record.counts;
    let statuses: Vec<String> = counts
        .statuses
        .iter()
        .map(|(status, count)| format!("{status} ×{}", number::count(*count)))
        .collect();
    let statuses = if statuses.is_empty() { NONE.to_owned() } else { statuses.join("  ") };
    let error =
        |class: ErrorClass| format!("{} {}", class.name(), number::count(figures::errors(counts, class)));
    writeln!(out, "Status  {statuses}     Errors  {}", ErrorClass::ALL.map(error).join("  "))
}

/// `Verify  all   checked 3,000   invalid 0   skipped 0`.
pub(super) fn verification(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let Some(verification) = &report.run.verification else { return Ok(()) };
    let [checked, invalid, skipped] =
        [verification.checked, verification.invalid, verification.skipped].map(number::count);
    let mode = verification.mode.name();
    writeln!(out, "Verify  {mode}   checked {checked}   invalid {invalid}   skipped {skipped}")
}
