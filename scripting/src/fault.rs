//! What went wrong in a script or template, for the one request that it answers.

use std::fmt;

/// What an answer is to say of a fault.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FaultKind {
    /// The script or template is at fault, or used up a budget: 500
    #[default]
    Failed,
    /// There is no room for more state: 507 (RFC 4918, section 11.5)
    Full,
    /// It used up budgets again and again and is not called for a while: 503 with `Retry-After` (RFC 9110, section 10.2.3)
    Resting {
        /// Until it is called again
        seconds: u32,
    },
}

/// What went wrong while a script or template ran.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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
    /// What an answer is to say of it
    pub kind: FaultKind,
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
