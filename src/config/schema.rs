//! The JSON Schema of the configuration (draft 2020-12), for editors.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::check::SCHEMA;
use super::describe::listed;
use super::scalar::Scalar;
use super::section::ROOT;
use super::shape::{Bare, Field, Grammar, Rule, Shape, Table, Word};

/// A time as it is written, or a size.
const TIME: &str = "^ *(([0-9]+\\.?[0-9]*|\\.[0-9]+)(d|h|m|s|ms|us|µs|ns))+ *$";
const NUMBER: &str = "^[0-9]*\\.?[0-9]+$";
const SIZE: &str = "^[0-9]+ *(B|kB|KB|MB|GB|KiB|MiB|GiB)?$";

/// The schema of the whole configuration.
pub(crate) fn schema() -> Value {
    let mut definitions = Definitions::default();
    let root = definitions.table(&ROOT);
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "mocker.yaml",
    });
    let members = schema.as_object_mut().into_iter();
    members.for_each(|members| {
        members.extend(root.clone());
        if let Some(Value::Object(properties)) = members.get_mut("properties") {
            properties.insert(SCHEMA.to_owned(), json!({ "type": "string" }));
        }
        let named = definitions.named.iter().map(|(name, table)| ((*name).to_owned(), table.clone()));
        members.insert("$defs".to_owned(), Value::Object(named.collect()));
    });
    schema
}

/// Tables by their names: each stands in the schema once, and may refer to itself.
#[derive(Default)]
struct Definitions {
    named: BTreeMap<&'static str, Value>,
}

impl Definitions {
    fn shape(&mut self, shape: &'static Shape) -> Value {
        match shape {
            Shape::Bool => json!({ "type": "boolean" }),
            Shape::Text | Shape::File | Shape::Document => json!({ "type": "string", "minLength": 1 }),
            Shape::Scalar => json!({ "type": ["string", "number", "boolean"] }),
            Shape::Choice(words) => choice(words),
            Shape::Integer { least, most } => whole("integer", *least, *most),
            Shape::Number { least, most } => number(*least, *most),
            Shape::Time { bare, .. } => time(*bare),
            Shape::Size { least, most } => {
                json!({ "anyOf": [whole("integer", *least, *most), { "type": "string", "pattern": SIZE }] })
            }
            Shape::Parsed(grammar) => text(grammar),
            Shape::Any => json!({}),
            Shape::List(of) => {
                let list = json!({ "type": ["array", "null"], "items": self.shape(of) });
                match shape.is_plain() {
                    true => json!({ "anyOf": [list, self.shape(of)] }),
                    false => list,
                }
            }
            Shape::Map { keys, of } => {
                json!({ "type": ["object", "null"], "propertyNames": text(keys), "additionalProperties": self.shape(of) })
            }
            Shape::Table(table) => self.reference(table),
            Shape::Either(shapes) => {
                let ways = shapes.iter().map(|shape| never_null(self.shape(shape)));
                json!({ "anyOf": ways.collect::<Vec<_>>() })
            }
        }
    }

    fn reference(&mut self, table: &'static Table) -> Value {
        if !self.named.contains_key(table.name) {
            // Holds the place while the table refers to itself.
            self.named.insert(table.name, Value::Null);
            let definition = Value::Object(self.table(table));
            self.named.insert(table.name, definition);
        }
        json!({ "$ref": format!("#/$defs/{}", table.name) })
    }

    fn table(&mut self, table: &'static Table) -> Map<String, Value> {
        let fields = table.fields.iter().map(|field| (field.key.to_owned(), self.field(field)));
        let properties: Map<String, Value> = fields.collect();
        let required: Vec<&str> =
            table.fields.iter().filter(|field| field.is_required).map(|field| field.key).collect();
        let kinds = if table.is_strict() { json!("object") } else { json!(["object", "null"]) };
        let mut schema = Map::from_iter([
            ("description".to_owned(), json!(table.about)),
            ("type".to_owned(), kinds),
            ("properties".to_owned(), Value::Object(properties)),
            ("additionalProperties".to_owned(), json!(false)),
        ]);
        if !required.is_empty() {
            schema.insert("required".to_owned(), json!(required));
        }
        if !table.families.is_empty() {
            let families = table.families.iter().map(|family| {
                let pattern = format!("^{}.", family.prefix.replace('.', "\\."));
                (pattern, described_as(self.shape(&family.shape), family.about))
            });
            schema.insert("patternProperties".to_owned(), Value::Object(families.collect()));
        }
        for rule in table.rules {
            add_rule(&mut schema, rule);
        }
        self.add_aliases(table, &mut schema);
        schema
    }

