//! What is generated obeys: by our validator and by the `jsonschema` crate.
#![allow(clippy::unwrap_used)]

use mocker_schema::generate::{Key, Options, Program, Unsatisfiable};
use mocker_schema::lower::{self, Dialect};
use mocker_schema::validate::Direction;
use mocker_schema::{SchemaId, Schemas};
use mocker_source::FileId;
use serde_json::{Value, json};

const FULL: Options = Options::new(Direction::Response, true);
const REQUIRED: Options = Options::new(Direction::Response, false);

fn lowered(schema: &Value, dialect: Dialect) -> (Schemas, SchemaId) {
    let (tree, faults) = mocker_source::parse(FileId(0), schema.to_string().as_bytes());
    assert!(faults.is_empty(), "{faults:?}");
    let mut lowering = lower::local(&tree, dialect);
    let id = lowering.lower(tree.root());
    (lowering.finish().0, id)
}

fn compiled(schema: &Value, options: &Options) -> Result<Program, Unsatisfiable> {
    let (schemas, id) = lowered(schema, Dialect::OpenApi31);
    Program::compile(&schemas, id, options)
}

fn text(program: &Program, key: u64) -> String {
    let mut out = Vec::new();
    program.write(Key(key), &mut out);
    String::from_utf8(out).unwrap()
}

/// Generates from `schema` and has both validators judge; gives the first values.
fn generate(schema: &Value, options: &Options) -> Vec<Value> {
    let (schemas, id) = lowered(schema, Dialect::OpenApi31);
    let program =
        Program::compile(&schemas, id, options).unwrap_or_else(|error| panic!("{schema}: {}", error.reason));
    let oracle = jsonschema::options().should_validate_formats(true).build(schema).unwrap();
    (0..40)
        .map(|key| {
            let value: Value = serde_json::from_str(&text(&program, key)).unwrap();
            let broken = schemas.validate(id, &value, options.direction);
            assert!(broken.is_empty(), "{schema} gave {value}: {broken:?}");
            assert!(oracle.is_valid(&value), "{schema} gave {value}: the oracle disagrees");
            value
        })
        .collect()
}

fn refused(schema: &Value) -> String {
    compiled(schema, &FULL).map(|program| text(&program, 0)).expect_err("a value was found").reason
}

#[test]
fn every_keyword_family_gives_values_that_obey() {
    let cases: Vec<Value> = serde_json::from_str(include_str!("generate.json")).unwrap();
    for schema in &cases {
        generate(schema, &FULL);
        generate(schema, &REQUIRED);
    }
    assert!(cases.len() > 90, "{}", cases.len());
}

#[test]
fn what_cannot_be_is_refused_with_its_reason() {
    let cases = [
        (json!({"type": "integer", "minimum": 5, "maximum": 3}), "minimum 5 is above maximum 3"),
        (json!({"type": "string", "minLength": 5, "maxLength": 3}), "minLength 5 is above maxLength 3"),
        (json!({"type": "array", "minItems": 2, "maxItems": 1}), "minItems 2 is above maxItems 1"),
        (
            json!({"type": "object", "required": ["x"], "additionalProperties": false}),
            "required property `x` is forbidden",
        ),
        (json!({"type": "integer", "multipleOf": 10, "minimum": 11, "maximum": 19}), "no multiple of 10"),
        (json!({"type": "string", "enum": ["a"], "minLength": 3}), "no value of enum"),
        (json!({"allOf": [{"type": "string"}, {"type": "integer"}]}), "no type in common"),
        (json!({"not": {}}), "`not` refuses every type"),
        (
            json!({"$ref": "#/$defs/a", "$defs": {"a": {"type": "object", "required": ["a"], "properties": {"a": {"$ref": "#/$defs/a"}}}}}),
            "requires itself",
        ),
        (
            json!({"type": "array", "uniqueItems": true, "minItems": 3, "items": {"type": "boolean"}}),
            "uniqueItems",
        ),
        (json!({"type": "string", "pattern": "^a{5}$", "maxLength": 3}), "matches pattern `^a{5}$`"),
        (
            json!({"type": "object", "minProperties": 2, "properties": {"a": {}}, "additionalProperties": false}),
            "minProperties 2",
        ),
        (json!({"type": "array", "minItems": 4000000000_u64}), "more than is made"),
        (json!({"type": "string", "minLength": 4000000000_u64}), "more than is made"),
    ];
    for (schema, expected) in cases {
        let reason = refused(&schema);
        assert!(reason.contains(expected), "{schema}: {reason}");
    }
}

