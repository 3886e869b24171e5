//! A threshold joined with what it speaks of: operations of a scenario, the target rate of a load.

use std::time::Duration;

use hdrhistogram::{Counter, Histogram};

use super::fault::Fault;
use super::metric::closest;
use super::threshold::{Clock, Comparison, Limit, Metric, Statistic, Threshold};
use crate::duration::Written;
use crate::figures;
use crate::limits::{FLOOR_TIMES, HIGHEST_LATENCY};
use crate::load::Load;
use crate::percentile::Percentile;
use crate::record::{OperationRecord, Run, of_part};
use crate::scenario::{Operation, Scenario};

/// A threshold that can be evaluated.
#[derive(Clone, Debug)]
pub struct Bound {
    /// As the user wrote it
    pub threshold: Threshold,
    /// In the unit of what is observed: nanoseconds, requests a second, a part of 1, or a number
    pub limit: f64,
    /// What is odd about it, before anything is sent
    pub warnings: Vec<String>,
    /// Operations it is about; all where there is no scope
    operations: Option<Vec<usize>>,
}

/// What became of a threshold.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The threshold and its limit
    pub bound: Bound,
    /// In the unit of the limit; nothing where nothing was measured
    pub observed: Option<f64>,
    /// 95 % interval of a percentile
    pub interval: Option<(f64, f64)>,
    /// It holds; what was not measured does not hold
    pub passed: bool,
    /// Too few samples lie above the percentile
    pub has_few_samples: bool,
}

/// What was observed, before it is compared.
#[derive(Default)]
struct Observed {
    value: Option<f64>,
    interval: Option<(f64, f64)>,
    has_few_samples: bool,
}

impl Bound {
    /// Joins a threshold with the run to come. `floor` is the p99 that the generator itself takes, where it was
    /// measured.
    ///
    /// # Errors
    /// A scope that is no operation, a part of a rate that there is not, a latency too near to the floor.
    pub fn new(
        threshold: Threshold,
        scenario: &Scenario,
        load: &Load,
        floor: Option<Duration>,
    ) -> Result<Bound, Fault> {
        let operations = threshold.scope.as_deref().map(|scope| operations(scope, scenario)).transpose()?;
        let target = figures::target_rate(load);
        let limit = match threshold.limit {
            Limit::OfTarget(part) => {
                let share = operations.as_deref().map_or(1.0, |some| share_of(some, scenario));
                target.ok_or_else(|| Fault::NoTarget(threshold.text.clone()))? * part * share
            }
            Limit::Nanoseconds(value)
            | Limit::PerSecond(value)
            | Limit::Share(value)
            | Limit::Count(value) => value,
        };
        let bound = Bound { threshold, limit, warnings: Vec::new(), operations };
        if let Some(floor) = floor {
            bound.check_floor(floor)?;
        }
        Ok(Bound { warnings: bound.oddities(target), ..bound })
    }

    /// The upper bound it sets on a latency, in nanoseconds.
    pub fn latency_limit(&self) -> Option<f64> {
        let is_latency = matches!(self.threshold.metric, Metric::Latency(..) | Metric::Window(_));
        (is_latency && self.threshold.comparison.is_upper_bound()).then_some(self.limit)
    }

    /// Connections are made before anything is timed: the floor says nothing of them.
    fn check_floor(&self, floor: Duration) -> Result<(), Fault> {
        if matches!(self.threshold.metric, Metric::Latency(Clock::Connect, _)) {
            return Ok(());
        }
        let least = floor.saturating_mul(FLOOR_TIMES as u32);
        match self.latency_limit() {
            Some(limit) if limit < least.as_nanos() as f64 => Err(Fault::Floor {
                text: self.threshold.text.clone(),
                floor: Written(in_microseconds(floor)).to_string(),
                least: Written(in_microseconds(least)).to_string(),
            }),
            _ => Ok(()),
        }
    }

    fn oddities(&self, target: Option<f64>) -> Vec<String> {
        let Threshold { text, metric, comparison, scope, .. } = &self.threshold;
        let mut warnings = Vec::new();
        match metric {
            Metric::Rps if scope.is_none() => {
                let limit = self.limit;
                let never = match comparison {
                    Comparison::Above => target.is_some_and(|target| limit >= target),
                    Comparison::AtLeast => target.is_some_and(|target| limit > target),
                    _ => false,
                };
                if never {
                    warnings.push(format!(
                        "`{text}` can never pass: no more than the target rate is sent; write `rps>=99.9%`"
                    ));
                } else if *comparison == Comparison::AtLeast && target == Some(limit) {
                    warnings.push(format!(
                        "`{text}` passes only if not one request is late or lost; write `rps>=99.9%`"
                    ));
                }
            }
            Metric::Latency(_, Statistic::Min) => {}
            Metric::Latency(..) | Metric::Window(_) | Metric::ErrorRate | Metric::Errors
                if !comparison.is_upper_bound() =>
            {
                warnings.push(format!(
                    "`{text}` passes when things are bad: a threshold says what must hold, as `p99<5ms` does"
                ));
            }
            _ => {}
        }
        if self.latency_limit().is_some_and(|limit| limit > HIGHEST_LATENCY as f64) {
            let highest = Written(Duration::from_nanos(HIGHEST_LATENCY));
            warnings.push(format!(
                "`{text}` always passes: what takes longer than {highest} counts as {highest}"
            ));
        }
        warnings
    }

