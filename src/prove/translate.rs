//! A schema of a document as a JSON Schema (2020-12) of its own, with what it refers to.
//!
//! Written from the specifications, without a look at how schemas are lowered for the generator: this is what its
//! values are judged by. What differs from JSON Schema:
//!
//! - `nullable: true` (3.0) and `x-nullable: true` (2.0): the schema or `null`.
//! - `exclusiveMinimum: true`: `minimum` is the exclusive bound; the same for the maximum.
//! - 2.0 and 3.0: what stands beside a `$ref` says nothing.
//! - A required property may be absent: from requests where it is `readOnly`, from responses where it is `writeOnly`.
//!   Requests do not declare what is `readOnly`.
//! - Of the branches of `oneOf` and `anyOf` the discriminator of a request names one ([`super::discriminator`]).
//! - `int32`, `uint8` and the like are bounds; `dateTime` is `date-time`; `type: file` is a string.
//! - `items` as a list is `prefixItems`, `dependencies` are `dependentRequired` and `dependentSchemas`.
//! - What the specification leaves without a meaning is left out, or read as `check` says it is: numbers and booleans
//!   in quotes, numbers in an `enum` of strings, `type: String`.

use std::collections::HashMap;

use mocker_source::{Kind, Node, NodeId};
use serde_json::{Map, Number, Value, json};

use super::applied::{Applied, TooMuch};
use super::discriminator::chosen_by_tag;
use super::parts::Found;
use super::reading::{Place, Reading, is_true};
use crate::limits::MAX_WAYS;

/// Keywords whose value is a schema.
const ONE: [&str; 9] = [
    "additionalProperties",
    "not",
    "contains",
    "if",
    "then",
    "else",
    "propertyNames",
    "unevaluatedProperties",
    "unevaluatedItems",
];
const COUNTS: [&str; 8] = [
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "minContains",
    "maxContains",
    "minProperties",
    "maxProperties",
];
const TYPES: [&str; 7] = ["string", "integer", "number", "boolean", "array", "object", "null"];

/// Stands where one piece refers to another, with the other's number.
pub(super) const PIECE: &str = "mocker-piece";

/// Schemas that others refer to, by number.
#[derive(Default)]
pub(super) struct Links<'t> {
    targets: Vec<Link<'t>>,
    numbers: HashMap<(NodeId, Around), usize>,
    /// Numbers given to ways
    ways: usize,
}

/// Schemas inside which another one is applied to the value that they are applied to themselves, in order.
type Around = Vec<NodeId>;

#[derive(Clone)]
struct Link<'t> {
    target: Found<'t>,
    around: Around,
}

impl<'t> Links<'t> {
    /// The number of a schema, a new one where it has none.
    pub(super) fn number(&mut self, target: Found<'t>) -> usize {
        self.number_inside(target, Around::new())
    }

    /// The same for a schema that is to be told apart from itself elsewhere.
    fn number_inside(&mut self, target: Found<'t>, around: Around) -> usize {
        let key = (target.0.id(), around.clone());
        let number = *self.numbers.entry(key).or_insert(self.targets.len());
        if number == self.targets.len() {
            self.ways += usize::from(!around.is_empty());
            self.targets.push(Link { target, around });
        }
        number
    }

    /// The schema of a number.
    pub(super) fn get(&self, number: usize) -> Option<Found<'t>> {
        self.targets.get(number).map(|link| link.target)
    }
}

