//! What an operation needs to find and write its entities, as far as that is sound.

use std::sync::Arc;

use mocker_schema::generate::Key;
use mocker_schema::validate::Direction;
use mocker_schema::{SchemaId, Schemas};
use serde_json::Value;

use super::address::encoded;
use super::envelope::{Envelope, Page, Recipe, To};
use super::extent::{Extent, is_link, is_told_by_page};
use super::kind::{Kind, Scene, some_parents};
use super::overlay::Overlay;
use super::paging::{Paging, Sought, Wanted};
use super::sift::sifted;
use super::site::{Site, What};
use crate::composition::parts;
use crate::limits::{MAX_PAGE, MAX_SCHEMA_VISITS};
use crate::media;
use crate::resources::{self, Place, Role, Step};

/// What an operation needs to find and write its entities.
#[derive(Debug)]
pub(super) struct Scenery {
    pub(super) kind: Arc<Kind>,
    pub(super) envelope: Option<Envelope>,
    pub(super) paging: Paging,
    /// Entities that the answer can have
    pub(super) most: Option<u64>,
    /// The declared header that says how many there are
    pub(super) total: Option<Box<str>>,
    /// The list is what another resource has of one parent: the column that names it
    pub(super) view: Option<usize>,
    /// Schema of the identity, for those that are not ours
    pub(super) identity: SchemaId,
    /// That of the whole body
    pub(super) schema: SchemaId,
    /// That of one entity in it
    pub(super) entity: SchemaId,
    /// What one entity has here
    pub(super) columns: Box<[bool]>,
    key: Key,
}

/// Entities that are judged where they come in several forms.
const FORMS: u64 = 16;

/// Where a request went.
#[derive(Clone, Copy)]
pub(super) struct Address<'a> {
    pub(super) path: &'a str,
    pub(super) query: &'a [u8],
    pub(super) host: &'a str,
    pub(super) is_secure: bool,
}

impl Scenery {
    /// The scenery of an operation; `None` where what it answers cannot be made of entities.
    pub(super) fn compile(site: &Site) -> Option<Scenery> {
        let document = &site.world.document;
        let schemas = &document.schemas;
        let action = &site.found().actions[site.action];
        let operation = &document.operations[action.operation];
        let (kind, view) = site.kind()?;
        let (response, media) = site.usual()?;
        let headers = &operation.responses[response].1.headers;
        let media = operation.responses[response].1.content.get(media)?;
        if !matches!(media::kind(&media::concrete(&media.name, false, false)), media::Kind::Json) {
            return None;
        }
        let schema = media.schema?;
        let way = &action.body.as_ref()?.0;
        let most = most(schemas, schema, way);
        let mut total = headers.iter().map(|header| &header.name);
        let entity = entity(schemas, schema, way)?;
        let scenery = Scenery {
            envelope: None,
            paging: Paging::of(schemas, operation, &kind.matter, most),
            most,
            total: total.find(|name| is_told_by_page(name) && !is_link(name)).cloned(),
            view,
            identity: site.found().identity.as_ref().map_or(schema, |identity| identity.schema),
            schema,
            entity,
            columns: columns(site, &kind, &described(schemas, schema, way, site.role() == Role::List)),
            key: kind.matter.salt.with(operation.path.as_bytes()),
            kind,
        };
        scenery.enveloped(site, way)
    }

    /// With what stands around the entities, as far as the whole obeys its schema.
    fn enveloped(mut self, site: &Site, way: &[Step]) -> Option<Scenery> {
        if way.is_empty() {
            return self.is_sound(site).then_some(self);
        }
        if matches!(way, [Step::Only]) {
            return None;
        }
        let identity = self.kind.matter.codec.text(0);
        for tells_pages in [true, false] {
            let recipe = Recipe {
                document: &site.world.document,
                options: &site.world.options,
                tells_pages: tells_pages && site.role() == Role::List,
                is_paged: self.paging.is_paged(),
                is_numbered: self.paging.is_numbered(),
                is_by_cursor: self.paging.is_by_cursor(),
                takes_identities: self.paging.takes_identities,
                nouns: nouns(site, way),
                paths: site.paths(),
                identity: &identity,
            };
            self.envelope = recipe.envelope(self.schema, way);
            if self.envelope.is_some() && self.is_sound(site) {
                return Some(self);
            }
        }
        None
    }

