//! Names of metrics.

use super::fault::Fault;
use super::threshold::{Clock, Metric, Statistic};
use crate::percentile::Percentile;

/// Names that can stand before a point, and the clock they mean; `wire` is how reports call the service time.
const CLOCKS: [(&str, Clock); 5] = [
    ("response", Clock::Response),
    ("service", Clock::Service),
    ("wire", Clock::Service),
    ("first_byte", Clock::FirstByte),
    ("connect", Clock::Connect),
];

/// What other tools call the metrics.
const ELSEWHERE: [(&str, &str); 14] = [
    ("avg", "mean"),
    ("average", "mean"),
    ("med", "p50"),
    ("median", "p50"),
    ("latency", "p99"),
    ("http_req_duration", "p99"),
    ("http_req_failed", "error_rate"),
    ("failures", "errors"),
    ("rate", "rps"),
    ("qps", "rps"),
    ("throughput", "rps"),
    ("stddev", "stdev"),
    ("ttfb", "first_byte.p99"),
    ("window", "window_p99"),
];

/// Names that stand alone.
const KNOWN: [&str; 9] = ["min", "mean", "max", "stdev", "rps", "error_rate", "errors", "window_p99", "p99"];
/// How near a name must be to one that is known, 0 to 1 (Jaro–Winkler).
const NEAR: f64 = 0.7;

/// Reads `p99.9`, `service.p99`, `rps`; `text` is the whole threshold.
pub(super) fn parse(text: &str, written: &str) -> Result<Metric, Fault> {
    if written.is_empty() {
        return Err(Fault::NoMetric(text.to_owned()));
    }
    let name = written.to_ascii_lowercase();
    let clock = CLOCKS.iter().find_map(|(prefix, clock)| {
        let rest = name.strip_prefix(prefix)?.strip_prefix('.')?;
        Some((*prefix, *clock, rest.to_owned()))
    });
    let Some((prefix, clock, rest)) = clock else { return plain(&name) };
    match plain(&rest)? {
        Metric::Latency(_, statistic) => Ok(Metric::Latency(clock, statistic)),
        metric if clock == Clock::Response => Ok(metric),
        Metric::Window(_) => Err(Fault::ClockOfWindow(rest, prefix.to_owned())),
        _ => Err(Fault::ClockOfCount { clock: prefix.to_owned(), metric: rest }),
    }
}

/// A metric without a clock.
fn plain(name: &str) -> Result<Metric, Fault> {
    let of_response = |statistic| Ok(Metric::Latency(Clock::Response, statistic));
    match name {
        "min" => return of_response(Statistic::Min),
        "mean" => return of_response(Statistic::Mean),
        "max" => return of_response(Statistic::Max),
        "stdev" => return of_response(Statistic::Stdev),
        "rps" => return Ok(Metric::Rps),
        "error_rate" => return Ok(Metric::ErrorRate),
        "errors" => return Ok(Metric::Errors),
        _ => {}
    }
    if let Some(digits) = name.strip_prefix("window_p").filter(|digits| looks_numeric(digits)) {
        return percentile(name, digits).map(Metric::Window);
    }
    if let Some(digits) = name.strip_prefix('p').filter(|digits| looks_numeric(digits)) {
        return percentile(name, digits)
            .map(|percentile| Metric::Latency(Clock::Response, Statistic::Percentile(percentile)));
    }
    Err(Fault::Metric { metric: name.to_owned(), nearest: nearest(name) })
}

fn looks_numeric(digits: &str) -> bool {
    digits.starts_with(|c: char| c.is_ascii_digit() || c == '.')
}

fn percentile(metric: &str, digits: &str) -> Result<Percentile, Fault> {
    let hint = || match digits.split_once('.') {
        None if digits.bytes().all(|byte| byte == b'0') => "the 0th is called `min`".to_owned(),
        None if digits == "100" => "the 100th is called `max`".to_owned(),
        None if digits.starts_with("99") && digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            let (whole, fraction) = digits.split_at(2);
            format!("with its point it is `p{whole}.{fraction}`")
        }
        Some((whole, fraction)) if whole.len() <= 2 && fraction.len() > 7 => {
            "it has at most seven digits behind the point".to_owned()
        }
        _ => "it lies between 0 and 100, as in `p99.9`".to_owned(),
    };
    Percentile::parse(digits).ok_or_else(|| Fault::Percentile { metric: metric.to_owned(), hint: hint() })
}

/// The name that is meant most likely; `p(99)` of k6 is `p99`.
fn nearest(name: &str) -> Option<String> {
    if let Some(digits) = name.strip_prefix("p(").and_then(|rest| rest.strip_suffix(')')) {
        return Percentile::parse(digits).map(|percentile| percentile.to_string());
    }
    if let Some((_, ours)) = ELSEWHERE.iter().find(|(theirs, _)| *theirs == name) {
        return Some((*ours).to_owned());
    }
    if let Some((clock, rest)) = name.split_once('.') {
        let near = |known: &&(&str, Clock)| strsim::jaro_winkler(clock, known.0) >= NEAR;
        let known = CLOCKS
            .iter()
            .filter(near)
            .max_by(|a, b| strsim::jaro_winkler(clock, a.0).total_cmp(&strsim::jaro_winkler(clock, b.0)));
        return known.map(|(prefix, _)| format!("{prefix}.{rest}"));
    }
    closest(name, KNOWN.iter().map(|known| (*known).to_owned()))
}

/// The most similar of some names, if any is similar.
pub(super) fn closest(name: &str, names: impl Iterator<Item = String>) -> Option<String> {
    let scored = names.map(|known| (strsim::jaro_winkler(name, &known), known));
    let best = scored.filter(|(score, _)| *score >= NEAR).max_by(|a, b| a.0.total_cmp(&b.0));
    best.map(|(_, known)| known)
}
