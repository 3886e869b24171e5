//! From what the interpreter says to what the user is told.

use minijinja::{Error, ErrorKind};

use super::assemble::Assembled;
use super::meter::Ended;
use super::{Budgets, Entry, functions, limits};
use crate::host::hint;
use crate::{Fault, FaultKind};

/// A fault that belongs to no file.
pub(super) fn unplaced(message: String) -> Fault {
    Fault { file: "template".into(), message, ..Fault::default() }
}

/// What a template that failed is to blame for.
pub(super) fn of(error: &Error, ended: Ended, entry: &Entry, budgets: &Budgets) -> Fault {
    let budget = match error.kind() {
        _ if ended.exceeded.is_some() => ended.exceeded,
        ErrorKind::OutOfFuel => Some("operations"),
        _ if error.detail().is_some_and(|detail| detail.contains("recursion limit")) => Some("depth"),
        _ => None,
    };
    let (line, column) =
        place(error, &entry.assembled).or_else(|| start(&entry.assembled)).unwrap_or_default();
    let message = match budget {
        Some(budget) => exceeded(budget, budgets),
        None => message(error, &entry.assembled),
    };
    let kind = if ended.is_full { FaultKind::Full } else { FaultKind::Failed };
    Fault { file: entry.file.clone(), line, column, message, budget, kind }
}

/// Where in the user's file an error is.
pub(super) fn place(error: &Error, assembled: &Assembled) -> Option<(usize, usize)> {
    let (origin, offset) = assembled.origin_of(error.range()?.start)?;
    Some(assembled.position(origin, assembled.path_start(origin, offset)))
}

fn start(assembled: &Assembled) -> Option<(usize, usize)> {
    assembled.origins.first().map(|origin| (origin.line, origin.column))
}

fn exceeded(budget: &str, budgets: &Budgets) -> String {
    let most = match budget {
        "operations" => format!("{} instructions", budgets.operations),
        "output" => format!("{} bytes", budgets.output_bytes),
        "memory" => format!("{} bytes", budgets.memory_bytes),
        "time" => format!("{} ms", budgets.time.as_millis()),
        _ => format!("{} levels", budgets.depth),
    };
    format!("the template used up its budget `{budget}` of {most}")
}

fn message(error: &Error, assembled: &Assembled) -> String {
    if error.kind() == ErrorKind::UndefinedError {
        let words = error.range().and_then(|range| assembled.words(range)).unwrap_or_default();
        return undefined(words.trim());
    }
    match (error.kind(), error.detail()) {
        (ErrorKind::InvalidOperation, Some(detail)) => detail.to_owned(),
        (_, Some(detail)) => format!("{}: {detail}", error.kind()),
        (kind, None) => kind.to_string(),
    }
}

/// Says what is not defined, and what there is that is like it.
fn undefined(words: &str) -> String {
    let words = words.trim_start_matches(['{', '%', '-', ' ']).trim_end_matches(['}', '%', '-', ' ']);
    if words.is_empty() {
        return "a value is not defined".into();
    }
    let quoted = match words.char_indices().nth(limits::QUOTED_BYTES) {
        Some((end, _)) => format!("{}...", &words[..end]),
        None => words.to_owned(),
    };
    let mut path = words.split(['.', '[', '(', '|', ' ']);
    let hint = match (path.next(), path.next()) {
        (Some("request"), Some(field)) if !functions::FIELDS.contains(&field) => {
            hint(field, functions::FIELDS.iter().copied())
        }
        (Some(name), _) if !functions::NAMES.contains(&name) => hint(name, functions::NAMES.iter().copied()),
        _ => "; `default` gives what is not there a value".into(),
    };
    format!("`{quoted}` is not defined{hint}")
}
