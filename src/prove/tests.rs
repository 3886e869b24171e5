#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use mocker_openapi::{Location, MemoryFetch, Written};
use mocker_schema::validate::Direction;
use serde_json::{Value, json};

use super::applied::{TooMuch, applied};
use super::judge::{Broken, Judge, Stop, at_once};
use super::pieces::Pieces;
use super::reading::{Place, Reading};
use super::translate::standalone;
use crate::limits::{MAX_PROOF_DEPTH, MAX_PROOF_MESSAGE, MAX_PROOF_PIECES, MAX_PROOF_REFERENCES};

/// The root of a document of that version, which is itself the schema.
fn written(version: &str, schema: &Value) -> Written {
    let mut root = schema.clone();
    let key = if version == "2.0" { "swagger" } else { "openapi" };
    root[key] = version.into();
    let location = Location::File("api.json".into());
    let mut files = MemoryFetch::default();
    files.add(location.clone(), root.to_string());
    Written::read(location, &mut files).unwrap()
}

fn judged(
    version: &str,
    direction: Direction,
    schema: &Value,
    values: &[Value],
) -> Result<Vec<Option<Broken>>, String> {
    let written = written(version, schema);
    let references = &written.references();
    let reading = Reading { references, dialect: written.dialect(), direction };
    at_once(reading, (written.root(), Place::Schema), values)
}

/// What pieces say of each value; `None` where they cannot tell.
fn accepted(version: &str, direction: Direction, schema: &Value, values: &[Value]) -> Vec<Option<bool>> {
    let written = written(version, schema);
    let references = &written.references();
    let reading = Reading { references, dialect: written.dialect(), direction };
    let mut pieces = Pieces::new();
    values.iter().map(|value| pieces.accept(reading, (written.root(), Place::Schema), value)).collect()
}

/// The schema as the validator gets it, for `value`.
fn translated(version: &str, direction: Direction, schema: &Value, value: Value) -> Value {
    let written = written(version, schema);
    let references = &written.references();
    let reading = Reading { references, dialect: written.dialect(), direction };
    let applied = applied(reading, written.root(), Place::Schema, &[value]).unwrap();
    standalone(reading, &applied, written.root(), Place::Schema).unwrap()
}

/// Formats that the other validator does not know, or takes more narrowly (RFC 3339, without what Ajv adds to it).
const FORMATS: [&str; 7] = ["byte", "date-time", "duration", "guid", "idn-email", "idn-hostname", "url"];

/// Where the two are at odds on purpose: what ours reads as Ajv and Prism do. Neither can be said to be wrong of `not`
/// and `if` that hang on themselves, nor of a pattern that is none.
fn are_at_odds(schema: &Value) -> bool {
    let is_unread = schema["format"].as_str().is_some_and(|format| FORMATS.contains(&format));
    let is_endless = ["not", "if"].iter().any(|keyword| schema[keyword] == json!({"$ref": "#"}));
    let is_loose = ["^[\\w-.]+$", "^[+-\\d]+$"].iter().any(|loose| schema["pattern"] == *loose);
    is_unread
        || is_endless
        || is_loose
        || schema.get("oneOf").is_some() && schema.get("discriminator").is_some()
}

