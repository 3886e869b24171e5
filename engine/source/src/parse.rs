//! The way from bytes to a tree.

use crate::builder::{Builder, Fault};
use crate::limits::MAX_FILE_BYTES;
use crate::lines::Measure;
use crate::{Diagnostic, FileId, Position, Severity, Tree, decode, json, toml, yaml};

/// Parses one file. Never fails: what cannot be read is reported, and the tree holds
/// what could (an unreadable file gives a tree whose root is `null`).
///
/// Text whose first significant byte is `{` or `[` is tried as JSON first, all else is YAML.
pub fn parse(file: FileId, text: &[u8]) -> (Tree, Vec<Diagnostic>) {
    if text.len() > MAX_FILE_BYTES {
        return Builder::new(file, "").fail(too_large(text.len()));
    }
    let (text, broken) = decode::decode(text);
    let (tree, mut diagnostics) = if text.trim_ascii_start().starts_with(['{', '[']) {
        json::read(file, &text).unwrap_or_else(|fault| read_as_yaml(file, &text, fault))
    } else {
        yaml::read(file, &text)
    };
    if let Some(at) = broken {
        diagnostics.insert(0, broken_encoding(position(file, &text, at)));
    }
    (tree, diagnostics)
}

/// Parses one file of TOML, as [`parse`] does for YAML and JSON.
pub fn parse_toml(file: FileId, text: &[u8]) -> (Tree, Vec<Diagnostic>) {
    if text.len() > MAX_FILE_BYTES {
        return Builder::new(file, "").fail(too_large(text.len()));
    }
    let (text, broken) = decode::decode(text);
    let (tree, mut diagnostics) = toml::read(file, &text);
    if let Some(at) = broken {
        diagnostics.insert(0, broken_encoding(position(file, &text, at)));
    }
    (tree, diagnostics)
}

/// Trailing commas, comments and bare keys are no JSON, and good YAML.
fn read_as_yaml(file: FileId, text: &str, fault: Fault) -> (Tree, Vec<Diagnostic>) {
    let (tree, mut diagnostics) = yaml::read(file, text);
    let readable = !diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    let mut about_json =
        Diagnostic::error_at(fault.code, Some(position(file, text, fault.at)), fault.message);
    about_json = about_json.with_help(fault.help);
    if readable {
        about_json.severity = Severity::Warning;
        about_json.message.push_str("; it is read as YAML");
        diagnostics.insert(0, about_json);
        return (tree, diagnostics);
    }
    (tree, vec![about_json])
}

fn position(file: FileId, text: &str, at: u32) -> Position {
    let measure = Measure::new(text);
    let (line, column) = measure.lines().place(measure.characters_before(at));
    Position { file, line, column }
}

fn too_large(len: usize) -> Fault {
    let message = format!("the file has {len} bytes; {MAX_FILE_BYTES} are allowed");
    Fault { code: "file-too-large", message, help: "split the document into several files", at: 0 }
}

fn broken_encoding(position: Position) -> Diagnostic {
    let message = "the file is not UTF-8 from here on; what cannot be read stands as U+FFFD";
    Diagnostic::warning_at("not-utf8", Some(position), message).with_help("save the file as UTF-8")
}
