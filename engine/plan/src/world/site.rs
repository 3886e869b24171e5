//! An operation in its world: which entities a request means, and how they are written.

mod origins;

use std::sync::{Arc, OnceLock};

use mocker_http::percent::decoded;
use mocker_http::request::Known;
use mocker_schema::generate::Key;
use mocker_schema::validate::Direction;
use mocker_schema::{SchemaId, Schemas};
use serde_json::Value;

use super::World;
use super::envelope::{Envelope, Page, Recipe, To};
use super::extent::{Extent, is_link, is_told_by_page};
use super::kind::{Kind, Matter, Scene, fitting};
use super::paging::{Paging, Wanted};
use super::sift::sifted;
use crate::choice;
use crate::limits::MAX_PAGE;
use crate::media;
use crate::request::Sent;
use crate::resources::{self, Place, Resource, Role, Step};
use crate::variants::preferred;

/// Where an operation stands in its world.
#[derive(Debug)]
pub(crate) struct Site {
    world: Arc<World>,
    /// Index among the document's resources
    resource: usize,
    /// Index among its actions
    action: usize,
    /// Names of the variables before the collection
    parents: Box<[Box<str>]>,
    /// That of the item; of a list, none
    item: Option<Box<str>>,
    scenery: OnceLock<Option<Scenery>>,
}

/// What an operation needs to find and write its entities.
#[derive(Debug)]
struct Scenery {
    kind: Arc<Kind>,
    envelope: Option<Envelope>,
    paging: Paging,
    /// Entities that the answer can have
    most: Option<u64>,
    /// The declared header that says how many there are
    total: Option<Box<str>>,
    /// The list is what another resource has of one parent: the column that names it
    view: Option<usize>,
    /// Schema of the identity, for those that are not ours
    identity: SchemaId,
    key: Key,
}

/// The entities that a request means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    parents: Vec<Box<str>>,
    what: What,
    /// Field lines of the answer
    lines: Vec<u8>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum What {
    One(Box<str>),
    Page(Extent),
}

/// What a request comes to in a world.
#[derive(Debug)]
pub enum Asking {
    /// It is none of the world's
    Nothing,
    /// These entities
    Found(Box<Asked>),
    /// What it names is not there
    Unknown,
}

impl Asked {
    /// Field lines that belong to the answer.
    pub fn lines(&self) -> &[u8] {
        &self.lines
    }
}

impl Site {
    /// The place of an action of a resource; `None` where its path has other variables than those that its role asks
    /// for.
    pub(super) fn new(world: &Arc<World>, resource: usize, action: usize) -> Option<Site> {
        let found = &world.resources.found[resource];
        let action_of = &found.actions[action];
        let path = Place::parse(&world.document.operations[action_of.operation].path);
        let variables = path.variables();
        let count = Place::parse(&found.collection).variables().len();
        let is_single = matches!(action_of.role, Role::Read | Role::Replace | Role::Change | Role::Delete);
        if variables.len() != count + usize::from(is_single) {
            return None;
        }
        Some(Site {
            world: Arc::clone(world),
            resource,
            action,
            parents: variables[..count].iter().map(|name| Box::from(*name)).collect(),
            item: variables.get(count).map(|name| Box::from(*name)),
            scenery: OnceLock::new(),
        })
    }

    /// Whether what it answers is made of entities.
    pub(crate) fn gives(&self) -> bool {
        matches!(self.role(), Role::List | Role::Read)
    }

    fn found(&self) -> &Resource {
        &self.world.resources.found[self.resource]
    }

    fn role(&self) -> Role {
        self.found().actions[self.action].role
    }

    /// Index of the response and media type in which it answers.
    pub(crate) fn usual(&self) -> Option<(usize, usize)> {
        let responses =
            &self.world.document.operations[self.found().actions[self.action].operation].responses;
        let response = choice::usual(responses)?.response;
        Some((response, preferred(&responses[response].1).unwrap_or_default()))
    }

    fn scenery(&self) -> Option<&Scenery> {
        self.scenery.get_or_init(|| self.compile()).as_ref()
    }

    fn compile(&self) -> Option<Scenery> {
        let document = &self.world.document;
        let (resource, action) = (self.found(), &self.found().actions[self.action]);
        let operation = &document.operations[action.operation];
        let view = self.world.view(self.resource);
        let (kind, column) = match view {
            Some((target, column)) => (self.world.kind(target)?, Some(column)),
            None => (self.world.kind(self.resource)?, None),
        };
        let (response, media) = self.usual()?;
        let headers = &operation.responses[response].1.headers;
        let media = operation.responses[response].1.content.get(media)?;
        if !matches!(media::kind(&media::concrete(&media.name, false, false)), media::Kind::Json) {
            return None;
        }
        let schema = media.schema?;
        let way = action.body.as_ref()?;
        let most = most(&document.schemas, schema, &way.0);
        let paging = Paging::of(&document.schemas, operation, &kind.matter, most);
        let key = kind.matter.salt.with(operation.path.as_bytes());
        let scenery = |envelope| Scenery {
            kind: Arc::clone(&kind),
            envelope,
            paging,
            most,
            total: headers
                .iter()
                .map(|header| &header.name)
                .find(|name| is_told_by_page(name) && !is_link(name))
                .cloned(),
            view: column,
            identity: resource.identity.as_ref().map_or(schema, |identity| identity.schema),
            key,
        };
        self.enveloped(schema, &way.0, scenery)
    }

