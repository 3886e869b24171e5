//! What a search for the highest rate found.

use serde::Serialize;

use super::{microseconds, rounded};
use crate::search::{Found, Probe};

#[derive(Serialize)]
pub(super) struct FindMax<'r> {
    max_rps: Option<f64>,
    generator_limited: bool,
    confirmed: bool,
    probes: Vec<Point<'r>>,
}

#[derive(Serialize)]
struct Point<'r> {
    rps: f64,
    duration_s: f64,
    confirmation: bool,
    completed_per_s: f64,
    p50_us: Option<f64>,
    p99_us: Option<f64>,
    p999_us: Option<f64>,
    errors: u64,
    error_rate: f64,
    verdict: &'static str,
    broken: &'r [String],
}

pub(super) fn find_max(found: &Found) -> FindMax<'_> {
    FindMax {
        max_rps: found.outcome.max.map(rounded),
        generator_limited: found.outcome.generator_limited,
        confirmed: found.outcome.confirmed,
        probes: found.probes.iter().map(point).collect(),
    }
}

fn point(probe: &Probe) -> Point<'_> {
    let latency = |value: Option<u64>| value.map(|value| microseconds(value as f64));
    Point {
        rps: rounded(probe.rate),
        duration_s: probe.duration.as_secs_f64(),
        confirmation: probe.is_confirmation,
        completed_per_s: rounded(probe.completed),
        p50_us: latency(probe.p50),
        p99_us: latency(probe.p99),
        p999_us: latency(probe.p999),
        errors: probe.errors,
        error_rate: probe.error_rate,
        verdict: probe.verdict.name(),
        broken: &probe.broken,
    }
}
