//! What can be seen of a schema without deciding anything: its types, its property names,
//! how it differs from another.

use std::sync::Arc;

use super::limits;
use crate::format::Format;
use crate::node::{ObjectRules, Schema};
use crate::{SchemaId, Schemas, Types};

/// Calls `visit` for `id` and for what it is made of by `$ref` and `allOf`, nearest first, each once;
/// what lies beyond [`limits::SIGHT`] counts as unknown.
fn parts<'s>(schemas: &'s Schemas, id: SchemaId, visit: &mut impl FnMut(&'s Schema)) {
    let mut seen = vec![id];
    let mut next = 0;
    while let Some(&id) = seen.get(next) {
        next += 1;
        let schema = &schemas[id];
        visit(schema);
        let all_of = schema.logic.as_deref().map_or(&[][..], |logic| &logic.all_of);
        for part in schema.reference.iter().chain(all_of) {
            if seen.len() < limits::SIGHT && !seen.contains(part) {
                seen.push(*part);
            }
        }
    }
}

/// Types that a value of the schema may have.
pub(super) fn types(schemas: &Schemas, id: SchemaId) -> Types {
    let mut types = Types::ANY;
    parts(schemas, id, &mut |schema| {
        types = types.and(schema.types);
        if let Some(values) = &schema.values {
            types = types.and(values.iter().map(Types::of).fold(Types::NONE, Types::or));
        }
    });
    types
}

/// Whether the schema is `writeOnly` (or else `readOnly`).
pub(super) fn marks(schemas: &Schemas, id: SchemaId, write_only: bool) -> bool {
    let mut is_marked = false;
    parts(schemas, id, &mut |schema| {
        is_marked |= if write_only { schema.write_only } else { schema.read_only };
    });
    is_marked
}

/// The first format that is asked for.
pub(super) fn format(schemas: &Schemas, id: SchemaId) -> Option<Format> {
    let mut format = None;
    parts(schemas, id, &mut |schema| format = format.or(schema.format));
    format
}

/// Names that the schema's properties and requirements mention.
pub(super) fn names(schemas: &Schemas, id: SchemaId) -> Vec<Arc<str>> {
    let mut names = Vec::new();
    parts(schemas, id, &mut |schema| {
        let Some(rules) = &schema.object else { return };
        names.extend(rules.required.iter().cloned());
        names.extend(rules.properties.iter().map(|(name, _)| name.clone()));
    });
    names
}

/// Where a chain of bare references ends.
pub(super) fn target(schemas: &Schemas, mut id: SchemaId) -> SchemaId {
    for _ in 0..limits::DEPTH {
        let schema = &schemas[id];
        match schema.reference {
            Some(next) if is_bare(schema) => id = next,
            _ => return id,
        }
    }
    id
}

/// Whether the schema asserts nothing but its reference.
pub(super) fn is_bare(schema: &Schema) -> bool {
    schema.types == Types::ANY && schema.values.is_none() && schema.format.is_none() && has_no_rules(schema)
}

fn has_no_rules(schema: &Schema) -> bool {
    schema.number.is_none()
        && schema.string.is_none()
        && schema.array.is_none()
        && schema.object.is_none()
        && schema.logic.is_none()
}

/// Whether the schema asserts nothing at all.
pub(super) fn is_open(schema: &Schema) -> bool {
    is_bare(schema) && schema.reference.is_none()
}

/// What a schema that says nothing but `not` refuses.
pub(super) fn negated(schemas: &Schemas, id: SchemaId) -> Option<SchemaId> {
    let schema = &schemas[target(schemas, id)];
    let logic = schema.logic.as_deref()?;
    let not = logic.not?;
    let says_no_more = logic.all_of.is_empty()
        && logic.any_of.is_empty()
        && logic.one_of.is_empty()
        && logic.condition.is_none();
    let rest = Schema { logic: None, ..schema.clone() };
    (says_no_more && is_open(&rest)).then_some(not)
}