    /// With what stands around the entities, as far as the whole obeys its schema.
    fn enveloped(
        &self,
        schema: SchemaId,
        way: &[Step],
        make: impl FnOnce(Option<Envelope>) -> Scenery,
    ) -> Option<Scenery> {
        let mut scenery = make(None);
        let is_only = matches!(way, [Step::Only]);
        if way.is_empty() {
            return self.is_sound(&scenery, schema).then_some(scenery);
        }
        if is_only {
            return None;
        }
        for tells_pages in [true, false] {
            let recipe = Recipe {
                document: &self.world.document,
                options: &self.world.options,
                tells_pages: tells_pages && self.role() == Role::List,
                is_paged: scenery.paging.is_paged(),
            };
            scenery.envelope = recipe.envelope(schema, way);
            if scenery.envelope.is_some() && self.is_sound(&scenery, schema) {
                return Some(scenery);
            }
        }
        None
    }

    /// Whether bodies obey their schema: the first page, the last, one behind it; some entities.
    fn is_sound(&self, scenery: &Scenery, schema: SchemaId) -> bool {
        let parents: Vec<Box<str>> = self.parents.iter().map(|_| Box::from("1")).collect();
        let (size, limit) =
            (scenery.kind.matter.size, scenery.paging.wanted(b"", &scenery.kind.matter, scenery.most).limit);
        let pages = [0, size.saturating_sub(1), size].map(|offset| {
            let wanted = Wanted { offset, limit, ..Wanted::default() };
            What::Page(scenery.extent(
                &self.world.document.schemas,
                &parents,
                &wanted,
                Address { path: "/", query: b"", host: "a.b", is_secure: false },
            ))
        });
        let ones = [0, size / 2].map(|index| What::One(scenery.kind.matter.codec.text(index).into()));
        let whats = if self.role() == Role::List { pages.to_vec() } else { ones.to_vec() };
        whats.into_iter().all(|what| {
            let asked = Asked { parents: parents.clone(), what, lines: Vec::new() };
            let mut bytes = Vec::new();
            self.put(scenery, &asked, &mut bytes);
            serde_json::from_slice(&bytes).is_ok_and(|value: Value| {
                self.world.document.schemas.is_valid(schema, &value, Direction::Response)
            })
        })
    }

    /// What a request means.
    pub(crate) fn ask(&self, sent: &Sent<'_>) -> Asking {
        let parents = self.parents.iter().map(|name| value(sent, name));
        let Some(parents) = parents.collect::<Option<Vec<_>>>() else { return Asking::Nothing };
        let identity = self.item.as_ref().map(|name| value(sent, name));
        if self.world.knows_only_its_own() && !self.knows(&parents, identity.as_ref()) {
            return Asking::Unknown;
        }
        let scenery = if self.gives() { self.scenery() } else { None };
        let Some(scenery) = scenery else { return Asking::Nothing };
        match identity {
            Some(Some(identity)) => self.one(scenery, parents, identity),
            Some(None) => Asking::Nothing,
            None => self.page(scenery, parents, sent),
        }
    }

    /// Whether there are such parents, and such an entity of theirs.
    fn knows(&self, parents: &[Box<str>], identity: Option<&Option<Box<str>>>) -> bool {
        let Some(Some(identity)) = identity else { return self.world.knows(self.resource, parents) };
        let has = |matter: Arc<Matter>| matter.codec.index(identity).is_some_and(|index| index < matter.size);
        self.world.knows(self.resource, parents) && self.world.matter(self.resource).is_none_or(has)
    }

    fn one(&self, scenery: &Scenery, parents: Vec<Box<str>>, identity: Box<str>) -> Asking {
        let (schemas, matter) = (&self.world.document.schemas, &scenery.kind.matter);
        let is_own = matter.codec.index(&identity).is_some_and(|index| index < matter.size);
        let is_possible = || {
            fitting(schemas, scenery.identity, &identity).is_some() && matter.codec.value(&identity).is_some()
        };
        match is_own || is_possible() {
            true => Asking::Found(Box::new(Asked { parents, what: What::One(identity), lines: Vec::new() })),
            false => Asking::Nothing,
        }
    }

    fn page(&self, scenery: &Scenery, parents: Vec<Box<str>>, sent: &Sent<'_>) -> Asking {
        let host = sent.fields.get(Known::Host).map(String::from_utf8_lossy).unwrap_or_default();
        let path = String::from_utf8_lossy(sent.path);
        let address =
            Address { path: &path, query: sent.query, host: &host, is_secure: self.world.is_secure() };
        let wanted = scenery.paging.wanted(sent.query, &scenery.kind.matter, scenery.most);
        let extent = scenery.extent(&self.world.document.schemas, &parents, &wanted, address);
        let mut lines = if scenery.paging.is_paged() { extent.link() } else { Vec::new() };
        if let Some(name) = &scenery.total {
            lines.extend_from_slice(format!("{name}: {}\r\n", extent.total).as_bytes());
        }
        Asking::Found(Box::new(Asked { parents, what: What::Page(extent), lines }))
    }

