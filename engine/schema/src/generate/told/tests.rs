#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use mocker_source::FileId;
use serde_json::{Value, json};

use super::*;
use crate::generate::{Key, Record};
use crate::lower::{self, Dialect};
use crate::validate::Direction;

const FULL: Options = Options::new(Direction::Response, true);

fn lowered(schema: &Value) -> (Schemas, SchemaId) {
    let (tree, faults) = mocker_source::parse(FileId(0), schema.to_string().as_bytes());
    assert!(faults.is_empty(), "{faults:?}");
    let mut lowering = lower::local(&tree, Dialect::OpenApi31);
    let id = lowering.lower(tree.root());
    (lowering.finish().0, id)
}

fn told(schema: &Value) -> Vec<(String, String)> {
    let (schemas, id) = lowered(schema);
    let fields = Told::compile(&schemas, id, &FULL).fields();
    let text = |field: Field| {
        let origins: Vec<String> = field.origins.iter().map(Origin::to_string).collect();
        (field.pointer, origins.join("; "))
    };
    fields.into_iter().map(text).collect()
}

#[test]
fn every_source_is_told() {
    let schema = json!({"type": "object", "properties": {
        "firstName": {"type": "string"},
        "born": {"type": "string", "format": "date"},
        "qqq": {"type": "string", "pattern": "^[A-Z]{3}$"},
        "kind": {"enum": ["a", "b"]},
        "one": {"const": 1},
        "said": {"type": "string", "example": "x"},
        "usual": {"type": "integer", "default": 7},
        "age": {"type": "integer", "minimum": 3, "maximum": 9},
        "qzx": {"type": "string"},
        "on": {"type": "boolean"},
        "none": {"type": "null"},
        "asked": {"type": "string", "x-faker": "internet.email"},
        "a/b": {"type": "array", "items": {"type": "object", "properties": {"id": {"type": "string", "format": "uuid"}}}},
        "either": {"oneOf": [{"type": "integer", "minimum": 1, "maximum": 2}, {"type": "boolean"}]},
        "empty": {"type": "object"}
    }});
    let told = told(&schema);
    for (pointer, expected) in [
        ("/firstName", "faker first_name (by name \"firstName\")"),
        ("/born", "faker birth_date (by name \"born\")"),
        ("/qqq", "pattern `^[A-Z]{3}$`"),
        ("/kind", "enum of 2"),
        ("/one", "the only value"),
        ("/said", "example"),
        ("/usual", "default"),
        ("/age", "range 3..9 (by its bounds)"),
        ("/qzx", "words"),
        ("/on", "true or false"),
        ("/none", "null"),
        ("/asked", "faker email (by x-faker)"),
        ("/a~1b/*/id", "faker uuid (by format uuid)"),
        ("/either", "range 1..2 (by its bounds)"),
        ("/empty", "object"),
    ] {
        let found = told.iter().find(|(known, _)| known == pointer).map(|(_, text)| &**text);
        assert_eq!(found, Some(expected), "{pointer} of {told:#?}");
    }
    assert_eq!(told.len(), 15, "{told:#?}");
}

#[test]
fn branches_are_told_together() {
    let leaf = |origin| Arc::new(Told::of(origin));
    let object = |members: Vec<(&str, Arc<Told>)>| Told {
        members: members.into_iter().map(|(name, told)| (name.into(), told)).collect(),
        ..Told::of(Origin::Object)
    };
    let one = object(vec![("a", leaf(Origin::Words)), ("b", leaf(Origin::Null))]);
    let other = object(vec![("b", leaf(Origin::Boolean)), ("c", leaf(Origin::Default))]);
    let fields = Told::either(&[&one, &other, &one]).fields();
    let told: Vec<(&str, usize)> =
        fields.iter().map(|field| (&*field.pointer, field.origins.len())).collect();
    assert_eq!(told, [("/a", 1), ("/b", 2), ("/c", 1)]);
}

#[test]
fn what_cannot_be_is_told_of_too() {
    for (schema, expected) in [
        (json!({"type": "object", "example": {"a": 1}}), "example"),
        (json!({"type": "string", "minLength": 3, "maxLength": 2}), "of its type; nothing obeys the schema"),
        (json!({}), "object"),
    ] {
        assert_eq!(told(&schema), [(String::new(), expected.to_owned())], "{schema}");
    }
}

/// The values at a pointer with `*` for any element.
fn at<'v>(value: &'v Value, pointer: &str) -> Vec<&'v Value> {
    let tokens = pointer.split('/').skip(1).map(|token| token.replace("~1", "/").replace("~0", "~"));
    tokens.fold(vec![value], |values, token| {
        let inner = values.into_iter().flat_map(|value| match value {
            Value::Array(items) if token == "*" => items.iter().collect(),
            value => value.get(&token).into_iter().collect::<Vec<_>>(),
        });
        inner.collect()
    })
}

