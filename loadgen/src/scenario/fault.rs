//! What a user gave that cannot be used.

use std::fmt;

/// What a user gave that cannot be used, and why, in one sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault(String);

impl Fault {
    pub(super) fn new(reason: impl Into<String>) -> Fault {
        Fault(reason.into())
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl std::error::Error for Fault {}
