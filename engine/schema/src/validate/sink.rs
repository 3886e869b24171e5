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

/// Keeps them all, up to [`limits::VIOLATIONS`].
#[derive(Default)]
pub(super) struct Listing(pub(super) Vec<Violation>);

impl Sink for Listing {
    const ALL: bool = true;
    fn report_with(
        &mut self,
        path: &Path<'_>,
        keyword: &'static str,
        message: impl FnOnce() -> String,
        detail: impl FnOnce() -> Option<String>,
    ) -> bool {
        if self.0.len() < limits::VIOLATIONS {
            self.0.push(Violation { path: path.tokens(), keyword, message: message(), detail: detail() });
        }
        false
    }
    fn mark(&self) -> usize {
        self.0.len()
    }
    fn rewind(&mut self, mark: usize) {
        self.0.truncate(mark);
    }
}
