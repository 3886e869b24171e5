//! Whatever the bytes are, loading ends with a document or with diagnostics, never with a panic.

use std::fs;

use mocker_openapi::{MemoryFetch, limits, load};
use proptest::prelude::*;

use crate::disk::{file, repository};

/// Small descriptions with much in them: the fixtures.
fn seeds() -> Vec<Vec<u8>> {
    let entries = fs::read_dir(repository("specs/invalid")).unwrap();
    let paths = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e != "expected"));
    let mut seeds: Vec<_> =
        paths.filter(|path| path.is_file()).map(|path| (path.clone(), fs::read(path).unwrap())).collect();
    seeds.sort();
    // alias bombs are slow by nature, and have their own test
    seeds.into_iter().map(|(_, text)| text).filter(|text| text.len() < 1_000).collect()
}

/// What mutations put in: words that change the meaning of what stands around them.
const WORDS: [&str; 24] = [
    "$ref",
    "'#'",
    "'#/'",
    "'#/paths'",
    "api.yaml",
    "null",
    "[]",
    "{}",
    "{",
    "}",
    "\n",
    ": ",
    "- ",
    "get:",
    "schema",
    "parameters",
    "responses",
    "swagger: '2.0'\n",
    "openapi: 3.1.0\n",
    "$id",
    "type: file",
    "*a",
    "&a ",
    "\u{0}",
];

#[derive(Clone, Debug)]
struct Mutation {
    at: prop::sample::Index,
    remove: usize,
    word: usize,
}

fn mutations() -> impl Strategy<Value = Vec<Mutation>> {
    let one = (any::<prop::sample::Index>(), 0_usize..12, 0..WORDS.len());
    prop::collection::vec(one.prop_map(|(at, remove, word)| Mutation { at, remove, word }), 1..6)
}

fn mutate(text: &mut Vec<u8>, mutation: &Mutation) {
    let from = mutation.at.index(text.len() + 1);
    let to = (from + mutation.remove).min(text.len());
    text.splice(from..to, WORDS[mutation.word].bytes());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn mutated_descriptions_do_no_harm(seed in any::<prop::sample::Index>(), mutations in mutations()) {
        let seeds = seeds();
        let mut text = seeds[seed.index(seeds.len())].clone();
        mutations.iter().for_each(|mutation| mutate(&mut text, mutation));
        let loaded = load(file("api.yaml"), &mut MemoryFetch::default().with(file("api.yaml"), text));
        prop_assert!(loaded.document.is_some() || loaded.diagnostics.iter().any(|diagnostic| diagnostic.is_error()));
        let known = |position: mocker_source::Position| usize::from(position.file.0) < loaded.files.len();
        let in_known_files = loaded.diagnostics.iter().filter_map(|diagnostic| diagnostic.position).all(known);
        prop_assert!(in_known_files);
    }

    #[test]
    fn any_bytes_do_no_harm(text in prop::collection::vec(any::<u8>(), 0..200)) {
        let loaded = load(file("api.yaml"), &mut MemoryFetch::default().with(file("api.yaml"), text));
        prop_assert!(loaded.document.is_some() || !loaded.diagnostics.is_empty());
    }
}

#[test]
fn guesses_at_names_are_bounded() {
    let (names, broken) = (limits::COMPARISONS / 10, 20);
    let mut text =
        "openapi: 3.0.4\ninfo: { title: T, version: '1' }\npaths: {}\ncomponents:\n  schemas:\n".to_owned();
    for index in 0..broken {
        text += &format!("    B{index}: {{ $ref: '#/components/schemas/Name{index}x' }}\n");
    }
    for index in 0..names - broken {
        text += &format!("    Name{index}: {{}}\n");
    }
    let loaded = load(file("api.yaml"), &mut MemoryFetch::default().with(file("api.yaml"), text));
    assert_eq!(loaded.diagnostics.len(), broken);
    assert_eq!(loaded.diagnostics.iter().filter(|diagnostic| diagnostic.help.is_some()).count(), 10);
}

#[test]
fn what_many_paths_share_is_read_once() {
    let mut text = "openapi: 3.0.4\ninfo: { title: T, version: '1' }\npaths:\n".to_owned();
    for index in 0..2_000 {
        text += &format!("  /p{index}: {{ $ref: '#/x-item' }}\n");
    }
    text += "x-item:\n  get:\n    responses: { '204': { description: none } }\n    parameters:\n";
    for index in 0..300 {
        text += &format!("    - {{ name: q{index}, in: query, schema: {{ type: string }} }}\n");
    }
    let loaded = load(file("api.yaml"), &mut MemoryFetch::default().with(file("api.yaml"), text));
    let document = loaded.document.unwrap();
    assert_eq!((document.operations.len(), document.schemas.len()), (2_000, 300));
    let first = &document.operations[0].parameters;
    let last = &document.operations[1_999].parameters;
    assert!(first.iter().zip(last).all(|(a, b)| std::sync::Arc::ptr_eq(a, b)));
}
