//! How often each operation is asked in reality: weights from a recording of requests.
//!
//! `recording` reads it, by what it looks like (`har`, and by the line: `access`, `json`), as requests (`asked`);
//! `lookup` finds their operations, `missed` keeps what has none, `show` makes all of it fit for a terminal.

mod access;
mod asked;
mod har;
mod json;
mod line;
mod lookup;
mod missed;
mod recording;
mod show;

use std::collections::HashMap;
use std::fmt;
use std::io::BufRead;
use std::sync::Arc;

use mocker_openapi::Document;

use super::{Fault, Scenario, Selection};
use crate::number;
use lookup::Lookup;
use missed::{Missed, Told};
use recording::Tally;

/// How often each operation is asked in a recording of requests.
#[derive(Clone, Debug)]
pub struct Mix {
    operations: Vec<Counted>,
    tally: Tally,
    missed: Told,
    elsewhere: Told,
}

/// An operation of a document.
#[derive(Clone, Debug)]
struct Counted {
    method: String,
    path: String,
    requests: u64,
}

impl Counted {
    fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

impl Mix {
    /// Reads a recording: HTTP Archive 1.2, an access log with request lines (the common and combined formats and
    /// their like), a JSON object a line, or lines as `GET /pets`. Requests belong to the operations that a server of
    /// all `documents` would answer them by, their paths as written, behind `base_path` or behind that of one of the
    /// documents' `servers`. A HEAD without an operation of its own is one of GET.
    ///
    /// # Errors
    /// The recording cannot be read, is larger than [`limits`](crate::limits) allow, has more lines that are not
    /// understood than requests, or has no request that any operation is for.
    pub fn read(recording: impl BufRead, documents: &[Arc<Document>], base_path: &str) -> Result<Mix, Fault> {
        let mut lookup = Lookup::new(documents, base_path.trim_end_matches('/'));
        let named = |(method, path)| Counted { method, path, requests: 0 };
        let mut operations: Vec<Counted> = lookup.names().map(named).collect();
        let mut missed = Missed::default();
        let tally = recording::read(recording, &mut |asked| {
            let target = asked.target();
            match lookup.find(&asked.method, &target).and_then(|number| operations.get_mut(number)) {
                Some(operation) => {
                    operation.requests += 1;
                    missed.matched(&target);
                }
                None => missed.add(&asked.method, &target),
            }
        })?;
        let (missed, elsewhere) = missed.told();
        let mix = Mix { operations, tally, missed, elsewhere };
        match mix.operations.iter().any(|operation| operation.requests > 0) {
            true => Ok(mix),
            false => Err(Fault::new(format!(
                "none of the {} requests of the recording maps to an operation: {}",
                number::count(mix.tally.requests),
                show::counted(&mix.missed.names, mix.missed.names.len())
            ))),
        }
    }

    /// The scenario with the weights of the recording. Operations that it never asks are left out, but for those that
    /// `selection` names, which weigh as if asked once; a weight that `selection` gives is kept.
    ///
    /// # Errors
    /// No operation is left.
    pub fn apply(&self, scenario: Scenario, selection: &Selection) -> Result<Scenario, Fault> {
        let asked = self.operations.iter().filter(|operation| operation.requests > 0);
        let mut requests: HashMap<String, u64> = HashMap::new();
        for operation in asked {
            *requests.entry(operation.name()).or_default() += operation.requests;
        }
        let weighted = scenario.operations.into_iter().filter_map(|mut operation| {
            // Where several documents have the operation, the first one answers.
            let requests = requests.remove(&operation.name());
            operation.weight = match (selection.naming(&operation), requests) {
                (Some(Some(weight)), _) => weight,
                (_, Some(requests)) => requests as f64,
                (Some(None), None) => 1.0,
                (None, None) => return None,
            };
            Some(operation)
        });
        let operations: Vec<_> = weighted.collect();
        match operations.is_empty() {
            true => Err(Fault::new("the recording asks none of the operations that are sent")),
            false => Ok(Scenario { operations }),
        }
    }

    /// What of the recording is used, and what recording and documents have not in common: lines for a person.
    pub fn summary(&self) -> impl fmt::Display {
        let never = self.operations.iter().filter(|operation| operation.requests == 0);
        let mut lines = vec![self.mapped()];
        if self.elsewhere.requests > 0 {
            let hosts = show::counted(&self.elsewhere.names, self.elsewhere.names.len());
            lines.push(format!("{} to other hosts: {hosts}", number::count(self.elsewhere.requests)));
        }
        let count = never.clone().count();
        if count > 0 {
            let names = never.map(|operation| show::text(operation.name().as_bytes()));
            lines.push(format!("never asked: {}", show::list(names, count)));
        }
        if let Some((number, text)) = &self.tally.first_unknown {
            let unknown = number::count(self.tally.unknown);
            lines.push(format!("not understood: {unknown}; the first is line {number}: `{text}`"));
        }
        lines.iter().map(|line| format!("mix: {line}")).collect::<Vec<_>>().join("\n")
    }

    fn mapped(&self) -> String {
        let mapped: u64 = self.operations.iter().map(|operation| operation.requests).sum();
        let asked = self.operations.iter().filter(|operation| operation.requests > 0).count();
        let line = format!(
            "{} of {} requests map to {asked} of {} operations",
            number::count(mapped),
            number::count(self.tally.requests),
            self.operations.len()
        );
        match self.missed.requests {
            0 => line,
            missed => {
                let names = show::counted(&self.missed.names, self.missed.names.len());
                format!("{line}; {} to none: {names}", number::count(missed))
            }
        }
    }
}
