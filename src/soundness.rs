//! How sound is what is served: what a reload is judged by.

use std::collections::BTreeMap;

use mocker_openapi::{Loaded, Location};

/// Errors of documents, and of what is added to them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Soundness {
    /// By root file; `None` where nothing of the document can be served
    documents: BTreeMap<String, Option<Readable>>,
    /// The number of errors, by file
    added: BTreeMap<String, usize>,
}

/// What is in a document that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Readable {
    pub(crate) errors: usize,
    pub(crate) operations: usize,
}

impl Readable {
    /// Who cuts a document at the end of a line, or is about to write it, leaves one without errors and operations.
    fn is_worse_than(self, before: Readable) -> bool {
        self.errors > before.errors || self.operations == 0 && before.operations > 0
    }
}

/// By what a document is known again: its root file, as it is named.
pub(crate) fn identity(loaded: &Loaded) -> String {
    loaded.files.first().map(Location::to_string).unwrap_or_default()
}

impl Soundness {
    /// A document is like this; `None` where it cannot be served.
    pub(crate) fn document(&mut self, file: String, readable: Option<Readable>) {
        self.documents.insert(file, readable);
    }

    /// What is added in a file has one more error.
    pub(crate) fn error(&mut self, file: &str) {
        *self.added.entry(file.to_owned()).or_default() += 1;
    }

    /// Whether the document of a root file is served.
    pub(crate) fn serves(&self, file: &str) -> bool {
        matches!(self.documents.get(file), Some(Some(_)))
    }

    /// Whether operations of a root file are served.
    pub(crate) fn serves_operations(&self, file: &str) -> bool {
        matches!(self.documents.get(file), Some(Some(Readable { operations: 1.., .. })))
    }

    /// Whether something would be lost that is served: a document cannot be read any more, or has no operation left, or a
    /// file has more errors than before. Errors that were there before hold nobody up, nor does a new document that has some.
    pub(crate) fn is_worse_than(&self, served: &Soundness) -> bool {
        let of_document = |(file, now): (&String, &Option<Readable>)| match (now, served.documents.get(file))
        {
            (None, known) => !matches!(known, Some(None)),
            (Some(now), Some(Some(before))) => now.is_worse_than(*before),
            (Some(_), _) => false,
        };
        let of_file =
            |(file, now): (&String, &usize)| *now > served.added.get(file).copied().unwrap_or_default();
        self.documents.iter().any(of_document) || self.added.iter().any(of_file)
    }
}

#[cfg(test)]
mod tests {
    use super::{Readable, Soundness};

    fn soundness(documents: &[(&str, Option<Readable>)], added: &[&str]) -> Soundness {
        let mut soundness = Soundness::default();
        documents.iter().for_each(|(file, readable)| soundness.document((*file).to_owned(), *readable));
        added.iter().for_each(|file| soundness.error(file));
        soundness
    }

    /// A document with so many errors and operations.
    fn some(errors: usize, operations: usize) -> Option<Readable> {
        Some(Readable { errors, operations })
    }

    #[test]
    fn only_what_would_be_lost_is_worse() {
        let documents = [("a", some(0, 2)), ("b", some(2, 2)), ("c", None), ("empty", some(0, 0))];
        let served = soundness(&documents, &["x", "x"]);
        let table = [
            (soundness(&documents, &["x", "x"]), false),
            (soundness(&[("a", some(0, 2))], &["x"]), false),
            (soundness(&[("a", some(1, 2))], &[]), true),
            (soundness(&[("a", None)], &[]), true),
            (soundness(&[("a", some(0, 1))], &[]), false),
            (soundness(&[("a", some(0, 0))], &[]), true),
            (soundness(&[("b", some(0, 0))], &[]), true),
            (soundness(&[("b", some(3, 2))], &[]), true),
            (soundness(&[("b", some(1, 2)), ("c", some(7, 0))], &[]), false),
            (soundness(&[("empty", some(0, 0))], &[]), false),
            (soundness(&[("new", some(3, 2))], &[]), false),
            (soundness(&[("new", some(0, 0))], &[]), false),
            (soundness(&[("new", None)], &[]), true),
            (soundness(&[], &["x", "x", "x"]), true),
            (soundness(&[], &["y"]), true),
        ];
        for (number, (now, expected)) in table.iter().enumerate() {
            assert_eq!(now.is_worse_than(&served), *expected, "{number}: {now:?}");
        }
        assert!(served.serves("b") && !served.serves("c") && !served.serves("d"));
        assert!(served.serves_operations("b"));
        assert!(["c", "empty", "d"].iter().all(|file| !served.serves_operations(file)));
    }
}
