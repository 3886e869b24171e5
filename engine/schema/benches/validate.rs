//! How long one judgement takes, beside the oracle of the tests; how long a large document's
//! schemas take to lower.
#![allow(clippy::unwrap_used, missing_docs)]

use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, criterion_group, criterion_main};
use mocker_schema::lower::{self, Dialect};
use mocker_schema::validate::Direction;
use mocker_schema::{SchemaId, Schemas};
use mocker_source::{FileId, Tree};
use serde_json::{Value, json};

fn order() -> (Value, Value) {
    let schema = json!({
        "type": "object",
        "required": ["id", "status", "customer", "lines", "total"],
        "properties": {
            "id": {"type": "string", "format": "uuid"},
            "status": {"type": "string", "enum": ["open", "paid", "shipped"]},
            "createdAt": {"type": "string", "format": "date-time"},
            "total": {"type": "number", "minimum": 0, "multipleOf": 0.01},
            "note": {"type": ["string", "null"], "maxLength": 200},
            "customer": {"$ref": "#/$defs/Customer"},
            "lines": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/Line"}}
        },
        "$defs": {
            "Customer": {"type": "object", "required": ["name"], "additionalProperties": false, "properties": {
                "name": {"type": "string", "minLength": 1},
                "email": {"type": "string", "format": "email"},
                "country": {"type": "string", "pattern": "^[A-Z]{2}$"}
            }},
            "Line": {"type": "object", "required": ["sku", "count"], "properties": {
                "sku": {"type": "string", "pattern": "^[A-Z]{3}-[0-9]{4}$"},
                "count": {"type": "integer", "format": "int32", "minimum": 1}
            }}
        }
    });
    let value = json!({
        "id": "2eb8aa08-aa98-11ea-b4aa-73b441d16380", "status": "paid", "createdAt": "2026-11-22T03:00:00Z",
        "total": 19.99, "note": null, "customer": {"name": "Ada", "email": "ada@example.com", "country": "GB"},
        "lines": [{"sku": "ABC-1234", "count": 2}, {"sku": "XYZ-9876", "count": 1}]
    });
    (schema, value)
}

fn lowered(schema: &Value) -> (Schemas, SchemaId) {
    let (tree, _) = mocker_source::parse(FileId(0), schema.to_string().as_bytes());
    let mut lowering = lower::local(&tree, Dialect::OpenApi31);
    let id = lowering.lower(tree.root());
    (lowering.finish().0, id)
}

fn judge(c: &mut Criterion) {
    let (schema, good) = order();
    let mut bad = good.clone();
    bad["lines"][1]["count"] = json!("many");
    let (schemas, id) = lowered(&schema);
    let oracle = jsonschema::draft202012::options().should_validate_formats(true).build(&schema).unwrap();
    let mut group = c.benchmark_group("order");
    group.bench_function("is_valid", |b| {
        b.iter(|| schemas.is_valid(id, black_box(&good), Direction::Request));
    });
    group.bench_function("validate, one fault", |b| {
        b.iter(|| schemas.validate(id, black_box(&bad), Direction::Request));
    });
    group.bench_function("jsonschema is_valid", |b| b.iter(|| oracle.is_valid(black_box(&good))));
    group.finish();
}

fn lower_all(tree: &Tree, dialect: Dialect, folder: &str) -> usize {
    let mut lowering = lower::local(tree, dialect);
    for (_, schema) in tree.root().at_pointer(folder).unwrap().entries() {
        lowering.lower(schema);
    }
    lowering.finish().0.len()
}

fn documents(c: &mut Criterion) {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    let known = [
        ("github.json", Dialect::OpenApi30, "/components/schemas"),
        ("stripe.json", Dialect::OpenApi30, "/components/schemas"),
        ("kubernetes-2.0.json", Dialect::Swagger2, "/definitions"),
    ];
    let mut group = c.benchmark_group("lower");
    group.sample_size(10);
    for (file, dialect, folder) in known {
        let Ok(text) = std::fs::read(corpus.join(file)) else {
            eprintln!("SKIPPED: {file} is missing");
            continue;
        };
        let (tree, _) = mocker_source::parse(FileId(0), &text);
        eprintln!("{file}: {} nodes", lower_all(&tree, dialect, folder));
        group.bench_function(file, |b| b.iter(|| lower_all(&tree, dialect, folder)));
    }
    group.finish();
}

criterion_group!(benches, judge, documents);
criterion_main!(benches);