/// `schema` with the closure of the references that are applied.
///
/// What a schema applies to itself without end is left out: as a validator would that remembered which schemas it is in
/// the midst of applying to a value. Where it comes in decides what that is, hence definitions are told apart by it.
///
/// # Errors
/// When there are too many ways to come in.
pub(super) fn standalone<'t>(
    reading: Reading<'_, 't>,
    applied: &Applied,
    schema: Node<'t>,
    place: Place,
) -> Result<Value, TooMuch> {
    let (links, around) = (&mut Links::default(), vec![schema.id()]);
    let mut translation = Translation { reading, applied: Some(applied), links, around };
    let translated = match place {
        Place::Schema => translation.part(schema),
        Place::Parameter => translation.members(schema, place),
    };
    let mut definitions = Map::new();
    while let Some(Link { target: (target, _), around }) =
        translation.links.targets.get(definitions.len()).cloned()
    {
        if translation.links.ways > MAX_WAYS {
            return Err(TooMuch);
        }
        translation.around = around;
        translation.around.push(target.id());
        let definition = match target.as_bool() {
            Some(truth) => Value::Bool(truth),
            None => translation.members(target, Place::Schema),
        };
        definitions.insert(definitions.len().to_string(), definition);
    }
    Ok(json!({ "allOf": [translated], "$defs": definitions }))
}

/// A schema that is an object, by itself: [`PIECE`] stands for what it refers to.
pub(super) fn piece<'t>(
    reading: Reading<'_, 't>,
    links: &mut Links<'t>,
    (schema, place): Found<'t>,
) -> Value {
    Translation { reading, applied: None, links, around: Around::new() }.members(schema, place)
}

struct Translation<'r, 't> {
    reading: Reading<'r, 't>,
    /// What the values meet; `None` for one piece, which has all of its schema
    applied: Option<&'r Applied>,
    /// What is referred to, in the order of `$defs`
    links: &'r mut Links<'t>,
    /// What is being applied to the same value: what is referred to, and what all begins with
    around: Around,
}

