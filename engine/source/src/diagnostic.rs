//! Faults of the user's input: collected, never thrown.

use crate::{Node, Position};

/// How bad a fault is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Odd, and served all the same.
    Warning,
    /// Cannot mean anything; the part that holds it is left out.
    Error,
}

/// One fault of the user's input, with its place and its remedy.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostic {
    /// Stable kebab-case name, such as `ref-not-found`; each has a fixture in `specs/invalid/`.
    pub code: &'static str,
    /// Whether what holds the fault is still served.
    pub severity: Severity,
    /// What is wrong, in one sentence without a final stop.
    pub message: String,
    /// Where; `None` only when there is no file (a missing one, say).
    pub position: Option<Position>,
    /// JSON pointer of the faulty value inside its file; empty for the whole file.
    pub pointer: String,
    /// What would be right.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error at a value.
    pub fn error(code: &'static str, node: Node<'_>, message: impl Into<String>) -> Self {
        Self::at_node(code, Severity::Error, node, message.into())
    }

    /// A warning at a value.
    pub fn warning(code: &'static str, node: Node<'_>, message: impl Into<String>) -> Self {
        Self::at_node(code, Severity::Warning, node, message.into())
    }

    /// An error that belongs to no value: a place in a file, or no file at all.
    pub fn error_at(code: &'static str, position: Option<Position>, message: impl Into<String>) -> Self {
        let (severity, message) = (Severity::Error, message.into());
        Diagnostic { code, severity, message, position, pointer: String::new(), help: None }
    }

    /// A warning that belongs to no value: a place in a file, or no file at all.
    pub fn warning_at(code: &'static str, position: Option<Position>, message: impl Into<String>) -> Self {
        Diagnostic { severity: Severity::Warning, ..Self::error_at(code, position, message) }
    }

    /// With what would be right.
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Whether what holds the fault is left out.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    fn at_node(code: &'static str, severity: Severity, node: Node<'_>, message: String) -> Self {
        let (position, pointer) = (Some(node.position()), node.pointer());
        Diagnostic { code, severity, message, position, pointer, help: None }
    }
}