    /// Appends the body.
    pub(crate) fn write(&self, asked: &Asked, out: &mut Vec<u8>) {
        match self.scenery() {
            Some(scenery) => self.put(scenery, asked, out),
            None => out.extend_from_slice(b"null"),
        }
    }

    fn put(&self, scenery: &Scenery, asked: &Asked, out: &mut Vec<u8>) {
        let (kind, schemas) = (&*scenery.kind, &self.world.document.schemas);
        let scene = scenery.scene(schemas, &asked.parents);
        let codec = &kind.matter.codec;
        let entities = |out: &mut Vec<u8>| match &asked.what {
            What::One(identity) => kind.write(&scene, identity, false, out),
            What::Page(extent) => {
                out.push(b'[');
                for (count, index) in extent.indexes().enumerate() {
                    if count > 0 {
                        out.push(b',');
                    }
                    kind.write(&scene, &codec.text(index), true, out);
                }
                out.push(b']');
            }
        };
        let page = match &asked.what {
            What::Page(extent) => Some(extent as &dyn Page),
            What::One(_) => None,
        };
        match &scenery.envelope {
            Some(envelope) => envelope.write(scenery.key, page, &entities, out),
            None => entities(out),
        }
    }
}

/// Where a request went.
#[derive(Clone, Copy)]
struct Address<'a> {
    path: &'a str,
    query: &'a [u8],
    host: &'a str,
    is_secure: bool,
}

impl Scenery {
    /// What the entities have in common; those of another resource's do not lie within the parents.
    fn scene(&self, schemas: &Schemas, parents: &[Box<str>]) -> Scene<'_> {
        Scene::new(schemas, &self.kind, if self.view.is_some() { &[] } else { parents })
    }

    fn extent(
        &self,
        schemas: &Schemas,
        parents: &[Box<str>],
        wanted: &Wanted,
        address: Address<'_>,
    ) -> Extent {
        let matter = &self.kind.matter;
        let mut filters = wanted.filters.clone();
        if let (Some(column), Some(parent)) = (self.view, parents.last()) {
            filters.push((column, parent.to_string()));
        }
        let is_sifted = !filters.is_empty() || wanted.sort.is_some();
        let sifted =
            is_sifted.then(|| sifted(&self.kind, &self.scene(schemas, parents), &filters, wanted.sort));
        let total = sifted.as_ref().map_or(matter.size, |sifted| sifted.len() as u64);
        let behind =
            wanted.behind.as_ref().and_then(|identity| matter.codec.index(identity)).and_then(|index| {
                match &sifted {
                    None => Some(index + 1),
                    Some(sifted) => sifted.iter().position(|known| *known == index).map(|at| at as u64 + 1),
                }
            });
        let offset = behind.unwrap_or(wanted.offset);
        let chosen = sifted.map(|sifted| {
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
            path: address.path.to_owned(),
            origin: format!("{}://{}", if address.is_secure { "https" } else { "http" }, address.host),
            queries: Vec::new(),
        };
        let starts =
            [To::Next, To::Previous, To::First, To::Last].into_iter().filter_map(|to| extent.start(to));
        extent.queries =
            starts.map(|start| (start, self.paging.query(address.query, start, wanted.limit))).collect();
        extent
    }
}

/// The value of a variable of the path.
fn value(sent: &Sent<'_>, name: &str) -> Option<Box<str>> {
    let index = sent.names.iter().position(|known| **known == *name)?;
    let raw = sent.captures.get(index, sent.path)?;
    String::from_utf8(decoded(raw).collect()).ok().map(Into::into)
}

/// Elements that the list at `way` can have.
fn most(schemas: &Schemas, root: SchemaId, way: &[Step]) -> Option<u64> {
    let list = way.iter().try_fold(root, |id, step| match step {
        Step::Member(name) => resources::property(schemas, id, name),
        Step::Only => None,
    })?;
    let arrays = crate::composition::parts(schemas, Some(list)).filter_map(|schema| schema.array.as_deref());
    arrays.filter_map(|rules| rules.max_items).min().map(|most| most.min(MAX_PAGE))
}

impl World {
    /// Whether all parents of a resource's entities are there; `values` are those of its variables.
    fn knows(&self, resource: usize, values: &[Box<str>]) -> bool {
        let mut child = resource;
        while let Some(parent) = &self.resources.found[child].parent {
            let variables = Place::parse(&self.resources.found[child].collection).variables().len();
            let matter: Option<Arc<Matter>> = self.matter(parent.resource);
            let known = matter.zip(variables.checked_sub(1).and_then(|last| values.get(last)));
            let is_known = known.is_none_or(|(matter, value)| {
                matter.codec.index(value).is_some_and(|index| index < matter.size)
            });
            if !is_known {
                return false;
            }
            child = parent.resource;
        }
        true
    }
}
