//! Static samples: what Prism's users know, byte for byte, and always something that obeys.
#![allow(clippy::unwrap_used)]

use mocker_schema::lower::{self, Dialect};
use mocker_schema::sample::{Options, TooComplex, sample};
use mocker_schema::validate::Direction;
use mocker_schema::{SchemaId, Schemas, limits};
use mocker_source::FileId;
use serde_json::{Value, json};

const PLAIN: Options = Options { direction: Direction::Response, withhold: false };

fn lowered(schema: &Value) -> (Schemas, SchemaId) {
    let (tree, faults) = mocker_source::parse(FileId(0), schema.to_string().as_bytes());
    assert!(faults.is_empty(), "{faults:?}");
    let mut lowering = lower::local(&tree, Dialect::OpenApi31);
    let id = lowering.lower(tree.root());
    (lowering.finish().0, id)
}

fn sampled(schema: &Value, options: Options) -> Result<Value, TooComplex> {
    let (schemas, id) = lowered(schema);
    let value = sample(&schemas, id, options)?;
    let broken = schemas.validate(id, &value, options.direction);
    assert!(broken.is_empty(), "{schema} gave {value}: {broken:?}");
    Ok(value)
}

fn assert_samples(cases: &[(Value, Value)]) {
    for (schema, expected) in cases {
        // as text: the order of members counts
        assert_eq!(sampled(schema, PLAIN).unwrap().to_string(), expected.to_string(), "{schema}");
    }
}

#[test]
fn sources_have_their_order() {
    let text = json!({"type": "string"});
    assert_samples(&[
        (json!({"default": 1, "enum": [2, 1], "examples": [2]}), json!(1)),
        (json!({"default": 1, "const": 1}), json!(1)),
        (json!({"const": 2, "examples": [2]}), json!(2)),
        (json!({"enum": ["b", "a"], "examples": ["a"]}), json!("b")),
        (json!({"type": "string", "examples": ["x", "y"]}), json!("x")),
        (json!({"type": "string", "example": "x"}), json!("x")),
        (json!({"type": "string", "example": "x", "default": "y"}), json!("y")),
        (json!({"oneOf": [{"type": "integer"}, text], "default": "x"}), json!(0)),
        (json!({"anyOf": [text, {"type": "integer"}], "default": 5}), json!("string")),
        (json!({"oneOf": [{"type": "integer"}], "anyOf": [{"type": "number", "example": 7}]}), json!(0)),
        (
            json!({"allOf": [{"properties": {"a": text}}], "oneOf": [{"properties": {"b": {"type": "integer"}}}]}),
            json!({"b": 0, "a": "string"}),
        ),
        (
            json!({"if": {"properties": {"a": {"const": 1}}}, "then": {"properties": {"b": text}}, "default": {}}),
            json!({"a": 1, "b": "string"}),
        ),
        (
            json!({"allOf": [{"type": "object", "properties": {"b": text}}, {"properties": {"a": text}}],
                "properties": {"c": text}}),
            json!({"c": "string", "b": "string", "a": "string"}),
        ),
    ]);
}

#[test]
fn types_have_their_sample() {
    let kinds = |kinds: &[&str]| json!({"type": kinds});
    assert_samples(&[
        (json!({"type": "string"}), json!("string")),
        (json!({"type": "string", "minLength": 10}), json!("stringstri")),
        (json!({"type": "string", "maxLength": 3}), json!("str")),
        (json!({"type": "boolean"}), json!(true)),
        (json!({"type": "null"}), json!(null)),
        (json!({}), json!(null)),
        (kinds(&["string", "null"]), json!("string")),
        (kinds(&["integer", "null"]), json!(0)),
        (json!({"type": "integer"}), json!(0)),
        (json!({"type": "integer", "minimum": 5}), json!(5)),
        (json!({"type": "integer", "minimum": -5}), json!(-5)),
        (json!({"type": "integer", "exclusiveMinimum": 5}), json!(6)),
        (json!({"type": "integer", "exclusiveMaximum": 5}), json!(4)),
        (json!({"type": "integer", "maximum": 5}), json!(5)),
        (json!({"type": "integer", "minimum": 5, "multipleOf": 4}), json!(8)),
        (json!({"type": "integer", "exclusiveMinimum": 8, "multipleOf": 4}), json!(12)),
        (json!({"type": "integer", "maximum": -5, "multipleOf": 4}), json!(-8)),
        (json!({"type": "integer", "minimum": 8, "multipleOf": 4}), json!(8)),
        (json!({"type": "number", "minimum": 1.5}), json!(1.5)),
        (json!({"type": "number", "minimum": 2.0}), json!(2)),
        (json!({"type": "number", "exclusiveMinimum": 0.5}), json!(1.5)),
    ]);
}

