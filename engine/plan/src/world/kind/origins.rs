//! From where the members of an entity come.

use std::sync::Arc;

use mocker_schema::SchemaId;
use mocker_schema::generate::{Options, Origin, Record, Told};
use mocker_schema::validate::Direction;

use super::{Filler, Kind, Matter, Place};
use crate::resources::Resource;
use crate::world::World;
use crate::world::roots::{inner_roots, roots};

impl Kind {
    /// From where the members of the resource's entities come, of those columns that are written; of one that has an
    /// identity, or of many.
    pub(in crate::world) fn told(
        &self,
        world: &World,
        resource: usize,
        columns: &[bool],
        identity: Option<&str>,
    ) -> Told {
        let is_first = identity.is_some_and(|identity| self.matter.is_first(identity));
        let own = identity.and_then(|identity| self.matter.authored.get(identity));
        let resource = &world.resources.found[resource];
        let roots = roots(&world.document.schemas, resource);
        let filled = Filled { world, resource, is_first, parents: &self.parents, fillers: &self.fillers };
        let mut told = filled.told(&self.matter.record, &roots, |column| columns[column]);
        let names = self.matter.record.names();
        let is_written = |name: &Arc<str>| {
            let column = names.iter().position(|known| known == name);
            column.zip(own).is_some_and(|(column, own)| own[column].is_some())
        };
        for (_, member) in told.members.iter_mut().filter(|(name, _)| is_written(name)) {
            *member = Told::of(Origin::Example).into();
        }
        told
    }
}

/// A record of which some columns are filled.
struct Filled<'a> {
    world: &'a World,
    resource: &'a Resource,
    /// It has the examples of its properties
    is_first: bool,
    /// Variables of the path that fill columns, by the number that a filler has for them
    parents: &'a [(usize, SchemaId)],
    fillers: &'a [Option<Filler>],
}

impl Filled<'_> {
    fn told(&self, record: &Record, roots: &[SchemaId], keeps: impl Fn(usize) -> bool) -> Told {
        let schemas = &self.world.document.schemas;
        let tell = if self.is_first { Told::record } else { Told::varied };
        let drawn = drawn(self.world, |options| tell(schemas, roots, options));
        let mut told = Told::of(Origin::Object);
        for (column, name) in record.names().iter().enumerate().filter(|(column, _)| keeps(*column)) {
            let member = match &self.fillers[column] {
                Some(filler) => Arc::new(self.filler(filler, name)),
                None => member(&drawn, name),
            };
            told.members.push((Arc::clone(name), member));
        }
        told
    }

    fn filler(&self, filler: &Filler, name: &str) -> Told {
        let said = |text: String| Told::of(Origin::Elsewhere(text));
        match filler {
            Filler::Identity => said(format!("identity of {}", self.resource.name)),
            Filler::Parent { parent } => self.parent(*parent),
            Filler::Whole { parent: Some(parent), .. } => self.parent(*parent),
            Filler::Reference { target, is_many, .. } => {
                let one = said(format!("reference to {}", self.name_of(target)));
                match is_many {
                    true => Told { element: Some(one.into()), ..Told::of(Origin::Array) },
                    false => one,
                }
            }
            Filler::Whole { target, .. } => said(format!("one of {}, whole", self.name_of(target))),
            Filler::Inside { record, fillers } => {
                let roots = inner_roots(&self.world.document.schemas, self.resource, name);
                Filled { fillers, ..*self }.told(record, &roots, |_| true)
            }
        }
    }

    fn parent(&self, parent: usize) -> Told {
        let variables = Place::parse(&self.resource.collection).variables();
        let variable = self.parents.get(parent).and_then(|(variable, _)| variables.get(*variable).copied());
        Told::of(Origin::Elsewhere(format!("variable {} of the path", variable.unwrap_or_default())))
    }

    fn name_of(&self, matter: &Arc<Matter>) -> &str {
        let index = self.world.index_of(matter);
        index.map_or("another resource", |index| &*self.world.resources.found[index].name)
    }
}

/// From where the members of a record come, before anything is filled in.
pub(in crate::world) fn drawn(world: &World, tell: impl FnOnce(&Options) -> Option<Arc<Told>>) -> Told {
    let told = tell(&world.options.generation(Direction::Response));
    told.map(|told| Told::clone(&told)).unwrap_or_default()
}

/// What is told of one member.
pub(in crate::world) fn member(told: &Told, name: &str) -> Arc<Told> {
    let member = told.members.iter().find(|(known, _)| **known == *name);
    // where an object was chosen among whole ones, its members are told by it
    let whole = || Told { origins: told.origins.clone(), ..Told::default() }.into();
    member.map_or_else(whole, |(_, told)| Arc::clone(told))
}
