//! Times of one object follow each other as their names say; what the schema says comes first.
#![allow(clippy::unwrap_used)]

use mocker_schema::generate::{Key, Options, Program};
use mocker_schema::lower::{self, Dialect};
use mocker_schema::validate::Direction;
use mocker_source::FileId;
use serde_json::{Value, json};

/// Values of the schema, of which each obeys it.
fn values(schema: &Value) -> Vec<Value> {
    let source = serde_json::to_vec(schema).unwrap();
    let (tree, _) = mocker_source::parse(FileId(0), &source);
    let mut lowering = lower::local(&tree, Dialect::OpenApi31);
    let root = lowering.lower(tree.root());
    let (schemas, _) = lowering.finish();
    let options = Options::new(Direction::Response, true);
    let program = Program::compile(&schemas, root, &options).unwrap();
    let values: Vec<Value> = (0..200).map(|key| program.value(Key(key))).collect();
    assert!(values.iter().all(|value| schemas.is_valid(root, value, Direction::Response)), "{schema}");
    values
}

fn object(names: &[&str], property: &Value) -> Value {
    let properties: serde_json::Map<String, Value> =
        names.iter().map(|name| ((*name).to_owned(), property.clone())).collect();
    json!({"type": "object", "properties": properties, "required": names})
}

/// Texts of times in RFC 3339 sort as the times do; what has not come about has none.
fn is_in_order(first: &Value, second: &Value) -> bool {
    match (first, second) {
        (Value::String(first), Value::String(second)) => first <= second,
        (_, Value::Null) => true,
        (first, second) => first.as_f64().unwrap() <= second.as_f64().unwrap(),
    }
}

#[test]
fn what_begins_is_before_what_ends() {
    let formats = [
        json!({"type": "string", "format": "date-time"}),
        json!({"type": "string", "format": "date"}),
        json!({"type": "integer", "format": "unix-time"}),
        json!({"type": "string", "format": "date-time", "pattern": "^20[0-9]{2}-.*Z$"}),
        json!({"type": ["string", "null"], "format": "date-time", "maxLength": 20}),
    ];
    let pairs = [
        ["created_at", "updated_at"],
        ["createdAt", "deletedAt"],
        ["created", "modified"],
        ["creationDate", "lastModified"],
        ["start", "end"],
        ["startDate", "endDate"],
        ["start_time", "end_time"],
        ["current_period_start", "current_period_end"],
        ["validFrom", "validTo"],
        ["issuedAt", "expiresAt"],
        ["since", "until"],
        ["StartedAt", "FinishedAt"],
        ["opened_at", "closed_at"],
        ["order_date", "due_date"],
    ];
    for format in &formats {
        for names in pairs {
            for value in values(&object(&names, format)) {
                let [first, second] = names.map(|name| &value[name]);
                assert!(is_in_order(first, second), "{names:?} of {format}: {first} and {second}");
            }
        }
    }
}

/// Also where the name alone says that it is a time.
#[test]
fn names_without_a_format_are_in_order() {
    for (kind, names) in [
        (json!({"type": "string"}), ["created_at", "updated_at"]),
        (json!({"type": "string"}), ["start_date", "end_date"]),
        (json!({"type": "integer"}), ["created", "updated"]),
        (json!({"type": "integer"}), ["current_period_start", "current_period_end"]),
    ] {
        for value in values(&object(&names, &kind)) {
            let [first, second] = names.map(|name| &value[name]);
            assert!(is_in_order(first, second), "{names:?} of {kind}: {first} and {second}");
        }
    }
}

#[test]
fn the_schema_comes_first() {
    for schema in [
        json!({"properties": {"created_at": {"type": "integer", "format": "unix-time", "minimum": 1_760_000_000}}}),
        json!({"properties": {"expires_at": {"type": "string", "format": "date-time", "pattern": "^2024"}}}),
        json!({"properties": {"end": {"enum": ["2023-01-01"]}, "start": {"const": "2024-01-01"}}}),
        json!({"properties": {"updated": {"type": "string", "format": "date", "pattern": "^2024-0[1-3]"}}}),
    ] {
        assert_eq!(values(&schema).len(), 200, "{schema}");
    }
}
