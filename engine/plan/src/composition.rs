//! What a schema is made of: references, and the schemas it combines.

use mocker_schema::{Schema, SchemaId, Schemas};

use crate::limits::MAX_SCHEMA_VISITS;

/// The schema and its parts, nearest first, each once.
pub(crate) fn parts(schemas: &Schemas, schema: Option<SchemaId>) -> impl Iterator<Item = &Schema> {
    let mut seen: Vec<SchemaId> = schema.into_iter().collect();
    let mut next = 0;
    std::iter::from_fn(move || {
        let schema = &schemas[*seen.get(next)?];
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
