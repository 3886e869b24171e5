//! What lowering makes of each dialect, and what it says about odd documents.
#![allow(clippy::unwrap_used)]

use mocker_schema::format::Format;
use mocker_schema::lower::{self, Dialect};
use mocker_schema::validate::Direction;
use mocker_schema::{SchemaId, Schemas, Types};
use mocker_source::{Diagnostic, FileId, Tree};
use serde_json::{Value, json};

fn tree(text: &str) -> Tree {
    let (tree, faults) = mocker_source::parse(FileId(0), text.as_bytes());
    assert!(faults.is_empty(), "{faults:?}");
    tree
}

fn lower(dialect: Dialect, text: &str, pointer: &str) -> (Schemas, SchemaId, Vec<Diagnostic>) {
    let tree = tree(text);
    let mut lowering = lower::local(&tree, dialect);
    let id = lowering.lower(tree.root().at_pointer(pointer).unwrap());
    let (schemas, faults) = lowering.finish();
    (schemas, id, faults)
}

#[test]
fn each_oddity_has_its_diagnostic() {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oddities.json")).unwrap();
    let cases: Vec<Value> = serde_json::from_str(&text).unwrap();
    assert!(cases.len() > 25);
    for case in cases {
        let dialect = match case["dialect"].as_str() {
            Some("2.0") => Dialect::Swagger2,
            Some("3.0") => Dialect::OpenApi30,
            _ => Dialect::OpenApi31,
        };
        let (_, _, faults) = lower(dialect, &case["schema"].to_string(), "");
        let said: Vec<_> = faults
            .iter()
            .map(|fault| {
                format!(
                    "{} {} {}",
                    if fault.is_error() { "error" } else { "warning" },
                    fault.code,
                    fault.pointer
                )
            })
            .collect();
        let expected: Vec<_> =
            case["faults"].as_array().unwrap().iter().map(|fault| fault.as_str().unwrap()).collect();
        assert_eq!(
            said.iter().map(|said| said.trim_end()).collect::<Vec<_>>(),
            expected,
            "{}: {faults:#?}",
            case["schema"]
        );
        assert!(faults.iter().all(|fault| fault.position.is_some() && !fault.message.ends_with('.')));
    }
}

#[test]
fn a_reference_alone_needs_no_node() {
    let text = "
components:
  schemas:
    Pet: {type: object, properties: {owner: {$ref: '#/components/schemas/Owner', description: who}, tag: {$ref: '#/components/schemas/Alias'}}}
    Alias: {$ref: '#/components/schemas/Owner'}
    Owner: {title: Somebody, properties: {pet: {$ref: '#/components/schemas/Pet'}}}
";
    for dialect in [Dialect::OpenApi30, Dialect::OpenApi31] {
        let (schemas, pet, faults) = lower(dialect, text, "/components/schemas/Pet");
        assert_eq!(faults, []);
        assert_eq!(schemas.len(), 2);
        let rules = schemas[pet].object.as_ref().unwrap();
        let owner = rules.property("owner").unwrap();
        assert_eq!(rules.property("tag"), Some(owner));
        assert_eq!(schemas[owner].notes.as_ref().unwrap().name.as_deref(), Some("Owner"));
        assert_eq!(schemas[owner].object.as_ref().unwrap().property("pet"), Some(pet));
        assert_eq!(schemas[pet].notes.as_ref().unwrap().name.as_deref(), Some("Pet"));
        assert_eq!(schemas[pet].position.unwrap().line, 4);
    }
}

#[test]
fn siblings_of_references_count_only_in_3_1() {
    let text = r##"{"$ref": "#/$defs/a", "readOnly": true, "title": "T", "maxLength": 3, "$defs": {"a": {"type": "string"}}}"##;
    let (schemas, id, _) = lower(Dialect::OpenApi31, text, "");
    let target = schemas[id].reference.unwrap();
    assert_eq!(schemas[target].types, Types::STRING);
    assert!(schemas[id].read_only);
    assert_eq!(schemas[id].string.as_ref().unwrap().max_length, Some(3));
    assert_eq!(schemas[id].notes.as_ref().unwrap().name.as_deref(), Some("T"));
    let (schemas, id, _) = lower(Dialect::OpenApi30, text, "");
    assert_eq!(
        (schemas[id].types, schemas[id].reference, schemas[id].read_only),
        (Types::STRING, None, false)
    );
    assert!(schemas[id].string.is_none());
}

