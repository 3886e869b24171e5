//! Fields of a form to one object: which of them are arrays, numbers, JSON, is known before any request.

use std::collections::HashMap;
use std::sync::Arc;

use bumpalo::Bump;
use bumpalo::collections::Vec as BumpVec;
use mocker_openapi::model::{Encoding, Style};
use mocker_schema::{Schema, SchemaId, Schemas, Types};

use super::super::{Value, coerce};
use super::json::Scratch;
use crate::limits::{MAX_FORM_FIELDS, MAX_SCHEMA_VISITS};
use crate::media::{self, Kind};

/// What a schema and its `encoding` say about the fields of a form.
#[derive(Debug)]
pub(super) struct Fields {
    named: HashMap<Arc<str>, Field>,
    /// Every name that `properties` does not have
    rest: Field,
}

/// How the texts of one name are read.
#[derive(Debug)]
struct Field {
    types: Types,
    items: Types,
    is_json: bool,
    /// What stands between the elements of an array in one text (`explode: false`)
    separator: Option<char>,
    /// The members of an object in style `deepObject`: `name[member]`
    members: Option<Box<Fields>>,
}

/// One field as it came.
#[derive(Clone, Copy)]
pub(super) struct Entry<'b> {
    pub(super) name: &'b str,
    pub(super) text: &'b str,
    /// Its own header says it is JSON
    pub(super) is_json: bool,
}

/// Where values are put, and what reads the JSON among them.
pub(super) struct Reading<'r, 'b> {
    pub(super) arena: &'b Bump,
    pub(super) scratch: &'r mut Scratch,
}

impl Fields {
    /// The fields of `schema`, which may be spread over references and compositions; the first that names a
    /// property describes it, but for its types, which are those of all.
    pub(super) fn compile(
        schemas: &Schemas,
        schema: Option<SchemaId>,
        encodings: &[(Box<str>, Encoding)],
    ) -> Fields {
        let mut fields = Fields { named: HashMap::new(), rest: Field::new(schemas, None, None) };
        for part in parts(schemas, schema) {
            let Some(object) = part.object.as_deref() else { continue };
            for (name, property) in &object.properties {
                let encoding =
                    encodings.iter().find(|(each, _)| **each == **name).map(|(_, encoding)| encoding);
                let field = Field::new(schemas, Some(*property), encoding);
                match fields.named.get_mut(name) {
                    Some(known) => known.widen(&field),
                    None => _ = fields.named.insert(Arc::clone(name), field),
                }
            }
            if let Some(rest) = object.additional
                && !schemas[rest].types.is_none()
            {
                fields.rest = Field::new(schemas, Some(rest), None);
            }
        }
        fields
    }

    /// The object that the entries are. Names keep the order in which they first came.
    pub(super) fn object<'b>(&self, entries: &[Entry<'b>], reading: &mut Reading<'_, 'b>) -> Value<'b> {
        let mut places: HashMap<&'b str, usize> = HashMap::with_capacity(entries.len());
        let mut groups: Vec<(&'b str, Option<&Fields>, Vec<Entry<'b>>)> = Vec::with_capacity(entries.len());
        for entry in entries {
            let (name, inside, entry) = match self.deep(entry.name) {
                Some((name, member, fields)) => (name, Some(fields), Entry { name: member, ..*entry }),
                None => (entry.name, None, *entry),
            };
            let place = *places.entry(name).or_insert(groups.len());
            match groups.get_mut(place) {
                Some((_, _, group)) => group.push(entry),
                None => groups.push((name, inside, vec![entry])),
            }
        }
        let mut members = BumpVec::with_capacity_in(groups.len(), reading.arena);
        for (name, inside, group) in groups {
            let value = match inside {
                Some(fields) => fields.object(&group, reading),
                None => self.named.get(name).unwrap_or(&self.rest).value(&group, reading),
            };
            members.push((name, value));
        }
        Value::Object(members.into_bump_slice())
    }

    /// `name[member]` of a property in style `deepObject`, taken apart.
    fn deep<'b>(&self, name: &'b str) -> Option<(&'b str, &'b str, &Fields)> {
        let (base, member) = name.strip_suffix(']')?.split_once('[')?;
        let fields = self.named.get(base)?.members.as_deref()?;
        Some((base, member, fields))
    }
}

impl Field {
    fn new(schemas: &Schemas, schema: Option<SchemaId>, encoding: Option<&Encoding>) -> Field {
        let types = schema.map_or(Types::ANY, |schema| types(schemas, schema));
        let style = encoding.and_then(|encoding| encoding.style);
        let is_json = encoding.and_then(|encoding| encoding.content_type.as_deref()).is_some_and(is_json);
        let is_deep = style == Some(Style::DeepObject);
        let items = parts(schemas, schema)
            .into_iter()
            .find_map(|part| part.array.as_deref()?.items)
            .map_or(Types::STRING, |items| self::types(schemas, items));
        Field {
            types,
            items,
            is_json,
            separator: encoding.and_then(separator),
            members: is_deep.then(|| Box::new(Fields::compile(schemas, schema, &[]))),
        }
    }

