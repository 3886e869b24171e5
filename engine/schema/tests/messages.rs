//! Violations as Ajv words and orders them; clients compare these texts.
#![allow(clippy::unwrap_used)]

use mocker_schema::lower::{self, Dialect};
use mocker_schema::validate::Direction;
use mocker_source::FileId;
use serde_json::{Value, json};

fn messages(schema: &Value, value: &Value) -> Vec<String> {
    let (tree, _) = mocker_source::parse(FileId(0), &serde_json::to_vec(schema).unwrap());
    let mut lowering = lower::local(&tree, Dialect::OpenApi31);
    let id = lowering.lower(tree.root());
    let (schemas, _) = lowering.finish();
    let violations = schemas.validate(id, value, Direction::Response);
    violations
        .into_iter()
        .map(|v| {
            let detail = v.detail.map(|detail| format!(" [{detail}]")).unwrap_or_default();
            format!("/{} {}: {}{detail}", v.path.join("/"), v.keyword, v.message)
        })
        .collect()
}

#[track_caller]
fn check(schema: Value, value: Value, expected: &[&str]) {
    assert_eq!(messages(&schema, &value), expected, "{schema} on {value}");
}

#[test]
fn numbers_and_strings() {
    check(
        json!({"maximum": 1, "minimum": 10, "exclusiveMaximum": 2, "exclusiveMinimum": 9, "multipleOf": 2}),
        json!(5),
        &[
            "/ maximum: must be <= 1",
            "/ minimum: must be >= 10",
            "/ exclusiveMaximum: must be < 2",
            "/ exclusiveMinimum: must be > 9",
            "/ multipleOf: must be multiple of 2",
        ],
    );
    check(
        json!({"maxLength": 1, "minLength": 9, "pattern": "^x", "format": "date"}),
        json!("ab"),
        &[
            "/ maxLength: must NOT have more than 1 characters",
            "/ minLength: must NOT have fewer than 9 characters",
            "/ pattern: must match pattern \"^x\"",
            "/ format: must match format \"date\"",
        ],
    );
    check(json!({"type": "integer"}), json!("x"), &["/ type: must be integer"]);
    check(json!({"type": "number", "minimum": 1}), json!("x"), &["/ type: must be number"]);
    check(json!({"type": ["null", "string"]}), json!(1), &["/ type: must be string,null"]);
    check(
        json!({"type": "string", "enum": ["a", "b"]}),
        json!("c"),
        &["/ enum: must be equal to one of the allowed values [a, b]"],
    );
    check(json!({"const": 1}), json!(2), &["/ const: must be equal to constant"]);
    check(json!(false), json!(2), &["/ false schema: boolean schema is false"]);
    check(
        json!({"type": "string", "minLength": 1, "enum": ["a"]}),
        json!(2),
        &["/ enum: must be equal to one of the allowed values [a]", "/ type: must be string"],
    );
}

#[test]
fn arrays() {
    check(
        json!({"maxItems": 1, "uniqueItems": true, "items": {"type": "string"}}),
        json!([1, 1]),
        &[
            "/ maxItems: must NOT have more than 1 items",
            "/ uniqueItems: must NOT have duplicate items (items ## 1 and 0 are identical)",
            "/0 type: must be string",
            "/1 type: must be string",
        ],
    );
    for (items, value, pair) in [
        (json!(true), json!(["a", "b", "a", "b", "b"]), "3 and 4"),
        (json!(true), json!(["a", "b", "b", "a"]), "0 and 3"),
        (json!({"type": "string"}), json!(["a", "b", "a"]), "2 and 0"),
        (json!({"type": ["string", "null"]}), json!(["a", "b", "b", "a"]), "2 and 1"),
        (json!({"type": "object"}), json!([{}, {}, {}]), "1 and 2"),
    ] {
        let message = format!("/ uniqueItems: must NOT have duplicate items (items ## {pair} are identical)");
        check(json!({"uniqueItems": true, "items": items}), value, &[&message]);
    }
    check(json!({"minItems": 1}), json!([]), &["/ minItems: must NOT have fewer than 1 items"]);
    check(
        json!({"prefixItems": [true], "items": false}),
        json!([1, 2]),
        &["/ items: must NOT have more than 1 items"],
    );
    check(
        json!({"contains": {"type": "string"}}),
        json!([1]),
        &["/0 type: must be string", "/ contains: must contain at least 1 valid item(s)"],
    );
    check(
        json!({"contains": true, "minContains": 1, "maxContains": 1}),
        json!([1, 2]),
        &["/ contains: must contain at least 1 and no more than 1 valid item(s)"],
    );
    check(
        json!({"prefixItems": [true], "unevaluatedItems": false}),
        json!([1, 2]),
        &["/ unevaluatedItems: must NOT have more than 1 items"],
    );
}

