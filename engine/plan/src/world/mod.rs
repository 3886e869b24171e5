//! One world: the entities of a document's resources, the same wherever they appear, and all of it a pure function of
//! seed and request.
//!
//! An entity is a function of the seed, its resource, its parents and its identity. [`codec`] gives the identity at an
//! index and the index of an identity, so that lists are pages of indexes and nothing is stored; [`kind`] writes an
//! entity from a record whose members each depend on the key alone, with identity, parent and references filled in;
//! [`known`] says what a path names and whether it is there, [`paging`] reads what a query asks for, [`sift`] finds it, an
//! [`extent`] is a page of it, [`envelope`] writes what stands around a list, and [`site`] is an operation's place in it.
//! What would break a schema is left out: first what envelopes say of pages, then references, then the operation.

mod address;
mod authored;
mod codec;
mod cursor;
mod envelope;
mod extent;
mod farewell;
mod hearing;
mod kind;
mod known;
mod location;
mod matter;
mod merging;
mod overlay;
mod paging;
mod parameters;
mod roots;
mod scenery;
mod sift;
mod site;
#[cfg(test)]
mod tests;
mod writing;

use std::sync::{Arc, OnceLock};

use mocker_openapi::Document;
use mocker_schema::generate::Locale;

use crate::limits::MAX_ENTITIES;
use crate::options::{Options, UnknownIds};
use crate::resources::{self, Action, Resource, Resources, Role};
use kind::{Kind, Surroundings};
use matter::Matter;

pub(crate) use extent::is_told_by_page;
pub(crate) use hearing::Received;
pub use site::{Asked, Asking};
pub(crate) use site::{Otherwise, Site};

/// Entities of a resource whose lists all have pages, where nobody says how many.
const USUAL_SIZE: u64 = 100;

/// The entities of a document.
#[derive(Debug)]
pub(crate) struct World {
    document: Arc<Document>,
    options: Arc<Options>,
    resources: Arc<Resources>,
    /// One a resource, compiled when first asked for
    matter: Box<[OnceLock<Option<Arc<Matter>>>]>,
    kinds: Box<[OnceLock<Option<Arc<Kind>>>]>,
    surroundings: Box<[known::Surroundings]>,
    /// The same in other languages, each made when it is first asked for; none where there is one for all
    spoken: Box<[OnceLock<Arc<World>>]>,
}

impl World {
    /// The world of a document: what its operations have of it, by their index; nothing is compiled yet.
    pub(crate) fn sites(document: &Arc<Document>, options: &Arc<Options>) -> Vec<Option<Box<Site>>> {
        let mut sites: Vec<Option<Box<Site>>> = document.operations.iter().map(|_| None).collect();
        if options.world.is_none() {
            return sites;
        }
        let resources = resources::find(document);
        let languages = if options.negotiates_locale { Locale::COUNT } else { 0 };
        let world = Arc::new(World {
            spoken: (0..languages).map(|_| OnceLock::new()).collect(),
            ..World::new(document, options, &Arc::new(resources))
        });
        for (index, resource) in world.resources.found.iter().enumerate() {
            if resource.identity.is_none() {
                continue;
            }
            for (number, action) in resource.actions.iter().enumerate() {
                sites[action.operation] = Site::new(&world, index, number).map(Box::new);
            }
        }
        sites
    }

    /// A world in which nothing is compiled yet.
    fn new(document: &Arc<Document>, options: &Arc<Options>, resources: &Arc<Resources>) -> World {
        let found = &resources.found;
        World {
            document: Arc::clone(document),
            options: Arc::clone(options),
            matter: found.iter().map(|_| OnceLock::new()).collect(),
            kinds: found.iter().map(|_| OnceLock::new()).collect(),
            surroundings: known::Surroundings::of(resources),
            resources: Arc::clone(resources),
            spoken: Box::default(),
        }
    }

