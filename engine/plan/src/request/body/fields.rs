//! Fields of a form to one object: which of them are arrays, numbers, JSON, is known before any request.

use std::collections::HashMap;
use std::sync::Arc;

use bumpalo::collections::Vec as BumpVec;
use mocker_openapi::model::Encoding;
use mocker_schema::{SchemaId, Schemas, Types};

use super::super::Value;
use super::deep;
use super::field::{Entry, Field, Reading};
use crate::composition::parts;
use crate::limits::MAX_SCHEMA_VISITS;

/// What a schema and its `encoding` say about the fields of a form.
#[derive(Debug)]
pub(super) struct Fields {
    named: HashMap<Arc<str>, Field>,
    /// Every name that `properties` does not have
    rest: Field,
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
        let mut groups: Groups<'b, Option<SchemaId>> = Groups::default();
        for entry in entries {
            match self.deep(entry.name) {
                Some((name, inside, schema)) => {
                    groups.add(name, Some(schema), Entry { name: inside, ..*entry });
                }
                None => groups.add(entry.name, None, *entry),
            }
        }
        let mut members = BumpVec::with_capacity_in(groups.list.len(), reading.arena);
        for (name, inside, group) in groups.list {
            let value = match inside {
                Some(schema) => deep::value(Some(schema), &group, reading, 0),
                None => self.named.get(name).unwrap_or(&self.rest).value(&group, reading),
            };
            members.push((name, value));
        }
        Value::Object(members.into_bump_slice())
    }

    /// `name[member]` of a property in style `deepObject`, taken apart: `name`, `[member]`, the schema.
    fn deep<'b>(&self, name: &'b str) -> Option<(&'b str, &'b str, SchemaId)> {
        let bracket = name.find('[')?;
        let (base, inside) = name.split_at(bracket);
        let schema = self.named.get(base)?.deep?;
        (!self.named.contains_key(name)).then_some((base, inside, schema))
    }
}

/// Entries by name, in the order in which the names first came.
pub(super) struct Groups<'b, T> {
    places: HashMap<&'b str, usize>,
    pub(super) list: Vec<(&'b str, T, Vec<Entry<'b>>)>,
}

impl<T> Default for Groups<'_, T> {
    fn default() -> Self {
        Groups { places: HashMap::new(), list: Vec::new() }
    }
}

impl<'b, T> Groups<'b, T> {
    /// Adds to the group of `name`; `what` counts for the first of it.
    pub(super) fn add(&mut self, name: &'b str, what: T, entry: Entry<'b>) {
        let place = *self.places.entry(name).or_insert(self.list.len());
        match self.list.get_mut(place) {
            Some((_, _, group)) => group.push(entry),
            None => self.list.push((name, what, vec![entry])),
        }
    }
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
        types = types.and(values.iter().map(Types::of).fold(Types::NONE, Types::or));
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
