//! What a schema is made of: references, and the schemas it combines.

use mocker_schema::{Schema, SchemaId, Schemas};

use crate::limits::MAX_SCHEMA_VISITS;

fn is_single(schema: &Schema) -> bool {
    schema.reference.is_none() && schema.logic.is_none()
}

/// The schema and its parts, nearest first, each once.
pub(crate) fn parts(schemas: &Schemas, schema: Option<SchemaId>) -> impl Iterator<Item = &Schema> {
    let (mut first, mut seen, mut next) = (schema, Vec::new(), 0);
    std::iter::from_fn(move || {
        let id = first.take().or_else(|| seen.get(next).copied())?;
        let schema = &schemas[id];
        if is_single(schema) {
            next += 1;
            return Some(schema);
        }
        // most schemas have no parts: those cost no memory
        if seen.is_empty() {
            seen.push(id);
        }
        next += 1;
        let combined = schema.logic.iter().flat_map(|logic| {
            let lists = logic.all_of.iter().chain(&logic.any_of).chain(&logic.one_of);
            lists.chain(&logic.then).chain(&logic.otherwise)
        });
        for part in schema.reference.iter().chain(combined) {
            if seen.len() < MAX_SCHEMA_VISITS && !seen.contains(part) {
                seen.push(*part);
            }
        }
        Some(schema)
    })
}