#[test]
fn a_schema_is_lowered_once() {
    let text = tree(r##"{"a": {"$ref": "#/b"}, "b": {"type": "string"}, "c": true, "d": true}"##);
    let mut lowering = lower::local(&text, Dialect::OpenApi31);
    let at = |key| text.root().get(key).unwrap();
    assert_eq!(lowering.lower(at("a")), lowering.lower(at("b")));
    assert_eq!(lowering.lower(at("c")), lowering.lower(at("d")));
    assert_eq!(lowering.finish().0.len(), 2);
}

#[test]
fn notes_are_kept() {
    let text = r##"{"title": "T", "example": 1, "examples": [2, 3], "default": null, "x-faker": "name.first",
        "xml": {"name": "n", "prefix": "p", "namespace": "u", "attribute": true, "wrapped": true}}"##;
    let (schemas, id, _) = lower(Dialect::OpenApi31, text, "");
    let notes = schemas[id].notes.as_ref().unwrap();
    assert_eq!(*notes.examples, [json!(1), json!(2), json!(3)]);
    assert_eq!(
        (notes.default.as_ref(), notes.faker.as_deref()),
        (Some(&Value::Null), Some(&json!("name.first")))
    );
    let xml = notes.xml.as_ref().unwrap();
    assert_eq!(
        (xml.name.as_deref(), xml.prefix.as_deref(), xml.namespace.as_deref()),
        (Some("n"), Some("p"), Some("u"))
    );
    assert!(xml.attribute && xml.wrapped && !xml.text);
    let (schemas, id, _) = lower(Dialect::OpenApi31, r#"{"xml": {"nodeType": "cdata"}}"#, "");
    assert!(schemas[id].notes.as_ref().unwrap().xml.as_ref().unwrap().text);
}

#[test]
fn a_nullable_choice_keeps_its_notes_outside() {
    let text = r##"{"nullable": true, "readOnly": true, "example": 5, "allOf": [{"type": "integer"}]}"##;
    let (schemas, id, _) = lower(Dialect::OpenApi30, text, "");
    assert!(schemas[id].read_only);
    assert_eq!(*schemas[id].notes.as_ref().unwrap().examples, [json!(5)]);
    let any_of = &schemas[id].logic.as_ref().unwrap().any_of;
    assert_eq!(schemas[any_of[1]].types, Types::NULL);
    assert!(schemas[any_of[0]].notes.is_none());
}

fn mapping(schemas: &Schemas, id: SchemaId) -> Vec<(String, Option<String>)> {
    let discriminator = schemas[id].logic.as_ref().unwrap().discriminator.as_ref().unwrap();
    assert_eq!(&*discriminator.property, "kind");
    let name =
        |id: SchemaId| schemas[id].notes.as_ref().and_then(|notes| notes.name.as_deref().map(str::to_owned));
    discriminator.mapping.iter().map(|(value, id)| (value.to_string(), name(*id))).collect()
}

#[test]
fn discriminators_map_names_references_and_what_they_imply() {
    let text = r##"
Pet:
  oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}, {$ref: '#/components/schemas/Cow'}]
  discriminator:
    propertyName: kind
    mapping: {c: Cat, d: '#/components/schemas/Dog', Cow: '#/components/schemas/Dog', x: nowhere}
components:
  schemas: {Cat: {type: object}, Dog: {type: object}, Cow: {type: object}}
"##;
    let (schemas, id, faults) = lower(Dialect::OpenApi30, text, "/Pet");
    let named = |value: &str, schema: &str| (value.to_owned(), Some(schema.to_owned()));
    let expected =
        [named("c", "Cat"), named("d", "Dog"), named("Cow", "Dog"), named("Cat", "Cat"), named("Dog", "Dog")];
    assert_eq!(mapping(&schemas, id), expected);
    assert_eq!(faults.iter().map(|fault| fault.code).collect::<Vec<_>>(), ["discriminator-mapping"]);
}

#[test]
fn components_that_extend_a_discriminated_one_are_its_values() {
    let text = "
definitions:
  All: {type: object, properties: {a: {$ref: '#/definitions/Cat'}, b: {$ref: '#/definitions/Dog'}}}
  Pet: {type: object, discriminator: kind, required: [kind], properties: {kind: {type: string}}}
  Cat: {allOf: [{$ref: '#/definitions/Pet'}, {properties: {meow: {type: string}}}]}
  Dog: {allOf: [{$ref: '#/definitions/Pet'}]}
";
    let (schemas, all, faults) = lower(Dialect::Swagger2, text, "/definitions/All");
    assert_eq!(faults, []);
    let cat = schemas[all].object.as_ref().unwrap().property("a").unwrap();
    let pet = schemas[cat].logic.as_ref().unwrap().all_of[0];
    let mut mapped = mapping(&schemas, pet);
    mapped.sort();
    assert_eq!(
        mapped,
        [("Cat".to_owned(), Some("Cat".to_owned())), ("Dog".to_owned(), Some("Dog".to_owned()))]
    );
}

