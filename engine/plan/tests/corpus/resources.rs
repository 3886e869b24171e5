//! Resources of real documents, against a table that was made by reading the documents.

use std::collections::{HashMap, HashSet};

use mocker_openapi::Document;
use mocker_plan::resources;

/// Of 100 pairs of the table, how many are to be found.
const FOUND: usize = 95;

/// A list and what reads one of it, by their paths.
type Pair = (String, String);

/// The pairs of one document.
struct Expected {
    name: String,
    pairs: HashSet<Pair>,
    /// Those that need not be found and are not wrong
    either: HashSet<Pair>,
}

fn table() -> Vec<Expected> {
    let mut table: Vec<Expected> = Vec::new();
    for line in include_str!("../resources/pairs.txt").lines().filter(|line| !line.starts_with('#')) {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words[..] {
            [] => {}
            [name] => {
                table.push(Expected { name: name.to_owned(), pairs: HashSet::new(), either: HashSet::new() })
            }
            [list, read, ref mark @ ..] => {
                let document = table.last_mut().unwrap();
                let into = if mark == ["?"] { &mut document.either } else { &mut document.pairs };
                assert!(into.insert((list.to_owned(), read.to_owned())), "twice: {line}");
            }
        }
    }
    table
}

fn pairs(document: &Document) -> HashSet<Pair> {
    let path = |index: usize| document.operations[index].path.to_string();
    resources::find(document).pairs().map(|(list, read)| (path(list), path(read))).collect()
}

#[test]
fn pairs_of_real_documents_are_found_and_none_is_wrong() {
    let Some(corpus) = crate::corpus() else { return };
    let by_name: HashMap<&str, _> = corpus.iter().map(|entry| (&*entry.name, &entry.path)).collect();
    let (mut all, mut missed, mut wrong, mut documents) = (0, Vec::new(), Vec::new(), 0);
    for expected in table() {
        let Some(path) = by_name.get(&*expected.name) else { continue };
        let found = pairs(&crate::document(path));
        documents += 1;
        all += expected.pairs.len();
        let told = |(list, read): &Pair| format!("{}: {list} {read}", expected.name);
        missed.extend(expected.pairs.difference(&found).map(told));
        let is_known = |pair: &&Pair| expected.pairs.contains(*pair) || expected.either.contains(*pair);
        wrong.extend(found.iter().filter(|pair| !is_known(pair)).map(told));
    }
    missed.sort();
    wrong.sort();
    assert!(!crate::is_whole_corpus() || documents >= 10, "only {documents} documents of the table");
    eprintln!("{} of {all} pairs found; not found:\n{}", all - missed.len(), missed.join("\n"));
    assert_eq!(wrong, Vec::<String>::new(), "wrong pairs");
    assert!((all - missed.len()) * 100 >= all * FOUND, "missed:\n{}", missed.join("\n"));
}
