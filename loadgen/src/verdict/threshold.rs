//! What must hold, as users write it: `p99<5ms`, `p99{GET /pets}<3ms`, `rps>=99.9%`, `error_rate<0.1%`.

use std::fmt;

use super::fault::Fault;
use super::metric;
use crate::limits::MAX_THRESHOLD_BYTES;
use crate::percentile::Percentile;
use crate::{decimal, duration, rate};

/// A condition on a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Threshold {
    /// As the user wrote it
    pub text: String,
    /// What is looked at
    pub metric: Metric,
    /// The operation it is about, as `GET /pets` or by its `operationId`; else all together
    pub scope: Option<String>,
    /// How it must be to the limit
    pub comparison: Comparison,
    /// What it is compared with
    pub limit: Limit,
}

/// What a threshold looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metric {
    /// A figure of one of the latencies
    Latency(Clock, Statistic),
    /// The worst second's percentile of the response time
    Window(Percentile),
    /// Answers a second
    Rps,
    /// Errors among the requests that ended
    ErrorRate,
    /// How many errors
    Errors,
}

/// From when to when a latency is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// From when a request was due to the end of its answer
    Response,
    /// From when it was sent to the end of its answer
    Service,
    /// From when it was sent to the first byte of its answer
    FirstByte,
    /// Making a connection
    Connect,
}

/// One figure of many latencies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Statistic {
    /// What so many percent are not above
    Percentile(Percentile),
    /// The shortest
    Min,
    /// The arithmetic mean
    Mean,
    /// The longest
    Max,
    /// The standard deviation
    Stdev,
}

/// How what was observed must be to the limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `<`
    Below,
    /// `<=`
    AtMost,
    /// `>`
    Above,
    /// `>=`
    AtLeast,
}

/// What is compared with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Limit {
    /// A latency, in nanoseconds
    Nanoseconds(f64),
    /// Requests a second
    PerSecond(f64),
    /// A part of the target rate, 1 for all of it
    OfTarget(f64),
    /// A part of all requests, 0 to 1
    Share(f64),
    /// A number of requests
    Count(f64),
}

impl Threshold {
    /// Reads one threshold.
    ///
    /// # Errors
    /// Says what would be right.
    pub fn parse(text: &str) -> Result<Threshold, Fault> {
        let text = text.trim();
        if text.is_empty() {
            return Err(Fault::Empty);
        }
        if text.len() > MAX_THRESHOLD_BYTES {
            return Err(Fault::TooLong);
        }
        let parts = Parts::of(text)?;
        let comparison = comparison(text, parts.sign)?;
        let metric = metric::parse(text, parts.metric)?;
        check_scope(metric, &parts)?;
        let limit = limit(metric, &parts)?;
        let threshold = Threshold {
            text: text.to_owned(),
            metric,
            scope: parts.scope.map(str::to_owned),
            comparison,
            limit,
        };
        threshold.check_possible(&parts)?;
        Ok(threshold)
    }

    /// No count is below zero.
    fn check_possible(&self, parts: &Parts<'_>) -> Result<(), Fault> {
        let limit = match self.limit {
            Limit::Nanoseconds(value)
            | Limit::PerSecond(value)
            | Limit::OfTarget(value)
            | Limit::Share(value)
            | Limit::Count(value) => value,
        };
        if limit > 0.0 || self.comparison != Comparison::Below {
            return Ok(());
        }
        let right = match self.limit {
            Limit::Nanoseconds(_) => format!("{}<5ms", parts.metric),
            _ => format!("{}<={}", parts.metric, parts.limit),
        };
        Err(Fault::Never(self.text.clone(), right))
    }
}

impl fmt::Display for Threshold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Comparison {
    /// Whether a value is as it must be.
    pub fn holds(self, value: f64, limit: f64) -> bool {
        match self {
            Comparison::Below => value < limit,
            Comparison::AtMost => value <= limit,
            Comparison::Above => value > limit,
            Comparison::AtLeast => value >= limit,
        }
    }

    /// It bounds from above.
    pub fn is_upper_bound(self) -> bool {
        matches!(self, Comparison::Below | Comparison::AtMost)
    }
}

/// `metric{scope}sign limit`.
struct Parts<'t> {
    metric: &'t str,
    scope: Option<&'t str>,
    sign: &'t str,
    limit: &'t str,
}

