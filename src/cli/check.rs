//! `mocker check`: what is wrong with documents, and what would be served.

use std::process::ExitCode;

use clap::{Args, ValueEnum};
use mocker_openapi::Loaded;
use mocker_plan::check::{self, Row};
use mocker_source::Diagnostic;
use serde_json::{Value, json};

use crate::report::{self, Counts};
use crate::specs;

/// Check API descriptions: every fault with its place, and the table of operations.
///
/// Exits with 1 when there are errors, with 2 when a document cannot be read at all.
#[derive(Args)]
#[command(after_help = "Examples:\n  mocker check openapi.yaml\n  mocker check --format json specs/")]
pub(crate) struct Check {
    /// A file, a URL, or a folder of documents
    #[arg(required = true, value_name = "FILE")]
    specs: Vec<String>,
    /// Text for people or JSON for machines
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Json,
}

/// A document with everything `check` has to say of it.
struct Checked {
    loaded: Loaded,
    found: Vec<Diagnostic>,
    rows: Vec<Row>,
}

impl Checked {
    fn diagnostics(&self) -> impl Iterator<Item = &Diagnostic> {
        self.loaded.diagnostics.iter().chain(&self.found)
    }
}

impl Check {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let checked: Vec<Checked> = specs::load_all(&self.specs)?.into_iter().map(judge).collect();
        let counts = Counts::of(checked.iter().flat_map(Checked::diagnostics));
        match self.format {
            Format::Text => checked.iter().for_each(print_text),
            Format::Json => println!("{:#}", Value::from_iter(checked.iter().map(as_json))),
        }
        Ok(if counts.errors == 0 { ExitCode::SUCCESS } else { ExitCode::from(super::FAULTY) })
    }
}

fn judge(loaded: Loaded) -> Checked {
    let (found, rows) = loaded.document.as_ref().map(check::document).unwrap_or_default();
    Checked { loaded, found, rows }
}

fn print_text(checked: &Checked) {
    for diagnostic in checked.diagnostics() {
        println!("{}", report::text(&checked.loaded, diagnostic));
    }
    let width = |of: fn(&Row) -> &str, least: usize| {
        checked.rows.iter().map(|row| of(row).len()).max().unwrap_or(0).clamp(least, 80)
    };
    let (methods, paths) = (width(|row| &row.method, 6), width(|row| &row.path, 4));
    if !checked.rows.is_empty() {
        println!("{:methods$}  {:paths$}  STATUS  BODY       CONTENT", "METHOD", "PATH");
    }
    for row in &checked.rows {
        let Row { method, path, status, body, content } = row;
        println!(
            "{method:methods$}  {path:paths$}  {status:<6}  {body:<9}  {}",
            content.as_deref().unwrap_or("-")
        );
    }
    let counts = Counts::of(checked.diagnostics());
    println!(
        "{}: {}, {}, {}",
        checked.loaded.files.first().map(report::name).unwrap_or_default(),
        report::counted(checked.rows.len(), "operation"),
        report::counted(counts.errors, "error"),
        report::counted(counts.warnings, "warning"),
    );
}

fn as_json(checked: &Checked) -> Value {
    let counts = Counts::of(checked.diagnostics());
    let rows = checked.rows.iter().map(|row| {
        json!({
            "method": row.method,
            "path": row.path,
            "status": row.status,
            "body": row.body,
            "contentType": row.content,
        })
    });
    json!({
        "file": checked.loaded.files.first().map(report::name),
        "title": checked.loaded.document.as_ref().map(|document| &document.title),
        "version": checked.loaded.document.as_ref().map(|document| &document.version),
        "errors": counts.errors,
        "warnings": counts.warnings,
        "diagnostics": Value::from_iter(checked.diagnostics().map(|diagnostic| report::json(&checked.loaded, diagnostic))),
        "operations": Value::from_iter(rows),
    })
}
