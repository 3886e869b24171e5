//! What the crate promises, seen from outside.
#![allow(clippy::unwrap_used)]

mod corpus;
mod hostile;
mod json;
mod node;
mod positions;
mod properties;
mod scalars;
mod toml;
mod yaml;

use mocker_source::{Diagnostic, FileId, Severity, Tree};
use serde_json::Value;

fn parse(text: impl AsRef<[u8]>) -> (Tree, Vec<Diagnostic>) {
    mocker_source::parse(FileId(3), text.as_ref())
}

/// The tree of a text that holds no fault.
#[track_caller]
fn clean(text: impl AsRef<[u8]>) -> Tree {
    let (tree, diagnostics) = parse(text);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    tree
}

/// Checks what a text is read as.
#[track_caller]
fn reads(text: &str, expected: Value) {
    assert_eq!(clean(text).root().to_json(), expected, "{text}");
}

/// Checks the only diagnostic of a text: `error` or `warning`, code, line and column, pointer.
#[track_caller]
fn remarks(text: impl AsRef<[u8]>, expected: (&str, &str, u32, u32, &str)) -> (Tree, Diagnostic) {
    let (tree, mut diagnostics) = parse(text);
    assert_eq!(diagnostics.len(), 1, "{diagnostics:?}");
    let diagnostic = diagnostics.remove(0);
    let severity = match diagnostic.severity {
        Severity::Warning => "warning",
        Severity::Error => "error",
    };
    let position = diagnostic.position.unwrap();
    assert_eq!(position.file, FileId(3));
    let found = (severity, diagnostic.code, position.line, position.column, diagnostic.pointer.as_str());
    assert_eq!(found, expected, "{diagnostic:?}");
    (tree, diagnostic)
}