    fn widen(&mut self, other: &Field) {
        self.types = self.types.or(other.types);
        self.items = self.items.or(other.items);
    }

    /// One text or several under one name.
    fn value<'b>(&self, entries: &[Entry<'b>], reading: &mut Reading<'_, 'b>) -> Value<'b> {
        let wants_array = self.types.contains(Types::ARRAY);
        if let [entry] = entries {
            if !wants_array || self.types.contains(Types::STRING) {
                return self.one(*entry, self.types, reading);
            }
            if (self.is_json || entry.is_json)
                && let Some(value @ Value::Array(_)) = reading.scratch.embedded(entry.text, reading.arena)
            {
                return value;
            }
            if let Some(separator) = self.separator {
                let parts = entry.text.split(separator).take(MAX_FORM_FIELDS);
                let parts = parts.map(|text| Entry { text, ..*entry });
                let parts = BumpVec::from_iter_in(parts, reading.arena);
                return self.array(&parts, reading);
            }
        }
        self.array(entries, reading)
    }

    fn array<'b>(&self, entries: &[Entry<'b>], reading: &mut Reading<'_, 'b>) -> Value<'b> {
        let types = if self.types.contains(Types::ARRAY) { self.items } else { self.types };
        let mut items = BumpVec::with_capacity_in(entries.len(), reading.arena);
        for entry in entries {
            items.push(self.one(*entry, types, reading));
        }
        Value::Array(items.into_bump_slice())
    }

    fn one<'b>(&self, entry: Entry<'b>, types: Types, reading: &mut Reading<'_, 'b>) -> Value<'b> {
        let is_structured = types.contains(Types::OBJECT) && !types.contains(Types::STRING);
        let is_json = self.is_json || entry.is_json || is_structured;
        let parsed = is_json.then(|| reading.scratch.embedded(entry.text, reading.arena)).flatten();
        parsed.unwrap_or_else(|| coerce(types, entry.text))
    }
}

/// Whether a list of media types, as `encoding.contentType` has it, names JSON first.
pub(super) fn is_json(content_type: &str) -> bool {
    media::kind(content_type.split(',').next().unwrap_or_default()) == Kind::Json
}

fn separator(encoding: &Encoding) -> Option<char> {
    let is_whole = encoding.explode != Some(true);
    match encoding.style {
        Some(Style::SpaceDelimited) if is_whole => Some(' '),
        Some(Style::PipeDelimited) if is_whole => Some('|'),
        Some(Style::TabDelimited) => Some('\t'),
        Some(Style::Simple) => Some(','),
        _ if encoding.explode == Some(false) => Some(','),
        _ => None,
    }
}

/// The schema and what it is made of, nearest first.
fn parts(schemas: &Schemas, schema: Option<SchemaId>) -> Vec<&Schema> {
    let mut seen: Vec<SchemaId> = schema.into_iter().collect();
    let mut next = 0;
    while let Some(id) = seen.get(next).copied() {
        next += 1;
        let schema = &schemas[id];
        let inside = schema.logic.iter().flat_map(|logic| {
            let lists = logic.all_of.iter().chain(&logic.any_of).chain(&logic.one_of);
            lists.chain(&logic.then).chain(&logic.otherwise)
        });
        for part in schema.reference.iter().chain(inside) {
            if seen.len() < MAX_SCHEMA_VISITS && !seen.contains(part) {
                seen.push(*part);
            }
        }
    }
    seen.into_iter().map(|id| &schemas[id]).collect()
}

/// The types a value may have by all of the schema, as far as it can be seen without a value.
pub(super) fn types(schemas: &Schemas, schema: SchemaId) -> Types {
    let mut fuel = MAX_SCHEMA_VISITS;
    types_within(schemas, schema, &mut fuel)
}

fn types_within(schemas: &Schemas, id: SchemaId, fuel: &mut usize) -> Types {
    if *fuel == 0 {
        return Types::ANY;
    }
    *fuel -= 1;
    let schema = &schemas[id];
    let mut types = schema.types;
    if let Some(values) = &schema.values {
        types = types.and(values.iter().map(type_of).fold(Types::NONE, Types::or));
    }
    let all_of = schema.logic.iter().flat_map(|logic| logic.all_of.iter());
    for part in schema.reference.iter().chain(all_of) {
        types = types.and(types_within(schemas, *part, fuel));
    }
    for branches in schema.logic.iter().flat_map(|logic| [&logic.any_of, &logic.one_of]) {
        if !branches.is_empty() {
            let each = branches.iter().map(|branch| types_within(schemas, *branch, fuel));
            types = types.and(each.fold(Types::NONE, Types::or));
        }
    }
    types
}

fn type_of(value: &serde_json::Value) -> Types {
    match value {
        serde_json::Value::Null => Types::NULL,
        serde_json::Value::Bool(_) => Types::BOOLEAN,
        serde_json::Value::Number(_) => Types::NUMBER,
        serde_json::Value::String(_) => Types::STRING,
        serde_json::Value::Array(_) => Types::ARRAY,
        serde_json::Value::Object(_) => Types::OBJECT,
    }
}
