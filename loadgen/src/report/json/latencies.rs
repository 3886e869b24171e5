//! Latencies, in microseconds but where a key says otherwise.

use hdrhistogram::serialization::{Serializer, V2DeflateSerializer};
use hdrhistogram::{Counter, Histogram};
use serde::Serialize;

use super::{microseconds, rounded};
use crate::figures;
use crate::percentile::Percentile;
use crate::record::{Record, Run};
use crate::report::base64;
use crate::report::latency::Latency;

#[derive(Serialize)]
pub(super) struct Latencies {
    response: Whole,
    wire: Whole,
    first_byte: Whole,
    server: Option<Whole>,
    connect: Whole,
}

/// Of one operation.
#[derive(Serialize)]
pub(super) struct Part {
    min_us: Option<f64>,
    mean_us: Option<f64>,
    stdev_us: Option<f64>,
    p50_us: Option<f64>,
    p75_us: Option<f64>,
    p90_us: Option<f64>,
    p95_us: Option<f64>,
    p99_us: Option<f64>,
    p99_ci95_us: Option<[f64; 2]>,
    p999_us: Option<f64>,
    p9999_us: Option<f64>,
    max_us: Option<f64>,
    count: u64,
}

/// Of the whole run: with the histogram itself, in nanoseconds.
#[derive(Serialize)]
struct Whole {
    #[serde(flatten)]
    part: Part,
    hdr_v2_base64: Option<String>,
}

/// The block that oha writes for CI.
#[derive(Serialize)]
pub(super) struct Metrics {
    success_rate: f64,
    requests_per_sec: f64,
    latency_ms: Milliseconds,
}

#[derive(Serialize)]
struct Milliseconds {
    min: Option<f64>,
    mean: Option<f64>,
    p50: Option<f64>,
    p95: Option<f64>,
    p99: Option<f64>,
}

pub(super) fn of_run(record: &Record) -> Latencies {
    Latencies {
        response: whole(&record.response),
        wire: whole(&record.service),
        first_byte: whole(&record.first_byte),
        server: (!record.server.is_empty()).then(|| whole(&record.server)),
        connect: whole(&record.connect),
    }
}

fn whole(histogram: &Histogram<u64>) -> Whole {
    Whole { part: part(histogram), hdr_v2_base64: serialized(histogram) }
}

fn serialized(histogram: &Histogram<u64>) -> Option<String> {
    if histogram.is_empty() {
        return None;
    }
    let mut bytes = Vec::new();
    V2DeflateSerializer::new().serialize(histogram, &mut bytes).ok()?;
    Some(base64::encode(&bytes))
}

pub(super) fn part<T: Counter>(histogram: &Histogram<T>) -> Part {
    let latency = Latency::of(histogram);
    let figure = |of: fn(&Latency) -> f64| latency.as_ref().map(|latency| microseconds(of(latency)));
    let at = |percentile| latency.as_ref().map(|latency| microseconds(latency.percentile(percentile)));
    let interval = Percentile::P99.interval(histogram);
    Part {
        min_us: figure(|latency| latency.min),
        mean_us: figure(|latency| latency.mean),
        stdev_us: figure(|latency| latency.stdev),
        p50_us: at(Percentile::P50),
        p75_us: at(Percentile::P75),
        p90_us: at(Percentile::P90),
        p95_us: at(Percentile::P95),
        p99_us: at(Percentile::P99),
        p99_ci95_us: interval.map(|(low, high)| [low, high].map(|value| microseconds(value as f64))),
        p999_us: at(Percentile::P999),
        p9999_us: at(Percentile::P9999),
        max_us: figure(|latency| latency.max),
        count: histogram.len(),
    }
}

/// Success is an answer without error, of whatever class.
pub(super) fn metrics(run: &Run) -> Metrics {
    let counts = &run.record.counts;
    let latency = Latency::of(&run.record.response);
    let figure = |of: fn(&Latency) -> f64| latency.as_ref().map(|latency| rounded(of(latency) / 1e6));
    Metrics {
        success_rate: figures::error_rate(counts).map_or(0.0, |rate| 1.0 - rate),
        requests_per_sec: rounded(figures::per_second(counts.completed, run)),
        latency_ms: Milliseconds {
            min: figure(|latency| latency.min),
            mean: figure(|latency| latency.mean),
            p50: figure(|latency| latency.percentile(Percentile::P50)),
            p95: figure(|latency| latency.percentile(Percentile::P95)),
            p99: figure(|latency| latency.percentile(Percentile::P99)),
        },
    }
}
