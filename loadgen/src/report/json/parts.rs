//! The parts of the summary beside latencies.

use std::collections::BTreeMap;

use hdrhistogram::Histogram;
use serde::Serialize;

use super::latencies::{self, Part};
use super::{Errors, microseconds, rounded};
use crate::figures;
use crate::load::{Arrival, Model};
use crate::percentile::Percentile;
use crate::record::{self, ErrorClass, OperationRecord};
use crate::report::{Report, errors_of, timestamp};
use crate::scenario;
use crate::verdict::Outcome;
use crate::verdict::threshold::{Limit, Metric};
use crate::verify::Verification;

#[derive(Serialize)]
pub(super) struct RunPart<'r> {
    started_at: String,
    target: &'r str,
    spec: Option<Spec<'r>>,
    model: &'static str,
    arrival: Option<&'static str>,
    seed: u64,
    target_rps: Option<f64>,
    stages: Vec<Stage>,
    duration_s: f64,
    elapsed_s: f64,
    warmup_s: f64,
    concurrency: usize,
    connections_opened: usize,
    threads: usize,
    pipeline: usize,
    timeout_s: f64,
    protocol: &'r str,
    interrupted: bool,
    in_flight: InFlight,
    host: Host<'r>,
}

#[derive(Serialize)]
struct Spec<'r> {
    path: &'r str,
    sha256: Option<&'r str>,
    operations: usize,
    files: Vec<File<'r>>,
}

#[derive(Serialize)]
struct File<'r> {
    path: &'r str,
    sha256: &'r str,
}

#[derive(Serialize)]
struct Stage {
    rps: f64,
    duration_s: f64,
}

#[derive(Serialize)]
struct InFlight {
    mean: f64,
    max: u64,
}

#[derive(Serialize)]
struct Host<'r> {
    cpus: usize,
    kernel: &'r str,
    same_host: bool,
}

#[derive(Serialize)]
pub(super) struct Generator {
    valid: bool,
    reasons: Vec<String>,
    warnings: Vec<String>,
    sched_lag: Lag,
    sched_lag_limit_us: f64,
    conn_wait: Lag,
    busiest_thread: f64,
    headroom: Option<f64>,
    floor_p99_us: Option<f64>,
}

#[derive(Serialize)]
struct Lag {
    p50_us: Option<f64>,
    p99_us: Option<f64>,
    max_us: Option<f64>,
}

#[derive(Serialize)]
pub(super) struct Operation<'r> {
    operation_id: Option<&'r str>,
    method: &'r str,
    path: &'r str,
    weight: f64,
    count: u64,
    rate_per_s: f64,
    latency: Part,
    server: Option<Part>,
    status: BTreeMap<u16, u64>,
    errors: Errors,
    schema_invalid: u64,
}

#[derive(Serialize)]
pub(super) struct Verify<'r> {
    mode: &'r str,
    checked: u64,
    invalid: u64,
    skipped: u64,
    first_failures: &'r [String],
}

pub(super) type Thresholds<'r> = Vec<Threshold<'r>>;

#[derive(Serialize)]
pub(super) struct Threshold<'r> {
    expr: &'r str,
    scope: Option<&'r str>,
    observed: Option<f64>,
    ci95: Option<[f64; 2]>,
    unit: &'static str,
    limit: f64,
    passed: bool,
    near_limit: bool,
    too_few_samples: bool,
}

#[derive(Serialize)]
pub(super) struct Second {
    t_s: usize,
    sent: u64,
    p50_us: Option<f64>,
    p99_us: Option<f64>,
    errors: u64,
}

pub(super) fn run<'r>(report: &'r Report<'_>) -> RunPart<'r> {
    let (load, run) = (report.load, report.run);
    let (model, arrival, stages) = match &load.model {
        Model::Closed { .. } => ("closed", None, &[][..]),
        Model::Open { stages, arrival } => ("open", Some(arrival_name(*arrival)), &stages[..]),
    };
    RunPart {
        started_at: timestamp::rfc3339(report.started_at),
        target: &report.target.address,
        spec: report.spec.map(|spec| Spec {
            path: &spec.path,
            sha256: spec.sha256.as_deref(),
            operations: report.scenario.operations.len(),
            files: spec.files.iter().map(|file| File { path: &file.path, sha256: &file.sha256 }).collect(),
        }),
        model,
        arrival,
        seed: load.seed,
        target_rps: figures::target_rate(load),
        stages: stages
            .iter()
            .map(|stage| Stage { rps: stage.rate, duration_s: stage.duration.as_secs_f64() })
            .collect(),
        duration_s: load.model.duration().as_secs_f64(),
        elapsed_s: figures::seconds(run),
        warmup_s: load.warmup.as_secs_f64(),
        concurrency: load.concurrency,
        connections_opened: run.opened,
        threads: load.threads,
        pipeline: load.pipeline,
        timeout_s: load.timeout.as_secs_f64(),
        protocol: &report.target.protocol,
        interrupted: run.interrupted,
        in_flight: InFlight { mean: finite(run.in_flight), max: run.most_in_flight },
        host: Host { cpus: report.host.cpus, kernel: &report.host.kernel, same_host: report.host.same_host },
    }
}