/// What the cases of our own validator expect, the other one says too: 2.0, 3.0 and 3.1, requests and responses, at once and in
/// pieces.
#[test]
fn the_judge_says_what_the_cases_of_our_validator_say() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("engine/schema/tests/cases");
    let (mut count, mut apart, mut wrong) = (0, 0, Vec::new());
    for entry in fs::read_dir(folder).unwrap() {
        let cases: Vec<Value> = serde_json::from_slice(&fs::read(entry.unwrap().path()).unwrap()).unwrap();
        for case in cases.iter().filter(|case| case["schema"].is_object() && !are_at_odds(&case["schema"])) {
            let version = match case["dialect"].as_str() {
                Some("2.0") => "2.0",
                Some("3.0") => "3.0.3",
                _ => "3.1.0",
            };
            let is_request = case["direction"].as_str() == Some("request");
            let direction = if is_request { Direction::Request } else { Direction::Response };
            for (list, is_valid) in [("valid", true), ("invalid", false)] {
                for value in case[list].as_array().into_iter().flatten() {
                    count += 1;
                    let said = judged(version, direction, &case["schema"], std::slice::from_ref(value));
                    if said.as_ref().is_ok_and(|said| said[0].is_none()) != is_valid || said.is_err() {
                        wrong.push(format!("{} on {value}: {list}, but {said:?}", case["schema"]));
                    }
                    let in_pieces =
                        accepted(version, direction, &case["schema"], std::slice::from_ref(value))[0];
                    apart += usize::from(in_pieces.is_some());
                    if in_pieces.is_some_and(|obeys| obeys != is_valid) {
                        wrong.push(format!("{} on {value}: {list}, but not in pieces", case["schema"]));
                    }
                }
            }
        }
    }
    assert!(count > 300, "only {count} values");
    assert!(apart * 10 > count * 8, "only {apart} of {count} in pieces");
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn dialects_are_brought_to_json_schema() {
    for (version, direction, schema, expected) in [
        (
            "3.0.3",
            Direction::Response,
            json!({"type": "string", "nullable": true}),
            json!({"anyOf": [{"type": "string"}, {"type": "null"}]}),
        ),
        (
            "3.1.0",
            Direction::Response,
            json!({"type": "string", "nullable": true}),
            json!({"type": "string"}),
        ),
        (
            "2.0",
            Direction::Response,
            json!({"type": "file", "x-nullable": "true"}),
            json!({"anyOf": [{"type": "string"}, {"type": "null"}]}),
        ),
        (
            "3.0.3",
            Direction::Response,
            json!({"minimum": 1, "exclusiveMinimum": true, "maximum": 5, "exclusiveMaximum": false}),
            json!({"exclusiveMinimum": 1, "maximum": 5}),
        ),
        (
            "3.1.0",
            Direction::Request,
            json!({"required": ["a", "b"], "properties": {"a": {"readOnly": true}, "b": {"writeOnly": true}}}),
            json!({"required": ["b"], "properties": {"b": true}}),
        ),
        (
            "3.1.0",
            Direction::Response,
            json!({"required": ["a", "b"], "properties": {"a": {"readOnly": true}, "b": {"writeOnly": true}}}),
            json!({"required": ["a"], "properties": {"a": true, "b": true}}),
        ),
        (
            "3.0.3",
            Direction::Response,
            json!({"type": "String", "enum": [1, true], "maxLength": "7", "pattern": 5}),
            json!({"type": "string", "enum": ["1", "true"], "maxLength": 7}),
        ),
        (
            "3.0.3",
            Direction::Response,
            json!({"type": "integer", "format": "uint8", "required": true}),
            json!({"type": "integer", "format": "uint8", "required": [], "allOf": [{"minimum": 0, "maximum": 255}]}),
        ),
        (
            "3.0.3",
            Direction::Response,
            json!({"items": [true, false], "additionalItems": true, "dependencies": {"a": ["b"], "c": true}}),
            json!({
                "prefixItems": [true, false],
                "items": true,
                "dependentRequired": {"a": ["b"]},
                "dependentSchemas": {"c": true}
            }),
        ),
        ("3.0.3", Direction::Response, json!({"example": 1, "default": 2, "discriminator": {}}), json!({})),
    ] {
        let mut found = translated(version, direction, &schema, json!(null));
        assert_eq!(found["allOf"][0].take(), expected, "{version} {schema}");
    }
}

#[test]
fn only_what_applies_to_the_values_is_compiled() {
    let schema = json!({
        "properties": {"friend": {"$ref": "#/$defs/person"}, "home": {"$ref": "#/$defs/house"}},
        "$defs": {
            "person": {"properties": {"pet": {"$ref": "#/$defs/animal"}}},
            "house": {"minProperties": 1},
            "animal": {"type": "object"}
        }
    });
    for (value, definitions) in [
        (json!({}), json!({})),
        (json!({"home": {}}), json!({"0": {"minProperties": 1}})),
        (json!({"friend": {}}), json!({"0": {"properties": {"pet": true}}})),
        (
            json!({"friend": {"pet": 1}}),
            json!({"0": {"properties": {"pet": {"$ref": "#/$defs/1"}}}, "1": {"type": "object"}}),
        ),
    ] {
        let found = translated("3.1.0", Direction::Response, &schema, value.clone());
        assert_eq!(found["$defs"], definitions, "{value}");
    }
}