#[test]
fn the_innermost_schema_is_blamed() {
    let schema = json!({"type": "object", "required": ["inner"], "properties": {"inner": {"type": "integer", "minimum": 5, "maximum": 3}}});
    let (schemas, id) = lowered(&schema, Dialect::OpenApi31);
    let refused = Program::compile(&schemas, id, &FULL).unwrap_err();
    assert!(schemas[refused.schema].number.is_some(), "{refused:?}");
}

#[test]
fn a_key_gives_the_same_bytes_whenever_it_is_asked() {
    let schema = json!({"type": "object", "properties": {
        "id": {"type": "string", "format": "uuid"}, "n": {"type": "integer"}, "name": {"type": "string"},
        "tags": {"type": "array", "items": {"type": "string"}}, "at": {"type": "string", "format": "date-time"}}});
    let (one, other) = (compiled(&schema, &FULL).unwrap(), compiled(&schema, &FULL).unwrap());
    let forwards: Vec<String> = (0..100).map(|key| text(&one, key)).collect();
    let backwards: Vec<String> = (0..100).rev().map(|key| text(&other, key)).collect();
    assert!(forwards.iter().eq(backwards.iter().rev()));
    let different: std::collections::HashSet<&String> = forwards.iter().collect();
    assert_eq!(different.len(), 100);
    assert!(!one.is_constant());
}

#[test]
fn key_parts_are_mixed_in_order() {
    let key = Key(1);
    let keys = [
        key,
        key.with(b"a"),
        key.with(b"b"),
        key.with(b"a").with(b"b"),
        key.with(b"b").with(b"a"),
        key.with(b"ab"),
        key.with(b""),
        key.with(b"\0"),
    ];
    let different: std::collections::HashSet<u64> = keys.iter().map(|key| key.0).collect();
    assert_eq!(different.len(), keys.len());
}

#[test]
fn the_authors_values_come_first() {
    let cases = [
        (json!({"const": 4, "examples": [5]}), json!(4)),
        (json!({"type": "string", "examples": ["Rex"]}), json!("Rex")),
        (json!({"type": "string", "examples": [17]}), json!("17")),
        (json!({"type": "integer", "examples": ["17"]}), json!(17)),
        (json!({"type": "integer", "default": 20}), json!(20)),
        (json!({"type": "integer", "minimum": 30, "maximum": 30, "default": 20}), json!(30)),
        (
            json!({"type": "object", "properties": {"a": {"type": "string"}}, "examples": [{"a": "b"}]}),
            json!({"a": "b"}),
        ),
        (json!({"type": "array", "items": {"type": "string"}, "examples": [["x"]]}), json!(["x"])),
        (json!({"allOf": [{"type": "string", "examples": ["Rex"]}]}), json!("Rex")),
    ];
    for (schema, expected) in cases {
        let program = compiled(&schema, &FULL).unwrap();
        assert_eq!(program.value(Key(3)), expected, "{schema}");
        assert!(program.is_constant(), "{schema}");
    }
}

#[test]
fn a_message_carries_what_its_direction_allows() {
    let schema = json!({"type": "object", "required": ["r", "w"], "properties": {
        "r": {"type": "string", "readOnly": true}, "w": {"type": "string", "writeOnly": true}, "p": {"type": "string"}}});
    for (direction, present, absent) in [(Direction::Response, "r", "w"), (Direction::Request, "w", "r")] {
        let value = compiled(&schema, &Options::new(direction, true)).unwrap().value(Key(1));
        assert!(
            value.get(present).is_some() && value.get(absent).is_none() && value.get("p").is_some(),
            "{value}"
        );
    }
}