fn arrival_name(arrival: Arrival) -> &'static str {
    match arrival {
        Arrival::Uniform => "uniform",
        Arrival::Poisson => "poisson",
    }
}

fn finite(value: f64) -> f64 {
    if value.is_finite() { rounded(value) } else { 0.0 }
}

pub(super) fn generator(report: &Report<'_>) -> Generator {
    let validity = &report.judgement.validity;
    let record = &report.run.record;
    Generator {
        valid: validity.is_valid(),
        reasons: validity.reasons.iter().map(ToString::to_string).collect(),
        warnings: validity.warnings.iter().map(ToString::to_string).collect(),
        sched_lag: lag(&record.sched_lag),
        sched_lag_limit_us: microseconds(validity.lag_limit as f64),
        conn_wait: lag(&record.conn_wait),
        busiest_thread: figures::busiest_thread(report.run).map_or(0.0, |(_, busy)| rounded(busy)),
        headroom: validity.headroom.map(rounded),
        floor_p99_us: report.conditions.floor.map(|floor| microseconds(floor.as_nanos() as f64)),
    }
}

fn lag(histogram: &Histogram<u64>) -> Lag {
    let at = |percentile: Percentile| percentile.of(histogram).map(|value| microseconds(value as f64));
    Lag {
        p50_us: at(Percentile::P50),
        p99_us: at(Percentile::P99),
        max_us: (!histogram.is_empty()).then(|| microseconds(histogram.max() as f64)),
    }
}

pub(super) fn operation<'r>(
    report: &Report<'_>,
    operation: &'r scenario::Operation,
    record: Option<&OperationRecord>,
) -> Operation<'r> {
    let nothing;
    let seen = match record {
        Some(record) => record,
        None => {
            nothing = OperationRecord::default();
            &nothing
        }
    };
    Operation {
        operation_id: operation.id.as_deref(),
        method: &operation.method,
        path: &operation.path,
        weight: figures::share_of_weight(operation.weight, report.scenario),
        count: seen.response.len(),
        rate_per_s: rounded(figures::per_second(seen.response.len(), report.run)),
        latency: latencies::part(&seen.response),
        server: seen.server.as_ref().map(latencies::part),
        status: seen.statuses.clone(),
        errors: super::errors(&seen.errors),
        schema_invalid: errors_of(record, ErrorClass::Schema),
    }
}

pub(super) fn verify(verification: &Verification) -> Verify<'_> {
    Verify {
        mode: verification.mode.name(),
        checked: verification.checked,
        invalid: verification.invalid,
        skipped: verification.skipped,
        first_failures: &verification.first_failures,
    }
}

pub(super) fn threshold(outcome: &Outcome) -> Threshold<'_> {
    let bound = &outcome.bound;
    let unit = match (bound.threshold.metric, bound.threshold.limit) {
        (Metric::Latency(..) | Metric::Window(_), _) => "us",
        (_, Limit::PerSecond(_) | Limit::OfTarget(_)) => "per_s",
        (_, Limit::Share(_)) => "ratio",
        _ => "count",
    };
    let value = |value: f64| match unit {
        "us" => microseconds(value),
        "per_s" => rounded(value),
        _ => value,
    };
    Threshold {
        expr: &bound.threshold.text,
        scope: bound.threshold.scope.as_deref(),
        observed: outcome.observed.map(value),
        ci95: outcome.interval.map(|(low, high)| [value(low), value(high)]),
        unit,
        limit: value(bound.limit),
        passed: outcome.passed,
        near_limit: outcome.is_near_limit(),
        too_few_samples: outcome.has_few_samples,
    }
}

pub(super) fn second((second, seen): (usize, &record::Second)) -> Second {
    let at = |percentile: Percentile| percentile.of(&seen.response).map(|value| microseconds(value as f64));
    Second {
        t_s: second,
        sent: seen.sent,
        p50_us: at(Percentile::P50),
        p99_us: at(Percentile::P99),
        errors: seen.errors,
    }
}
