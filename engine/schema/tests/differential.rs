//! Random schemas and values from a small vocabulary, judged by us and by the `jsonschema`
//! crate: the two must agree.
#![allow(clippy::unwrap_used)]

use mocker_schema::lower::{self, Dialect};
use mocker_schema::validate::Direction;
use mocker_source::FileId;
use proptest::prelude::*;
use serde_json::{Value, json};

fn name() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["a", "b", "c", "ab"]).prop_map(str::to_owned)
}

fn scalar() -> impl Strategy<Value = Value> {
    let fixed = vec![
        json!(null),
        json!(true),
        json!(false),
        json!(0),
        json!(1),
        json!(1.0),
        json!(2),
        json!(3),
        json!(-1),
        json!(0.5),
        json!(1.5),
        json!(2.25),
        json!(10),
        json!(1e3),
        json!(""),
        json!("a"),
        json!("b"),
        json!("ab"),
        json!("abc"),
        json!("äö"),
        json!("2020-02-29"),
        json!("2021-02-29"),
    ];
    prop::sample::select(fixed)
}

fn instance() -> impl Strategy<Value = Value> {
    scalar().prop_recursive(3, 24, 4, |inner| {
        prop_oneof![prop::collection::vec(inner.clone(), 0..5).prop_map(Value::Array), members(inner, 0..5),]
    })
}

fn members(
    value: impl Strategy<Value = Value>,
    count: std::ops::Range<usize>,
) -> impl Strategy<Value = Value> {
    prop::collection::vec((name(), value), count).prop_map(|pairs| Value::Object(pairs.into_iter().collect()))
}

fn pair(
    keyword: &'static str,
    value: impl Strategy<Value = Value> + 'static,
) -> BoxedStrategy<(String, Value)> {
    value.prop_map(move |value| (keyword.to_owned(), value)).boxed()
}

fn type_name() -> impl Strategy<Value = Value> {
    let names = vec!["string", "integer", "number", "boolean", "null", "array", "object"];
    prop_oneof![
        3 => prop::sample::select(names.clone()).prop_map(|name| json!(name)),
        1 => prop::sample::subsequence(names, 1..4).prop_map(|names| json!(names)),
    ]
}

fn leaf_keyword() -> impl Strategy<Value = (String, Value)> {
    let number = || prop::sample::select(vec![json!(0), json!(1), json!(1.5), json!(2), json!(3), json!(10)]);
    let step = prop::sample::select(vec![json!(1), json!(2), json!(0.5), json!(0.25), json!(3), json!(1.5)]);
    let count = || (0..4u8).prop_map(|count| json!(count));
    let pattern =
        prop::sample::select(vec![json!("^a"), json!("b$"), json!("^[ab]+$"), json!("."), json!("^.{2}$")]);
    let names = || prop::collection::hash_set(name(), 0..3).prop_map(|names| json!(names));
    prop_oneof![
        pair("type", type_name()),
        pair("enum", prop::collection::vec(instance(), 1..5).prop_map(Value::Array)),
        pair("const", instance()),
        pair("minimum", number()),
        pair("maximum", number()),
        pair("exclusiveMinimum", number()),
        pair("exclusiveMaximum", number()),
        pair("multipleOf", step),
        pair("minLength", count()),
        pair("maxLength", count()),
        pair("pattern", pattern),
        pair("format", Just(json!("date"))),
        pair("minItems", count()),
        pair("maxItems", count()),
        pair("uniqueItems", any::<bool>().prop_map(Value::Bool)),
        pair("minProperties", count()),
        pair("maxProperties", count()),
        pair("required", names()),
        pair(
            "dependentRequired",
            prop::collection::vec((name(), names()), 1..3)
                .prop_map(|m| Value::Object(m.into_iter().collect()))
        ),
    ]
}

