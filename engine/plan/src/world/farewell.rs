//! What is answered where an entity is deleted and the answer is none: `{"id": 7, "deleted": true}`.

use std::sync::Arc;

use mocker_schema::generate::Record;
use mocker_schema::validate::Direction;
use mocker_schema::{SchemaId, Schemas, Types};
use serde_json::Value;

use super::kind::fitting;
use super::matter::Matter;
use super::site::Site;
use crate::media;
use crate::resources::{self, squashed};

/// An object that names what was deleted.
#[derive(Debug)]
pub(super) struct Farewell {
    matter: Arc<Matter>,
    record: Record,
    schema: SchemaId,
    /// Column of the identity, and its schema
    identity: (usize, SchemaId),
    /// Column that says that it is gone
    deleted: Option<usize>,
}

impl Farewell {
    /// That of a deletion; `None` where its answer does not name what was deleted.
    pub(super) fn compile(site: &Site) -> Option<Farewell> {
        let world = &site.world;
        let schemas = &world.document.schemas;
        let (response, media) = site.usual()?;
        let operation = &world.document.operations[site.found().actions[site.action].operation];
        let media = operation.responses[response].1.content.get(media)?;
        if !matches!(media::kind(&media::concrete(&media.name, false, false)), media::Kind::Json) {
            return None;
        }
        let schema = media.schema?;
        let generate = world.options.generation(Direction::Response);
        let record = Record::compile(schemas, &[schema], &generate).ok()?;
        let [own] = &*site.found().identity.as_ref()?.property else { return None };
        let column = record.names().iter().position(|name| **name == **own)?;
        let identity = resources::property(schemas, schema, own)?;
        let says_so = |name: &Arc<str>| {
            let property = resources::property(schemas, schema, name);
            let is_flag = |id: SchemaId| {
                let types = resources::types(schemas, id);
                types != Types::ANY
                    && types.intersects(Types::BOOLEAN)
                    && schemas.is_valid(id, &Value::Bool(true), Direction::Response)
            };
            matches!(&*squashed(name), "deleted" | "isdeleted") && property.is_some_and(is_flag)
        };
        let deleted = record.names().iter().position(says_so);
        Some(Farewell {
            matter: world.matter(site.subject().0)?,
            record,
            schema,
            identity: (column, identity),
            deleted,
        })
    }

    /// The body for an entity; `None` where the schema does not admit it.
    pub(super) fn body(&self, schemas: &Schemas, parents: &[Box<str>], identity: &str) -> Option<Vec<u8>> {
        let (column, schema) = self.identity;
        let own = fitting(schemas, schema, identity)?;
        let base = self.matter.base(parents.iter().map(|parent| &**parent));
        let key = self.matter.key(base, identity).with(b"deleted");
        let mut out = Vec::new();
        let put = |at: usize, out: &mut Vec<u8>| {
            if at == column {
                // Writing to memory does not fail.
                drop(serde_json::to_writer(out, &own));
            } else if self.deleted == Some(at) {
                out.extend_from_slice(b"true");
            } else {
                return false;
            }
            true
        };
        self.record.write(key, &mut out, |_| true, put);
        let body: Value = serde_json::from_slice(&out).ok()?;
        schemas.is_valid(self.schema, &body, Direction::Response).then_some(out)
    }
}
