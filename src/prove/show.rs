//! The proof for people and for machines.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::{Outcome, Part, PartKind, Proof, ProvedOperation};
use crate::limits::{MAX_PROOF_EXAMPLES, MAX_PROOF_FAULTS};
use crate::report;

/// Characters of a full bar.
const BAR: usize = 30;

/// How many there are of each outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Tally {
    all: usize,
    proved: usize,
    failed: usize,
    unsatisfiable: usize,
    not_json: usize,
}

impl Tally {
    fn add(&mut self, outcome: Option<&Outcome>) {
        self.all += 1;
        *match outcome {
            None | Some(Outcome::Proved) => &mut self.proved,
            Some(Outcome::Failed(_) | Outcome::Unjudged(_)) => &mut self.failed,
            Some(Outcome::Unsatisfiable { .. }) => &mut self.unsatisfiable,
            Some(Outcome::NotJson) => &mut self.not_json,
        } += 1;
    }

    fn of_parts<'p>(parts: impl Iterator<Item = &'p Part>) -> Tally {
        let mut tally = Tally::default();
        parts.for_each(|part| tally.add(Some(&part.outcome)));
        tally
    }

    fn row(&self, name: &str) -> String {
        let Tally { all, proved, failed, unsatisfiable, not_json } = self;
        format!("{name:<14}  {all:>7}  {proved:>7}  {failed:>7}  {unsatisfiable:>13}  {not_json:>8}\n")
    }

    fn json(&self) -> Value {
        json!({
            "all": self.all,
            "proved": self.proved,
            "failed": self.failed,
            "unsatisfiable": self.unsatisfiable,
            "notJson": self.not_json,
        })
    }
}

impl ProvedOperation {
    /// The worst of its parts; `None` for one without any.
    fn outcome(&self) -> Option<&Outcome> {
        let rank = |outcome: &Outcome| match outcome {
            Outcome::Failed(_) => 4,
            Outcome::Unjudged(_) => 3,
            Outcome::Unsatisfiable { .. } => 2,
            Outcome::Proved => 1,
            Outcome::NotJson => 0,
        };
        self.parts.iter().map(|part| &part.outcome).max_by_key(|outcome| rank(outcome))
    }
}

impl Proof {
    fn parts(&self) -> impl Iterator<Item = (&ProvedOperation, &Part)> {
        self.operations.iter().flat_map(|operation| operation.parts.iter().map(move |part| (operation, part)))
    }

    fn tallies(&self) -> [(&'static str, &'static str, Tally); 4] {
        let mut operations = Tally::default();
        self.operations.iter().for_each(|operation| operations.add(operation.outcome()));
        let of = |kind| Tally::of_parts(self.parts().map(|(_, part)| part).filter(|part| part.kind == kind));
        [
            ("operations", "operations", operations),
            ("responses", "responses", of(PartKind::Response)),
            ("request bodies", "requestBodies", of(PartKind::RequestBody)),
            ("parameters", "parameters", of(PartKind::Parameter)),
        ]
    }

    fn examples(&self) -> usize {
        self.parts().map(|(_, part)| part.examples).sum()
    }

    /// Examples that do not obey, each once however many operations share it.
    fn wrong_examples(&self) -> Vec<(&ProvedOperation, &Part, &super::WrongExample)> {
        let mut seen = HashSet::new();
        let all = self.parts().flat_map(|(operation, part)| {
            part.wrong_examples.iter().map(move |wrong| (operation, part, wrong))
        });
        all.filter(|(_, _, wrong)| seen.insert((wrong.position, &wrong.name))).collect()
    }
}

/// What is wrong with a part, in one line; `None` where nothing is.
fn fault(part: &Part) -> Option<(&'static str, &str, String)> {
    match &part.outcome {
        Outcome::Proved | Outcome::NotJson => None,
        Outcome::Failed(fault) => {
            let message = format!("{} (sample {})", fault.broken.message, fault.sample);
            Some(("failed", &fault.broken.pointer, message))
        }
        Outcome::Unjudged(why) => Some(("failed", "", format!("not judged: {why}"))),
        Outcome::Unsatisfiable { reason, nearest } => {
            Some(("unsatisfiable", &nearest.pointer, format!("{reason}; the nearest: {}", nearest.message)))
        }
    }
}

