//! One probe of a search: a run at one rate.

use std::time::Duration;

use super::{Finding, Outcome};
use crate::figures;
use crate::limits::LEAST_ANSWERED_SHARE;
use crate::load::{Load, Model};
use crate::percentile::Percentile;
use crate::record::Run;
use crate::verdict::{self, Bound, Conditions, Judgement, Verdict};

/// One point of the curve. Latencies are response times in nanoseconds, where enough samples lie above them.
#[derive(Clone, Debug)]
pub struct Probe {
    /// Requests a second that were due
    pub rate: f64,
    /// How long it was held
    pub duration: Duration,
    /// Longer than the others, to confirm the rate
    pub is_confirmation: bool,
    /// Answers a second
    pub completed: f64,
    /// The median
    pub p50: Option<u64>,
    /// p99
    pub p99: Option<u64>,
    /// p99.9
    pub p999: Option<u64>,
    /// Errors of every class
    pub errors: u64,
    /// Errors among the requests that ended, 0 to 1
    pub error_rate: f64,
    /// What it comes to
    pub verdict: Verdict,
    /// Thresholds that do not hold, as the user wrote them
    pub broken: Vec<String>,
}

/// What a search comes to, and on what it rests.
#[derive(Clone, Debug)]
pub struct Found {
    /// The rate
    pub outcome: Outcome,
    /// In the order they were made
    pub probes: Vec<Probe>,
}

/// Judges a probe: as any run, and what was due must have been answered. Without that, thresholds that say nothing of
/// time would hold at any rate.
pub fn judge(run: &Run, load: &Load, bounds: &[Bound], conditions: &Conditions) -> Judgement {
    let mut judgement = verdict::judge(run, load, bounds, conditions, false);
    let counts = &run.record.counts;
    let answered = figures::share(counts.completed, counts.scheduled).unwrap_or(0.0);
    if answered < LEAST_ANSWERED_SHARE {
        judgement.warnings.push(format!("only {:.1} % of what was due was answered", answered * 100.0));
        if judgement.verdict == Verdict::Pass {
            judgement.verdict = Verdict::Fail;
        }
    }
    judgement
}

impl Probe {
    /// Of a run that was judged by [`judge`].
    pub fn of(run: &Run, load: &Load, judgement: &Judgement, is_confirmation: bool) -> Probe {
        let response = &run.record.response;
        let at =
            |percentile: Percentile| percentile.of(response).filter(|_| percentile.has_tail(response.len()));
        let broken = judgement.outcomes.iter().filter(|outcome| !outcome.passed);
        Probe {
            rate: rate(load),
            duration: load.model.duration(),
            is_confirmation,
            completed: figures::per_second(run.record.counts.completed, run),
            p50: at(Percentile::P50),
            p99: at(Percentile::P99),
            p999: at(Percentile::P999),
            errors: run.record.counts.failed(),
            error_rate: figures::error_rate(&run.record.counts).unwrap_or(0.0),
            verdict: judgement.verdict,
            broken: broken.map(|outcome| outcome.bound.threshold.text.clone()).collect(),
        }
    }

    /// What it says of its rate; nothing where it was interrupted or nobody was there.
    pub fn finding(&self) -> Option<Finding> {
        match self.verdict {
            Verdict::Pass => Some(Finding::Holds),
            Verdict::Fail => Some(Finding::Breaks),
            Verdict::Invalid => Some(Finding::Limited),
            Verdict::Unreachable | Verdict::Interrupted => None,
        }
    }
}

/// Of its only stage.
fn rate(load: &Load) -> f64 {
    match &load.model {
        Model::Open { stages, .. } => stages.first().map_or(0.0, |stage| stage.rate),
        Model::Closed { .. } => 0.0,
    }
}