#[test]
fn a_discriminator_names_the_branch() {
    let schema = json!({
        "oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}],
        "discriminator": {"propertyName": "kind", "mapping": {"feline": "#/components/schemas/Cat"}},
        "components": {"schemas": {
            "Cat": {"type": "object", "required": ["kind", "meow"], "properties": {"kind": {"type": "string"}, "meow": {"type": "boolean"}}},
            "Dog": {"type": "object", "required": ["kind", "bark"], "properties": {"kind": {"type": "string"}, "bark": {"type": "boolean"}}}}}});
    let (schemas, id) = lowered(&schema, Dialect::OpenApi31);
    let program = Program::compile(&schemas, id, &FULL).unwrap();
    let mut kinds = std::collections::BTreeSet::new();
    for key in 0..40 {
        let value = program.value(Key(key));
        let expected = if value.get("meow").is_some() { "feline" } else { "Dog" };
        assert_eq!(value["kind"], expected, "{value}");
        kinds.insert(expected);
    }
    assert_eq!(kinds.len(), 2);
}

#[test]
fn recursion_ends_small() {
    let tree = json!({"$ref": "#/$defs/node", "$defs": {"node": {"type": "object", "required": ["id"], "properties": {
        "id": {"type": "integer"}, "children": {"type": "array", "items": {"$ref": "#/$defs/node"}}, "parent": {"$ref": "#/$defs/node"}}}}});
    let list = json!({"$ref": "#/$defs/list", "$defs": {"list": {"type": "object", "required": ["head", "tail"], "properties": {
        "head": {"type": "integer"}, "tail": {"anyOf": [{"$ref": "#/$defs/list"}, {"type": "null"}]}}}}});
    let forced = json!({"$ref": "#/$defs/t", "$defs": {"t": {"oneOf": [
        {"type": "array", "minItems": 2, "items": {"$ref": "#/$defs/t"}}, {"type": "integer"}]}}});
    for schema in [tree, list, forced] {
        for value in generate(&schema, &FULL) {
            assert!(value.to_string().len() < 4000, "{value}");
        }
    }
}

#[test]
fn a_body_stays_within_its_budget() {
    // ten properties a level, all of them optional and nested without an end
    let names: Vec<String> = (0..10).map(|index| format!("p{index}")).collect();
    let level = |next: &str| -> Value {
        let properties: serde_json::Map<String, Value> =
            names.iter().map(|name| (name.clone(), json!({"$ref": format!("#/$defs/{next}")}))).collect();
        json!({"type": "object", "properties": properties})
    };
    let mut definitions = serde_json::Map::new();
    for depth in 0..30 {
        definitions.insert(format!("l{depth}"), level(&format!("l{}", depth + 1)));
    }
    definitions.insert("l30".to_owned(), json!({"type": "string"}));
    let schema = json!({"$ref": "#/$defs/l0", "$defs": definitions});
    let program = compiled(&schema, &FULL).unwrap();
    assert!(text(&program, 0).len() < 200_000);
}

#[test]
fn deep_requirements_do_not_exhaust_the_stack() {
    for depth in [40, 500, 5_000] {
        let mut definitions = serde_json::Map::new();
        for level in 0..depth {
            let next = json!({"$ref": format!("#/$defs/l{}", level + 1)});
            definitions.insert(
                format!("l{level}"),
                json!({"type": "object", "required": ["n"], "properties": {"n": next}}),
            );
        }
        definitions.insert(format!("l{depth}"), json!({"type": "string"}));
        let schema = json!({"$ref": "#/$defs/l0", "$defs": definitions});
        let result = std::thread::Builder::new()
            .stack_size(2 << 20)
            .spawn(move || compiled(&schema, &FULL))
            .unwrap()
            .join()
            .unwrap();
        match depth {
            40 => assert!(result.is_ok()),
            _ => assert!(result.unwrap_err().reason.contains("deeper"), "{depth}"),
        }
    }
}

#[test]
fn names_decide_where_nothing_else_does() {
    let schema = json!({"type": "object", "properties": {
        "email": {"type": "string"}, "firstName": {"type": "string"}, "createdAt": {"type": "string"}, "statusCode": {"type": "integer"},
        "latitude": {"type": "number"}, "short": {"type": "string", "maxLength": 3}, "price": {"type": "number", "multipleOf": 0.01}}});
    for value in generate(&schema, &FULL) {
        assert!(value["email"].as_str().unwrap().contains('@'), "{value}");
        assert!(value["createdAt"].as_str().unwrap().starts_with("202"), "{value}");
        assert_eq!(value["statusCode"], 200);
        assert!(value["latitude"].as_f64().unwrap().abs() <= 90.0);
    }
}

