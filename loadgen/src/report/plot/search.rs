//! What a search for the highest rate saw: latency by rate, and what came of each probe.

use std::fmt::Write;

use super::{LEFT, Panel, RIGHT, Scale, WIDTH, column, legend, line, open, rows};
use crate::number;
use crate::report::html::escaped;
use crate::search::{Finding, Found, Probe};
use crate::verdict::Outcome;
use crate::verdict::threshold::{Clock, Metric, Statistic};

const HEIGHT: f64 = 342.0;
const PANEL: Panel = Panel { top: 30.0, bottom: 277.0 };
/// Where the marks are explained.
const MARKS: f64 = 327.0;
/// Marks of probes, with what they stand for.
const KINDS: [(&str, &str); 3] = [("holds", "holds"), ("breaks", "breaks"), ("unsure", "says nothing")];

/// Median and p99 of each probe by its rate, the thresholds that limit them, and the rate that was found.
pub(in crate::report) fn search(found: &Found, outcomes: &[Outcome]) -> String {
    let mut probes: Vec<&Probe> = found.probes.iter().collect();
    probes.sort_by(|a, b| a.rate.total_cmp(&b.rate));
    let limits: Vec<&Outcome> = outcomes.iter().filter(|outcome| is_drawn(outcome)).collect();
    let latencies =
        probes.iter().flat_map(|probe| [probe.p50, probe.p99]).flatten().map(|value| value as f64);
    let y_scale = Scale::around(latencies.chain(limits.iter().map(|outcome| outcome.bound.limit)));
    let x_scale = Scale::linear(probes.last().map_or(0.0, |probe| probe.rate));
    let mut svg = String::new();
    open(&mut svg, HEIGHT, "Latency by rate");
    rows(&mut svg, PANEL, y_scale, number::round_latency);
    let (x, y) = (PANEL.x(x_scale), PANEL.y(y_scale));
    for tick in x_scale.ticks() {
        column(&mut svg, PANEL, x(tick), &format!("{}/s", number::rate(tick)));
    }
    for outcome in limits {
        limit(&mut svg, y(outcome.bound.limit), &escaped(&outcome.bound.threshold.text));
    }
    if let Some(max) = found.outcome.max {
        answer(&mut svg, x(max), max, found.outcome.generator_limited);
    }
    let place = |probe: &Probe, value: Option<u64>| value.map(|value| (x(probe.rate), y(value as f64)));
    line(&mut svg, "second", probes.iter().map(|probe| place(probe, probe.p50)));
    line(&mut svg, "first", probes.iter().map(|probe| place(probe, probe.p99)));
    for probe in &probes {
        // Where there were too few samples for any latency, the mark stands on the axis.
        let at = place(probe, probe.p99.or(probe.p50)).unwrap_or((x(probe.rate), PANEL.bottom));
        mark(&mut svg, kind(probe), at, Some(probe));
    }
    legend(&mut svg, PANEL, "Latency by rate", &[("second", "p50"), ("first", "p99")]);
    explain(&mut svg);
    svg.push_str("</svg>");
    svg
}

/// Limits of what the curve shows: percentiles of the response time of all requests.
fn is_drawn(outcome: &Outcome) -> bool {
    let threshold = &outcome.bound.threshold;
    let is_percentile =
        matches!(threshold.metric, Metric::Latency(Clock::Response, Statistic::Percentile(_)));
    is_percentile && threshold.scope.is_none()
}

fn limit(svg: &mut String, at: f64, text: &str) {
    let _ = write!(
        svg,
        r#"<path class="limit" d="M{LEFT} {at:.1}H{:.1}"/><text x="{:.1}" y="{:.1}">{text}</text>"#,
        WIDTH - RIGHT,
        LEFT + 6.0,
        at + 15.0
    );
}

fn answer(svg: &mut String, at: f64, rate: f64, is_least: bool) {
    let sign = if is_least { "≥ " } else { "" };
    let _ = write!(
        svg,
        r#"<path class="found" d="M{at:.1} {:.1}V{:.1}"/><text class="x found" x="{at:.1}" y="{:.1}">{sign}{}/s</text>"#,
        PANEL.top,
        PANEL.bottom,
        PANEL.bottom + 34.0,
        number::rate(rate)
    );
}

fn kind(probe: &Probe) -> usize {
    match probe.finding() {
        Some(Finding::Holds) => 0,
        Some(Finding::Breaks) => 1,
        Some(Finding::Limited) | None => 2,
    }
}

/// A disc where a rate holds, a cross where it breaks, a ring where nothing can be said; with a word for the pointer.
fn mark(svg: &mut String, kind: usize, (x, y): (f64, f64), probe: Option<&Probe>) {
    let (class, word) = KINDS[kind];
    let title = probe.map_or(String::new(), |probe| {
        let shown =
            |value: Option<u64>| value.map_or(number::NONE.to_owned(), |value| number::latency(value as f64));
        let (p50, p99) = (shown(probe.p50), shown(probe.p99));
        format!("<title>{}/s: {word}, p50 {p50}, p99 {p99}</title>", number::rate(probe.rate))
    });
    let _ = match kind {
        1 => write!(
            svg,
            r#"<path class="{class}" d="M{:.1} {:.1}l10 10m0 -10l-10 10">{title}</path>"#,
            x - 5.0,
            y - 5.0
        ),
        _ => write!(svg, r#"<circle class="{class}" cx="{x:.1}" cy="{y:.1}" r="5">{title}</circle>"#),
    };
}

fn explain(svg: &mut String) {
    let mut x = LEFT + 6.0;
    for (kind, (_, word)) in KINDS.iter().enumerate() {
        mark(svg, kind, (x, MARKS - 4.0), None);
        let _ = write!(svg, r#"<text x="{:.1}" y="{MARKS}">{word}</text>"#, x + 12.0);
        x += 40.0 + 7.5 * word.len() as f64;
    }
}
