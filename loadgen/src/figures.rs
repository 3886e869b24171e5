//! Figures that follow from a run, the same for verdicts and reports. None is ever NaN.

use std::collections::BTreeMap;

use crate::load::{Load, Model};
use crate::record::{Counts, ErrorClass, OperationRecord, Run};
use crate::scenario::Scenario;

/// So many, in requests a second of the measured time; 0 where no time was measured.
pub fn per_second(count: u64, run: &Run) -> f64 {
    if run.elapsed == 0 { 0.0 } else { count as f64 / seconds(run) }
}

/// The measured time, in seconds.
pub fn seconds(run: &Run) -> f64 {
    run.elapsed as f64 / 1e9
}

/// What an open loop asks for: its mean rate over all stages, in requests a second.
pub fn target_rate(load: &Load) -> Option<f64> {
    let Model::Open { stages, .. } = &load.model else { return None };
    let seconds = load.model.duration().as_secs_f64();
    let requests: f64 = stages.iter().map(|stage| stage.rate * stage.duration.as_secs_f64()).sum();
    (seconds > 0.0).then_some(requests / seconds)
}

/// Requests that came to an end: whole answers, and those that never became one.
pub fn ended(counts: &Counts) -> u64 {
    counts.completed + without_answer(&counts.errors)
}

/// As [`ended`], of one operation.
pub fn ended_of(operation: &OperationRecord) -> u64 {
    operation.statuses.values().sum::<u64>() + without_answer(&operation.errors)
}

fn without_answer(errors: &BTreeMap<ErrorClass, u64>) -> u64 {
    let has_answer = |class: &ErrorClass| matches!(class, ErrorClass::Status | ErrorClass::Schema);
    errors.iter().filter(|(class, _)| !has_answer(class)).map(|(_, count)| count).sum()
}

/// Errors of one class.
pub fn errors(counts: &Counts, class: ErrorClass) -> u64 {
    counts.errors.get(&class).copied().unwrap_or(0)
}

/// Errors among the requests that ended, 0 to 1; nothing where none ended.
pub fn error_rate(counts: &Counts) -> Option<f64> {
    share(counts.failed(), ended(counts))
}

/// A part of a whole, 0 to 1; nothing where there is no whole.
pub fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| (part as f64 / whole as f64).min(1.0))
}

/// The busiest thread: its number and its share of time at work.
pub fn busiest_thread(run: &Run) -> Option<(usize, f64)> {
    let busy = run.threads.iter().map(|thread| thread.busy).enumerate();
    busy.filter(|(_, busy)| busy.is_finite()).max_by(|a, b| a.1.total_cmp(&b.1))
}

/// Not one connection could be made.
pub fn is_unreachable(counts: &Counts) -> bool {
    let failed = counts.failed();
    counts.completed == 0 && failed > 0 && errors(counts, ErrorClass::Connect) == failed
}

/// The part of all requests that an operation gets, 0 to 1.
pub fn share_of_weight(weight: f64, scenario: &Scenario) -> f64 {
    let total: f64 = scenario.operations.iter().map(|operation| operation.weight).sum();
    if total > 0.0 { weight / total } else { 0.0 }
}
