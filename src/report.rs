//! Diagnostics for people and for machines.

use std::borrow::Cow;
use std::fmt::Write;

use mocker_openapi::{Loaded, Location};
use mocker_source::{Diagnostic, Severity};
use serde_json::{Value, json};

use crate::limits::MAX_POINTER;
use crate::veil;

/// How many faults of a kind there are.
#[derive(Clone, Copy, Default)]
pub(crate) struct Counts {
    pub(crate) errors: usize,
    pub(crate) warnings: usize,
}

impl Counts {
    pub(crate) fn of<'d>(diagnostics: impl Iterator<Item = &'d Diagnostic>) -> Self {
        diagnostics.fold(Counts::default(), |mut counts, diagnostic| {
            match diagnostic.severity {
                Severity::Error => counts.errors += 1,
                Severity::Warning => counts.warnings += 1,
            }
            counts
        })
    }
}

/// `1 error`, `2 errors`.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// One fault in the form editors and terminals make clickable: `file:line:column: error: ...`
pub(crate) fn text(loaded: &Loaded, diagnostic: &Diagnostic) -> String {
    text_at(place(loaded, diagnostic), diagnostic)
}

/// The same for a place that is known.
pub(crate) fn text_at(place: Option<(String, u32, u32)>, diagnostic: &Diagnostic) -> String {
    let mut out = String::new();
    let severity = severity(diagnostic);
    // Writing to a String cannot fail.
    let _ = match place {
        Some((file, line, column)) => write!(out, "{file}:{line}:{column}: {severity}: "),
        None => write!(out, "{severity}: "),
    };
    let _ = write!(out, "{} [{}]", veil::urls(&diagnostic.message), diagnostic.code);
    if !diagnostic.pointer.is_empty() {
        let _ = write!(out, "\n    at {}", shortened(&diagnostic.pointer));
    }
    if let Some(help) = &diagnostic.help {
        let _ = write!(out, "\n    help: {}", veil::urls(help));
    }
    out
}

/// A pointer as people can read it: its middle is left out where it is very long.
fn shortened(pointer: &str) -> Cow<'_, str> {
    let half = MAX_POINTER / 2;
    let tail = pointer.char_indices().rev().nth(half - 1).map(|(at, _)| at);
    match (pointer.char_indices().nth(half), tail) {
        (Some((head, _)), Some(tail)) if pointer.len() > MAX_POINTER && head < tail => {
            Cow::Owned(format!("{}...{}", &pointer[..head], &pointer[tail..]))
        }
        _ => Cow::Borrowed(pointer),
    }
}

/// The same for machines.
pub(crate) fn json(loaded: &Loaded, diagnostic: &Diagnostic) -> Value {
    json_at(place(loaded, diagnostic), diagnostic)
}

/// The same for a place that is known.
pub(crate) fn json_at(place: Option<(String, u32, u32)>, diagnostic: &Diagnostic) -> Value {
    json!({
        "code": diagnostic.code,
        "severity": severity(diagnostic),
        "message": veil::urls(&diagnostic.message),
        "file": place.as_ref().map(|(file, _, _)| file),
        "line": place.as_ref().map(|(_, line, _)| line),
        "column": place.as_ref().map(|(_, _, column)| column),
        "pointer": diagnostic.pointer,
        "help": diagnostic.help.as_deref().map(veil::urls),
    })
}

fn severity(diagnostic: &Diagnostic) -> &'static str {
    match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

fn place(loaded: &Loaded, diagnostic: &Diagnostic) -> Option<(String, u32, u32)> {
    let position = diagnostic.position?;
    let file = loaded.files.get(usize::from(position.file.0))?;
    Some((name(file), position.line, position.column))
}

/// How a document is called in messages: as its root file.
pub(crate) fn root(loaded: &Loaded) -> String {
    loaded.files.first().map(name).unwrap_or_default()
}

/// How a file is called in messages.
pub(crate) fn name(location: &Location) -> String {
    match location {
        Location::File(path) => path.display().to_string(),
        Location::Url(url) => veil::urls(url).into_owned(),
    }
}