impl<'t> Translation<'_, 't> {
    /// A schema that is applied to the value that the one around it is applied to.
    fn part(&mut self, schema: Node<'t>) -> Value {
        self.placed(schema, false)
    }

    /// A schema that is applied to another value: a member, an element, a name.
    fn inner(&mut self, schema: Node<'t>) -> Value {
        let around = std::mem::take(&mut self.around);
        let translated = self.part(schema);
        self.around = around;
        translated
    }

    /// As [`Self::part`]; `is_elsewhere` is whether it stands at another place of the document.
    fn placed(&mut self, schema: Node<'t>, is_elsewhere: bool) -> Value {
        let Some(resolved) = self.reading.resolved(schema) else { return Value::Bool(true) };
        if let Some(truth) = resolved.as_bool() {
            return Value::Bool(truth);
        }
        if !resolved.is_object() || self.applied.is_some_and(|applied| !applied.has(resolved)) {
            return Value::Bool(true);
        }
        if resolved == schema && !is_elsewhere {
            return self.members(schema, Place::Schema);
        }
        let target = (resolved, Place::Schema);
        let Some(applied) = self.applied else {
            return json!({ PIECE: self.links.number(target) });
        };
        if self.around.contains(&resolved.id()) {
            return Value::Bool(true);
        }
        let leads_back = |outer: &&NodeId| applied.cycles().are_joined(**outer, resolved.id());
        let mut around: Around = self.around.iter().filter(leads_back).copied().collect();
        around.sort_unstable();
        let number = self.links.number_inside(target, around);
        json!({ "$ref": format!("#/$defs/{number}") })
    }

    /// The keywords of a schema that is an object.
    fn members(&mut self, schema: Node<'t>, place: Place) -> Value {
        let mut out = Map::new();
        let mut all: Vec<Value> = Vec::new();
        for target in self.reading.beside(schema) {
            all.push(self.placed(target, true));
        }
        for (keyword, value) in schema.entries() {
            if place == Place::Parameter && keyword == "required" {
                continue;
            }
            match self.keyword(schema, keyword, value) {
                Some(Value::Array(more)) if keyword == "allOf" => all.extend(more),
                Some(Value::Array(branches)) if matches!(keyword, "oneOf" | "anyOf") => {
                    match chosen_by_tag(self.reading, schema, keyword, &branches) {
                        Some(chosen) => all.push(chosen),
                        None => drop(out.insert(keyword.to_owned(), Value::Array(branches))),
                    }
                }
                Some(value) => drop(out.insert(keyword.to_owned(), value)),
                None => {}
            }
        }
        exclusive_bounds(schema, &mut out);
        self.array_shape(schema, &mut out);
        self.dependencies(schema, &mut out);
        all.extend(format(&mut out));
        if !all.is_empty() {
            out.insert("allOf".to_owned(), Value::Array(all));
        }
        let out = Value::Object(out);
        if self.reading.is_nullable(schema) { json!({ "anyOf": [out, { "type": "null" }] }) } else { out }
    }

    fn keyword(&mut self, schema: Node<'t>, keyword: &str, value: Node<'t>) -> Option<Value> {
        if ONE.contains(&keyword) {
            let is_in_place = matches!(keyword, "not" | "if" | "then" | "else");
            return Some(if is_in_place { self.part(value) } else { self.inner(value) });
        }
        if COUNTS.contains(&keyword) {
            return number(value).and_then(|number| whole(&number)).map(Value::from);
        }
        match keyword {
            "type" => types(value),
            "enum" => enumeration(schema, value),
            "const" => Some(value.to_json()),
            "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" => {
                number(value).map(Value::Number)
            }
            "multipleOf" => number(value)
                .filter(|number| number.as_f64().is_some_and(|step| step > 0.0))
                .map(Value::Number),
            "pattern" | "format" => value.as_str().map(Value::from),
            "uniqueItems" => Some(Value::Bool(is_true(value))),
            "required" => Some(self.required(schema, value)),
            "allOf" | "anyOf" | "oneOf" => self.branches(value),
            "properties" | "patternProperties" => Some(self.properties(keyword, value)),
            _ => None,
        }
    }

    fn branches(&mut self, value: Node<'t>) -> Option<Value> {
        let branches: Vec<Value> = value.items().map(|branch| self.part(branch)).collect();
        (!branches.is_empty()).then_some(Value::Array(branches))
    }

    fn properties(&mut self, keyword: &str, value: Node<'t>) -> Value {
        let declared = value
            .entries()
            .filter(|(_, property)| keyword != "properties" || !self.reading.is_withheld(*property));
        let declared: Vec<_> = declared.collect();
        declared.into_iter().map(|(name, property)| (name.to_owned(), self.inner(property))).collect()
    }

    fn required(&self, schema: Node<'t>, value: Node<'t>) -> Value {
        let declared = schema.get("properties");
        let is_asked = |name: &&str| {
            let property = declared.and_then(|declared| declared.get(name));
            !property.is_some_and(|property| self.reading.is_excused(property))
        };
        strings(value).filter(is_asked).collect()
    }

    /// `prefixItems` and `items`, or the list form of `items` with `additionalItems`.
    fn array_shape(&mut self, schema: Node<'t>, out: &mut Map<String, Value>) {
        let (mut prefix, mut rest) = (schema.get("prefixItems"), schema.get("items"));
        if let Some(list) = rest.filter(|items| items.is_array()) {
            prefix = prefix.or(Some(list));
            rest = schema.get("additionalItems");
        }
        if let Some(list) = prefix.filter(|list| list.is_array() && !list.is_empty()) {
            let items = list.items().map(|item| self.inner(item)).collect();
            out.insert("prefixItems".to_owned(), items);
        }
        if let Some(rest) = rest {
            out.insert("items".to_owned(), self.inner(rest));
        }
    }

    fn dependencies(&mut self, schema: Node<'t>, out: &mut Map<String, Value>) {
        let (mut names, mut schemas) = (Map::new(), Map::new());
        for keyword in ["dependentRequired", "dependentSchemas", "dependencies"] {
            for (name, value) in schema.get(keyword).into_iter().flat_map(Node::entries) {
                if value.is_array() && keyword != "dependentSchemas" {
                    names.insert(name.to_owned(), strings(value).collect());
                } else if keyword != "dependentRequired" {
                    schemas.insert(name.to_owned(), self.part(value));
                }
            }
        }
        for (keyword, members) in [("dependentRequired", names), ("dependentSchemas", schemas)] {
            if !members.is_empty() {
                out.insert(keyword.to_owned(), Value::Object(members));
            }
        }
    }
}

