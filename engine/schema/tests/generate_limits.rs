//! The limits of generation at their edge, and schemas made to exhaust it.
#![allow(clippy::unwrap_used)]

use mocker_schema::generate::limits::{CHARACTERS, DEPTH, ENTRIES, ITEMS};
use mocker_schema::generate::{Key, Options, Program, Unsatisfiable};
use mocker_schema::lower::{self, Dialect};
use mocker_schema::validate::Direction;
use mocker_schema::{SchemaId, Schemas};
use mocker_source::FileId;
use serde_json::{Map, Value, json};

const FULL: Options = Options::new(Direction::Response, true);

fn lowered(schema: &Value) -> (Schemas, SchemaId) {
    let (tree, faults) = mocker_source::parse(FileId(0), schema.to_string().as_bytes());
    assert!(faults.is_empty(), "{faults:?}");
    let mut lowering = lower::local(&tree, Dialect::OpenApi31);
    let id = lowering.lower(tree.root());
    (lowering.finish().0, id)
}

fn compiled(schema: &Value) -> Result<Program, Unsatisfiable> {
    let (schemas, id) = lowered(schema);
    Program::compile(&schemas, id, &FULL)
}

#[test]
fn what_a_schema_can_demand_is_bounded() {
    type Demand = fn(u64) -> Value;
    let demands: [(Demand, u64); 3] = [
        (|least| json!({"type": "array", "items": {"type": "null"}, "minItems": least}), ITEMS),
        (|least| json!({"type": "object", "minProperties": least}), ENTRIES),
        (|least| json!({"type": "string", "minLength": least}), CHARACTERS),
    ];
    for (demand, most) in demands {
        let length = match compiled(&demand(most)).unwrap().value(Key(0)) {
            Value::Array(items) => items.len(),
            Value::Object(members) => members.len(),
            Value::String(text) => text.chars().count(),
            other => panic!("{other}"),
        };
        assert!(length as u64 >= most);
        let refused = compiled(&demand(most + 1)).unwrap_err().reason;
        assert!(refused.contains("more than is made"), "{refused}");
    }
}

#[test]
fn required_values_nest_within_the_limit() {
    let nested = |levels: usize| {
        (1..levels).fold(
            json!({"type": "integer"}),
            |inner, _| json!({"type": "object", "required": ["a"], "properties": {"a": inner}}),
        )
    };
    compiled(&nested(DEPTH)).unwrap();
    let refused = compiled(&nested(DEPTH + 1)).unwrap_err().reason;
    assert!(refused.contains("nest deeper"), "{refused}");
}

/// Schemas in levels, each of which demands all of the next level, and so all of the paths down.
fn fan(levels: usize, width: usize) -> Value {
    let name = |level: usize, index: usize| format!("{level}-{index}");
    let mut defs = Map::new();
    for level in 0..levels {
        let next: Vec<Value> =
            (0..width).map(|index| json!({"$ref": format!("#/$defs/{}", name(level + 1, index))})).collect();
        defs.extend((0..width).map(|index| (name(level, index), json!({"allOf": next}))));
    }
    let leaf = json!({"type": "object", "properties": {"x": {"type": "string"}}, "required": ["x"]});
    defs.extend((0..width).map(|index| (name(levels, index), leaf.clone())));
    json!({"$ref": "#/$defs/0-0", "$defs": defs})
}

#[test]
fn schemas_with_very_many_paths_through_them_end() {
    let (schemas, id) = lowered(&fan(8, 30));
    let refused = Program::compile(&schemas, id, &FULL).unwrap_err().reason;
    assert!(refused.contains("too many steps"), "{refused}");
    let value = Program::approximate(&schemas, id, &FULL).value(Key(0));
    assert!(value["x"].is_string(), "{value}");
}

/// Levels, each of which holds ten of the next.
fn tenfold(levels: usize, hold: fn(Value) -> Value) -> Value {
    let mut defs = Map::new();
    defs.insert("0".to_owned(), json!({"type": "string"}));
    for level in 1..levels {
        defs.insert(level.to_string(), hold(json!({"$ref": format!("#/$defs/{}", level - 1)})));
    }
    json!({"$ref": format!("#/$defs/{}", levels - 1), "$defs": defs})
}

#[test]
fn bodies_that_grow_tenfold_with_every_level_are_refused_before_they_are_written() {
    let array = |next: Value| json!({"type": "array", "minItems": 10, "items": next});
    let object = |next: Value| {
        let names: Vec<String> = (0..10).map(|index| format!("k{index}")).collect();
        let members: Map<String, Value> = names.iter().map(|name| (name.clone(), next.clone())).collect();
        json!({"type": "object", "required": names, "properties": members})
    };
    for hold in [array as fn(Value) -> Value, object] {
        let (schemas, id) = lowered(&tenfold(30, hold));
        let refused = Program::compile(&schemas, id, &FULL).unwrap_err().reason;
        assert!(refused.contains("larger than"), "{refused}");
        Program::approximate(&schemas, id, &FULL);
    }
}

#[test]
fn long_arrays_of_different_elements_are_made() {
    let number = |schema: Value| json!({"type": "object", "properties": {"a": schema}, "required": ["a"]});
    for items in [
        number(json!({"type": "string", "format": "uuid"})),
        number(json!({"type": "integer"})),
        json!({"type": "integer"}),
        json!({"type": "integer", "minimum": 5_000_000}),
        json!({"type": "integer", "minimum": 1, "maximum": 1_000_000}),
        json!({"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "integer", "maximum": 3, "minimum": 0}}}),
        number(json!({"type": "string"})),
        number(json!({})),
        json!({"type": "object", "properties": {"status": {"type": "string"}}, "required": ["status"]}),
        json!({"type": "string"}),
        json!({"type": "string", "maxLength": 5}),
        json!({"type": "string", "maxLength": 3}),
        json!({"type": "string", "minLength": 30, "maxLength": 30}),
        json!({"type": "string", "minLength": 7, "maxLength": 7}),
    ] {
        let schema = json!({"type": "array", "uniqueItems": true, "minItems": ITEMS, "items": items});
        let (schemas, id) = lowered(&schema);
        let value = compiled(&schema).unwrap().value(Key(0));
        assert!(schemas.is_valid(id, &value, Direction::Response), "{items}");
    }
}

#[test]
fn patterns_that_end_too_early_are_no_reason_to_panic() {
    for pattern in
        ["(?=a\\", "[a\\", "(?!(a\\", "(?=[a\\", "(?<=", "[[", "(", "\\", "\\u", "\\uD8", "(?<!\\u{"]
    {
        let (schemas, id) = lowered(&json!({"type": "string", "pattern": pattern}));
        let program = Program::compile(&schemas, id, &FULL);
        let program = program.unwrap_or_else(|_| Program::approximate(&schemas, id, &FULL));
        assert!(program.value(Key(0)).is_string(), "{pattern}");
    }
}