#[test]
fn faults_are_told_with_their_place() {
    let schema = json!({
        "type": "array",
        "items": {"properties": {"a/b": {"type": "string", "format": "date"}}}
    });
    let values =
        [json!([{"a/b": "2024-02-29"}]), json!([{}, {"a/b": "2023-02-29"}]), json!("x".repeat(1_000))];
    let said = judged("3.1.0", Direction::Response, &schema, &values).unwrap();
    assert_eq!(said[0], None);
    assert_eq!(said[1].as_ref().unwrap().pointer, "/1/a~1b");
    let long = &said[2].as_ref().unwrap().message;
    assert_eq!(long.chars().count(), MAX_PROOF_MESSAGE + "...".len(), "{long}");
}

/// Schemas that apply themselves to the value they are applied to say nothing, and end nothing.
#[test]
fn endless_schemas_are_cut() {
    for (schema, right, wrong) in [
        (json!({"allOf": [{"$ref": "#"}, {"type": "string"}]}), json!("a"), json!(1)),
        (json!({"type": "string", "$ref": "#"}), json!("a"), json!(1)),
        (
            json!({"$ref": "#/$defs/a", "$defs": {"a": {"anyOf": [{"$ref": "#/$defs/b"}], "minLength": 1}, "b": {"allOf": [{"$ref": "#/$defs/a"}]}}}),
            json!("a"),
            json!(""),
        ),
        (
            json!({"properties": {"next": {"$ref": "#"}}, "type": "object"}),
            json!({"next": {"next": {}}}),
            json!({"next": {"next": 1}}),
        ),
        (
            json!({"properties": {"next": {"$ref": "#", "title": "Next"}}, "type": "object"}),
            json!({"next": {"next": {}}}),
            json!({"next": {"next": 1}}),
        ),
    ] {
        let values = [right, wrong];
        let said = judged("3.1.0", Direction::Response, &schema, &values).unwrap();
        assert!(said[0].is_none() && said[1].is_some(), "{schema}: {said:?}");
        let said = accepted("3.1.0", Direction::Response, &schema, &values);
        assert_eq!(said, [Some(true), Some(false)], "{schema}");
    }
}

/// A base that lists what extends it: what is cut depends on where a value comes in.
#[test]
fn schemas_that_extend_each_other_are_cut_for_each_value() {
    let extended = |own: &str| json!({"allOf": [{"$ref": "#/$defs/Pet"}, {"required": [own]}]});
    let (cat, dog) = (json!({"kind": 1, "meow": 1}), json!({"kind": 1, "bark": 1}));
    let both = json!({"kind": 1, "meow": 1, "bark": 1});
    let schema = json!({
        "properties": {
            "cat": {"$ref": "#/$defs/Cat"},
            "dog": {"$ref": "#/$defs/Dog"},
            "pet": {"$ref": "#/$defs/Pet"},
            "pets": {"items": {"$ref": "#/$defs/Pet"}}
        },
        "$defs": {
            "Pet": {"required": ["kind"], "oneOf": [{"$ref": "#/$defs/Cat"}, {"$ref": "#/$defs/Dog"}]},
            "Cat": extended("meow"),
            "Dog": extended("bark")
        }
    });
    for (value, obeys) in [
        (json!({"cat": cat, "pet": dog}), true),
        (json!({"cat": cat, "dog": dog, "pet": cat, "pets": [dog, cat]}), true),
        (json!({"cat": {"meow": 1}, "pet": dog}), false),
        (json!({"pet": dog, "dog": {"bark": 1}}), false),
        (json!({"cat": cat, "pet": {"kind": 1}}), false),
        (json!({"cat": cat, "pet": both}), false),
        (json!({"cat": dog, "pet": dog}), false),
    ] {
        let values = [value];
        let said = judged("3.1.0", Direction::Response, &schema, &values).unwrap();
        let in_pieces = accepted("3.1.0", Direction::Response, &schema, &values);
        assert_eq!((said[0].is_none(), in_pieces[0]), (obeys, Some(obeys)), "{}: {said:?}", values[0]);
    }
}

