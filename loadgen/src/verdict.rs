//! Whether a run did what it should, and whether it can be believed at all.

mod bound;
mod fault;
mod metric;
pub mod threshold;
pub mod validity;

pub use bound::{Bound, Outcome};
pub use fault::Fault;
pub use threshold::Threshold;
pub use validity::{Conditions, Validity};

use crate::figures;
use crate::load::Load;
use crate::record::{ErrorClass, Run};

/// What a run comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Everything holds
    Pass,
    /// A threshold, the comparison with an earlier run or the check of bodies failed
    Fail,
    /// The generator was the limit: the figures say nothing of the server
    Invalid,
    /// Not one connection could be made
    Unreachable,
    /// Somebody stopped it
    Interrupted,
}

/// A verdict and what it rests on.
#[derive(Clone, Debug)]
pub struct Judgement {
    /// What the run comes to
    pub verdict: Verdict,
    /// One for each threshold, in the order they were given
    pub outcomes: Vec<Outcome>,
    /// Whether the figures can be believed
    pub validity: Validity,
    /// What is odd about thresholds
    pub warnings: Vec<String>,
}

impl Verdict {
    /// What the process ends with.
    pub fn exit_code(self) -> u8 {
        match self {
            Verdict::Pass => 0,
            Verdict::Fail => 1,
            Verdict::Invalid => 3,
            Verdict::Unreachable => 4,
            Verdict::Interrupted => 130,
        }
    }

    /// As JSON has it.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Pass => "pass",
            Verdict::Fail => "fail",
            Verdict::Invalid => "invalid",
            Verdict::Unreachable => "unreachable",
            Verdict::Interrupted => "interrupted",
        }
    }
}

/// Judges a run. `regressed`: it is worse than what it was compared with.
pub fn judge(
    run: &Run,
    load: &Load,
    bounds: &[Bound],
    conditions: &Conditions,
    regressed: bool,
) -> Judgement {
    let outcomes: Vec<Outcome> = bounds.iter().map(|bound| bound.evaluate(run)).collect();
    let validity = Validity::of(run, load, bounds, conditions);
    let counts = &run.record.counts;
    let failed = regressed
        || outcomes.iter().any(|outcome| !outcome.passed)
        || figures::errors(counts, ErrorClass::Schema) > 0;
    let verdict = if run.interrupted {
        Verdict::Interrupted
    } else if figures::is_unreachable(counts) {
        Verdict::Unreachable
    } else if !validity.is_valid() {
        Verdict::Invalid
    } else if failed {
        Verdict::Fail
    } else {
        Verdict::Pass
    };
    let warnings = warnings(&outcomes);
    Judgement { verdict, outcomes, validity, warnings }
}

fn warnings(outcomes: &[Outcome]) -> Vec<String> {
    let mut warnings = Vec::new();
    for outcome in outcomes {
        let text = &outcome.bound.threshold.text;
        warnings.extend(outcome.bound.warnings.iter().cloned());
        if outcome.observed.is_none() {
            warnings.push(format!("`{text}`: nothing was measured that it could be held against"));
        } else if outcome.has_few_samples {
            warnings.push(format!("`{text}`: too few samples, fewer than 10 lie above the percentile"));
        }
    }
    warnings
}
