//! What a resource's entities are made of, before anything is filled in: a record of what is read and listed, and their
//! identities.

use std::sync::Arc;

use mocker_openapi::Document;
use mocker_schema::SchemaId;
use mocker_schema::generate::{Key, Record};
use mocker_schema::validate::Direction;
use serde_json::Value;

use super::authored::{Authored, Columns};
use super::codec::{Codec, Wanted};
use super::parameters::is_scalar;
use super::roots::roots;
use crate::options::Options;
use crate::resources::{self, Resource, Role};

/// Values that are tried for an identity that no entity has, where only the generator makes them.
const DRAWS: u64 = 8;

/// What a resource's entities are made of, before anything is filled in.
#[derive(Debug)]
pub(super) struct Matter {
    pub(super) record: Record,
    /// The identity of the one that has the examples of its properties
    first: Box<str>,
    pub(super) codec: Codec,
    pub(super) size: u64,
    /// Entities that the author wrote down
    pub(super) authored: Authored,
    /// Identities behind these that the schema admits too
    pub(super) room: u64,
    /// Column of the identity, and the way from there
    identity: Option<(usize, Box<[Box<str>]>)>,
    /// What the keys of its entities begin with
    pub(super) salt: Key,
    /// Columns that are written where one is read, and where many are listed
    pub(super) read: Box<[bool]>,
    pub(super) listed: Box<[bool]>,
    /// Schemas of the columns, and those columns that are neither lists nor objects
    pub(super) properties: Box<[Option<SchemaId>]>,
    pub(super) scalars: Box<[usize]>,
}

impl Matter {
    /// What `resource` is made of; `None` where its identity or its entities cannot be made.
    pub(super) fn compile(
        document: &Document,
        resource: &Resource,
        options: &Options,
        size: u64,
    ) -> Option<Matter> {
        let schemas = &document.schemas;
        let found = resource.identity.as_ref()?;
        let roots = roots(schemas, resource);
        let (own, listed) = (roots[0], roots.get(1).copied());
        let generate = options.generation(Direction::Response);
        let record = Record::varied(schemas, &roots, &generate).ok()?;
        let first = found.property.first()?;
        let column = record.names().iter().position(|name| **name == **first);
        let salt = Key(options.seed).with(b"world").with(resource.name.as_bytes());
        let property: Vec<SchemaId> =
            roots.iter().filter_map(|root| resources::at(schemas, *root, &found.property)).collect();
        let wanted = Wanted {
            schemas,
            property: &property,
            variable: variable(document, resource),
            is_name: found.property.last().is_some_and(|name| {
                matches!(&*resources::squashed(name), "name" | "slug" | "login" | "username" | "handle")
            }),
            size,
            // not of the seed alone: entities of two resources have different identities
            salt: salt.with(b"identity").0,
        };
        let (codec, size) = wanted.codec(&record, column.filter(|_| found.property.len() == 1))?;
        let room = wanted.room(&codec, size);
        let has = |root: SchemaId| -> Box<[bool]> {
            let has = |name: &Arc<str>| resources::property(schemas, root, name).is_some();
            record.names().iter().map(has).collect()
        };
        let all = || vec![true; record.names().len()].into();
        let read = if listed.is_some() { has(own) } else { all() };
        let listed = listed.map_or_else(all, has);
        let identity = column.map(|column| (column, found.property[1..].into()));
        let property =
            |name: &Arc<str>| roots.iter().find_map(|root| resources::property(schemas, *root, name));
        let properties: Box<[Option<SchemaId>]> = record.names().iter().map(property).collect();
        let scalars =
            (0..properties.len()).filter(|column| is_scalar(schemas, properties[*column])).collect();
        let first = codec.text(0).into();
        let is_sound = |identity: &str, columns: &Columns| {
            let mut body = Vec::new();
            let put = |column: usize, out: &mut Vec<u8>| put(columns, column, out);
            record.write(salt.with(identity.as_bytes()), &mut body, |column| read[column], put);
            let value: Option<Value> = serde_json::from_slice(&body).ok();
            value.is_some_and(|value| schemas.is_valid(own, &value, Direction::Response))
        };
        let authored = match record.has_several_forms() {
            true => Authored::default(),
            false => Authored::find(document, resource, options, record.names(), is_sound),
        };
        Some(Matter {
            record,
            first,
            codec,
            size,
            authored,
            room,
            identity,
            salt,
            read,
            listed,
            properties,
            scalars,
        })
    }