/// Each joins all: the ways among them are more than are told apart.
#[test]
fn ways_among_schemas_that_extend_each_other_have_a_limit() {
    let joined = |count: usize| {
        let all: Vec<Value> = (0..count).map(|at| json!({"$ref": format!("#/$defs/{at}")})).collect();
        let defs: serde_json::Map<String, Value> = (0..count)
            .map(|at| (at.to_string(), json!({"anyOf": all, "required": [at.to_string()]})))
            .collect();
        json!({"properties": {"a": {"$ref": "#/$defs/0"}}, "$defs": defs})
    };
    for (count, is_judged) in [(4, true), (14, false)] {
        let said = judged("3.1.0", Direction::Response, &joined(count), &[json!({"a": {"0": 1}})]);
        assert_eq!(said.is_ok(), is_judged, "{count}: {said:?}");
    }
}

#[test]
fn references_in_a_row_have_a_limit() {
    let chain = |length: usize| {
        let links = (0..length).map(|at| (at.to_string(), json!({"$ref": format!("#/$defs/{}", at + 1)})));
        let mut defs: serde_json::Map<String, Value> = links.collect();
        defs.insert(length.to_string(), json!({"type": "string"}));
        json!({"properties": {"a": {"$ref": "#/$defs/0"}}, "$defs": defs})
    };
    for (length, is_followed) in [(MAX_PROOF_REFERENCES - 2, true), (MAX_PROOF_REFERENCES, false)] {
        let said = judged("3.0.3", Direction::Response, &chain(length), &[json!({"a": 1})]).unwrap();
        assert_eq!(said[0].is_some(), is_followed, "{length}");
    }
}

/// On a stack as large as that of the threads that prove.
#[test]
fn schemas_inside_one_another_have_a_limit() {
    let work = || {
        for (depth, is_judged) in [(MAX_PROOF_DEPTH, true), (MAX_PROOF_DEPTH + 1, false)] {
            let links = (1..depth).map(|at| {
                let next = if at + 1 == depth {
                    json!([true])
                } else {
                    json!([{"$ref": format!("#/$defs/{}", at + 1)}])
                };
                (at.to_string(), json!({"allOf": next}))
            });
            let defs: serde_json::Map<String, Value> = links.collect();
            let schema = json!({"allOf": [{"$ref": "#/$defs/1"}], "$defs": defs});
            let written = written("3.0.3", &schema);
            let references = &written.references();
            let reading = Reading { references, dialect: written.dialect(), direction: Direction::Response };
            let found = applied(reading, written.root(), Place::Schema, &[json!(1)]);
            assert_eq!(found.is_ok(), is_judged, "{depth}");
            assert!(is_judged || found.is_err_and(|error| error == TooMuch));
            if is_judged {
                let found = (written.root(), Place::Schema);
                assert_eq!(at_once(reading, found, &[json!(1)]), Ok(vec![None]));
                assert_eq!(Judge::new().broken(reading, found, &json!(1)), Ok(None));
            }
        }
    };
    let thread = std::thread::Builder::new().stack_size(crate::limits::PROOF_STACK);
    thread.spawn(work).unwrap().join().unwrap();
}

