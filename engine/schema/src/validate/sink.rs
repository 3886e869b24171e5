//! Where violations go: nowhere, ending the search at the first, or into a list.

use super::Violation;
use super::path::Path;
use crate::limits;

/// Receives violations. Every check calls it with closures, so that nothing is formatted
/// for a sink that does not listen.
pub(super) trait Sink {
    /// Whether every violation is wanted, in Ajv's order.
    const ALL: bool;
    /// Takes one violation; true when the caller should stop at once.
    fn report(&mut self, path: &Path<'_>, keyword: &'static str, message: impl FnOnce() -> String) -> bool {
        self.report_with(path, keyword, message, || None)
    }
    /// [`Self::report`] with the detail that Ajv puts in `params`.
    fn report_with(
        &mut self,
        path: &Path<'_>,
        keyword: &'static str,
        message: impl FnOnce() -> String,
        detail: impl FnOnce() -> Option<String>,
    ) -> bool;
    /// How many violations there are.
    fn mark(&self) -> usize;
    /// Forgets those after `mark`: the branch that broke them did not matter.
    fn rewind(&mut self, mark: usize);
}

/// Only wants to know whether there is one.
pub(super) struct Quiet;

impl Sink for Quiet {
    const ALL: bool = false;
    fn report_with(
        &mut self,
        _: &Path<'_>,
        _: &'static str,
        _: impl FnOnce() -> String,
        _: impl FnOnce() -> Option<String>,
    ) -> bool {
        true
    }
    fn mark(&self) -> usize {
        0
    }
    fn rewind(&mut self, _: usize) {}
}

/// Keeps them all, up to [`limits::VIOLATIONS`] and [`limits::VIOLATION_BYTES`], but one at least.
#[derive(Default)]
pub(super) struct Listing {
    pub(super) violations: Vec<Violation>,
    /// What their texts take together, names of the value's members among them
    bytes: usize,
}

impl Listing {
    fn has_room(&self, path: &Path<'_>) -> bool {
        self.violations.is_empty()
            || (self.violations.len() < limits::VIOLATIONS
                && self.bytes + path.bytes() <= limits::VIOLATION_BYTES)
    }
}

impl Sink for Listing {
    const ALL: bool = true;
    fn report_with(
        &mut self,
        path: &Path<'_>,
        keyword: &'static str,
        message: impl FnOnce() -> String,
        detail: impl FnOnce() -> Option<String>,
    ) -> bool {
        if self.has_room(path) {
            let violation = Violation { path: path.tokens(), keyword, message: message(), detail: detail() };
            self.bytes += violation.bytes();
            self.violations.push(violation);
        }
        false
    }
    fn mark(&self) -> usize {
        self.violations.len()
    }
    fn rewind(&mut self, mark: usize) {
        self.bytes -= self.violations.drain(mark..).map(|violation| violation.bytes()).sum::<usize>();
    }
}
