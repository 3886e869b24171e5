//! What went wrong in a script or template, for the one request that it answers.

use std::fmt;

/// What went wrong while a script or template ran.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The file as the user named it
    pub file: Box<str>,
    /// From 1; 0 where it is not known
    pub line: usize,
    /// In characters, from 1; 0 where it is not known
    pub column: usize,
    /// What is wrong, in one sentence without a final stop
    pub message: String,
    /// The budget that was used up, by its name in the configuration
    pub budget: Option<&'static str>,
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(out, "{}: {}", self.file, self.message),
            _ => write!(out, "{}:{}:{}: {}", self.file, self.line, self.column, self.message),
        }
    }
}

impl std::error::Error for Fault {}
