//! A whole configuration: what `mocker start` would tell of it, and more.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::bail;
use serde_json::{Value, json};

use super::{Checked, Format, as_json, as_text, ended, proof};
use crate::behaviours::Fault;
use crate::cli::config::{self, NOTHING};
use crate::cli::flags::Flags;
use crate::config::Loaded;
use crate::deployment;
use crate::report::{self, Counts};

/// How the part is called that is neither the configuration nor a document.
const ADDED: &str = "scripts, templates and plugins";

pub(super) fn run(config: Option<PathBuf>, format: Format, proof: proof::Flags) -> anyhow::Result<ExitCode> {
    let loaded = Flags { config, given: Vec::new() }.load()?;
    let specs = loaded.configuration.as_ref().map(|configuration| configuration.specs.as_slice());
    if loaded.file.is_none() && specs.is_some_and(<[String]>::is_empty) {
        bail!("{NOTHING}; or name an API description to check");
    }
    if specs.is_some_and(<[String]>::is_empty) {
        let parts = Parts::of(&loaded, &[], format);
        ended(&parts.report(format), true);
        bail!(deployment::NOTHING);
    }
    let checked = specs.map(|specs| proof.checked(specs)).transpose()?.unwrap_or_default();
    let of_documents = Counts::of(checked.iter().flat_map(Checked::diagnostics));
    let is_proved = !proof::has_failed(&checked);
    let mut parts = Parts::of(&loaded, &checked, format);
    let documents = checked.into_iter().map(|checked| checked.loaded).collect();
    let Some(configuration) = &loaded.configuration else { return Ok(ended(&parts.report(format), false)) };
    let faults = deployment::faults(&loaded, configuration, documents);
    parts.add(&faults, format);
    let is_sound = is_proved && of_documents.errors == 0 && !faults.iter().any(Fault::is_error);
    Ok(ended(&parts.report(format), is_sound))
}

/// The report so far.
#[derive(Default)]
struct Parts {
    text: String,
    json: Vec<Value>,
}

impl Parts {
    fn of(loaded: &Loaded, checked: &[Checked], format: Format) -> Parts {
        let mut parts = Parts::default();
        let file = loaded.file.clone().unwrap_or_else(|| "MOCKER_*".into());
        match format {
            Format::Text => {
                parts.text.push_str(&config::as_text(loaded, &file));
                parts.text.extend(checked.iter().map(as_text));
            }
            Format::Json => {
                parts.json.push(config::as_json(loaded, &file));
                parts.json.extend(checked.iter().map(as_json));
            }
        }
        parts
    }

    fn add(&mut self, faults: &[Fault], format: Format) {
        let errors = faults.iter().filter(|fault| fault.is_error()).count();
        let warnings = faults.len() - errors;
        match format {
            Format::Text => {
                faults.iter().for_each(|fault| self.text.push_str(&format!("{fault}\n")));
                let counts = (report::counted(errors, "error"), report::counted(warnings, "warning"));
                self.text.push_str(&format!("{ADDED}: {}, {}\n", counts.0, counts.1));
            }
            Format::Json => self.json.push(json!({
                "file": Value::Null,
                "errors": errors,
                "warnings": warnings,
                "diagnostics": Value::from_iter(faults.iter().map(Fault::json)),
            })),
        }
    }

    fn report(self, format: Format) -> String {
        match format {
            Format::Text => self.text,
            Format::Json => format!("{:#}\n", Value::from(self.json)),
        }
    }
}