impl<'t> Parts<'t> {
    fn of(text: &'t str) -> Result<Parts<'t>, Fault> {
        let is_sign = |c: char| "<>=!≤≥≠".contains(c);
        let (before, scope, behind) = match text.find(['{', '<', '>', '=', '!', '≤', '≥', '≠']) {
            Some(open) if text[open..].starts_with('{') => {
                let close = text.rfind('}').ok_or_else(|| Fault::OpenScope(text.to_owned()))?;
                if close < open {
                    return Err(Fault::OpenScope(text.to_owned()));
                }
                let scope = text[open + 1..close].trim();
                if scope.is_empty() {
                    return Err(Fault::EmptyScope(text.to_owned()));
                }
                (&text[..open], Some(scope), text[close + 1..].trim_start())
            }
            Some(_) if text.contains('{') => return Err(Fault::MisplacedScope(text.to_owned())),
            Some(sign) => (&text[..sign], None, &text[sign..]),
            None => return Err(Fault::NoComparison(text.to_owned())),
        };
        let end = behind.find(|c: char| !is_sign(c)).unwrap_or(behind.len());
        let (sign, limit) = behind.split_at(end);
        if sign.is_empty() {
            return Err(Fault::NoComparison(text.to_owned()));
        }
        Ok(Parts { metric: before.trim(), scope, sign, limit: limit.trim() })
    }
}

fn comparison(text: &str, sign: &str) -> Result<Comparison, Fault> {
    let hint = match sign {
        "<" => return Ok(Comparison::Below),
        "<=" => return Ok(Comparison::AtMost),
        ">" => return Ok(Comparison::Above),
        ">=" => return Ok(Comparison::AtLeast),
        "=>" | "≥" => "write `>=`",
        "=<" | "≤" => "write `<=`",
        "=" | "==" => "measured values are never quite equal, write `<`, `<=`, `>` or `>=`",
        _ => "write `<`, `<=`, `>` or `>=`",
    };
    Err(Fault::Comparison { text: text.to_owned(), sign: sign.to_owned(), hint: hint.to_owned() })
}

fn check_scope(metric: Metric, parts: &Parts<'_>) -> Result<(), Fault> {
    if parts.scope.is_none() {
        return Ok(());
    }
    match metric {
        Metric::Window(_) => Err(Fault::WindowOfOperation(parts.metric.to_owned())),
        Metric::Latency(clock, _) if clock != Clock::Response => {
            let (clock, metric) = parts.metric.split_once('.').unwrap_or(("", parts.metric));
            Err(Fault::ClockOfOperation(metric.to_owned(), clock.to_owned()))
        }
        _ => Ok(()),
    }
}

fn limit(metric: Metric, parts: &Parts<'_>) -> Result<Limit, Fault> {
    let text = parts.limit;
    if text.is_empty() {
        let example = match metric {
            Metric::Latency(..) | Metric::Window(_) => "5ms",
            Metric::Rps => "99.9%",
            Metric::ErrorRate => "0.1%",
            Metric::Errors => "10",
        };
        let before = format!("{}{}", parts.metric, parts.sign);
        return Err(Fault::NoLimit(before, example));
    }
    match metric {
        Metric::Latency(..) | Metric::Window(_) => latency(parts.metric, text),
        Metric::Rps => match text.strip_suffix('%') {
            Some(percent) => {
                let shape = || Fault::Rate(rate::Fault::Shape(text.to_owned()));
                Ok(Limit::OfTarget(decimal::parse(percent.trim_end()).ok_or_else(shape)? / 100.0))
            }
            None if text.eq_ignore_ascii_case("max") => Err(Fault::MaxRate),
            None => rate::per_second(text).map(Limit::PerSecond).map_err(Fault::Rate),
        },
        Metric::ErrorRate => share(text),
        Metric::Errors => {
            let is_whole = text.bytes().all(|byte| byte.is_ascii_digit());
            let count = decimal::parse(text).filter(|_| is_whole);
            count.map(Limit::Count).ok_or_else(|| Fault::Count(text.to_owned()))
        }
    }
}

fn latency(metric: &str, text: &str) -> Result<Limit, Fault> {
    let not_a_time = || Fault::NotATime { metric: metric.to_owned(), limit: text.to_owned() };
    match duration::parse(text) {
        Ok(duration) => Ok(Limit::Nanoseconds(duration.as_nanos() as f64)),
        Err(duration::Fault::NoUnit(limit)) => Err(Fault::NoUnit { metric: metric.to_owned(), limit }),
        Err(duration::Fault::Shape(_)) => Err(not_a_time()),
        Err(_) if text.ends_with('%') => Err(not_a_time()),
        Err(fault) => Err(Fault::Duration(fault)),
    }
}

fn share(text: &str) -> Result<Limit, Fault> {
    let error = || Fault::ErrorRate(text.to_owned());
    if let Some(percent) = text.strip_suffix('%') {
        let percent = decimal::parse(percent.trim_end()).ok_or_else(error)?;
        return if percent > 100.0 { Err(error()) } else { Ok(Limit::Share(percent / 100.0)) };
    }
    let fraction = decimal::parse(text).ok_or_else(error)?;
    if fraction >= 1.0 { Err(Fault::NoShare(text.to_owned())) } else { Ok(Limit::Share(fraction)) }
}