    /// Holds a run against it.
    pub fn evaluate(&self, run: &Run) -> Outcome {
        let Observed { value, interval, has_few_samples } = match self.threshold.metric {
            Metric::Latency(clock, statistic) => self.latency(run, clock, statistic),
            Metric::Window(percentile) => window(run, percentile),
            Metric::Rps => self.rate(run),
            Metric::ErrorRate => Observed { value: self.error_rate(run), ..Observed::default() },
            Metric::Errors => Observed { value: Some(self.errors(run) as f64), ..Observed::default() },
        };
        let passed = value.is_some_and(|value| self.threshold.comparison.holds(value, self.limit));
        Outcome { bound: self.clone(), observed: value, interval, passed, has_few_samples }
    }

    fn latency(&self, run: &Run, clock: Clock, statistic: Statistic) -> Observed {
        let record = &run.record;
        match (&self.operations, clock) {
            (Some(_), _) => {
                let mut joined = of_part();
                for operation in self.records(run) {
                    joined.add(&operation.response).expect("histograms of operations have the same bounds");
                }
                of_histogram(&joined, statistic)
            }
            (None, Clock::Response) => of_histogram(&record.response, statistic),
            (None, Clock::Service) => of_histogram(&record.service, statistic),
            (None, Clock::FirstByte) => of_histogram(&record.first_byte, statistic),
            (None, Clock::Connect) => of_histogram(&record.connect, statistic),
        }
    }

    fn rate(&self, run: &Run) -> Observed {
        let completed = match &self.operations {
            None => run.record.counts.completed,
            Some(_) => self.records(run).map(answers).sum(),
        };
        let value = (run.elapsed > 0).then(|| figures::per_second(completed, run));
        Observed { value, ..Observed::default() }
    }

    fn error_rate(&self, run: &Run) -> Option<f64> {
        if self.operations.is_none() {
            return figures::error_rate(&run.record.counts);
        }
        figures::share(self.errors(run), self.records(run).map(figures::ended_of).sum())
    }

    fn errors(&self, run: &Run) -> u64 {
        match &self.operations {
            None => run.record.counts.failed(),
            Some(_) => self.records(run).map(|record| record.errors.values().sum::<u64>()).sum(),
        }
    }

    /// What was seen of the operations it is about.
    fn records<'r>(&'r self, run: &'r Run) -> impl Iterator<Item = &'r OperationRecord> {
        let indices = self.operations.iter().flatten();
        indices.filter_map(|&index| run.record.operations.get(index)?.as_deref())
    }
}

impl Outcome {
    /// The interval holds values on both sides of the limit.
    pub fn is_near_limit(&self) -> bool {
        let holds = |value| self.bound.threshold.comparison.holds(value, self.bound.limit);
        self.interval.is_some_and(|(low, high)| holds(low) != holds(high))
    }
}

fn answers(record: &OperationRecord) -> u64 {
    record.statuses.values().sum()
}

/// Whole microseconds, upwards, so that what is printed is accepted.
fn in_microseconds(duration: Duration) -> Duration {
    Duration::from_micros(duration.as_nanos().div_ceil(1_000) as u64)
}

fn of_histogram<T: Counter>(histogram: &Histogram<T>, statistic: Statistic) -> Observed {
    if histogram.is_empty() {
        return Observed::default();
    }
    let value = match statistic {
        Statistic::Percentile(percentile) => {
            return Observed {
                value: percentile.of(histogram).map(|value| value as f64),
                interval: percentile.interval(histogram).map(|(low, high)| (low as f64, high as f64)),
                has_few_samples: !percentile.has_tail(histogram.len()),
            };
        }
        Statistic::Min => histogram.min() as f64,
        Statistic::Max => histogram.max() as f64,
        Statistic::Mean => histogram.mean(),
        Statistic::Stdev => histogram.stdev(),
    };
    Observed { value: Some(value), ..Observed::default() }
}

/// The worst second.
fn window(run: &Run, percentile: Percentile) -> Observed {
    let seconds = run.record.seconds.iter().map(|second| &second.response);
    let worst = seconds.filter_map(|second| Some((percentile.of(second)?, second.len())));
    let worst = worst.max_by_key(|(value, _)| *value);
    Observed {
        value: worst.map(|(value, _)| value as f64),
        interval: None,
        has_few_samples: worst.is_some_and(|(_, samples)| !percentile.has_tail(samples)),
    }
}

/// Operations of that name or `operationId`.
fn operations(scope: &str, scenario: &Scenario) -> Result<Vec<usize>, Fault> {
    let words: Vec<&str> = scope.split_whitespace().collect();
    let name = match words.split_first() {
        Some((method, path)) if !path.is_empty() => {
            format!("{} {}", method.to_ascii_uppercase(), path.join(" "))
        }
        _ => scope.to_owned(),
    };
    let all = scenario.operations.iter();
    let is_meant = |operation: &Operation| operation.id.as_deref() == Some(scope) || operation.name() == name;
    let found: Vec<usize> = all
        .clone()
        .enumerate()
        .filter(|(_, operation)| is_meant(operation))
        .map(|(index, _)| index)
        .collect();
    if !found.is_empty() {
        return Ok(found);
    }
    let names = all.flat_map(|operation| [Some(operation.name()), operation.id.clone()]).flatten();
    Err(Fault::Scope { scope: scope.to_owned(), nearest: closest(&name, names) })
}

/// The part of all requests that some operations get.
fn share_of(some: &[usize], scenario: &Scenario) -> f64 {
    let ours = some.iter().map(|&index| scenario.operations[index].weight).sum();
    figures::share_of_weight(ours, scenario)
}