/// The single thing that a schema asserts.
pub(super) enum Only<'s> {
    /// `type`
    Types(Types),
    /// `required` with one name
    Required(&'s Arc<str>),
}

/// What a schema asserts, if that is one simple thing.
pub(super) fn only(schema: &Schema) -> Option<Only<'_>> {
    if schema.reference.is_some() || schema.values.is_some() || schema.format.is_some() {
        return None;
    }
    if has_no_rules(schema) {
        return Some(Only::Types(schema.types));
    }
    let rules = schema.object.as_deref()?;
    let rest = Schema { object: None, ..schema.clone() };
    match &*rules.required {
        [name] if is_open(&rest) && requires_only(rules) => Some(Only::Required(name)),
        _ => None,
    }
}

fn requires_only(rules: &ObjectRules) -> bool {
    rules.properties.is_empty()
        && rules.patterns.is_empty()
        && rules.additional.is_none()
        && rules.names.is_none()
        && rules.min_properties == 0
        && rules.max_properties.is_none()
        && rules.dependent_required.is_empty()
        && rules.dependent_schemas.is_empty()
        && rules.unevaluated.is_none()
}

/// The types of `types` that are not in `refused`.
pub(super) fn without(types: Types, refused: Types) -> Types {
    let every = [
        Types::NULL,
        Types::BOOLEAN,
        Types::INTEGER,
        Types::FRACTION,
        Types::STRING,
        Types::ARRAY,
        Types::OBJECT,
    ];
    let kept = every.into_iter().filter(|each| types.contains(*each) && !refused.contains(*each));
    kept.fold(Types::NONE, Types::or)
}

/// Whether no value can obey both, as far as can be seen.
pub(super) fn disjoint(schemas: &Schemas, chosen: SchemaId, other: SchemaId) -> bool {
    !types(schemas, chosen).intersects(types(schemas, other))
        || values_apart(schemas, chosen, other)
        || required_apart(schemas, chosen, other)
}

/// Whether both are enumerations without a common value, or agree on a property's being
/// there but on none of its values.
pub(super) fn pinned_apart(schemas: &Schemas, one: SchemaId, other: SchemaId) -> bool {
    one != other && (values_apart(schemas, one, other) || required_apart(schemas, one, other))
}

fn values_apart(schemas: &Schemas, one: SchemaId, other: SchemaId) -> bool {
    match (values(schemas, one), values(schemas, other)) {
        (Some(these), Some(those)) => these.iter().all(|value| !those.contains(value)),
        _ => false,
    }
}

fn values(schemas: &Schemas, id: SchemaId) -> Option<&[serde_json::Value]> {
    let mut found = None;
    parts(schemas, id, &mut |schema| found = found.or(schema.values.as_deref()));
    found
}

/// Whether a property that `chosen` requires cannot have a value that suits both.
fn required_apart(schemas: &Schemas, chosen: SchemaId, other: SchemaId) -> bool {
    let mut required: Vec<&Arc<str>> = Vec::new();
    parts(schemas, chosen, &mut |schema| {
        required.extend(schema.object.iter().flat_map(|rules| rules.required.iter()));
    });
    required.into_iter().any(|name| {
        let (Some(one), Some(two)) = (property(schemas, chosen, name), property(schemas, other, name)) else {
            return false;
        };
        one != two
            && (!types(schemas, one).intersects(types(schemas, two)) || values_apart(schemas, one, two))
    })
}

/// The schema that `properties` gives for `name`.
pub(super) fn property(schemas: &Schemas, id: SchemaId, name: &str) -> Option<SchemaId> {
    let mut found = None;
    parts(schemas, id, &mut |schema| {
        let Some(rules) = &schema.object else { return };
        let own = rules.properties.iter().find(|(each, _)| **each == *name);
        found = found.or(own.map(|(_, schema)| *schema));
    });
    found
}
