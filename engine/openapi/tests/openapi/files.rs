//! References: from file to file, in strange spellings, by name, in circles.

use mocker_openapi::limits::Limits;
use mocker_openapi::model::ExampleValue;
use mocker_openapi::{Document, Loaded, Location, MemoryFetch, load, load_within};
use mocker_schema::{Schema, Types};

use crate::disk::{assert_clean, file, lines, load_files};

const HEAD: &str = "openapi: 3.1.0\ninfo: { title: T, version: '1' }\n";

/// A description whose one answer has the schema `reference`.
fn answering(reference: &str, rest: &str) -> String {
    format!(
        "{HEAD}paths:\n  /a:\n    get:\n      responses:\n        '200':\n          description: one\n          \
         content: {{ application/json: {{ schema: {{ $ref: '{reference}' }} }} }}\n{rest}"
    )
}

fn document(loaded: &Loaded) -> &Document {
    loaded.document.as_ref().unwrap()
}

/// The schema of the first operation's first answer, behind references.
fn answer(document: &Document) -> &Schema {
    let mut id = document.operations[0].responses[0].1.content[0].schema.unwrap();
    while let Some(target) = document.schemas[id].reference {
        id = target;
    }
    &document.schemas[id]
}

#[test]
fn references_are_followed_however_they_are_written() {
    let components = "components:\n  schemas:\n    A: { type: integer }\n    a/b~c d: { type: integer }\n    Via: { $ref: 'parts/all.yaml' }\n";
    let parts = "type: object\nproperties:\n  n: { type: integer }\nlist: [{ type: string }, { type: integer }]\n\
                 $defs:\n  x: { $anchor: here, type: integer }\n  y: { $dynamicAnchor: there, type: integer }\n";
    for reference in [
        "#/components/schemas/A",
        "#/components/schemas/a~1b~0c%20d",
        "#/components/schemas/a~1b~0c d",
        "#/components/schemas/Via/properties/n",
        "api.yaml#/components/schemas/A",
        "./api.yaml#/components/schemas/A",
        "parts/all.yaml#/properties/n",
        "parts/../parts/all.yaml#/list/1",
        "parts/all.yaml#here",
        "parts/all.yaml#there",
        "parts/odd%20name.yaml",
        "parts/plain.json",
    ] {
        let loaded = load_files(&[
            ("dir/api.yaml", &answering(reference, components)),
            ("dir/parts/all.yaml", parts),
            ("dir/parts/odd name.yaml", "type: integer"),
            ("dir/parts/plain.json", r#"{"type":"integer"}"#),
        ]);
        assert_clean(&loaded);
        assert_eq!(answer(document(&loaded)).types, Types::INTEGER, "{reference}");
    }
}

#[test]
fn files_may_refer_to_each_other_and_are_read_once() {
    let loaded = load_files(&[
        ("api.yaml", &answering("a.yaml", "")),
        ("a.yaml", "type: object\nproperties: { b: { $ref: b.yaml }, self: { $ref: '#' } }"),
        ("b.yaml", "type: array\nitems: { $ref: './a.yaml' }"),
    ]);
    assert_clean(&loaded);
    assert_eq!(loaded.files, ["api.yaml", "a.yaml", "b.yaml"].map(file));
    assert_eq!(answer(document(&loaded)).types, Types::OBJECT);
}

#[test]
fn urls_resolve_against_their_own() {
    let url = |path: &str| Location::Url(format!("https://h/{path}"));
    let mut fetch = MemoryFetch::default()
        .with(url("v1/api.yaml"), answering("../shared/a.yaml#/x", ""))
        .with(url("shared/a.yaml"), "x: { $ref: 'b.yaml' }")
        .with(url("shared/b.yaml"), "type: integer");
    let loaded = load(url("v1/api.yaml"), &mut fetch);
    assert_clean(&loaded);
    assert_eq!(loaded.files, [url("v1/api.yaml"), url("shared/a.yaml"), url("shared/b.yaml")]);
    assert_eq!(answer(document(&loaded)).types, Types::INTEGER);
}

#[test]
fn a_description_from_the_network_reads_no_local_files() {
    let url = Location::Url("https://h/api.yaml".to_owned());
    let mut fetch = MemoryFetch::default()
        .with(url.clone(), answering("file:///secret.yaml", ""))
        .with(file("/secret.yaml"), "type: integer");
    let loaded = load(url, &mut fetch);
    assert_eq!(loaded.files.len(), 1);
    assert_eq!(loaded.diagnostics[0].code, "ref-refused");
}

#[test]
fn schemas_are_found_by_their_ids() {
    let schemas = "components:\n  schemas:\n    Root:\n      $id: https://example.com/root.json\n      type: object\n      \
                   properties:\n        own: { $ref: '#/$defs/inner' }\n        sibling: { $ref: leaf.json }\n      \
                   $defs:\n        inner: { type: string }\n    Leaf:\n      $id: https://example.com/leaf.json\n      type: integer\n";
    for (reference, member, expected) in [
        ("https://example.com/root.json", "own", Types::STRING),
        ("https://example.com/root.json#", "sibling", Types::INTEGER),
    ] {
        let loaded = load_files(&[("api.yaml", &answering(reference, schemas))]);
        assert_clean(&loaded);
        let document = document(&loaded);
        let object = answer(document).object.as_ref().unwrap();
        let (_, schema) = object.properties.iter().find(|(name, _)| **name == *member).unwrap();
        assert_eq!(document.schemas[*schema].types, expected, "{member}");
    }
}

#[test]
fn parts_other_than_schemas_may_be_references() {
    let root = format!(
        "{HEAD}servers: [{{ url: /v1 }}]\npaths:\n  /a/{{id}}:\n    $ref: item.yaml\n    summary: mine\ncomponents:\n  securitySchemes:\n    \
         key: {{ $ref: 'item.yaml#/x-key' }}\n"
    );
    let item = "summary: theirs\nparameters: [{ $ref: '#/x-parameter' }]\nget:\n  security: [{ key: [] }]\n  \
                requestBody: { $ref: '#/x-body' }\n  responses: { '200': { $ref: '#/x-response' } }\n\
                x-key: { type: apiKey, in: query, name: k }\n\
                x-parameter: { name: id, in: path, required: true, schema: { type: string } }\n\
                x-body: { content: { text/plain: { schema: { type: string } } } }\n\
                x-response:\n  description: one\n  headers: { X-A: { $ref: '#/x-header' } }\n  \
                content: { application/json: { examples: { e: { $ref: '#/x-example' } } } }\n\
                x-header: { schema: { type: integer } }\nx-example: { value: { a: 1 } }\n";
    let loaded = load_files(&[("api.yaml", &root), ("item.yaml", item)]);
    assert_clean(&loaded);
    let operation = &document(&loaded).operations[0];
    assert_eq!(operation.summary.as_deref(), Some("mine"));
    assert_eq!(operation.parameters[0].name.as_ref(), "id");
    assert_eq!(operation.request_body.as_ref().unwrap().content[0].name.as_ref(), "text/plain");
    assert_eq!(operation.security[0][0].0.as_ref(), "key");
    let response = &operation.responses[0].1;
    assert_eq!(response.headers[0].name.as_ref(), "X-A");
    let ExampleValue::Json(text) = &response.content[0].examples[0].value else { panic!("not JSON") };
    assert_eq!(text.as_ref(), r#"{"a":1}"#);
}

#[test]
fn what_looks_like_a_reference_in_data_is_data() {
    let rest = "components:\n  schemas:\n    A:\n      type: object\n      example: { nested: { $ref: nowhere.yaml } }\n      \
                properties: { default: { type: string }, example: { $ref: leaf.yaml } }\n";
    let loaded = load_files(&[
        ("api.yaml", &answering("#/components/schemas/A", rest)),
        ("leaf.yaml", "type: integer"),
    ]);
    assert_clean(&loaded);
}

#[test]
fn a_fault_costs_its_own_operation_only() {
    let text = format!(
        "{HEAD}paths:\n  /a:\n    get: {{ $ref: gone.yaml }}\n    put: {{ parameters: [{{ $ref: gone.yaml }}], responses: {{ '204': {{ description: d }} }} }}\n  \
         /b: {{ $ref: gone.yaml, get: {{ responses: {{ '204': {{ description: d }} }} }} }}\n"
    );
    let loaded = load_files(&[("api.yaml", &text)]);
    let operations = &document(&loaded).operations;
    assert_eq!(operations.iter().map(|operation| &*operation.path).collect::<Vec<_>>(), ["/a", "/b"]);
    assert_eq!(lines(&loaded).len(), 3, "{:?}", loaded.diagnostics);
    assert!(loaded.diagnostics.iter().all(|diagnostic| diagnostic.code == "ref-unreadable"));
}

#[test]
fn the_nearest_name_is_proposed() {
    let loaded = load_files(&[(
        "api.yaml",
        &answering("#/components/schemas/Pets", "components:\n  schemas:\n    Pet: { type: object }\n"),
    )]);
    assert_eq!(loaded.diagnostics.len(), 1);
    assert_eq!(loaded.diagnostics[0].help.as_deref(), Some("did you mean `#/components/schemas/Pet`?"));
    assert_eq!(
        loaded.diagnostics[0].pointer,
        "/paths/~1a/get/responses/200/content/application~1json/schema/$ref"
    );
}

#[test]
fn a_missing_root_is_one_error() {
    let loaded = load(file("gone.yaml"), &mut MemoryFetch::default());
    assert!(loaded.document.is_none());
    assert_eq!(lines(&loaded), ["error file-unreadable"]);
    assert_eq!(loaded.files, [file("gone.yaml")]);
}

#[test]
fn references_in_circles_end() {
    let mut rest = "components:\n  schemas:\n".to_owned();
    for index in 0..50 {
        rest += &format!("    S{index}: {{ $ref: '#/components/schemas/S{}/x/x/x' }}\n", (index + 1) % 50);
    }
    let loaded = load_files(&[("api.yaml", &answering("#/components/schemas/S0/x/x", &rest))]);
    assert!(
        loaded.diagnostics.iter().any(|diagnostic| diagnostic.code == "ref-cycle"),
        "{:?}",
        loaded.diagnostics
    );
}

#[test]
fn limits_hold_at_their_edge() {
    let root = answering("a.yaml", "");
    let leaf = "type: integer";
    let fetch = MemoryFetch::default().with(file("api.yaml"), root.clone()).with(file("a.yaml"), leaf);
    let total = root.len() + leaf.len();
    let loose = Limits::default();
    for (limits, fits) in [
        (Limits { files: 2, ..loose }, true),
        (Limits { files: 1, ..loose }, false),
        (Limits { file_bytes: root.len(), ..loose }, true),
        (Limits { total_bytes: total, ..loose }, true),
        (Limits { total_bytes: total - 1, ..loose }, false),
    ] {
        let loaded = load_within(file("api.yaml"), &mut fetch.clone(), &limits);
        assert_eq!(loaded.diagnostics.is_empty(), fits, "{limits:?}: {:?}", loaded.diagnostics);
        assert!(fits || loaded.diagnostics[0].code == "file-limit");
    }
    let small = Limits { file_bytes: root.len() - 1, ..loose };
    let loaded = load_within(file("api.yaml"), &mut fetch.clone(), &small);
    assert_eq!(lines(&loaded), ["error file-limit"]);

    let faults = "swagger: '2.0'\npaths: { a: {}, b: {}, c: {} }\n";
    for (diagnostics, expected) in [(4, 4), (3, 4), (1, 2)] {
        let mut fetch = MemoryFetch::default().with(file("api.yaml"), faults);
        let loaded = load_within(file("api.yaml"), &mut fetch, &Limits { diagnostics, ..loose });
        assert_eq!(loaded.diagnostics.len(), expected, "{:?}", loaded.diagnostics);
        let cut = loaded.diagnostics.iter().any(|diagnostic| diagnostic.code == "too-many-faults");
        assert_eq!(cut, diagnostics < 4);
    }

    let paths = "openapi: 3.0.4\ninfo: { title: T, version: '1' }\npaths:\n  \
                 /a: { get: { responses: { 200: {} } }, put: { responses: { 200: {} } } }\n  /b: { get: { responses: { 200: {} } } }\n";
    for (operations, reported) in [(3, 0), (2, 1), (1, 1)] {
        let mut fetch = MemoryFetch::default().with(file("api.yaml"), paths);
        let loaded = load_within(file("api.yaml"), &mut fetch, &Limits { operations, ..loose });
        assert_eq!(document(&loaded).operations.len(), operations);
        assert_eq!(lines(&loaded), ["error too-many-operations 1:1"][..reported]);
    }
}