    /// Whether bodies obey their schema: the first page, the last, one behind it; some entities.
    fn is_sound(&self, site: &Site) -> bool {
        let schemas = &site.world.document.schemas;
        let world = &site.world;
        let parents = some_parents(&world.resources, site.found(), 0, &|resource| world.matter(resource));
        let matter = &self.kind.matter;
        let limit = self.paging.wanted(b"", matter, self.most).limit;
        let path = site.paths().pop().unwrap_or_default();
        let pages = [0, matter.size.saturating_sub(1), matter.size].map(|offset| {
            let wanted = Wanted { offset, limit, ..Wanted::default() };
            let address = Address { path: &path, query: b"", host: "a.b", is_secure: false };
            What::Page(self.extent(schemas, &parents, &wanted, address))
        });
        let count = if matter.record.has_several_forms() { FORMS } else { 2 };
        let ones = (0..count).map(|number| matter.size * number / count);
        let ones = ones.map(|index| What::One(matter.codec.text(index).into()));
        let whats: Vec<What> = if site.role() == Role::List { pages.to_vec() } else { ones.collect() };
        whats.into_iter().all(|what| {
            let mut bytes = Vec::new();
            self.write(schemas, &parents, &what, &mut bytes);
            serde_json::from_slice(&bytes)
                .is_ok_and(|value: Value| schemas.is_valid(self.schema, &value, Direction::Response))
        })
    }

    /// Appends a body.
    pub(super) fn write(&self, schemas: &Schemas, parents: &[Box<str>], what: &What, out: &mut Vec<u8>) {
        let (kind, scene) = (&*self.kind, self.scene(schemas, parents));
        match what {
            What::One(identity) => {
                self.around(None, &|out| kind.write(&scene, identity, &self.columns, out), out);
            }
            What::Page(extent) => {
                let entities = |out: &mut Vec<u8>| {
                    out.push(b'[');
                    for (count, index) in extent.indexes().enumerate() {
                        if count > 0 {
                            out.push(b',');
                        }
                        kind.write(&scene, &kind.matter.codec.text(index), &self.columns, out);
                    }
                    out.push(b']');
                };
                self.around(Some(extent), &entities, out);
            }
            What::Made(body) => out.extend_from_slice(body),
            What::Sent { .. } => out.extend_from_slice(b"null"),
        }
    }

    /// Appends the body with one entity of which a client sent something.
    pub(super) fn write_over(
        &self,
        scene: &Scene<'_>,
        identity: &str,
        overlay: &Overlay<'_>,
        out: &mut Vec<u8>,
    ) {
        let entity = |out: &mut Vec<u8>| self.kind.write_over(scene, identity, &self.columns, overlay, out);
        self.around(None, &entity, out);
    }

    fn around(&self, page: Option<&Extent>, entities: &dyn Fn(&mut Vec<u8>), out: &mut Vec<u8>) {
        match &self.envelope {
            Some(envelope) => envelope.write(self.key, page.map(|page| page as &dyn Page), entities, out),
            None => entities(out),
        }
    }

    /// What the entities have in common; those of another resource's do not lie within the parents.
    pub(super) fn scene(&self, schemas: &Schemas, parents: &[Box<str>]) -> Scene<'_> {
        Scene::new(schemas, &self.kind, if self.view.is_some() { &[] } else { parents })
    }

    /// The page that is wanted.
    pub(super) fn extent(
        &self,
        schemas: &Schemas,
        parents: &[Box<str>],
        wanted: &Wanted,
        address: Address<'_>,
    ) -> Extent {
        let matter = &self.kind.matter;
        let mut filters = wanted.filters.clone();
        if let (Some(column), Some(parent)) = (self.view, parents.last()) {
            filters.push(Sought { column, text: parent.to_string(), may_fail: false });
        }
        let sifted = sifted(&self.kind, &self.scene(schemas, parents), &filters, wanted.sort);
        let total = sifted.as_ref().map_or(matter.size, |sifted| sifted.len() as u64);
        let place = |index: u64| match &sifted {
            None => Some(index),
            Some(sifted) => sifted.iter().position(|known| *known == index).map(|at| at as u64),
        };
        let behind = wanted.behind.as_ref().and_then(|identity| matter.codec.index(identity)).and_then(place);
        let behind = behind.map(|place| place.saturating_add(1));
        let offset = behind.unwrap_or(wanted.offset);
        let chosen = sifted.as_ref().map(|sifted| {
            let start = (offset as usize).min(sifted.len());
            let end = start.saturating_add(wanted.limit as usize).min(sifted.len());
            sifted[start..end].to_vec()
        });
        let mut extent = Extent {
            offset,
            limit: wanted.limit,
            number: self.paging.number(offset, wanted.limit),
            total,
            chosen,
            is_paged: self.paging.is_paged(),
            path: encoded(address.path.as_bytes()),
            origin: format!("{}://{}", if address.is_secure { "https" } else { "http" }, address.host),
            ways: Vec::new(),
            query: encoded(address.query),
            edges: None,
        };
        let ends = extent.indexes().next().zip(extent.last());
        extent.edges =
            ends.map(|(first, last)| (matter.codec.text(first).into(), matter.codec.text(last).into()));
        let starts =
            [To::Next, To::Previous, To::First, To::Last].into_iter().filter_map(|to| extent.start(to));
        let identity = |place: u64| match &sifted {
            None => Some(matter.codec.text(place)),
            Some(sifted) => sifted.get(place as usize).map(|index| matter.codec.text(*index)),
        };
        let way = |start: u64| {
            self.paging.way(address.query, start, wanted.limit, || identity(start.checked_sub(1)?))
        };
        extent.ways = starts.map(way).collect();
        extent
    }
}

