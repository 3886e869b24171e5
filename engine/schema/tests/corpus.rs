//! The schemas of real documents: all lower, few are odd, and examples judge without harm.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::path::Path;

use mocker_schema::lower::{self, Dialect};
use mocker_schema::validate::Direction;
use mocker_source::FileId;

#[test]
fn real_schemas_lower() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    let Ok(files) = std::fs::read_dir(&corpus) else {
        eprintln!("SKIPPED: {} is missing", corpus.display());
        return;
    };
    let mut seen = 0;
    for path in files.map(|entry| entry.unwrap().path()).filter(|path| path.is_file()) {
        let (tree, _) = mocker_source::parse(FileId(0), &std::fs::read(&path).unwrap());
        let root = tree.root();
        let Some(version) = root.get("openapi").or(root.get("swagger")).and_then(|v| v.scalar_text()) else {
            continue;
        };
        let (dialect, folder) = match version {
            v if v.starts_with('2') => (Dialect::Swagger2, "/definitions"),
            v if v.starts_with("3.0") => (Dialect::OpenApi30, "/components/schemas"),
            _ => (Dialect::OpenApi31, "/components/schemas"),
        };
        let Some(schemas) = root.at_pointer(folder) else { continue };
        let mut lowering = lower::local(&tree, dialect);
        let ids: Vec<_> = schemas.entries().map(|(_, schema)| lowering.lower(schema)).collect();
        let (schemas, faults) = lowering.finish();
        let mut codes = BTreeMap::new();
        for fault in &faults {
            *codes.entry(fault.code).or_insert(0) += 1;
        }
        let (mut judged, mut valid) = (0, 0);
        for (id, schema) in schemas.iter() {
            for example in schema.notes.iter().flat_map(|notes| &notes.examples) {
                let quick = schemas.is_valid(id, example, Direction::Response);
                let violations = schemas.validate(id, example, Direction::Response);
                assert_eq!(quick, violations.is_empty(), "{path:?}: {schema:?} {example}: {violations:?}");
                (judged, valid) = (judged + 1, valid + usize::from(quick));
            }
        }
        let name = path.file_name().unwrap().to_string_lossy();
        eprintln!(
            "{name}: {} schemas, {} nodes, {codes:?}, {valid} of {judged} examples valid",
            ids.len(),
            schemas.len()
        );
        for fault in faults.iter().take(3) {
            eprintln!("    {} {} {}", fault.code, fault.pointer, fault.message);
        }
        seen += 1;
    }
    assert!(seen > 10, "only {seen} documents");
}
