//! Latency by percentile, the axis of percentiles being logarithmic towards 100 %.

use hdrhistogram::Histogram;

use super::{Panel, Scale, column, legend, line, open, rows};
use crate::number;
use crate::record::Record;

const HEIGHT: f64 = 330.0;
const PANEL: Panel = Panel { top: 30.0, bottom: 295.0 };
const TICKS_PER_HALF_DISTANCE: u32 = 5;
/// What 1/(1−quantile) may be, each with its label.
const COLUMNS: [(f64, &str); 9] = [
    (1.0, "0 %"),
    (2.0, "50 %"),
    (10.0, "90 %"),
    (1e2, "99 %"),
    (1e3, "99.9 %"),
    (1e4, "99.99 %"),
    (1e5, "99.999 %"),
    (1e6, "99.9999 %"),
    (1e7, "99.99999 %"),
];

/// Response and service time.
pub(in crate::report) fn latency_curve(record: &Record) -> String {
    let (response, service) = (steps(&record.response), steps(&record.service));
    let latencies = response.iter().chain(&service).map(|(_, latency)| *latency);
    let y_scale = Scale::around(latencies);
    let x_scale = Scale::decades(record.response.len().max(record.service.len()) as f64);
    let mut svg = String::new();
    open(&mut svg, HEIGHT, "Latency by percentile");
    rows(&mut svg, PANEL, y_scale, number::round_latency);
    let (x, y) = (PANEL.x(x_scale), PANEL.y(y_scale));
    for (odds, label) in COLUMNS.iter().filter(|(odds, _)| *odds <= x_scale.max()) {
        column(&mut svg, PANEL, x(*odds), label);
    }
    for (class, steps) in [("second", &service), ("first", &response)] {
        line(&mut svg, class, steps.iter().map(|(odds, latency)| Some((x(*odds), y(*latency)))));
    }
    let lines = [("first", "response"), ("second", "wire")];
    legend(&mut svg, PANEL, "Latency by percentile", &lines);
    svg.push_str("</svg>");
    svg
}

/// 1/(1−quantile) and nanoseconds; the last sample of all stands at their number.
fn steps(histogram: &Histogram<u64>) -> Vec<(f64, f64)> {
    if histogram.is_empty() {
        return Vec::new();
    }
    let samples = histogram.len() as f64;
    let ticks = histogram.iter_quantiles(TICKS_PER_HALF_DISTANCE);
    let step = |quantile: f64| if quantile < 1.0 { (1.0 / (1.0 - quantile)).min(samples) } else { samples };
    ticks.map(|tick| (step(tick.quantile_iterated_to()), tick.value_iterated_to() as f64)).collect()
}
