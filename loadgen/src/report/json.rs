//! `summary.json`: units are part of the keys, what has no value is `null`, `passed: true` is good.

mod comparison;
mod latencies;
mod parts;
mod search;

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::{Serialize, Serializer};

use self::comparison::Baseline;
use self::latencies::{Latencies, Metrics};
use self::parts::{Generator, Operation, RunPart, Second, Thresholds, Verify};
use self::search::FindMax;
use super::Report;
use crate::figures;
use crate::record::ErrorClass;

/// Grows when a key changes its meaning or goes.
const SCHEMA_VERSION: u32 = 1;

#[derive(Serialize)]
struct Summary<'r> {
    schema_version: u32,
    mocker_version: &'r str,
    verdict: &'static str,
    exit_code: u8,
    run: RunPart<'r>,
    requests: Requests,
    rate: Rate,
    error_rate: f64,
    latency: Latencies,
    generator: Generator,
    operations: Vec<Operation<'r>>,
    status: BTreeMap<u16, u64>,
    errors: Errors,
    verify: Option<Verify<'r>>,
    thresholds: Thresholds<'r>,
    warnings: &'r [String],
    series: Vec<Second>,
    baseline: Option<Baseline<'r>>,
    find_max: Option<FindMax<'r>>,
    metrics: Metrics,
}

#[derive(Serialize)]
struct Requests {
    scheduled: u64,
    sent: u64,
    unsent: u64,
    completed: u64,
    failed: u64,
    timed_out: u64,
    warmup_discarded: u64,
    received_bytes: u64,
}

#[derive(Serialize)]
struct Rate {
    sent_per_s: f64,
    completed_per_s: f64,
}

/// By class, in the order of reports; each is there.
struct Errors([u64; ErrorClass::ALL.len()]);

impl Serialize for Errors {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(ErrorClass::ALL.iter().map(|class| class.name()).zip(&self.0))
    }
}

pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &summary(report))?;
    writeln!(out)
}

fn summary<'r>(report: &'r Report<'_>) -> Summary<'r> {
    let (run, judgement) = (report.run, report.judgement);
    let counts = &run.record.counts;
    Summary {
        schema_version: SCHEMA_VERSION,
        mocker_version: report.version,
        verdict: judgement.verdict.name(),
        exit_code: judgement.verdict.exit_code(),
        run: parts::run(report),
        requests: Requests {
            scheduled: counts.scheduled,
            sent: counts.sent,
            unsent: counts.unsent,
            completed: counts.completed,
            failed: counts.failed(),
            timed_out: figures::errors(counts, ErrorClass::Timeout),
            warmup_discarded: counts.warmup,
            received_bytes: counts.received,
        },
        rate: Rate {
            sent_per_s: rounded(figures::per_second(counts.sent, run)),
            completed_per_s: rounded(figures::per_second(counts.completed, run)),
        },
        error_rate: figures::error_rate(counts).unwrap_or(0.0),
        latency: latencies::of_run(&run.record),
        generator: parts::generator(report),
        operations: report
            .operations()
            .map(|(operation, record)| parts::operation(report, operation, record))
            .collect(),
        status: counts.statuses.clone(),
        errors: errors(&counts.errors),
        verify: run.verification.as_ref().map(parts::verify),
        thresholds: judgement.outcomes.iter().map(parts::threshold).collect(),
        warnings: &judgement.warnings,
        series: run.record.seconds.iter().enumerate().map(parts::second).collect(),
        baseline: report.comparison.map(comparison::baseline),
        find_max: report.search.map(search::find_max),
        metrics: latencies::metrics(run),
    }
}

fn errors(errors: &BTreeMap<ErrorClass, u64>) -> Errors {
    Errors(ErrorClass::ALL.map(|class| errors.get(&class).copied().unwrap_or(0)))
}

/// To thousandths, which is the nanosecond of latencies in microseconds.
fn rounded(value: f64) -> f64 {
    (value * 1e3).round() / 1e3
}

/// Nanoseconds as microseconds.
fn microseconds(nanoseconds: f64) -> f64 {
    rounded(nanoseconds / 1e3)
}
