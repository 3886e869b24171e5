//! What users add to the table of names goes before it, and before the author's examples of properties; never before the
//! schema.
#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use mocker_schema::generate::{Fakers, Key, Maker, Options, Program};
use mocker_schema::lower::{self, Dialect};
use mocker_schema::validate::Direction;
use mocker_source::FileId;
use serde_json::{Value, json};

fn values(property: &str, schema: &Value, name: &str, maker: Maker) -> Vec<Value> {
    let schema = json!({"type": "object", "properties": {property: schema}});
    let (tree, _) = mocker_source::parse(FileId(0), &serde_json::to_vec(&schema).unwrap());
    let mut lowering = lower::local(&tree, Dialect::OpenApi31);
    let root = lowering.lower(tree.root());
    let (schemas, _) = lowering.finish();
    let mut fakers = Fakers::default();
    fakers.add(name, maker);
    let options = Options { fakers: Some(Arc::new(fakers)), ..Options::new(Direction::Response, true) };
    let program = Program::compile(&schemas, root, &options).unwrap();
    let values: Vec<Value> = (0..100).map(|key| program.value(Key(key))).collect();
    assert!(values.iter().all(|value| schemas.is_valid(root, value, Direction::Response)), "{schema}");
    values.into_iter().map(|value| value[property].clone()).collect()
}

/// A property, its schema, the name and the maker that a user adds, and what values are then.
type Case = (&'static str, Value, &'static str, Maker, fn(&Value) -> bool);

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

#[test]
fn users_say_what_names_are_like() {
    let string = json!({"type": "string"});
    let parsed = |text| Maker::parse(text).unwrap();
    let cases: &[Case] = &[
        ("loyaltyTier", string.clone(), "loyalty tier", parsed("bronze|silver|gold"), |value| {
            ["bronze", "silver", "gold"].contains(&text(value))
        }),
        ("customer_ref", string.clone(), "customer ref", parsed("digits:8"), |value| {
            text(value).len() == 8 && text(value).bytes().all(|byte| byte.is_ascii_digit())
        }),
        ("email", string.clone(), "email", parsed("uuid"), |value| text(value).len() == 36),
        ("nick", json!({"type": "string", "examples": ["joe"]}), "nick", parsed("email"), |value| {
            text(value).contains('@')
        }),
        ("theNick", string.clone(), "nick", parsed("email"), |value| text(value).contains('@')),
        (
            "plate",
            json!({"type": "string", "format": "plate"}),
            "format:plate",
            Maker::values(vec![json!("B-AB 1")]),
            |value| value == "B-AB 1",
        ),
        (
            "at",
            json!({"type": "string", "format": "date-time"}),
            "format:date-time",
            Maker::values(vec![json!("2001-01-01T00:00:00Z"), json!("no")]),
            |value| value == "2001-01-01T00:00:00Z",
        ),
        ("stars", json!({"type": "integer"}), "stars", parsed("7..9"), |value| {
            (7..=9).contains(&value.as_i64().unwrap())
        }),
        (
            "level",
            json!({"type": ["integer", "null"]}),
            "level",
            Maker::values(vec![json!(3), json!("x")]),
            |value| *value == 3,
        ),
    ];
    for (property, schema, name, maker, expected) in cases {
        for value in values(property, schema, name, maker.clone()) {
            assert!(expected(&value), "{name}: {value}");
        }
    }
}

#[test]
fn the_schema_goes_before_users() {
    for (schema, maker) in [
        (json!({"type": "string", "maxLength": 3}), "bronze|silver"),
        (json!({"enum": ["a", "b"]}), "bronze|silver"),
        (json!({"type": "string", "format": "uuid"}), "email"),
        (json!({"type": "string", "pattern": "^[0-9]{3}$"}), "letters:8"),
        (json!({"type": "integer", "minimum": 100}), "1..5"),
        (json!({"type": "boolean"}), "yes|no"),
        (json!({"type": "array", "items": {"type": "integer"}}), "username"),
        (
            json!({"type": "array", "uniqueItems": true, "minItems": 4, "items": {"type": "string"}}),
            "one|two",
        ),
    ] {
        assert_eq!(values("tier", &schema, "tier", Maker::parse(maker).unwrap()).len(), 100, "{schema}");
    }
}