/// The strings of a list, each once.
fn strings(list: Node<'_>) -> impl Iterator<Item = &str> {
    let mut seen = std::collections::HashSet::new();
    list.items().filter_map(Node::as_str).filter(move |text| seen.insert(*text))
}

fn exclusive_bounds(schema: Node<'_>, out: &mut Map<String, Value>) {
    for (flag, bound) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
        let is_flag = schema.get(flag).is_some_and(|value| value.as_bool() == Some(true));
        if let Some(bound) = is_flag.then(|| out.remove(bound)).flatten() {
            out.insert(flag.to_owned(), bound);
        }
    }
}

fn types(value: Node<'_>) -> Option<Value> {
    let name = |value: Node<'_>| {
        let written = if value.is_null() { "null" } else { value.as_str()? };
        let folded = written.to_ascii_lowercase();
        let known = TYPES.iter().find(|known| **known == folded);
        known.copied().or((written == "file").then_some("string")).map(Value::from)
    };
    if !value.is_array() {
        return value.as_str().and_then(|_| name(value));
    }
    let mut names: Vec<Value> = value.items().map(name).collect::<Option<_>>()?;
    names.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
    names.dedup();
    (!names.is_empty()).then_some(Value::Array(names))
}

/// The values; as their text where the schema is of strings and none of them is one.
fn enumeration(schema: Node<'_>, list: Node<'_>) -> Option<Value> {
    if !list.is_array() || list.is_empty() {
        return None;
    }
    let is_of_strings = schema.get("type").and_then(types) == Some(json!("string"));
    let has_string = list.items().any(|value| value.kind() == Kind::String || value.is_null());
    let texts: Option<Vec<&str>> = list.items().map(Node::scalar_text).collect();
    match texts {
        Some(texts) if is_of_strings && !has_string => Some(texts.into_iter().map(Value::from).collect()),
        _ => Some(list.to_json()),
    }
}

/// A number, in quotes too.
fn number(value: Node<'_>) -> Option<Number> {
    value.as_number().or_else(|| {
        let text = value.as_str()?.trim();
        text.parse::<i64>().ok().map(Number::from).or_else(|| Number::from_f64(text.parse().ok()?))
    })
}

/// A number that counts something: `3.0` too.
fn whole(number: &Number) -> Option<u64> {
    let float = || number.as_f64().filter(|float| float.fract() == 0.0 && *float >= 0.0 && *float < 1e18);
    number.as_u64().or_else(|| float().map(|float| float as u64))
}

/// A format that JSON Schema does not know, by what it knows (OpenAPI Format Registry): bounds of numbers.
fn format(out: &mut Map<String, Value>) -> Option<Value> {
    let bounds = match out.get("format")?.as_str()? {
        "dateTime" => {
            out.insert("format".to_owned(), json!("date-time"));
            return None;
        }
        "int8" => json!({ "minimum": i8::MIN, "maximum": i8::MAX }),
        "uint8" => json!({ "minimum": 0, "maximum": u8::MAX }),
        "int16" => json!({ "minimum": i16::MIN, "maximum": i16::MAX }),
        "uint16" => json!({ "minimum": 0, "maximum": u16::MAX }),
        "int32" => json!({ "minimum": i32::MIN, "maximum": i32::MAX }),
        "uint32" => json!({ "minimum": 0, "maximum": u32::MAX }),
        "int64" => json!({ "minimum": i64::MIN, "maximum": i64::MAX }),
        "uint64" => json!({ "minimum": 0, "maximum": u64::MAX }),
        _ => return None,
    };
    Some(bounds)
}