#[test]
fn every_pool_of_a_format_obeys_the_format() {
    let formats = [
        "date-time",
        "date",
        "time",
        "duration",
        "email",
        "idn-email",
        "hostname",
        "idn-hostname",
        "ipv4",
        "ipv6",
        "uri",
        "uri-reference",
        "iri",
        "iri-reference",
        "uri-template",
        "uuid",
        "json-pointer",
        "relative-json-pointer",
        "regex",
        "byte",
        "base64url",
        "binary",
        "password",
        "phone",
        "iban",
        "color",
        "date-time-rfc1123",
        "google-duration",
        "cidr",
        "mac",
    ];
    for format in formats {
        let (schemas, id) = lowered(&json!({"type": "string", "format": format}), Dialect::OpenApi31);
        let program = Program::compile(&schemas, id, &FULL).unwrap();
        let oracle = jsonschema::options()
            .should_validate_formats(true)
            .build(&json!({"type": "string", "format": format}))
            .unwrap();
        for key in 0..400 {
            let value = program.value(Key(key));
            assert!(schemas.is_valid(id, &value, Direction::Response), "{format}: {value}");
            assert!(oracle.is_valid(&value), "{format}: {value}");
        }
    }
}

#[test]
fn elements_that_must_differ_do_so_in_spite_of_an_example() {
    let schema = json!({"type": "array", "uniqueItems": true, "minItems": 3, "items": {"type": "string", "examples": ["same"]}});
    generate(&schema, &FULL);
}

#[test]
fn there_is_an_answer_where_nothing_can_obey() {
    let cases = [
        (
            json!({"type": "object", "required": ["id", "x"], "properties": {"id": {"const": 1}}, "additionalProperties": false}),
            json!({"id": 1}),
        ),
        (
            json!({"type": "object", "required": ["n"], "properties": {"n": {"type": "integer", "minimum": 5, "maximum": 3}}}),
            json!({"n": 0}),
        ),
        (json!({"type": "string", "pattern": "^a{5}$", "maxLength": 3}), json!("string")),
        (json!({"not": {}}), json!({})),
    ];
    for (schema, expected) in cases {
        let (schemas, id) = lowered(&schema, Dialect::OpenApi31);
        assert!(Program::compile(&schemas, id, &FULL).is_err(), "{schema}");
        assert_eq!(Program::approximate(&schemas, id, &FULL).value(Key(1)), expected, "{schema}");
    }
}

/// The cases of the validator: a schema that accepts one of the listed values has a value.
#[test]
fn a_schema_that_accepts_something_gives_something() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let (mut tried, mut refused) = (0, Vec::new());
    for entry in std::fs::read_dir(folder).unwrap() {
        let cases: Vec<Value> =
            serde_json::from_slice(&std::fs::read(entry.unwrap().path()).unwrap()).unwrap();
        for case in cases {
            let dialect = match case["dialect"].as_str() {
                Some("2.0") => Dialect::Swagger2,
                Some("3.0") => Dialect::OpenApi30,
                _ => Dialect::OpenApi31,
            };
            let direction = match case["direction"].as_str() {
                Some("request") => Direction::Request,
                _ => Direction::Response,
            };
            let (schemas, id) = lowered(&case["schema"], dialect);
            let is_satisfiable = case["valid"].as_array().is_some_and(|values| !values.is_empty());
            tried += 1;
            match Program::compile(&schemas, id, &Options::new(direction, true)) {
                Ok(program) => (0..20).for_each(|key| {
                    let value = program.value(Key(key));
                    assert!(schemas.is_valid(id, &value, direction), "{} gave {value}", case["schema"]);
                }),
                Err(error) if is_satisfiable => refused.push(format!("{}: {}", case["schema"], error.reason)),
                Err(_) => {}
            }
        }
    }
    assert!(tried > 100);
    assert!(refused.is_empty(), "{} of {tried}:\n{}", refused.len(), refused.join("\n"));
}