    /// What the entity of an identity is made from.
    #[inline]
    pub(super) fn record(&self, identity: &str) -> &Record {
        if self.is_first(identity) { self.record.first() } else { &self.record }
    }

    /// Whether an entity has the examples of its properties.
    pub(super) fn is_first(&self, identity: &str) -> bool {
        *self.first == *identity
    }

    /// What an entity is a function of.
    pub(super) fn key(&self, base: Key, identity: &str) -> Key {
        base.with(identity.as_bytes())
    }

    /// The same for entities within `parents`.
    pub(super) fn base<'p>(&self, parents: impl Iterator<Item = &'p str>) -> Key {
        parents.fold(self.salt, |key, parent| key.with(parent.as_bytes()))
    }

    /// Appends an entity of which only the identity is filled in, as it stands inside others.
    pub(super) fn write_bare(&self, identity: &str, out: &mut Vec<u8>) {
        let key = self.key(self.salt, identity);
        let authored = self.authored.get(identity);
        let own = self.identity.as_ref().filter(|(_, rest)| rest.is_empty()).map(|(column, _)| *column);
        self.record(identity).write(
            key,
            out,
            |column| self.read[column],
            |column, out| {
                let is_own = own == Some(column);
                if is_own {
                    self.codec.write(identity, out);
                }
                is_own || authored.is_some_and(|columns| put(columns, column, out))
            },
        );
    }

    /// An identity that no entity has, for a key and each further step; `None` where there is none.
    pub(super) fn fresh(&self, key: Key, step: u64) -> Option<String> {
        if self.room > 0 {
            let first = scaled(key, self.room);
            return Some(self.codec.text(self.size + first.wrapping_add(step) % self.room));
        }
        let (column, _) = self.identity.as_ref().filter(|(_, rest)| rest.is_empty())?;
        (0..DRAWS).find_map(|draw| {
            let mut bytes = Vec::new();
            self.record.value(key.with_number(step).with_number(draw), *column, &mut bytes);
            let text = match serde_json::from_slice(&bytes).ok()? {
                Value::String(text) => text,
                Value::Number(number) => number.to_string(),
                _ => return None,
            };
            (!text.is_empty() && self.codec.index(&text).is_none()).then_some(text)
        })
    }

    /// The identity of some entity, chosen by a key.
    pub(super) fn some(&self, key: Key) -> String {
        self.codec.text(scaled(key, self.size))
    }
}

/// Appends what the author says of a column; whether anything is said.
pub(super) fn put(columns: &Columns, column: usize, out: &mut Vec<u8>) -> bool {
    let written = columns.get(column).and_then(|text| text.as_ref());
    if let Some(text) = written {
        out.extend_from_slice(text);
    }
    written.is_some()
}

/// A number below `end` that a key chooses.
pub(super) fn scaled(key: Key, end: u64) -> u64 {
    ((u128::from(key.0) * u128::from(end)) >> 64) as u64
}

/// Schema of the variable by which one is read.
fn variable(document: &Document, resource: &Resource) -> Option<SchemaId> {
    let name = resource.identity.as_ref()?.variable.as_deref()?;
    let read = resource.of(Role::Read).next()?;
    let parameters = document.operations[read.operation].parameters.iter();
    let mut own = parameters.filter(|parameter| {
        parameter.place == mocker_openapi::model::Place::Path
            && crate::route::variable_name(&parameter.name) == name
    });
    own.next()?.schema
}