    /// Other names of fields, each of which takes the place of its own.
    fn add_aliases(&mut self, table: &'static Table, schema: &mut Map<String, Value>) {
        let mut exclusive = Vec::new();
        for (field, alias) in
            table.fields.iter().flat_map(|field| field.aliases.iter().map(move |alias| (field, *alias)))
        {
            let same =
                table.fields.iter().filter(|field| field.aliases.contains(&alias)).map(|field| field.key);
            let about = format!("Another name of {}", listed(&same.collect::<Vec<_>>(), "and"));
            schema["properties"][alias] = described_as(self.shape(&field.shape), &about);
            exclusive.push(json!({ "not": { "type": "object", "required": [field.key, alias] } }));
        }
        if !exclusive.is_empty() {
            schema.insert("allOf".to_owned(), Value::Array(exclusive));
        }
    }

    fn field(&mut self, field: &'static Field) -> Value {
        let mut schema = described_as(self.shape(&field.shape), field.about);
        if let (Some(default), Some(members)) = (field.default, schema.as_object_mut()) {
            members.insert("default".to_owned(), default_value(&field.shape, default));
        }
        schema
    }
}

/// An alternative is there because of its value.
fn never_null(mut schema: Value) -> Value {
    if let Some(kinds) = schema.get_mut("type").and_then(Value::as_array_mut) {
        kinds.retain(|kind| kind != "null");
    }
    for way in schema.get_mut("anyOf").and_then(Value::as_array_mut).into_iter().flatten() {
        *way = never_null(way.take());
    }
    schema
}

fn described_as(mut schema: Value, about: &str) -> Value {
    if let Some(members) = schema.as_object_mut() {
        members.insert("description".to_owned(), json!(about));
    }
    schema
}

fn default_value(shape: &Shape, default: &str) -> Value {
    match Scalar::of_text(shape, default) {
        Ok(Scalar::Bool(value)) => json!(value),
        Ok(Scalar::Whole(value)) => json!(value),
        Ok(Scalar::Number(value)) => json!(value),
        _ => json!(default),
    }
}

fn choice(words: &[Word]) -> Value {
    let aliases = words.iter().filter_map(|word| word.alias).map(|alias| match alias {
        "true" => json!(true),
        "false" => json!(false),
        other => json!(other),
    });
    json!({ "enum": words.iter().map(|word| json!(word.name)).chain(aliases).collect::<Vec<_>>() })
}

fn whole(kind: &str, least: u64, most: u64) -> Value {
    match most {
        u64::MAX => json!({ "type": kind, "minimum": least }),
        _ => json!({ "type": kind, "minimum": least, "maximum": most }),
    }
}

fn number(least: f64, most: f64) -> Value {
    match most == f64::MAX {
        true => json!({ "type": "number" }),
        false => json!({ "type": "number", "minimum": least, "maximum": most }),
    }
}

fn time(bare: Bare) -> Value {
    match bare {
        Bare::Nothing => json!({ "type": "string", "pattern": TIME }),
        Bare::Seconds => json!({ "anyOf": [
            { "type": "number", "minimum": 0 },
            { "type": "string", "anyOf": [{ "pattern": TIME }, { "pattern": NUMBER }] },
        ] }),
    }
}

fn text(grammar: &Grammar) -> Value {
    let mut schema = json!({ "type": "string", "examples": [grammar.example] });
    if let (Some(pattern), Some(members)) = (grammar.pattern, schema.as_object_mut()) {
        members.insert("pattern".to_owned(), json!(pattern));
    }
    schema
}