fn is_from(value: &Value, origin: &Origin, notes: &Value) -> bool {
    match origin {
        Origin::Example | Origin::Default => value == &notes["example"] || value == &notes["default"],
        Origin::Enum(_) => notes["enum"].as_array().is_some_and(|values| values.contains(value)),
        Origin::Faker { faker, .. } => match (fakers::source(faker).unwrap(), value.as_str()) {
            (Source::Faker(row), Some(text)) => {
                let quoted = super::super::block::quoted(text);
                fakers::filled(super::super::Locale::ENGLISH, row).pool.iter().any(|known| known == quoted)
            }
            (Source::Uuid, Some(text)) => text.len() == 36 && text.as_bytes()[14] == b'4',
            (Source::Characters(alphabet, _), Some(text)) => {
                text.bytes().all(|byte| alphabet.contains(&byte))
            }
            (_, None) => false,
        },
        Origin::Pattern(_) => {
            let pattern = crate::pattern::Pattern::new(notes["pattern"].as_str().unwrap());
            value.as_str().is_some_and(|text| pattern.is_match(text))
        }
        Origin::Range { least, most, .. } => {
            let range = least.parse::<f64>().unwrap()..=most.parse::<f64>().unwrap();
            value.as_f64().is_some_and(|value| range.contains(&value))
        }
        Origin::Words => value.is_string(),
        Origin::Boolean => value.is_boolean(),
        Origin::Null => value.is_null(),
        Origin::Object => value.is_object(),
        Origin::Array => value.is_array(),
        _ => true,
    }
}

/// Names of all kinds, with all that may be said of them: what is told of a field is what its values are.
#[test]
fn values_come_from_where_it_is_told() {
    let names = include_str!("../names.txt").lines().filter(|line| !line.starts_with('#'));
    let names = names.filter_map(|line| line.split_once('=')).flat_map(|(_, names)| names.split(','));
    let names: BTreeSet<String> = names.map(|name| name.split_whitespace().collect()).collect();
    assert!(names.len() > 100);
    let says = [
        json!({"type": "string"}),
        json!({"type": "string", "maxLength": 12}),
        json!({"type": "string", "pattern": "^[a-z]{2,9}$"}),
        json!({"type": "string", "format": "date-time"}),
        json!({"type": "string", "format": "email", "maxLength": 30}),
        json!({"type": "integer"}),
        json!({"type": "integer", "minimum": 5, "maximum": 500}),
        json!({"type": "number", "multipleOf": 0.5}),
        json!({"type": "string", "enum": ["a", "b"]}),
        json!({"type": "string", "example": "an example"}),
        json!({"type": "integer", "default": 3}),
        json!({"type": "boolean"}),
    ];
    for (at_once, names) in names.iter().collect::<Vec<_>>().chunks(says.len()).enumerate() {
        let said = names
            .iter()
            .enumerate()
            .map(|(index, name)| ((*name).clone(), says[(at_once + index) % says.len()].clone()));
        let properties: serde_json::Map<String, Value> = said.collect();
        let listed = json!({"type": "object", "properties": properties});
        for schema in [listed.clone(), json!({"type": "array", "items": listed})] {
            holds(&schema, &properties);
        }
    }
}

fn holds(schema: &Value, properties: &serde_json::Map<String, Value>) {
    let (schemas, id) = lowered(schema);
    let program = Program::compile(&schemas, id, &FULL).unwrap();
    let fields = Told::compile(&schemas, id, &FULL).fields();
    for key in 0..5 {
        let value = program.value(Key(key));
        for Field { pointer, origins } in &fields {
            let name = pointer.rsplit('/').next().unwrap_or_default();
            let notes = properties.get(name).unwrap_or(&Value::Null);
            let values = at(&value, pointer);
            assert!(!values.is_empty(), "nothing at {pointer} of {value}");
            for value in values {
                let is_one = origins.iter().any(|origin| is_from(value, origin, notes));
                assert!(is_one, "{pointer} {notes}: {value} is not of {origins:?}");
            }
        }
    }
}

/// Asking changes nothing.
#[test]
fn what_is_told_is_of_the_program_that_is_served() {
    let cases: Vec<Value> = serde_json::from_str(include_str!("../../../tests/generate.json")).unwrap();
    for schema in &cases {
        let (schemas, id) = lowered(schema);
        let (served, asked) =
            (Program::block(&schemas, id, &FULL, false), Program::block(&schemas, id, &FULL, true));
        let (Ok(served), Ok(asked)) = (served, asked) else { continue };
        assert!(served.told.is_none() && asked.told.is_some(), "{schema}");
        let write = |block: &Block| {
            let mut out = Vec::new();
            (0..5).for_each(|key| block.write(&mut crate::generate::Random::new(key), &mut out));
            out
        };
        assert_eq!(write(&served), write(&asked), "{schema}");
    }
}

#[test]
fn members_of_records_are_told() {
    let schema =
        json!({"type": "object", "properties": {"email": {"type": "string"}, "n": {"type": "integer"}}});
    let (schemas, id) = lowered(&schema);
    let record = Record::compile(&schemas, &[id], &FULL).unwrap();
    let told = Told::record(&schemas, &[id], &FULL).unwrap();
    let names: Vec<&str> = told.members.iter().map(|(name, _)| &**name).collect();
    assert_eq!(names, record.names().iter().map(|name| &**name).collect::<Vec<_>>());
}
