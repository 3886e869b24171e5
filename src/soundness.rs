//! How sound is what is served: what a reload is judged by.

use std::collections::BTreeMap;

/// Errors of documents, and of what is added to them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Soundness {
    /// By root file: the number of errors; `None` where nothing of the document can be served
    documents: BTreeMap<String, Option<usize>>,
    /// The number of errors, by file
    added: BTreeMap<String, usize>,
}

impl Soundness {
    /// A document has so many errors; `None` where it cannot be served.
    pub(crate) fn document(&mut self, file: String, errors: Option<usize>) {
        self.documents.insert(file, errors);
    }

    /// What is added in a file has one more error.
    pub(crate) fn error(&mut self, file: &str) {
        *self.added.entry(file.to_owned()).or_default() += 1;
    }

    /// Whether the document of a root file is served.
    pub(crate) fn serves(&self, file: &str) -> bool {
        matches!(self.documents.get(file), Some(Some(_)))
    }

    /// Whether something would be lost that is served: a document cannot be read any more, or a file has more errors
    /// than before. Errors that were there before hold nobody up, nor does a new document that has some.
    pub(crate) fn is_worse_than(&self, served: &Soundness) -> bool {
        let of_document =
            |(file, errors): (&String, &Option<usize>)| match (errors, served.documents.get(file)) {
                (None, known) => !matches!(known, Some(None)),
                (Some(now), Some(Some(before))) => now > before,
                (Some(_), _) => false,
            };
        let of_file =
            |(file, now): (&String, &usize)| *now > served.added.get(file).copied().unwrap_or_default();
        self.documents.iter().any(of_document) || self.added.iter().any(of_file)
    }
}

#[cfg(test)]
mod tests {
    use super::Soundness;

    fn soundness(documents: &[(&str, Option<usize>)], added: &[&str]) -> Soundness {
        let mut soundness = Soundness::default();
        documents.iter().for_each(|(file, errors)| soundness.document((*file).to_owned(), *errors));
        added.iter().for_each(|file| soundness.error(file));
        soundness
    }

    #[test]
    fn only_what_would_be_lost_is_worse() {
        let served = soundness(&[("a", Some(0)), ("b", Some(2)), ("c", None)], &["x", "x"]);
        let table = [
            (soundness(&[("a", Some(0)), ("b", Some(2)), ("c", None)], &["x", "x"]), false),
            (soundness(&[("a", Some(0))], &["x"]), false),
            (soundness(&[("a", Some(1))], &[]), true),
            (soundness(&[("a", None)], &[]), true),
            (soundness(&[("b", Some(3))], &[]), true),
            (soundness(&[("b", Some(1)), ("c", Some(7))], &[]), false),
            (soundness(&[("new", Some(3))], &[]), false),
            (soundness(&[("new", None)], &[]), true),
            (soundness(&[], &["x", "x", "x"]), true),
            (soundness(&[], &["y"]), true),
        ];
        for (number, (now, expected)) in table.iter().enumerate() {
            assert_eq!(now.is_worse_than(&served), *expected, "{number}: {now:?}");
        }
        assert!(served.serves("b") && !served.serves("c") && !served.serves("d"));
    }
}
