//! Schemas of all keywords thrown together: whatever is generated obeys, by two validators.
//! `PROPTEST_CASES=40000` tries more of them, and with `--nocapture` names those that are refused.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

use std::sync::Mutex;

use mocker_schema::generate::{Key, Options, Program};
use mocker_schema::lower::{self, Dialect};
use mocker_schema::sample::{self, sample};
use mocker_schema::validate::Direction;
use mocker_source::FileId;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::TestRunner;
use serde_json::{Map, Value, json};

const NAMES: [&str; 4] = ["a", "b", "id", "kind"];

fn merged(parts: Vec<Value>) -> Value {
    let mut all = Map::new();
    for part in parts {
        all.extend(part.as_object().unwrap().clone());
    }
    Value::Object(all)
}

fn number() -> impl Strategy<Value = Value> {
    let keyword = prop_oneof![
        (-20_i64..20).prop_map(|n| json!({"minimum": n})),
        (-20_i64..20).prop_map(|n| json!({"maximum": n})),
        (-20_i64..20).prop_map(|n| json!({"exclusiveMinimum": n})),
        (0_i64..300).prop_map(|n| json!({"exclusiveMaximum": n as f64 / 10.0})),
        select(vec![json!(1), json!(3), json!(0.5), json!(0.25), json!(10)])
            .prop_map(|n| json!({"multipleOf": n})),
    ];
    (select(vec!["integer", "number"]), prop::collection::vec(keyword, 0..3))
        .prop_map(|(kind, parts)| merged([vec![json!({"type": kind})], parts].concat()))
}

fn string() -> impl Strategy<Value = Value> {
    let keyword = prop_oneof![
        (0_u64..12).prop_map(|n| json!({"minLength": n})),
        (0_u64..30).prop_map(|n| json!({"maxLength": n})),
        select(vec!["^[a-z]+$", "[0-9]{3}", "^a|b$", "^(?!x).*$", "\\S"]).prop_map(|p| json!({"pattern": p})),
        select(vec!["date-time", "uuid", "email", "uri", "date", "ipv4"]).prop_map(|f| json!({"format": f})),
    ];
    prop::collection::vec(keyword, 0..3)
        .prop_map(|parts| merged([vec![json!({"type": "string"})], parts].concat()))
}

fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => number(),
        4 => string(),
        1 => Just(json!({"type": "boolean"})),
        1 => Just(json!({"type": ["string", "null"]})),
        1 => Just(json!({})),
        1 => select(vec![json!({"const": "x"}), json!({"enum": [1, "a", null]}), json!({"enum": ["a", "b"]}), json!({"type": "null"})]),
    ]
}

fn object(inner: impl Strategy<Value = Value> + Clone + 'static) -> impl Strategy<Value = Value> {
    let named = prop::collection::vec((select(NAMES.to_vec()), inner.clone()), 0..4);
    let keyword = prop_oneof![
        3 => prop::collection::vec(select(NAMES.to_vec()), 0..3).prop_map(|mut names| {
            names.sort_unstable();
            names.dedup();
            json!({"required": names})
        }),
        1 => inner.clone().prop_map(|schema| json!({"additionalProperties": schema})),
        1 => Just(json!({"additionalProperties": false})),
        1 => Just(json!({"unevaluatedProperties": false})),
        1 => (0_u64..4).prop_map(|n| json!({"minProperties": n})),
        1 => (0_u64..6).prop_map(|n| json!({"maxProperties": n})),
        1 => inner.clone().prop_map(|schema| json!({"patternProperties": {"^i": schema}})),
        1 => Just(json!({"propertyNames": {"pattern": "^[a-z]+$"}})),
        1 => Just(json!({"dependentRequired": {"a": ["b"]}})),
        1 => inner.prop_map(|schema| json!({"dependentSchemas": {"b": {"properties": {"id": schema}}}})),
    ];
    (named, prop::collection::vec(keyword, 0..3)).prop_map(|(named, parts)| {
        let properties: Map<String, Value> =
            named.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect();
        merged([vec![json!({"type": "object", "properties": properties})], parts].concat())
    })
}

fn array(inner: impl Strategy<Value = Value> + Clone + 'static) -> impl Strategy<Value = Value> {
    let keyword = prop_oneof![
        3 => inner.clone().prop_map(|schema| json!({"items": schema})),
        1 => prop::collection::vec(inner.clone(), 1..3).prop_map(|schemas| json!({"prefixItems": schemas})),
        1 => inner.prop_map(|schema| json!({"contains": schema})),
        1 => Just(json!({"uniqueItems": true})),
        1 => (0_u64..4).prop_map(|n| json!({"minItems": n})),
        1 => (0_u64..6).prop_map(|n| json!({"maxItems": n})),
        1 => Just(json!({"unevaluatedItems": false})),
    ];
    prop::collection::vec(keyword, 0..4)
        .prop_map(|parts| merged([vec![json!({"type": "array"})], parts].concat()))
}

