//! The patterns of real documents. Their schemas are gone through where documents are known: in the plan's tests.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

use std::path::PathBuf;

use mocker_schema::generate::{Key, Options, Program};
use mocker_schema::lower::{self, Dialect};
use mocker_schema::validate::Direction;
use mocker_source::FileId;

fn corpus() -> Option<PathBuf> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    let folder = std::env::var_os("MOCKER_CORPUS").map_or(folder, PathBuf::from);
    if !folder.is_dir() {
        eprintln!("SKIPPED: no corpus at {}", folder.display());
        return None;
    }
    Some(folder)
}

#[test]
fn nearly_every_pattern_of_the_corpus_gives_a_matching_string() {
    let Some(folder) = corpus() else { return };
    let patterns: Vec<String> =
        serde_json::from_slice(&std::fs::read(folder.join("patterns.json")).unwrap()).unwrap();
    let mut failed = Vec::new();
    for pattern in &patterns {
        let schema = serde_json::json!({"type": "string", "pattern": pattern});
        let (tree, _) = mocker_source::parse(FileId(0), schema.to_string().as_bytes());
        let mut lowering = lower::local(&tree, Dialect::OpenApi31);
        let id = lowering.lower(tree.root());
        let (schemas, _) = lowering.finish();
        let options = Options::new(Direction::Response, true);
        let compiled = Program::compile(&schemas, id, &options);
        let is_known = mocker_schema::pattern::Pattern::new(pattern).problem().is_none();
        match compiled {
            Ok(program) if is_known => {
                assert!(schemas.is_valid(id, &program.value(Key(1)), Direction::Response))
            }
            _ => failed.push(pattern.as_str()),
        }
    }
    let made = patterns.len() - failed.len();
    eprintln!("{made} of {} patterns; not: {failed:#?}", patterns.len());
    assert!(made * 100 >= patterns.len() * 98, "{made} of {}", patterns.len());
}
