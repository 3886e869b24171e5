//! The proof for people and for machines.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::{Outcome, Part, PartKind, Proof, ProvedOperation};
use crate::limits::{MAX_PROOF_EXAMPLES, MAX_PROOF_FAULTS};
use crate::report;

/// Characters of a full bar.
const BAR: usize = 30;

/// What a part is called for which no value was found.
const NO_VALUE: &str = "no value found";

/// How many there are of each outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Tally {
    all: usize,
    proved: usize,
    in_part: usize,
    failed: usize,
    no_value: usize,
    not_json: usize,
    nothing: usize,
}

/// What became of an operation.
enum Verdict<'p> {
    /// All parts came to the same, or this is the worst
    Worst(&'p Outcome),
    /// Some parts are proved, the others are not JSON
    InPart,
    /// There are no parts
    Nothing,
}

impl Tally {
    fn add(&mut self, verdict: &Verdict<'_>) {
        self.all += 1;
        *match verdict {
            Verdict::Worst(Outcome::Proved) => &mut self.proved,
            Verdict::Worst(Outcome::Failed(_) | Outcome::Unjudged(_)) => &mut self.failed,
            Verdict::Worst(Outcome::NoValue { .. }) => &mut self.no_value,
            Verdict::Worst(Outcome::NotJson) => &mut self.not_json,
            Verdict::InPart => &mut self.in_part,
            Verdict::Nothing => &mut self.nothing,
        } += 1;
    }

    fn of_parts<'p>(parts: impl Iterator<Item = &'p Part>) -> Tally {
        let mut tally = Tally::default();
        parts.for_each(|part| tally.add(&Verdict::Worst(&part.outcome)));
        tally
    }

    fn row(&self, name: &str) -> String {
        let Tally { all, proved, in_part, failed, no_value, not_json, nothing } = self;
        format!(
            "{name:<14}  {all:>7}  {proved:>7}  {in_part:>7}  {failed:>7}  {no_value:>14}  {not_json:>8}  {nothing:>7}\n"
        )
    }

    fn json(&self) -> Value {
        json!({
            "all": self.all,
            "proved": self.proved,
            "inPart": self.in_part,
            "failed": self.failed,
            "unsatisfiable": self.no_value,
            "notJson": self.not_json,
            "nothing": self.nothing,
        })
    }
}

impl ProvedOperation {
    fn verdict(&self) -> Verdict<'_> {
        let rank = |outcome: &Outcome| match outcome {
            Outcome::Failed(_) => 4,
            Outcome::Unjudged(_) => 3,
            Outcome::NoValue { .. } => 2,
            Outcome::Proved => 1,
            Outcome::NotJson => 0,
        };
        let mut outcomes = self.parts.iter().map(|part| &part.outcome);
        match outcomes.clone().max_by_key(|outcome| rank(outcome)) {
            None => Verdict::Nothing,
            Some(Outcome::Proved) if outcomes.any(|outcome| *outcome == Outcome::NotJson) => Verdict::InPart,
            Some(worst) => Verdict::Worst(worst),
        }
    }
}

impl Proof {
    fn parts(&self) -> impl Iterator<Item = (&ProvedOperation, &Part)> {
        self.operations.iter().flat_map(|operation| operation.parts.iter().map(move |part| (operation, part)))
    }

    fn tallies(&self) -> [(&'static str, &'static str, Tally); 5] {
        let mut operations = Tally::default();
        self.operations.iter().for_each(|operation| operations.add(&operation.verdict()));
        let of = |kind| Tally::of_parts(self.parts().map(|(_, part)| part).filter(|part| part.kind == kind));
        [
            ("operations", "operations", operations),
            ("responses", "responses", of(PartKind::Response)),
            ("of the world", "entities", of(PartKind::Entities)),
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
        Outcome::NoValue { reason, nearest } => {
            Some((NO_VALUE, &nearest.pointer, format!("{reason}; the nearest: {}", nearest.message)))
        }
    }
}

/// The table, and below it what is not proved.
pub(crate) fn as_text(proof: &Proof) -> String {
    if proof.is_without_schemas {
        return "nothing is proved: the document has no schemas, but saved values\n".to_owned();
    }
    let mut out = format!(
        "{:<14}  {:>7}  {:>7}  {:>7}  {:>7}  {:>14}  {:>8}  {:>7}\n",
        "", "ALL", "PROVED", "IN PART", "FAILED", "NO VALUE FOUND", "NOT JSON", "NOTHING"
    );
    for (name, _, tally) in proof.tallies() {
        out.push_str(&tally.row(name));
    }
    if proof.missed() > 0 {
        let of = report::counted(proof.count, "operation");
        out.push_str(&format!(
            "failed: {} of {of} were not looked at: no thread could be started\n",
            proof.missed()
        ));
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
    let mut out = json!({
        "samples": proof.samples,
        "hasSchemas": !proof.is_without_schemas,
        "missed": proof.missed(),
    });
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