/// What asks whether others have looked at a member is judged at once.
#[test]
fn pieces_know_what_they_cannot_tell() {
    for keyword in ["unevaluatedProperties", "unevaluatedItems"] {
        let schema = json!({
            "properties": {"free": {}, "strict": {"$ref": "#/$defs/strict"}},
            "$defs": {"strict": {"$ref": "#/$defs/base", keyword: false, "title": "S"}, "base": {"properties": {"a": {}}}}
        });
        let values = [json!({"free": {"a": 1}}), json!({"strict": {"a": 1}})];
        assert_eq!(accepted("3.1.0", Direction::Response, &schema, &values), [Some(true), None], "{keyword}");
        assert_eq!(judged("3.1.0", Direction::Response, &schema, &values), Ok(vec![None, None]), "{keyword}");
    }
}

/// Validators are dropped when there are many; what they say stays.
#[test]
fn pieces_are_kept_within_their_limit() {
    let names: Vec<usize> = (0..MAX_PROOF_PIECES + 10).collect();
    let defs: serde_json::Map<String, Value> =
        names.iter().map(|name| (name.to_string(), json!({"const": name}))).collect();
    let properties: serde_json::Map<String, Value> =
        names.iter().map(|name| (name.to_string(), json!({"$ref": format!("#/$defs/{name}")}))).collect();
    let schema = json!({"properties": properties, "$defs": defs});
    let written = written("3.0.3", &schema);
    let references = &written.references();
    let reading = Reading { references, dialect: written.dialect(), direction: Direction::Response };
    let (mut pieces, mut most) = (Pieces::new(), 0);
    for name in names {
        for (value, obeys) in [(name, true), (name + 1, false)] {
            let value = json!({ (name.to_string()): value });
            let said = pieces.accept(reading, (written.root(), Place::Schema), &value);
            assert!(
                said == Some(obeys) || said.is_none() && pieces.count() >= MAX_PROOF_PIECES,
                "{name}: {said:?}"
            );
            most = most.max(pieces.count());
        }
    }
    assert_eq!(most, MAX_PROOF_PIECES);
    assert!(pieces.count() < MAX_PROOF_PIECES);
}

/// What the author wrote as a value, or named so, is no keyword.
#[test]
fn only_patterns_of_schemas_are_left_out() {
    let loose = json!({"pattern": "["});
    let properties = json!({
        "pattern": {"type": "integer"},
        "const": loose,
        "enum": loose,
        "patternProperties": {"type": "integer"}
    });
    for (schema, right, wrong) in [
        (json!({"pattern": "["}), json!("a"), None),
        (json!({"pattern": "[", "const": loose}), loose.clone(), Some(json!({}))),
        (json!({"pattern": "[", "enum": [loose, 1]}), loose.clone(), Some(json!({}))),
        (
            json!({"pattern": "[", "patternProperties": {"[": false, "b": false}}),
            json!({"a": 1}),
            Some(json!({"b": 1})),
        ),
        (
            json!({"pattern": "[", "properties": properties}),
            json!({"pattern": 1}),
            Some(json!({"pattern": "a"})),
        ),
        (json!({"pattern": "[", "properties": properties}), json!({"enum": "b", "const": "c"}), None),
    ] {
        let values: Vec<Value> = [Some(right), wrong].into_iter().flatten().collect();
        let said = judged("3.1.0", Direction::Response, &schema, &values).unwrap();
        assert_eq!(said[0], None, "{schema}");
        assert!(said.get(1).is_none_or(Option::is_some), "{schema}");
    }
}

/// The first that breaks its schema is found, and none is asked for behind it.
#[test]
fn values_are_judged_until_one_breaks() {
    let written = written("3.0.3", &json!({"type": "object", "required": ["a"]}));
    let references = &written.references();
    let reading = Reading { references, dialect: written.dialect(), direction: Direction::Response };
    let found = (written.root(), Place::Schema);
    let mut asked = 0;
    let values = [json!({"a": 1}), json!({}), json!(1)].into_iter().map(|value| {
        asked += 1;
        Ok(value)
    });
    let first = Judge::new().first_broken(reading, found, values).unwrap();
    assert_eq!(first.map(|(number, _)| number), Some(1));
    assert_eq!(asked, 2);
    let none = [Err("no JSON".to_owned())].into_iter();
    assert_eq!(Judge::new().first_broken(reading, found, none), Err(Stop::NoValue("no JSON".to_owned())));
}