#[test]
fn number_formats_give_ordinary_numbers() {
    for format in ["int32", "int64", "float", "double"] {
        let kind = if format.starts_with("int") { "integer" } else { "number" };
        assert_samples(&[
            (json!({"type": kind, "format": format}), json!(0)),
            (json!({"type": kind, "format": format, "maximum": 100}), json!(0)),
            (json!({"type": kind, "format": format, "maximum": -7}), json!(-7)),
            (json!({"type": kind, "format": format, "minimum": 3}), json!(3)),
            (json!({"type": kind, "format": format, "exclusiveMaximum": 0}), json!(-1)),
        ]);
    }
}

#[test]
fn formats_have_their_sample() {
    for (format, expected) in [
        ("email", "user@example.com"),
        ("date-time", "2019-08-24T14:15:22Z"),
        ("date", "2019-08-24"),
        ("time", "14:15:22Z"),
        ("uuid", "497f6eca-6276-4993-bfeb-53cbbbba6f08"),
        ("uri", "http://example.com"),
        ("ipv4", "192.168.0.1"),
        ("ipv6", "2001:0db8:85a3:0000:0000:8a2e:0370:7334"),
        ("hostname", "example.com"),
        ("password", "pa$$word"),
        ("json-pointer", "/json/pointer"),
        ("regex", "/regex/"),
        ("uri-template", "http://example.com/{endpoint}"),
        ("unheard-of", "string"),
    ] {
        assert_samples(&[(json!({"type": "string", "format": format}), json!(expected))]);
    }
    for format in ["idn-email", "idn-hostname", "iri", "iri-reference", "uri-reference", "byte", "duration"] {
        sampled(&json!({"type": "string", "format": format}), PLAIN).unwrap();
    }
    assert_samples(&[
        (json!({"type": "string", "format": "password", "minLength": 12}), json!("pa$$word_qwe")),
        (
            json!({"properties": {"uuid": {"type": "string", "format": "uuid"}}}),
            json!({"uuid": "095be615-a8ad-4c33-8e9c-c7612fbf6c9f"}),
        ),
    ]);
}

#[test]
fn containers_have_their_sample() {
    let number = json!({"type": "integer"});
    assert_samples(&[
        (json!({"type": "array", "items": number}), json!([0])),
        (json!({"type": "array", "items": number, "minItems": 3}), json!([0, 0, 0])),
        (json!({"type": "array", "items": number, "maxItems": 0}), json!([])),
        (json!({"type": "array"}), json!([])),
        (json!({"type": "array", "prefixItems": [number]}), json!([])),
        (
            json!({"properties": {"z": number, "a": {"type": "boolean"}, "m": {"type": "object"}}}),
            json!({"z": 0, "a": true, "m": {}}),
        ),
        (json!({"type": "object", "additionalProperties": number}), json!({"property1": 0, "property2": 0})),
        (json!({"type": "object", "additionalProperties": true}), json!({})),
        (
            json!({"type": "object", "additionalProperties": false, "properties": {"a": number}}),
            json!({"a": 0}),
        ),
        (
            json!({"type": "object", "additionalProperties": number, "maxProperties": 1}),
            json!({"property1": 0}),
        ),
    ]);
}

#[test]
fn directions_decide_what_is_left_out() {
    let schema = json!({"properties": {
        "id": {"type": "integer", "readOnly": true}, "secret": {"type": "integer", "writeOnly": true},
    }, "required": ["id", "secret"]});
    for (direction, withhold, expected) in [
        (Direction::Response, false, json!({"id": 0, "secret": 0})),
        (Direction::Response, true, json!({"id": 0})),
        (Direction::Request, true, json!({"secret": 0})),
    ] {
        assert_eq!(sampled(&schema, Options { direction, withhold }).unwrap(), expected);
    }
}