fn add_rule(schema: &mut Map<String, Value>, rule: &Rule) {
    let required = |key: &&str| json!({ "required": [key] });
    let none = |keys: &[&str]| json!({ "not": { "anyOf": keys.iter().map(required).collect::<Vec<_>>() } });
    match rule {
        Rule::NotEmpty => drop(schema.insert("minProperties".to_owned(), json!(1))),
        Rule::Filled(key) => {
            if let Some(list) = schema.get_mut("properties").and_then(|all| all.get_mut(*key)) {
                *list = never_null(list.take());
                list["minItems"] = json!(1);
            }
        }
        Rule::OneOf(keys) => {
            drop(schema.insert("oneOf".to_owned(), keys.iter().map(required).collect()));
        }
        Rule::AtMostOne(keys) => {
            let ways = keys.iter().map(required).chain([none(keys)]);
            drop(schema.insert("oneOf".to_owned(), ways.collect()));
        }
        Rule::OneWord { key, unless, words } => {
            let names: Vec<&str> = words.iter().map(|word| word.name).collect();
            let built_in = json!({ "properties": { *key: { "enum": names } } });
            let ways = unless.iter().map(required).chain([built_in]);
            drop(schema.insert("anyOf".to_owned(), ways.collect()));
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use mocker_source::{FileId, parse};
    use serde_json::{Value, json};

    use super::super::blessed::check_or_bless;
    use super::super::check::check;
    use super::{ROOT, Shape};

    /// What of a value only parsing can tell.
    const BEYOND: [&str; 3] = ["config-range", "config-value", "config-key"];

    /// Codes of what is wrong with a configuration.
    fn codes(value: &Value) -> Vec<&'static str> {
        let (tree, _) = parse(FileId(0), value.to_string().as_bytes());
        let mut faults = Vec::new();
        check("", &Shape::Table(&ROOT), tree.root(), &mut faults);
        faults.iter().map(|fault| fault.code).collect()
    }

    /// Pointers to all values inside one.
    fn pointers(value: &Value, here: &str, found: &mut Vec<String>) {
        found.push(here.to_owned());
        let mut inner = |key: &str, value| {
            let key = mocker_source::escape_token(key).into_owned();
            pointers(value, &format!("{here}/{key}"), found);
        };
        match value {
            Value::Array(items) => {
                items.iter().enumerate().for_each(|(index, item)| inner(&index.to_string(), item));
            }
            Value::Object(members) => members.iter().for_each(|(key, member)| inner(key, member)),
            _ => {}
        }
    }

    /// Every value of a full configuration in the place of which something else stands.
    #[test]
    fn what_is_taken_is_taken_by_the_schema() {
        let schema = jsonschema::validator_for(&super::schema()).unwrap();
        let text = std::fs::read("specs/config/good/full.yaml").unwrap();
        let full = parse(FileId(0), &text).0.root().to_json();
        let mut places = Vec::new();
        pointers(&full, "", &mut places);
        let others = [
            json!(null),
            json!(true),
            json!(0),
            json!(-1),
            json!(1.5),
            json!(70_000),
            json!(""),
            json!("x"),
            json!("10s"),
            json!("5"),
            json!("10MB"),
            json!("off"),
            json!([]),
            json!(["x"]),
            json!([1]),
            json!({}),
            json!({ "x": 1 }),
            json!({ "file": "x" }),
        ];
        let mut taken = 0;
        for place in places.iter().filter(|place| !place.is_empty()) {
            for other in &others {
                let mut changed = full.clone();
                *changed.pointer_mut(place).unwrap() = other.clone();
                let (codes, is_valid) = (codes(&changed), schema.is_valid(&changed));
                taken += usize::from(codes.is_empty());
                assert!(is_valid || !codes.is_empty(), "the schema refuses {other} at {place}");
                let is_beyond = codes.iter().all(|code| BEYOND.contains(code));
                assert!(!is_valid || is_beyond, "the schema takes {other} at {place}: {codes:?}");
            }
        }
        assert!(places.len() > 150 && taken > 200, "{} {taken}", places.len());
    }

    #[test]
    fn the_shipped_schema_is_fresh() {
        check_or_bless("docs/mocker.schema.json", &format!("{:#}\n", super::schema()));
    }
}