    /// The same world in another language: of the same numbers, of other people.
    fn spoken(&self, locale: Locale) -> Option<&Arc<World>> {
        let make = || Arc::new(World::new(&self.document, &self.options.spoken(locale), &self.resources));
        self.spoken.get(locale.index()).map(|world| world.get_or_init(make))
    }

    fn knows_only_its_own(&self) -> bool {
        self.options.world.as_ref().is_some_and(|world| world.unknown_ids == UnknownIds::NotFound)
    }

    fn is_secure(&self) -> bool {
        self.options.world.as_ref().is_some_and(|world| world.is_secure)
    }

    /// How many entities a resource has, of each parent. Where nobody says how many, no list has to be taken whole that is
    /// longer than a page.
    fn size(&self, resource: &Resource) -> u64 {
        let Some(world) = &self.options.world else { return 1 };
        let said = world.sizes.iter().find(|(known, _)| *known == resource.name).map(|(_, size)| *size);
        let list = |action: &Action| &self.document.operations[action.operation];
        let usual = || match resource.of(Role::List).map(list).all(paging::has_pages) {
            true => USUAL_SIZE,
            false => paging::PAGE,
        };
        said.or(world.usual_size).unwrap_or_else(usual).clamp(1, MAX_ENTITIES)
    }

    fn matter(&self, resource: usize) -> Option<Arc<Matter>> {
        self.matter_cell(resource).clone()
    }

    /// The same without a share in it.
    fn matter_of(&self, resource: usize) -> Option<&Matter> {
        self.matter_cell(resource).as_deref()
    }

    fn matter_cell(&self, resource: usize) -> &Option<Arc<Matter>> {
        let make = || {
            let found = &self.resources.found[resource];
            Matter::compile(&self.document, found, &self.options, self.size(found)).map(Arc::new)
        };
        self.matter[resource].get_or_init(make)
    }

    /// The resource that this is the matter of.
    fn index_of(&self, matter: &Arc<Matter>) -> Option<usize> {
        let is_it = |cell: &OnceLock<Option<Arc<Matter>>>| {
            cell.get().is_some_and(|known| known.as_ref().is_some_and(|known| Arc::ptr_eq(known, matter)))
        };
        self.matter.iter().position(is_it)
    }

    fn kind(&self, resource: usize) -> Option<Arc<Kind>> {
        let make = || {
            let surroundings = Surroundings {
                document: &self.document,
                resources: &self.resources,
                resource: &self.resources.found[resource],
                options: &self.options,
                matter: &|resource| self.matter(resource),
            };
            surroundings.kind(&self.matter(resource)?).map(Arc::new)
        };
        self.kinds[resource].get_or_init(make).clone()
    }

    /// The resource whose entities a list within a parent has, and the column by which they name that parent: where
    /// the entities of the list are read elsewhere.
    fn view(&self, resource: usize) -> Option<(usize, usize)> {
        *self.surroundings[resource].view.get_or_init(|| self.viewed(resource))
    }

    fn viewed(&self, resource: usize) -> Option<(usize, usize)> {
        let found = &self.resources.found[resource];
        let parent = found.parent.as_ref()?;
        if found.of(Role::Read).next().is_some() {
            return None;
        }
        let schemas = &self.document.schemas;
        let own = resources::target(schemas, found.entity);
        let mut views = self.resources.found.iter().enumerate().filter_map(|(index, other)| {
            let entities = [Some(other.entity), other.listed].into_iter().flatten();
            let is_same = entities.map(|id| resources::target(schemas, id)).any(|id| id == own);
            let is_read = other.of(Role::Read).next().is_some() && !other.collection.contains('{');
            let mut references =
                other.references.iter().filter(|one| one.target == parent.resource && !one.is_many);
            let reference =
                references.next().filter(|_| references.next().is_none() && is_same && is_read)?;
            let [name] = &*reference.property else { return None };
            let kind = self.kind(index)?;
            let column = kind.matter.record.names().iter().position(|known| **known == **name)?;
            kind.refers(column).then_some((index, column))
        });
        views.next().filter(|_| views.next().is_none())
    }
}