/// What the entities of a list are called, one and many.
fn nouns(site: &Site, way: &[Step]) -> Vec<String> {
    let collection = Place::parse(&site.found().collection);
    let members = way.iter().rev().find_map(|step| match step {
        Step::Member(name) => Some(&**name),
        Step::Only => None,
    });
    let called = members.into_iter().chain(collection.texts().last().copied());
    called.flat_map(|name| [resources::squashed(name), resources::singular(name)]).collect()
}

/// Schema of one entity, where `way` leads to it or to a list of them.
fn entity(schemas: &Schemas, root: SchemaId, way: &[Step]) -> Option<SchemaId> {
    way.iter().try_fold(root, |id, step| match step {
        Step::Member(name) => resources::property(schemas, id, name),
        Step::Only => resources::elements(schemas, id),
    })
}

/// All schemas of one entity, where `way` leads to it or to a list of them: parts of the whole may each say theirs.
fn described(schemas: &Schemas, root: SchemaId, way: &[Step], is_list: bool) -> Vec<SchemaId> {
    let elements = |id: &SchemaId| -> Vec<SchemaId> {
        let arrays = parts(schemas, Some(*id)).filter_map(|schema| schema.array.as_deref());
        arrays.filter_map(|rules| rules.items).collect()
    };
    let inner = |ids: Vec<SchemaId>, step: &Step| -> Vec<SchemaId> {
        let of = |id: &SchemaId| match step {
            Step::Member(name) => {
                let named = resources::declared(schemas, *id).filter(|(known, _)| **known == **name);
                named.map(|(_, schema)| schema).collect()
            }
            Step::Only => elements(id),
        };
        ids.iter().flat_map(of).take(MAX_SCHEMA_VISITS).collect()
    };
    let found = way.iter().fold(vec![root], inner);
    if is_list { found.iter().flat_map(elements).collect() } else { found }
}

/// What one entity has: where it is of the schema that is read or listed elsewhere, all of that; else what its schemas
/// here have of it.
fn columns(site: &Site, kind: &Kind, described: &[SchemaId]) -> Box<[bool]> {
    let schemas = &site.world.document.schemas;
    let matter = &kind.matter;
    let subject = &site.world.resources.found[site.subject().0];
    let is = |schema: SchemaId| {
        let target = resources::target(schemas, schema);
        described.iter().any(|known| resources::target(schemas, *known) == target)
    };
    if is(subject.entity) || site.role() == Role::Read {
        return matter.read.clone();
    }
    if subject.listed.is_some_and(is) {
        return matter.listed.clone();
    }
    let has = |name: &Arc<str>| {
        let has = |id: &SchemaId| {
            resources::property(schemas, *id, name).is_some() || resources::requires(schemas, *id, name)
        };
        described.iter().any(has)
    };
    matter.record.names().iter().map(has).collect()
}

/// Elements that the list at `way` can have.
fn most(schemas: &Schemas, root: SchemaId, way: &[Step]) -> Option<u64> {
    let list = way.iter().try_fold(root, |id, step| match step {
        Step::Member(name) => resources::property(schemas, id, name),
        Step::Only => None,
    })?;
    let arrays = parts(schemas, Some(list)).filter_map(|schema| schema.array.as_deref());
    arrays.filter_map(|rules| rules.max_items).min().map(|most| most.min(MAX_PAGE))
}
