//! A finished run, written down: for people, for programs, for plots. Nothing here reads a clock or opens a file.

mod base64;
mod csv;
mod hgrm;
mod hlog;
mod html;
mod json;
mod latency;
mod plot;
mod series;
mod table;
mod text;
mod timestamp;

use std::io::{self, Write};
use std::time::SystemTime;

use crate::baseline::Comparison;
use crate::load::Load;
use crate::record::{ErrorClass, OperationRecord, Run};
use crate::scenario::{Operation, Scenario};
use crate::search::Found;
use crate::verdict::{Conditions, Judgement};

pub use text::heading;

/// The files of a report, in the order they are written.
pub const FILES: [&str; 5] =
    ["summary.json", "latency.hgrm", "intervals.hlog", "timeseries.csv", "report.html"];

/// A run and all that is said about it.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// What was seen
    pub run: &'a Run,
    /// What was sent; the run's operations are its
    pub scenario: &'a Scenario,
    /// What was asked for
    pub load: &'a Load,
    /// What it comes to
    pub judgement: &'a Judgement,
    /// What is known of the machine
    pub conditions: &'a Conditions,
    /// To whom it was sent
    pub target: &'a Target,
    /// Where the operations are from; nothing where only a URL was given
    pub spec: Option<&'a Spec>,
    /// The machine
    pub host: &'a Host,
    /// How it compares with other runs, where it was compared
    pub comparison: Option<&'a Comparison>,
    /// The search that the run is the last of, where it is
    pub search: Option<&'a Found>,
    /// When the first request was due, the warm-up's included
    pub started_at: SystemTime,
    /// Of the program
    pub version: &'a str,
}

/// To whom requests were sent.
#[derive(Clone, Debug, Default)]
pub struct Target {
    /// `127.0.0.1:8080`, or a URL
    pub address: String,
    /// `http/1.1`
    pub protocol: String,
}

/// The API description.
#[derive(Clone, Debug, Default)]
pub struct Spec {
    /// As given on the command line
    pub path: String,
    /// Of the bytes of its root file, in hexadecimal, where it is one document
    pub sha256: Option<String>,
    /// All files that were read for it, those of each document with the root first
    pub files: Vec<SpecFile>,
}

/// A file or URL of the API description.
#[derive(Clone, Debug, Default)]
pub struct SpecFile {
    /// Where it is
    pub path: String,
    /// Of its bytes, in hexadecimal
    pub sha256: String,
}

/// The machine that the generator ran on.
#[derive(Clone, Debug, Default)]
pub struct Host {
    /// That it may use
    pub cpus: usize,
    /// `6.8.0`
    pub kernel: String,
    /// The server runs on it too
    pub same_host: bool,
}

/// How the summary looks.
#[derive(Clone, Copy, Debug, Default)]
pub struct Style {
    /// Escape sequences for colours are understood
    pub color: bool,
    /// Response times are drawn as bars
    pub bars: bool,
    /// Every operation gets a line, not only those with the most requests
    pub all_operations: bool,
}

impl Report<'_> {
    /// Writes the summary for people.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write_text(&self, out: &mut dyn Write, style: Style) -> io::Result<()> {
        text::write(self, style, out)
    }

    /// Writes `summary.json`.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write_json(&self, out: &mut dyn Write) -> io::Result<()> {
        json::write(self, out)
    }

    /// Writes the table of operations as CSV (RFC 4180).
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write_csv(&self, out: &mut dyn Write) -> io::Result<()> {
        csv::write_operations(self, out)
    }

    /// Writes each of [`FILES`] into what `create` makes for its name.
    ///
    /// # Errors
    /// Those of `create` and of what it made.
    pub fn write_directory_files(
        &self,
        create: &mut dyn FnMut(&str) -> io::Result<Box<dyn Write>>,
    ) -> io::Result<()> {
        for name in FILES {
            let mut out = create(name)?;
            match name {
                "summary.json" => json::write(self, &mut *out)?,
                "latency.hgrm" => hgrm::write(&self.run.record.response, &mut *out)?,
                "intervals.hlog" => hlog::write(self, &mut *out)?,
                "timeseries.csv" => csv::write_series(self, &mut *out)?,
                _ => html::write(self, &mut *out)?,
            }
            out.flush()?;
        }
        Ok(())
    }

    /// Operations in the scenario's order, with what was seen of them.
    fn operations(&self) -> impl Iterator<Item = (&Operation, Option<&OperationRecord>)> {
        let records = self.run.record.operations.iter().map(Option::as_deref);
        self.scenario.operations.iter().zip(records.chain(std::iter::repeat(None)))
    }

    /// Operations with the most requests first.
    fn operations_by_count(&self) -> Vec<(&Operation, Option<&OperationRecord>)> {
        let mut operations: Vec<_> = self.operations().collect();
        operations
            .sort_by_key(|(_, record)| std::cmp::Reverse(record.map_or(0, |record| record.response.len())));
        operations
    }
}

/// Errors of one class, of one operation.
fn errors_of(record: Option<&OperationRecord>, class: ErrorClass) -> u64 {
    record.and_then(|record| record.errors.get(&class)).copied().unwrap_or(0)
}

/// All errors of one operation.
fn all_errors_of(record: Option<&OperationRecord>) -> u64 {
    record.map_or(0, |record| record.errors.values().sum())
}
