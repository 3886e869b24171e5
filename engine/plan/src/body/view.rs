//! Finding, for a place of a value, what its schema says about it: through references and
//! compositions, the first that speaks.

use mocker_schema::node::{Notes, Xml};
use mocker_schema::{Schema, SchemaId, Schemas};

use crate::composition::parts;

/// The schema of member `name` of an object of schema `id`.
pub fn property(schemas: &Schemas, id: SchemaId, name: &str) -> Option<SchemaId> {
    first(schemas, id, |schema| {
        let object = schema.object.as_deref()?;
        object.properties.iter().find(|(property, _)| **property == *name).map(|(_, schema)| *schema)
    })
}

/// The schema of element `index` of an array of schema `id`.
pub fn item(schemas: &Schemas, id: SchemaId, index: usize) -> Option<SchemaId> {
    first(schemas, id, |schema| {
        let array = schema.array.as_deref()?;
        array.prefix.get(index).copied().or(array.items)
    })
}

/// The `xml` object that governs values of schema `id`.
pub fn xml(schemas: &Schemas, id: SchemaId) -> Option<&Xml> {
    first(schemas, id, |schema| notes(schema)?.xml.as_deref())
}

/// The component's name of schema `id`.
pub fn name(schemas: &Schemas, id: SchemaId) -> Option<&str> {
    first(schemas, id, |schema| notes(schema)?.name.as_deref())
}

fn notes(schema: &Schema) -> Option<&Notes> {
    schema.notes.as_deref()
}

/// The first answer of `id` and its parts.
fn first<'s, T>(schemas: &'s Schemas, id: SchemaId, ask: impl Fn(&'s Schema) -> Option<T>) -> Option<T> {
    parts(schemas, Some(id)).find_map(ask)
}
