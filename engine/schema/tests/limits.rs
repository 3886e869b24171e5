//! Hostile schemas and values: the validator ends, within its limits and a small stack.
#![allow(clippy::unwrap_used)]

use mocker_schema::limits::{VALIDATION_DEPTH, VIOLATION_BYTES, VIOLATIONS};
use mocker_schema::lower::{self, Dialect};
use mocker_schema::validate::Direction;
use mocker_schema::{SchemaId, Schemas};
use mocker_source::FileId;
use serde_json::{Value, json};

/// Threads that serve requests have no more.
const STACK: usize = 2 << 20;

fn lowered(schema: &Value) -> (Schemas, SchemaId) {
    let (tree, faults) = mocker_source::parse(FileId(0), schema.to_string().as_bytes());
    assert!(faults.is_empty(), "{faults:?}");
    let mut lowering = lower::local(&tree, Dialect::OpenApi31);
    let id = lowering.lower(tree.root());
    (lowering.finish().0, id)
}

fn judge(schema: &Value, value: &Value) -> bool {
    let (schemas, id) = lowered(schema);
    std::thread::scope(|scope| {
        let judge = || {
            let quick = schemas.is_valid(id, value, Direction::Response);
            assert_eq!(quick, schemas.validate(id, value, Direction::Response).is_empty());
            quick
        };
        std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, judge).unwrap().join().unwrap()
    })
}

fn nested(levels: u32, wrap: impl Fn(Value) -> Value) -> Value {
    (1..levels).fold(json!(1), |inner, _| wrap(inner))
}

#[test]
fn nesting_is_bounded_in_every_kind_of_schema() {
    let object = |inner| json!({ "a": inner });
    let array = |inner| json!([inner]);
    let by_object: [Value; 5] = [
        json!({"properties": {"a": {"$ref": "#"}}}),
        json!({"additionalProperties": {"$ref": "#"}}),
        json!({"patternProperties": {"a": {"$ref": "#"}}}),
        json!({"unevaluatedProperties": {"$ref": "#"}}),
        json!({"if": {"type": "integer"}, "else": {"required": ["a"]}, "properties": {"a": {"$ref": "#"}}}),
    ];
    let by_array = [json!({"items": {"$ref": "#"}}), json!({"prefixItems": [{"$ref": "#"}]})];
    let most = VALIDATION_DEPTH;
    for schema in by_object {
        assert!(judge(&schema, &nested(most - 1, object)), "{schema}");
        assert!(!judge(&schema, &nested(most + 1, object)), "{schema}");
    }
    for schema in by_array {
        assert!(judge(&schema, &nested(most, array)), "{schema}");
        assert!(!judge(&schema, &nested(most + 1, array)), "{schema}");
    }
    let branches = json!({"anyOf": [{"type": "integer"}, {"items": {"$ref": "#"}, "type": "array"}]});
    assert!(judge(&branches, &nested(most / 2, array)));
    assert!(!judge(&branches, &nested(most / 2 + 1, array)));
    let deep_contains =
        json!({"anyOf": [{"type": "integer"}, {"contains": {"$ref": "#"}}], "unevaluatedItems": false});
    assert!(judge(&deep_contains, &nested(12, array)));
}

#[test]
fn schemas_that_double_at_each_level_end() {
    let levels = 40;
    let mut defs: serde_json::Map<_, _> = (0..levels)
        .map(|level| {
            let next = json!({"$ref": format!("#/$defs/{}", level + 1)});
            (level.to_string(), json!({"allOf": [next, next]}))
        })
        .collect();
    defs.insert(levels.to_string(), json!({"type": "integer"}));
    assert!(!judge(&json!({"allOf": [{"$ref": "#/$defs/0"}], "$defs": defs}), &json!(1)));
}

#[test]
fn violations_are_bounded() {
    let (schemas, id) = lowered(&json!({"items": {"type": "string"}}));
    let many = |count: usize| Value::from(vec![1; count]);
    let listed = |count| schemas.validate(id, &many(count), Direction::Response).len();
    assert_eq!((listed(VIOLATIONS), listed(VIOLATIONS + 1)), (VIOLATIONS, VIOLATIONS));
}

#[test]
fn what_violations_say_is_bounded() {
    let strings = json!({"type": "array", "items": {"type": "string"}});
    let (schemas, id) = lowered(&json!({"additionalProperties": strings}));
    for (bytes, expected) in [(10, 500), (VIOLATION_BYTES / 4, 3), (2 * VIOLATION_BYTES, 1)] {
        let mut body = serde_json::Map::new();
        body.insert("a".repeat(bytes), Value::from(vec![1; 500]));
        let listed = schemas.validate(id, &Value::Object(body), Direction::Request);
        assert_eq!(listed.len(), expected, "a name of {bytes} bytes");
    }
    // what a branch said that is not told is not counted
    let (schemas, id) = lowered(&json!({"items": {"anyOf": [strings, {"type": "object"}]}, "maxItems": 1}));
    let names = json!({"a".repeat(VIOLATION_BYTES): 1});
    let listed = schemas.validate(id, &json!([names, names, names]), Direction::Request);
    assert_eq!(listed.len(), 1, "{listed:?}");
}

#[test]
fn large_integers_are_told_apart_quickly() {
    let (schemas, id) = lowered(&json!({"uniqueItems": true}));
    let mut items: Vec<Value> = (0..100_000).map(|i| Value::from(u64::MAX - i)).collect();
    assert!(schemas.is_valid(id, &Value::from(items.clone()), Direction::Request));
    items.push(Value::from(u64::MAX - 5));
    assert!(!schemas.is_valid(id, &Value::from(items), Direction::Request));
    for equal in
        [json!([1, 1.0]), json!([-3.0, -3]), json!([0.0, -0.0]), json!([0.5, 0.5]), json!([1e300, 1e300])]
    {
        assert!(!schemas.is_valid(id, &equal, Direction::Request), "{equal}");
    }
}

#[test]
fn duplicates_in_a_large_array_are_found_quickly() {
    let (schemas, id) = lowered(&json!({"uniqueItems": true}));
    let mut items: Vec<Value> = (0..100_000).map(|i| json!({"id": i, "name": "x"})).collect();
    assert!(schemas.is_valid(id, &Value::from(items.clone()), Direction::Response));
    items.push(json!({"name": "x", "id": 77.0}));
    assert!(!schemas.is_valid(id, &Value::from(items), Direction::Response));
}
