//! How many names of real documents tell what their values are like.

#![allow(clippy::unwrap_used, clippy::print_stderr)]

use mocker_schema::generate::{Options, Origin, Told};
use mocker_schema::lower::{self, Dialect};
use mocker_schema::validate::Direction;
use mocker_source::FileId;
use serde_json::{Value, json};

/// Whether the name alone says what makes its texts.
fn is_known(name: &str) -> bool {
    let schema = json!({ "type": "object", "properties": { name: { "type": "string" } } }).to_string();
    let (tree, _) = mocker_source::parse(FileId(0), schema.as_bytes());
    let mut lowering = lower::local(&tree, Dialect::OpenApi31);
    let root = lowering.lower(tree.root());
    let schemas = lowering.finish().0;
    let told = Told::compile(&schemas, root, &Options::new(Direction::Response, true));
    told.fields().iter().flat_map(|field| &field.origins).any(|origin| matches!(origin, Origin::Faker { .. }))
}

/// Of the names of texts in 11,600 real documents, counted once for each document.
#[test]
fn names_of_real_documents_are_known() {
    const LEAST: f64 = 0.97;
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    let file = folder.join("property-names.json");
    let Ok(bytes) = std::fs::read(&file) else { return eprintln!("SKIPPED: no {}", file.display()) };
    let counts: Value = serde_json::from_slice(&bytes).unwrap();
    let (mut all, mut known, mut unknown) = (0, 0, Vec::new());
    for entry in counts["docs_with_prop"].as_array().unwrap() {
        let (name, count) = (entry[0].as_str().unwrap(), entry[2].as_u64().unwrap());
        if entry[1] != "string" {
            continue;
        }
        all += count;
        match is_known(name) {
            true => known += count,
            false => unknown.push((count, name)),
        }
    }
    let share = known as f64 / all as f64;
    assert!(share >= LEAST, "{share:.4} of {all}; unknown: {:?}", &unknown[..unknown.len().min(40)]);
}
