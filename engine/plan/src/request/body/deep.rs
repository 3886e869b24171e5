//! Names with brackets, as style `deepObject` writes what is inside an object: `item[price]`, and as is the
//! custom beyond what OpenAPI says, `items[0][price]` and `tags[]`.

use bumpalo::collections::Vec as BumpVec;
use mocker_schema::{SchemaId, Schemas, Types};

use super::super::Value;
use super::field::{Entry, Field, Reading};
use super::fields::{Groups, types};
use crate::composition::parts;
use crate::limits::MAX_FORM_DEPTH;

/// The value of entries whose names are what is left of the brackets; `depth` of them were read.
pub(super) fn value<'b>(
    schema: Option<SchemaId>,
    entries: &[Entry<'b>],
    reading: &mut Reading<'_, 'b>,
    depth: usize,
) -> Value<'b> {
    let mut groups: Groups<'b, ()> = Groups::default();
    for entry in entries {
        if let Some((key, rest)) = bracket(entry.name) {
            groups.add(key, (), Entry { name: rest, ..*entry });
        }
    }
    if groups.list.is_empty() || depth == MAX_FORM_DEPTH {
        return Field::new(reading.schemas, schema, None).value(entries, reading);
    }
    let has_indices = groups.list.iter().all(|(key, ..)| key.bytes().all(|byte| byte.is_ascii_digit()));
    let types = schema.map_or(Types::ANY, |schema| types(reading.schemas, schema));
    if has_indices && types.contains(Types::ARRAY) {
        return array(schema, groups, reading, depth);
    }
    let mut members = BumpVec::with_capacity_in(groups.list.len(), reading.arena);
    for (key, (), group) in groups.list {
        let member = member(reading.schemas, schema, key);
        members.push((key, value(member, &group, reading, depth + 1)));
    }
    Value::Object(members.into_bump_slice())
}

/// Elements in the order of their indices, then those without; each of these is one more.
fn array<'b>(
    schema: Option<SchemaId>,
    mut groups: Groups<'b, ()>,
    reading: &mut Reading<'_, 'b>,
    depth: usize,
) -> Value<'b> {
    let items = parts(reading.schemas, schema).find_map(|part| part.array.as_deref()?.items);
    groups.list.sort_by_key(|(key, ..)| (key.is_empty(), key.len(), *key));
    let mut elements = BumpVec::with_capacity_in(groups.list.len(), reading.arena);
    for (key, (), group) in groups.list {
        if key.is_empty() && group.iter().all(|entry| entry.name.is_empty()) {
            for entry in group {
                elements.push(value(items, &[entry], reading, depth + 1));
            }
        } else {
            elements.push(value(items, &group, reading, depth + 1));
        }
    }
    Value::Array(elements.into_bump_slice())
}

/// `[key]rest`, taken apart.
fn bracket(name: &str) -> Option<(&str, &str)> {
    name.strip_prefix('[')?.split_once(']')
}

/// The schema of member `key`: its property's, else that of all others.
fn member(schemas: &Schemas, schema: Option<SchemaId>, key: &str) -> Option<SchemaId> {
    let objects = || parts(schemas, schema).filter_map(|part| part.object.as_deref());
    let property = objects().find_map(|object| object.property(key));
    property.or_else(|| objects().find_map(|object| object.additional))
}
