//! What a schema says of objects: their properties, through references and combined schemas.

use std::collections::HashSet;

use mocker_schema::{Schema, SchemaId, Schemas, Types};

use crate::composition::parts;
use crate::limits::{MAX_PROPERTIES, MAX_SCHEMA_VISITS};

/// The properties that objects of a schema may have, in document order, each once.
pub(crate) fn properties(schemas: &Schemas, id: SchemaId) -> Vec<(&str, SchemaId)> {
    let mut seen: HashSet<&str> = HashSet::new();
    declared(schemas, id).filter(|(name, _)| seen.insert(name)).take(MAX_PROPERTIES).collect()
}

/// The same, each as often as a part of the schema speaks of it.
pub(crate) fn declared(schemas: &Schemas, id: SchemaId) -> impl Iterator<Item = (&str, SchemaId)> {
    let objects = parts(schemas, Some(id)).filter_map(|schema| schema.object.as_deref());
    objects.flat_map(|rules| rules.properties.iter()).map(|(name, schema)| (&**name, *schema))
}

/// The property of a name.
pub(crate) fn property(schemas: &Schemas, id: SchemaId, name: &str) -> Option<SchemaId> {
    let objects = parts(schemas, Some(id)).filter_map(|schema| schema.object.as_deref());
    objects.filter_map(|rules| rules.property(name)).next()
}

/// Whether objects of a schema have to have a member.
pub(crate) fn requires(schemas: &Schemas, root: SchemaId, name: &str) -> bool {
    let mut objects = parts(schemas, Some(root)).filter_map(|schema| schema.object.as_deref());
    objects.any(|rules| rules.required.iter().any(|required| **required == *name))
}

/// The property at a path of names.
pub(crate) fn at(schemas: &Schemas, id: SchemaId, path: &[Box<str>]) -> Option<SchemaId> {
    path.iter().try_fold(id, |id, name| property(schemas, id, name))
}

/// The schema of the elements of an array.
pub(crate) fn elements(schemas: &Schemas, id: SchemaId) -> Option<SchemaId> {
    parts(schemas, Some(id)).find_map(|schema| schema.array.as_deref()?.items)
}

/// Types that a schema admits, as far as the nearest that says so.
pub(crate) fn types(schemas: &Schemas, id: SchemaId) -> Types {
    let said = parts(schemas, Some(id)).map(|schema| schema.types).filter(|types| *types != Types::ANY);
    let mut said = said.peekable();
    match said.peek() {
        Some(_) => said.fold(Types::NONE, Types::or),
        None => Types::ANY,
    }
}

/// Whether values are objects with properties that are known.
pub(crate) fn is_object(schemas: &Schemas, id: SchemaId) -> bool {
    parts(schemas, Some(id)).any(|schema| {
        schema.types.intersects(Types::OBJECT)
            && schema.object.as_deref().is_some_and(|rules| !rules.properties.is_empty())
    })
}

/// Whether values are arrays: it says so, or says what is in them.
pub(crate) fn is_array(schemas: &Schemas, id: SchemaId) -> bool {
    let admitted = types(schemas, id);
    match admitted == Types::ANY {
        true => elements(schemas, id).is_some(),
        false => admitted.intersects(Types::ARRAY) && !admitted.intersects(Types::OBJECT),
    }
}

/// The schema behind references that stand for it.
pub(crate) fn target(schemas: &Schemas, mut id: SchemaId) -> SchemaId {
    for _ in 0..mocker_schema::limits::REFERENCE_CHAIN {
        let schema: &Schema = &schemas[id];
        match schema.reference {
            Some(next) => id = next,
            None => break,
        }
    }
    id
}

/// The schemas one of which a value is of: what references and alternatives lead to, the schema itself where there
/// are none. Those that admit no objects are among them.
pub(crate) fn branches(schemas: &Schemas, id: SchemaId) -> Vec<SchemaId> {
    let (mut found, mut open) = (Vec::new(), vec![target(schemas, id)]);
    while let Some(id) = open.pop() {
        if found.contains(&id) || found.len() >= MAX_SCHEMA_VISITS {
            continue;
        }
        found.push(id);
        let logic = schemas[id].logic.as_deref();
        let alternatives = logic.into_iter().flat_map(|logic| logic.any_of.iter().chain(&logic.one_of));
        open.extend(alternatives.map(|id| target(schemas, *id)));
    }
    found
}

/// All that a value is of at once: the schema, and what its references and `allOf` add.
pub(crate) fn wholes(schemas: &Schemas, id: SchemaId) -> Vec<SchemaId> {
    let (mut found, mut open) = (Vec::new(), vec![id]);
    while let Some(id) = open.pop() {
        if found.contains(&id) || found.len() >= MAX_SCHEMA_VISITS {
            continue;
        }
        found.push(id);
        let schema = &schemas[id];
        let all = schema.logic.iter().flat_map(|logic| logic.all_of.iter());
        open.extend(schema.reference.iter().chain(all));
    }
    found
}

/// The component's name of a schema, or of what it refers to.
pub(crate) fn name(schemas: &Schemas, id: SchemaId) -> Option<&str> {
    schemas[target(schemas, id)].notes.as_deref()?.name.as_deref()
}