#[test]
fn parameters_of_2_0_are_schemas_with_other_fields_beside() {
    let text = tree(
        r#"{"name": "ids", "in": "query", "required": true, "type": "array", "items": {"type": "integer", "format": "int64"}, "maxItems": 3}"#,
    );
    let mut lowering = lower::local(&text, Dialect::Swagger2);
    let id = lowering.lower_parameter(text.root());
    let (schemas, faults) = lowering.finish();
    assert_eq!(faults, []);
    assert_eq!(schemas[id].types, Types::ARRAY);
    assert!(schemas.is_valid(id, &json!([1, 2]), Direction::Request));
    assert!(!schemas.is_valid(id, &json!([1, 2, 3, 4]), Direction::Request));
}

#[test]
fn files_are_binary_strings() {
    let (schemas, id, faults) = lower(Dialect::Swagger2, r#"{"type": "file"}"#, "");
    assert_eq!(
        (schemas[id].types, schemas[id].format, faults.len()),
        (Types::STRING, Some(Format::Binary), 0)
    );
}

#[test]
fn the_node_limit_is_kept() {
    let text = tree(
        r#"{"properties": {"a": {"type": "string"}, "b": {"type": "string"}, "c": {"type": "string"}}}"#,
    );
    let lowered = |limit| {
        let mut lowering = lower::local(&text, Dialect::OpenApi31).with_node_limit(limit);
        let id = lowering.lower(text.root());
        let (schemas, faults) = lowering.finish();
        (schemas, id, faults)
    };
    let (schemas, _, faults) = lowered(4);
    assert_eq!((schemas.len(), faults.len()), (4, 0));
    let (schemas, id, faults) = lowered(3);
    assert_eq!(schemas.len(), 4, "three and the one that allows anything");
    assert_eq!(faults.iter().map(|fault| fault.code).collect::<Vec<_>>(), ["too-many-schemas"]);
    assert!(schemas.is_valid(id, &json!({"c": 5}), Direction::Response));
    assert!(!schemas.is_valid(id, &json!({"a": 5}), Direction::Response));
}

#[test]
fn diagnostics_are_bounded() {
    let count = mocker_schema::limits::DIAGNOSTICS + 5;
    let odd: serde_json::Map<_, _> = (0..count).map(|i| (i.to_string(), json!({"type": "odd"}))).collect();
    let (_, _, faults) = lower(Dialect::OpenApi31, &json!({"properties": odd}).to_string(), "");
    assert_eq!(faults.len(), mocker_schema::limits::DIAGNOSTICS + 1);
    assert!(faults.last().unwrap().message.starts_with("5 more"));
}

#[test]
fn long_chains_of_references_end() {
    let most = mocker_schema::limits::REFERENCE_CHAIN;
    let text = |length: usize| {
        let mut defs: serde_json::Map<_, _> =
            (0..length).map(|i| (i.to_string(), json!({"$ref": format!("#/{}", i + 1)}))).collect();
        defs.insert(length.to_string(), json!({"type": "string"}));
        Value::Object(defs).to_string()
    };
    let (schemas, id, faults) = lower(Dialect::OpenApi31, &text(most), "/0");
    assert_eq!((schemas[id].types, faults.len()), (Types::STRING, 0));
    let (schemas, id, faults) = lower(Dialect::OpenApi31, &text(most + 1), "/0");
    assert_eq!((schemas[id].types, faults[0].code), (Types::ANY, "ref-chain"));
}

#[test]
fn deep_schemas_take_no_stack() {
    let depth = 400;
    let text = format!("{}{{}}{}", r#"{"properties":{"a":"#.repeat(depth / 2), "}}".repeat(depth / 2));
    let (schemas, _, faults) = lower(Dialect::OpenApi31, &text, "");
    assert_eq!((schemas.len(), faults.len()), (depth / 2 + 1, 0));
    let chain: serde_json::Map<_, _> = (0..50_000)
        .map(|i| (i.to_string(), json!({"allOf": [{"$ref": format!("#/{}", (i + 1) % 50_000)}]})))
        .collect();
    let (schemas, id, faults) = lower(Dialect::OpenApi31, &Value::Object(chain).to_string(), "/0");
    assert_eq!(faults.iter().map(|fault| fault.code).collect::<Vec<_>>(), ["ref-cycle"]);
    assert_eq!(schemas.len(), 50_000);
    assert!(!schemas.is_valid(id, &json!(1), Direction::Response), "deeper than the validator goes");
}

#[test]
fn patterns_nobody_understands_are_reported_on_demand() {
    let text = "type: object\npatternProperties: {'(': {type: string, pattern: '[z-a]'}, '^a': {pattern: '^(?=a)'}}\n";
    let (schemas, id, faults) = lower(Dialect::OpenApi31, text, "");
    assert_eq!(faults, []);
    let faults = schemas.pattern_faults();
    let lines: Vec<_> = faults.iter().map(|fault| (fault.code, fault.position.unwrap().line)).collect();
    assert_eq!(lines, [("pattern-unsupported", 1), ("pattern-unsupported", 2)]);
    assert!(schemas.is_valid(id, &json!({"x": "anything"}), Direction::Response));
}
