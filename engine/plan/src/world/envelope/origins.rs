//! From where the members of an envelope come.

use std::sync::Arc;

use mocker_schema::SchemaId;
use mocker_schema::generate::{Origin, Told};

use super::meaning::{Meta, To};
use super::{Envelope, Slot};
use crate::resources;
use crate::world::World;
use crate::world::kind::origins::{drawn, member};

impl Envelope {
    /// From where the parts of the whole come; `root` is its schema, `entities` what is told of the entities.
    pub(in crate::world) fn told(&self, world: &World, root: SchemaId, entities: &Arc<Told>) -> Told {
        let drawn = drawn(world, |options| Told::record(&world.document.schemas, &[root], options));
        let mut told = Told::of(Origin::Object);
        for (name, slot) in self.record.names().iter().zip(self.slots.iter()) {
            let inner = match slot {
                Some(Slot::Entities) => Arc::clone(entities),
                Some(Slot::Only) => {
                    Told { element: Some(Arc::clone(entities)), ..Told::of(Origin::Array) }.into()
                }
                Some(Slot::Meta { meta, .. }) => Told::of(Origin::Elsewhere(meta.said().to_owned())).into(),
                Some(Slot::Inside { envelope, .. }) => {
                    let schema = resources::property(&world.document.schemas, root, name);
                    schema.map(|schema| envelope.told(world, schema, entities)).unwrap_or_default().into()
                }
                None => member(&drawn, name),
            };
            told.members.push((Arc::clone(name), inner));
        }
        told
    }
}

impl Meta {
    fn said(self) -> &'static str {
        match self {
            Meta::Total => "page: how many there are",
            Meta::Count => "page: how many it has",
            Meta::Limit => "page: its limit",
            Meta::Offset => "page: its offset",
            Meta::End => "page: index of its last",
            Meta::Page => "page: its number",
            Meta::Pages => "page: how many pages",
            Meta::HasMore => "page: whether there are more",
            Meta::IsAt(to) => match to {
                To::First => "page: whether it is the first",
                To::Next | To::Previous | To::Last => "page: whether it is the last",
            },
            Meta::HasPrevious => "page: whether there is one before",
            Meta::Number { to: To::Next, .. } => "page: number of the next",
            Meta::Number { to: To::Previous, .. } => "page: number of the one before",
            Meta::Number { to: To::First, .. } => "page: number of the first",
            Meta::Number { to: To::Last, .. } => "page: number of the last",
            Meta::Cursor(To::Next) => "page: cursor of the next",
            Meta::Cursor(To::Previous) => "page: cursor of the one before",
            Meta::Cursor(To::First) => "page: cursor of the first",
            Meta::Cursor(To::Last) => "page: cursor of the last",
            Meta::Edge { is_last: false, .. } => "page: identity of its first",
            Meta::Edge { is_last: true, .. } => "page: identity of its last",
            Meta::Own { .. } => "URL of the list",
            Meta::Url { to: To::Next, .. } => "page: URL of the next",
            Meta::Url { to: To::Previous, .. } => "page: URL of the one before",
            Meta::Url { to: To::First, .. } => "page: URL of the first",
            Meta::Url { to: To::Last, .. } => "page: URL of the last",
        }
    }
}