#[test]
fn objects() {
    check(
        json!({
            "type": "object", "maxProperties": 1, "required": ["p", "q"], "additionalProperties": false,
            "properties": {"a": {"type": "integer"}, "b": {"properties": {"c": {"type": "string"}}}}
        }),
        json!({"z": 1, "b": {"c": 1}, "a": "x"}),
        &[
            "/ maxProperties: must NOT have more than 1 properties",
            "/ required: must have required property 'p'",
            "/ required: must have required property 'q'",
            "/ additionalProperties: must NOT have additional properties [z]",
            "/a type: must be integer",
            "/b/c type: must be string",
        ],
    );
    check(json!({"type": "object", "required": ["a"]}), json!([]), &["/ type: must be object"]);
    check(
        json!({"minProperties": 1}),
        json!({}),
        &["/ minProperties: must NOT have fewer than 1 properties"],
    );
    check(
        json!({"propertyNames": {"maxLength": 1}}),
        json!({"ab": 1}),
        &[
            "/ maxLength: must NOT have more than 1 characters",
            "/ propertyNames: property name must be valid [ab]",
        ],
    );
    check(
        json!({"dependentRequired": {"a": ["b"]}}),
        json!({"a": 1}),
        &["/ dependentRequired: must have property b when property a is present"],
    );
    check(
        json!({"dependentRequired": {"a": ["b", "c"]}}),
        json!({"a": 1, "b": 1}),
        &["/ dependentRequired: must have properties b, c when property a is present"],
    );
    check(
        json!({"properties": {"a": true}, "unevaluatedProperties": false}),
        json!({"a": 1, "x": 1}),
        &["/ unevaluatedProperties: must NOT have unevaluated properties [x]"],
    );
}

#[test]
fn schemas_about_schemas() {
    check(json!({"not": {}}), json!(1), &["/ not: must NOT be valid"]);
    check(
        json!({"anyOf": [{"type": "string"}, {"type": "null"}]}),
        json!(1),
        &["/ type: must be string", "/ type: must be null", "/ anyOf: must match a schema in anyOf"],
    );
    check(
        json!({"oneOf": [{"type": "string"}, {"type": "null"}]}),
        json!(1),
        &[
            "/ type: must be string",
            "/ type: must be null",
            "/ oneOf: must match exactly one schema in oneOf",
        ],
    );
    check(
        json!({"oneOf": [{"type": "string"}, true, true]}),
        json!(1),
        &["/ type: must be string", "/ oneOf: must match exactly one schema in oneOf"],
    );
    check(
        json!({"if": {"type": "integer"}, "then": {"minimum": 5}}),
        json!(1),
        &["/ minimum: must be >= 5", "/ if: must match \"then\" schema"],
    );
    check(
        json!({"allOf": [{"type": "string"}], "anyOf": [{"type": "null"}]}),
        json!(1),
        &["/ type: must be null", "/ anyOf: must match a schema in anyOf", "/ type: must be string"],
    );
}
