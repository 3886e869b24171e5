//! A description in its author's words.

use mocker_openapi::{Location, MemoryFetch, Written};
use mocker_schema::lower::Dialect;

use crate::disk::file;

fn written(files: &[(&str, &str)]) -> Option<Written> {
    let mut fetch = MemoryFetch::default();
    files.iter().for_each(|(name, text)| fetch.add(file(name), *text));
    Written::read(file(files[0].0), &mut fetch)
}

#[test]
fn the_dialect_is_known_and_what_has_no_schemas_refused() {
    for (text, dialect) in [
        ("swagger: '2.0'", Some(Dialect::Swagger2)),
        ("openapi: 3.0.3", Some(Dialect::OpenApi30)),
        ("openapi: 3.1.0", Some(Dialect::OpenApi31)),
        ("openapi: 3.2.0", Some(Dialect::OpenApi31)),
        ("asyncapi: 2.0.0", None),
        ("[1, 2]", None),
        (
            r#"{"info": {"name": "C", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"}, "item": []}"#,
            None,
        ),
    ] {
        assert_eq!(written(&[("api.yaml", text)]).map(|written| written.dialect()), dialect, "{text}");
    }
    assert!(Written::read(Location::File("none.yaml".into()), &mut MemoryFetch::default()).is_none());
}

#[test]
fn references_lead_from_file_to_file() {
    let files = [
        ("api.yaml", "openapi: 3.1.0\na: {$ref: 'more.yaml#/b'}\nlost: {$ref: '#/none'}\nc: 3"),
        ("more.yaml", "b: {$ref: 'api.yaml#/c'}"),
    ];
    let written = written(&files).unwrap();
    let (root, references) = (written.root(), written.references());
    let a = root.get("a").unwrap();
    assert_eq!(references.target(a, "more.yaml#/b").unwrap().pointer(), "/b");
    assert_eq!(references.deref(a).unwrap().as_u64(), Some(3));
    assert!(references.deref(root.get("lost").unwrap()).is_none());
}