fn nested_keyword(schema: BoxedStrategy<Value>) -> impl Strategy<Value = Vec<(String, Value)>> {
    let one = |keyword: &'static str| pair(keyword, schema.clone()).prop_map(|pair| vec![pair]).boxed();
    let list = |keyword: &'static str| {
        pair(keyword, prop::collection::vec(schema.clone(), 1..4).prop_map(Value::Array))
            .prop_map(|pair| vec![pair])
            .boxed()
    };
    let map = |keyword: &'static str| {
        pair(keyword, members(schema.clone(), 1..4)).prop_map(|pair| vec![pair]).boxed()
    };
    let counted = (schema.clone(), 0..3u8, prop::option::of(0..4u8)).prop_map(|(contains, least, most)| {
        let mut keywords = vec![("contains".to_owned(), contains), ("minContains".to_owned(), json!(least))];
        keywords.extend(most.map(|most| ("maxContains".to_owned(), json!(most))));
        keywords
    });
    let conditional = (schema.clone(), schema.clone(), schema.clone())
        .prop_map(|(a, b, c)| vec![("if".to_owned(), a), ("then".to_owned(), b), ("else".to_owned(), c)]);
    let patterns = (prop::sample::select(vec!["^a", "b$", "."]), schema.clone())
        .prop_map(|(pattern, schema)| vec![("patternProperties".to_owned(), json!({ pattern: schema }))]);
    let reference = prop::sample::select(vec!["#/$defs/x", "#/$defs/y"])
        .prop_map(|target| vec![("$ref".to_owned(), json!(target))]);
    proptest::strategy::Union::new([
        map("properties"),
        map("properties"),
        one("items"),
        list("prefixItems"),
        one("contains"),
        counted.boxed(),
        one("additionalProperties"),
        patterns.boxed(),
        one("propertyNames"),
        map("dependentSchemas"),
        one("unevaluatedProperties"),
        one("unevaluatedItems"),
        list("allOf"),
        list("anyOf"),
        list("oneOf"),
        one("not"),
        conditional.boxed(),
        one("if"),
        reference.boxed(),
    ])
}

fn schema(depth: u32, references: bool) -> BoxedStrategy<Value> {
    let leaf = prop_oneof![
        1 => any::<bool>().prop_map(Value::Bool),
        12 => prop::collection::vec(leaf_keyword(), 0..3).prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
    ];
    leaf.prop_recursive(depth, 24, 4, move |inner| {
        let nested = prop::collection::vec(nested_keyword(inner.boxed()), 1..4);
        (nested, prop::collection::vec(leaf_keyword(), 0..2)).prop_map(move |(nested, leaves)| {
            let mut pairs: serde_json::Map<_, _> = nested.into_iter().flatten().chain(leaves).collect();
            if !references {
                pairs.remove("$ref");
            }
            Value::Object(pairs)
        })
    })
    .boxed()
}

fn document() -> impl Strategy<Value = Value> {
    (schema(4, true), schema(2, false), schema(2, false)).prop_map(|(root, x, y)| {
        let mut root = match root {
            Value::Object(root) => root,
            other => [("allOf".to_owned(), json!([other]))].into_iter().collect(),
        };
        root.insert("$defs".to_owned(), json!({"x": x, "y": y}));
        Value::Object(root)
    })
}

fn ours(schema: &Value, values: &[Value]) -> Vec<bool> {
    let (tree, faults) = mocker_source::parse(FileId(0), &serde_json::to_vec(schema).unwrap());
    assert!(faults.is_empty());
    let mut lowering = lower::local(&tree, Dialect::OpenApi31);
    let id = lowering.lower(tree.root());
    let (schemas, _) = lowering.finish();
    values
        .iter()
        .map(|value| {
            let quick = schemas.is_valid(id, value, Direction::Response);
            let violations = schemas.validate(id, value, Direction::Response);
            assert_eq!(quick, violations.is_empty(), "{schema} on {value}: {violations:?}");
            quick
        })
        .collect()
}

/// `type: string` with none but other scalars enumerated is read as their text, on purpose.
fn has_retyped_enum(schema: &Value) -> bool {
    match schema {
        Value::Object(members) => {
            let retyped = members.get("type") == Some(&json!("string"))
                && members.get("enum").and_then(Value::as_array).is_some_and(|values| {
                    values.iter().all(|value| !value.is_string() && !value.is_array() && !value.is_object())
                });
            retyped || members.values().any(has_retyped_enum)
        }
        Value::Array(items) => items.iter().any(has_retyped_enum),
        _ => false,
    }
}

fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(600)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), ..ProptestConfig::default() })]
    #[test]
    fn agrees_with_the_oracle(schema in document(), values in prop::collection::vec(instance(), 1..12)) {
        prop_assume!(!has_retyped_enum(&schema));
        let oracle = jsonschema::draft202012::options().should_validate_formats(true).build(&schema);
        let oracle = oracle.map_err(|error| TestCaseError::fail(format!("{schema}: {error}")))?;
        for (value, mine) in values.iter().zip(ours(&schema, &values)) {
            prop_assert_eq!(mine, oracle.is_valid(value), "{} on {}", schema, value);
        }
    }
}
