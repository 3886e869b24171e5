//! Real documents, where they are at hand.

use std::fs;

use mocker_openapi::{Location, load};

use crate::disk::{Disk, repository};

#[test]
fn every_document_of_the_corpus_loads() {
    let corpus = repository("../shared/corpus");
    let Ok(index) = fs::read_to_string(corpus.join("INDEX.tsv")) else {
        eprintln!("SKIPPED: there is no corpus at {}", corpus.display());
        return;
    };
    let mut wrong = Vec::new();
    for line in index.lines().skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        let (name, expected) = (columns[0], columns[5].parse::<usize>().unwrap());
        let loaded = load(Location::File(corpus.join(name)), &mut Disk);
        let operations = loaded.document.as_ref().map_or(0, |document| document.operations.len());
        if operations != expected {
            wrong.push(format!("{name}: {operations} operations, not {expected}"));
        }
        let errors = loaded.diagnostics.iter().filter(|diagnostic| diagnostic.is_error());
        wrong.extend(errors.map(|diagnostic| format!("{name}: {diagnostic:?}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
