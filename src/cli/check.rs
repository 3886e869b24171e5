//! `mocker check`: what is wrong with documents or a whole configuration, and what would be served.

mod configured;
mod proof;
mod resources;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use mocker_openapi::Loaded;
use mocker_plan::check::{self, Row};
use mocker_source::Diagnostic;
use serde_json::{Value, json};

use super::format::Format;
use crate::prove::{self, Proof};
use crate::report::{self, Counts};

/// Check API descriptions: every fault with its place, and the table of operations.
///
/// Documents are OpenAPI 3.x, Swagger 2.0 or Postman collections, in YAML or JSON. Without any, the configuration is
/// checked, with the documents, scripts, templates and plugins that it names.
/// With `--prove`, values are made for every operation and judged by a validator of their own.
/// Exits with 1 when there are errors, with 2 when a document cannot be read at all.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  mocker check openapi.yaml\n  mocker check --format json specs/\n  mocker check --prove --samples 20 openapi.yaml\n  mocker check --config mocker.yaml\n  mocker check --resources openapi.yaml\n\nExit codes: 0 no errors, 1 errors or bodies that break their schema, 2 usage, or what cannot be read."
)]
pub(crate) struct Check {
    /// A file, a URL, a folder of documents, or `-` for standard input
    #[arg(value_name = "FILE")]
    specs: Vec<String>,
    /// The configuration, where no FILE is given [default: mocker.yaml, .yml, .json or .toml of the working directory]
    #[arg(long, value_name = "FILE", conflicts_with = "specs")]
    config: Option<PathBuf>,
    /// Tell what resources the documents deal in, and why, in place of the table of operations
    #[arg(long, requires = "specs")]
    resources: bool,
    /// Text for people or JSON for machines
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    #[command(flatten)]
    proof: proof::Flags,
}

/// Widest column of the table, in characters; longer paths push the rest of their line aside.
const WIDEST: usize = 80;

/// A document with everything `check` has to say of it.
struct Checked {
    loaded: Loaded,
    found: Vec<Diagnostic>,
    rows: Vec<Row>,
    proof: Option<Proof>,
}

impl Checked {
    fn diagnostics(&self) -> impl Iterator<Item = &Diagnostic> {
        self.loaded.diagnostics.iter().chain(&self.found)
    }
}

impl Check {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        if self.specs.is_empty() {
            return configured::run(self.config, self.format, self.proof);
        }
        let checked = self.proof.checked(&self.specs)?;
        let counts = Counts::of(checked.iter().flat_map(Checked::diagnostics));
        if self.resources {
            let documents: Vec<&Loaded> = checked.iter().map(|checked| &checked.loaded).collect();
            return Ok(ended(&resources::report(&documents, self.format), counts.errors == 0));
        }
        let report = match self.format {
            Format::Text => checked.iter().map(as_text).collect(),
            Format::Json => format!("{:#}\n", Value::from_iter(checked.iter().map(as_json))),
        };
        Ok(ended(&report, counts.errors == 0 && !proof::has_failed(&checked)))
    }
}

fn ended(report: &str, is_sound: bool) -> ExitCode {
    // Whoever stops reading (`| head`) has seen enough; the exit code still tells.
    let _ = std::io::stdout().write_all(report.as_bytes());
    if is_sound { ExitCode::SUCCESS } else { ExitCode::from(super::FAULTY) }
}

fn judge(loaded: Loaded) -> Checked {
    let (found, rows) = loaded.document.as_ref().map(check::document).unwrap_or_default();
    Checked { loaded, found, rows, proof: None }
}

fn as_text(checked: &Checked) -> String {
    if let Some(proof) = &checked.proof {
        return proof::as_text(checked, proof);
    }
    let mut lines: Vec<String> =
        checked.diagnostics().map(|diagnostic| report::text(&checked.loaded, diagnostic)).collect();
    let width = |of: fn(&Row) -> &str, least: usize| {
        checked.rows.iter().map(|row| of(row).chars().count()).max().unwrap_or(0).clamp(least, WIDEST)
    };
    let (methods, paths) = (width(|row| &row.method, 6), width(|row| &row.path, 4));
    if !checked.rows.is_empty() {
        lines.push(format!("{:methods$}  {:paths$}  STATUS  BODY       CONTENT", "METHOD", "PATH"));
    }
    for Row { method, path, status, body, content } in &checked.rows {
        let content = content.as_deref().unwrap_or("-");
        lines.push(format!("{method:methods$}  {path:paths$}  {status:<6}  {body:<9}  {content}"));
    }
    lines.push(summary(checked));
    lines.join("\n")
}

fn summary(checked: &Checked) -> String {
    let counts = Counts::of(checked.diagnostics());
    format!(
        "{}: {}, {}, {}\n",
        report::root(&checked.loaded),
        report::counted(checked.rows.len(), "operation"),
        report::counted(counts.errors, "error"),
        report::counted(counts.warnings, "warning"),
    )
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
    let mut out = json!({
        "file": report::root(&checked.loaded),
        "title": checked.loaded.document.as_ref().map(|document| &document.title),
        "version": checked.loaded.document.as_ref().map(|document| &document.version),
        "errors": counts.errors,
        "warnings": counts.warnings,
        "diagnostics": Value::from_iter(checked.diagnostics().map(|diagnostic| report::json(&checked.loaded, diagnostic))),
        "operations": Value::from_iter(rows),
    });
    if let Some(proof) = &checked.proof {
        out["proof"] = prove::as_json(proof);
    }
    out
}
