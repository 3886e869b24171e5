//! Finding, for a place of a value, what its schema says about it: through references and
//! compositions, the first that speaks.

use mocker_schema::node::{Notes, Xml};
use mocker_schema::{Schema, SchemaId, Schemas};

use crate::limits::MAX_SCHEMA_VISITS;

/// The schema of member `name` of an object of schema `id`.
pub(super) fn property(schemas: &Schemas, id: SchemaId, name: &str) -> Option<SchemaId> {
    first(schemas, id, |schema| {
        let object = schema.object.as_deref()?;
        object.properties.iter().find(|(property, _)| **property == *name).map(|(_, schema)| *schema)
    })
}

/// The schema of element `index` of an array of schema `id`.
pub(super) fn item(schemas: &Schemas, id: SchemaId, index: usize) -> Option<SchemaId> {
    first(schemas, id, |schema| {
        let array = schema.array.as_deref()?;
        array.prefix.get(index).copied().or(array.items)
    })
}

/// The `xml` object that governs values of schema `id`.
pub(super) fn xml(schemas: &Schemas, id: SchemaId) -> Option<&Xml> {
    first(schemas, id, |schema| notes(schema)?.xml.as_deref())
}

/// The component's name of schema `id`.
pub(super) fn name(schemas: &Schemas, id: SchemaId) -> Option<&str> {
    first(schemas, id, |schema| notes(schema)?.name.as_deref())
}

fn notes(schema: &Schema) -> Option<&Notes> {
    schema.notes.as_deref()
}

/// The first answer of `id`, what it refers to, and what it is composed of, nearest first.
fn first<'s, T>(schemas: &'s Schemas, id: SchemaId, ask: impl Fn(&'s Schema) -> Option<T>) -> Option<T> {
    let mut seen = vec![id];
    let mut next = 0;
    while let Some(&id) = seen.get(next) {
        next += 1;
        let schema = &schemas[id];
        if let Some(answer) = ask(schema) {
            return Some(answer);
        }
        let logic = schema.logic.as_deref();
        let parts = logic.into_iter().flat_map(|logic| {
            logic
                .all_of
                .iter()
                .chain(&logic.one_of)
                .chain(&logic.any_of)
                .chain(&logic.then)
                .chain(&logic.otherwise)
        });
        for part in schema.reference.iter().chain(parts) {
            if seen.len() < MAX_SCHEMA_VISITS && !seen.contains(part) {
                seen.push(*part);
            }
        }
    }
    None
}