fn schema() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(3, 24, 4, |inner| {
        let some = prop::collection::vec(inner.clone(), 1..4);
        prop_oneof![
            3 => object(inner.clone()),
            2 => array(inner.clone()),
            1 => some.clone().prop_map(|schemas| json!({"allOf": schemas})),
            1 => some.clone().prop_map(|schemas| json!({"anyOf": schemas})),
            1 => some.prop_map(|schemas| json!({"oneOf": schemas})),
            1 => inner.clone().prop_map(|schema| json!({"not": schema})),
            1 => (inner.clone(), inner.clone(), inner).prop_map(|(a, b, c)| json!({"if": a, "then": b, "else": c})),
        ]
    })
}

/// Compiles and judges; why the schema was refused, if a plain value obeys it all the same.
fn judge(schema: &Value, fill_optional: bool, key: u64) -> Result<Option<String>, TestCaseError> {
    let (tree, _) = mocker_source::parse(FileId(0), schema.to_string().as_bytes());
    let mut lowering = lower::local(&tree, Dialect::OpenApi31);
    let id = lowering.lower(tree.root());
    let (schemas, _) = lowering.finish();
    let oracle = jsonschema::options().should_validate_formats(true).build(schema).unwrap();
    let options = Options::new(Direction::Response, fill_optional);
    let program = match Program::compile(&schemas, id, &options) {
        Ok(program) => program,
        Err(refusal) => {
            let approximate = Program::approximate(&schemas, id, &options);
            prop_assert_eq!(approximate.value(Key(key)), approximate.value(Key(key)));
            let witness = candidates().into_iter().find(|value| oracle.is_valid(value));
            return Ok(witness.map(|value| format!("{}; {value} obeys {schema}", refusal.reason)));
        }
    };
    for each in 0..12 {
        let value = program.value(Key(key).with_number(each));
        let broken = schemas.validate(id, &value, Direction::Response);
        prop_assert!(broken.is_empty(), "{schema} gave {value}: {broken:?}");
        prop_assert!(oracle.is_valid(&value), "{schema} gave {value}: the oracle disagrees");
    }
    Ok(None)
}

#[test]
fn what_is_generated_obeys_and_little_is_refused() {
    const CASES: u32 = 600;
    let config = ProptestConfig::default();
    let cases = config.cases.max(CASES);
    let refused = Mutex::new(Vec::new());
    let strategy = (schema(), any::<bool>(), any::<u64>());
    let config = ProptestConfig { cases, failure_persistence: None, ..config };
    let outcome = TestRunner::new(config).run(&strategy, |(schema, fill_optional, key)| {
        refused.lock().unwrap().extend(judge(&schema, fill_optional, key)?);
        Ok(())
    });
    outcome.unwrap();
    let refused = refused.into_inner().unwrap();
    refused.iter().for_each(|refusal| eprintln!("refused: {refusal}"));
    assert!(refused.len() < cases as usize / 30, "{} of {cases} were refused wrongly", refused.len());
}

#[test]
fn samples_obey_wherever_a_value_is_generated() {
    let config = ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() };
    let strategy = (schema(), any::<bool>(), select(vec![Direction::Request, Direction::Response]));
    let outcome = TestRunner::new(config).run(&strategy, |(schema, withhold, direction)| {
        let (tree, _) = mocker_source::parse(FileId(0), schema.to_string().as_bytes());
        let mut lowering = lower::local(&tree, Dialect::OpenApi31);
        let id = lowering.lower(tree.root());
        let (schemas, _) = lowering.finish();
        let value = sample(&schemas, id, sample::Options { direction, withhold }).unwrap();
        if !schemas.is_valid(id, &value, direction) {
            let options = Options::new(direction, true);
            let refused = Program::compile(&schemas, id, &options).is_err();
            prop_assert!(refused, "{schema} gave {value}");
        }
        Ok(())
    });
    outcome.unwrap();
}

/// Plain values, for schemas that were refused.
fn candidates() -> Vec<Value> {
    let mut values = vec![
        json!(null),
        json!(true),
        json!(0),
        json!(-3),
        json!(7),
        json!(0.5),
        json!(12.3),
        json!(""),
        json!("a"),
        json!("abc"),
        json!("x"),
        json!("2024-01-01"),
        json!([]),
        json!(["a"]),
        json!([1]),
        json!([null, "a"]),
        json!([[], {}]),
        json!({}),
    ];
    for name in NAMES {
        for value in values.clone().into_iter().take(14) {
            values.push(json!({name: value}));
        }
        values.push(json!({name: {}}));
        values.push(json!({name: {}, "zz": 1}));
        values.push(json!({name: "a", "b": "a"}));
    }
    values
}
