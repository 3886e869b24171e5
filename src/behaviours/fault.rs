//! Faults of what was added to documents, each with its place told already: they stem from files of many kinds.

use std::fmt;

use mocker_source::{Diagnostic, Severity};
use serde_json::{Value, json};

use crate::veil;

/// File, line and column; nothing where there is no place.
pub(crate) type Place = Option<(String, u32, u32)>;

/// A fault of the configuration, a script, a template or a plugin.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    severity: Severity,
    place: Place,
    code: &'static str,
    message: String,
    help: Option<String>,
}

impl Fault {
    pub(super) fn error(place: Place, code: &'static str, message: String) -> Fault {
        let message = veil::urls(&message).into_owned();
        Fault { severity: Severity::Error, place, code, message, help: None }
    }

    pub(super) fn warning(place: Place, code: &'static str, message: String) -> Fault {
        Fault { severity: Severity::Warning, ..Fault::error(place, code, message) }
    }

    pub(super) fn with_help(self, help: impl Into<String>) -> Fault {
        Fault { help: Some(help.into()), ..self }
    }

    pub(super) fn into_warning(self, help: &str) -> Fault {
        let help = Some(self.help.map_or_else(|| help.to_owned(), |said| format!("{said}; {help}")));
        Fault { severity: Severity::Warning, help, ..self }
    }

    /// Operations of several documents that have the same requests.
    pub(crate) fn of_clash(message: String) -> Fault {
        Fault::warning(None, "operation-clash", message)
    }

    /// For machines.
    pub(crate) fn json(&self) -> Value {
        json!({
            "code": self.code,
            "severity": if self.is_error() { "error" } else { "warning" },
            "message": self.message,
            "file": self.place.as_ref().map(|(file, ..)| file),
            "line": self.place.as_ref().map(|(_, line, _)| line),
            "column": self.place.as_ref().map(|(.., column)| column),
            "pointer": "",
            "help": self.help,
        })
    }

    /// A diagnostic whose file `name` knows.
    pub(super) fn of(diagnostic: Diagnostic, name: impl Fn(mocker_source::Position) -> Place) -> Fault {
        let Diagnostic { code, severity, message, position, help, .. } = diagnostic;
        Fault { severity, help, ..Fault::error(position.and_then(name), code, message) }
    }

    /// Whether a plugin is not there that the user wants: what it is to refuse would pass.
    pub(crate) fn is_of_plugin(&self) -> bool {
        self.is_error() && self.code.starts_with("plugin")
    }

    /// The file it is in; empty where there is no place.
    pub(crate) fn file(&self) -> &str {
        self.place.as_ref().map_or("", |(file, ..)| file)
    }

    pub(crate) fn severity(&self) -> Severity {
        self.severity
    }

    pub(crate) fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((file, line, column)) = &self.place {
            write!(out, "{file}:{line}:{column}: ")?;
        }
        let severity = if self.is_error() { "error" } else { "warning" };
        write!(out, "{severity}: {} [{}]", self.message, self.code)?;
        match &self.help {
            Some(help) => write!(out, "\n    help: {help}"),
            None => Ok(()),
        }
    }
}