#[test]
fn circles_end() {
    let node = |next: Value| json!({"$defs": {"N": {"type": "object", "properties": {"v": {"type": "integer"}, "next": next}}}, "$ref": "#/$defs/N"});
    assert_samples(&[
        (node(json!({"$ref": "#/$defs/N"})), json!({"v": 0, "next": {}})),
        (node(json!({"type": "array", "items": {"$ref": "#/$defs/N"}})), json!({"v": 0, "next": [{}]})),
        // what would have to hold itself is left out
        (
            json!({"$defs": {"N": {"type": "object", "required": ["v"], "properties": {
                "v": {"type": "integer"}, "next": {"$ref": "#/$defs/N"}}}}, "$ref": "#/$defs/N"}),
            json!({"v": 0}),
        ),
    ]);
    let deep = (0..40)
        .fold(json!({"type": "string"}), |inner, _| json!({"type": "object", "properties": {"a": inner}}));
    let depth = sampled(&deep, PLAIN).unwrap().to_string().matches('a').count();
    assert_eq!(depth, limits::SAMPLE_DEPTH);
}

#[test]
fn nesting_without_end_does_no_harm() {
    let pattern = json!({"type": "string", "pattern": "^[A-Z]{4}$"});
    let combined = (0..150).fold(pattern.clone(), |inner, _| json!({"allOf": [inner, {"title": "x"}]}));
    let chosen = (0..150).fold(pattern.clone(), |inner, _| json!({"oneOf": [inner, {"type": "null"}]}));
    let required = (0..60).fold(
        pattern,
        |inner, _| json!({"allOf": [{"type": "object", "properties": {"a": inner}, "required": ["a"]}]}),
    );
    for schema in [combined, chosen, required] {
        let (schemas, id) = lowered(&schema);
        let first = sample(&schemas, id, PLAIN);
        assert_eq!(first, sample(&schemas, id, PLAIN));
    }
}

#[test]
fn what_is_too_large_is_refused() {
    let wide: serde_json::Map<String, Value> =
        (0..limits::SAMPLE_NODES).map(|n| (format!("p{n}"), json!({"type": "integer"}))).collect();
    assert_eq!(sampled(&json!({"properties": wide}), PLAIN), Err(TooComplex));
    // each level has the one below twice
    let mut definitions = serde_json::Map::new();
    definitions.insert("d0".to_owned(), json!({"type": "string"}));
    for level in 1..30 {
        let below = json!({"$ref": format!("#/$defs/d{}", level - 1)});
        definitions.insert(
            format!("d{level}"),
            json!({"allOf": [{"properties": {"a": below}}, {"properties": {"b": below}}]}),
        );
    }
    let doubling = json!({"$defs": definitions, "$ref": "#/$defs/d29"});
    assert_eq!(sampled(&doubling, PLAIN), Err(TooComplex));
    // few schemas, many copies
    let many = |items: Value| json!({"type": "array", "minItems": 2_500, "items": items});
    let long = json!({"type": "string", "minLength": 262_144});
    let authored = json!({"type": "array", "items": {"$ref": "#/$defs/a"}, "minItems": 2_500,
        "$defs": {"a": {"default": "x".repeat(100_000)}}});
    for schema in [many(many(many(json!({"type": "string"})))), many(long), authored] {
        assert_eq!(sampled(&schema, PLAIN), Err(TooComplex));
    }
}

#[test]
fn samples_obey_where_the_plain_ones_would_not() {
    for schema in [
        json!({"type": "string", "pattern": "^[A-Z]{3}-[0-9]+$"}),
        json!({"type": "integer", "minimum": 1, "multipleOf": 7}),
        json!({"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1}),
        json!({"type": "string", "default": 5}),
        json!({"type": "array", "items": {"type": "integer"}, "minItems": 3, "uniqueItems": true}),
        json!({"type": "array", "contains": {"const": 5}}),
        json!({"type": "object", "required": ["a"], "properties": {"a": {"type": "string", "pattern": "^x+$"}}}),
        json!({"type": "object", "minProperties": 2}),
        json!({"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"], "oneOf": [{"required": ["b"]}, {"required": ["c"]}]}),
        json!({"oneOf": [{"type": "integer"}, {"type": "number"}]}),
        json!({"not": {"type": "null"}}),
        json!({"allOf": [{"type": "string"}, {"minLength": 9}]}),
        json!({"allOf": [{"type": "integer", "minimum": 3}, {"type": "integer", "minimum": 5}]}),
    ] {
        sampled(&schema, PLAIN).unwrap();
    }
}