/// The table, and below it what is not proved.
pub(crate) fn as_text(proof: &Proof) -> String {
    let mut out = format!(
        "{:<14}  {:>7}  {:>7}  {:>7}  {:>13}  {:>8}\n",
        "", "ALL", "PROVED", "FAILED", "UNSATISFIABLE", "NOT JSON"
    );
    for (name, _, tally) in proof.tallies() {
        out.push_str(&tally.row(name));
    }
    let faults: Vec<String> = proof
        .parts()
        .filter_map(|(operation, part)| {
            let (verdict, pointer, message) = fault(part)?;
            let ProvedOperation { method, path, .. } = operation;
            Some(format!("{verdict}: {method} {path} {}: {} {message}\n", part.name, at(pointer)))
        })
        .collect();
    extend(&mut out, &faults, MAX_PROOF_FAULTS, "more are not proved");
    let wrong: Vec<String> = proof
        .wrong_examples()
        .into_iter()
        .map(|(operation, part, wrong)| {
            let ProvedOperation { method, path, .. } = operation;
            let (name, broken) = (&wrong.name, &wrong.broken);
            let place = at(&broken.pointer);
            format!("author's example: {method} {path} {} `{name}`: {place} {}\n", part.name, broken.message)
        })
        .collect();
    extend(&mut out, &wrong, MAX_PROOF_EXAMPLES, "more examples of the author's are invalid");
    let samples = report::counted(proof.samples as usize, "sample");
    let (judged, invalid) = (proof.examples(), wrong.len());
    out.push_str(&format!("{samples} of each; author's examples: {judged} judged, {invalid} invalid\n"));
    out
}

fn extend(out: &mut String, lines: &[String], most: usize, rest: &str) {
    lines.iter().take(most).for_each(|line| out.push_str(line));
    if lines.len() > most {
        out.push_str(&format!("{} {rest}\n", lines.len() - most));
    }
}

fn at(pointer: &str) -> &str {
    if pointer.is_empty() { "the value:" } else { pointer }
}

/// The same for machines, everything listed.
pub(crate) fn as_json(proof: &Proof) -> Value {
    let faults = proof.parts().filter_map(|(operation, part)| {
        let (verdict, pointer, message) = fault(part)?;
        Some(json!({
            "method": operation.method,
            "path": operation.path,
            "part": part.name,
            "verdict": verdict,
            "pointer": pointer,
            "message": message,
        }))
    });
    let wrong = proof.wrong_examples().into_iter().map(|(operation, part, wrong)| {
        json!({
            "method": operation.method,
            "path": operation.path,
            "part": part.name,
            "example": wrong.name,
            "pointer": wrong.broken.pointer,
            "message": wrong.broken.message,
        })
    });
    let mut out = json!({ "samples": proof.samples });
    for (_, name, tally) in proof.tallies() {
        out[name] = tally.json();
    }
    out["faults"] = faults.collect();
    out["examples"] = json!({ "judged": proof.examples(), "invalid": Value::from_iter(wrong) });
    out
}

/// How far a proof is: `[####......] 120 of 400 operations`.
pub(super) fn bar(done: usize, all: usize) -> String {
    let full = BAR * done / all.max(1);
    format!("[{}{}] {done} of {all} operations", "#".repeat(full), ".".repeat(BAR - full))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_as_long_as_what_is_done() {
        for (done, all, full) in [(0, 4, 0), (1, 4, BAR / 4), (4, 4, BAR), (0, 0, 0)] {
            let bar = bar(done, all);
            assert_eq!(bar.matches('#').count(), full, "{bar}");
            assert_eq!(bar.find(']'), Some(BAR + 1), "{bar}");
            assert!(bar.ends_with(&format!("{done} of {all} operations")), "{bar}");
        }
    }
}
