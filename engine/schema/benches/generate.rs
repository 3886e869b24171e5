//! Nanoseconds for a body: ten fields made afresh, and five slots in a constant text.
#![allow(clippy::unwrap_used, missing_docs)]

use criterion::{Criterion, criterion_group, criterion_main};
use mocker_schema::generate::{Key, Options, Program};
use mocker_schema::lower::{self, Dialect};
use mocker_schema::validate::Direction;
use mocker_source::FileId;
use serde_json::{Value, json};

fn program(schema: &Value) -> Program {
    let (tree, _) = mocker_source::parse(FileId(0), schema.to_string().as_bytes());
    let mut lowering = lower::local(&tree, Dialect::OpenApi31);
    let id = lowering.lower(tree.root());
    let (schemas, _) = lowering.finish();
    Program::compile(&schemas, id, &Options::new(Direction::Response, true)).unwrap()
}

fn ten_fields() -> Value {
    json!({"type": "object", "properties": {
        "id": {"type": "string", "format": "uuid"}, "number": {"type": "integer"}, "name": {"type": "string"},
        "email": {"type": "string", "format": "email"}, "price": {"type": "number"}, "createdAt": {"type": "string", "format": "date-time"},
        "status": {"enum": ["open", "closed", "merged"]}, "active": {"type": "boolean"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "address": {"type": "object", "properties": {"city": {"type": "string"}, "zip": {"type": "string", "pattern": "^[0-9]{5}$"}}}}})
}

fn five_slots() -> Value {
    let text = "x".repeat(110);
    json!({"type": "object", "properties": {
        "id": {"type": "string", "format": "uuid"}, "a": {"const": text}, "order": {"type": "string", "format": "uuid"}, "b": {"const": text},
        "count": {"type": "integer"}, "c": {"const": text}, "total": {"type": "integer"}, "d": {"const": text}, "name": {"type": "string"},
        "e": {"const": text}}})
}

fn measure(criterion: &mut Criterion) {
    for (name, schema) in [("ten fields", ten_fields()), ("five slots", five_slots())] {
        let program = program(&schema);
        let mut out = Vec::with_capacity(8192);
        let mut key = 0;
        criterion.bench_function(name, |bencher| {
            bencher.iter(|| {
                out.clear();
                key += 1;
                program.write(Key(key), &mut out);
                out.len()
            });
        });
    }
}

criterion_group!(benches, measure);
criterion_main!(benches);
