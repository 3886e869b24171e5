//! An operation in its world: which entities a request means, and how they are written.

mod origins;
mod sample;

use std::sync::{Arc, OnceLock};

use mocker_http::percent::decoded;
use mocker_http::request::Known;
use mocker_schema::generate::Locale;
use mocker_schema::validate::Direction;

use super::World;
use super::extent::Extent;
use super::farewell::Farewell;
use super::kind::{Kind, fitting, some_parents};
use super::known::Located;
use super::location;
use super::scenery::{Address, Scenery};
use super::writing::Writing;
use crate::choice;
use crate::request::Sent;
use crate::resources::{Place, Resource, Role};
use crate::source::{Origin, Source};
use crate::variants::preferred;

/// Where an operation stands in its world.
#[derive(Debug)]
pub(crate) struct Site {
    pub(super) world: Arc<World>,
    /// Index among the document's resources
    resource: usize,
    /// Index among its actions
    pub(super) action: usize,
    /// Names of the variables before the collection
    pub(super) parents: Box<[Box<str>]>,
    /// That of the item; of a list, none
    item: Option<Box<str>>,
    scenery: OnceLock<Option<Box<Scenery>>>,
    writing: OnceLock<Option<Box<Writing>>>,
    farewell: OnceLock<Option<Box<Farewell>>>,
}

/// The entities that a request means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    pub(super) parents: Vec<Box<str>>,
    pub(super) what: What,
    /// Field lines of the answer
    pub(super) lines: Vec<u8>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum What {
    One(Box<str>),
    Page(Extent),
    /// One of which the request's body says more: its identity, where the path has it, and what the path begins with
    Sent {
        identity: Option<Box<str>>,
        prefix: Box<str>,
        is_bare: bool,
    },
    /// The body that came of it
    Made(Vec<u8>),
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

/// What the answer would have as a body if there were no world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Otherwise {
    /// One made of the schema of the usual response
    Made,
    /// None
    Bare,
    /// Something else, an example for one
    Another,
}

impl Asked {
    /// Field lines that belong to the answer.
    pub fn lines(&self) -> &[u8] {
        &self.lines
    }

    /// Whether the body of the request has a say in them; see [`Operation::heard`](crate::Operation::heard).
    pub fn awaits_body(&self) -> bool {
        matches!(self.what, What::Sent { .. })
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
        // what replaces on the path of a collection has the identity in its body
        let is_single = match action_of.role {
            Role::Read | Role::Change | Role::Delete => true,
            Role::Replace => variables.len() > count,
            Role::List | Role::Create => false,
        };
        // an item may be read by several variables: those before the last say within what its identity is one; a list
        // does not know them
        let (parents, item) = match is_single {
            true => variables.split_last().map(|(item, parents)| (parents, Some(*item)))?,
            false => (&*variables, None),
        };
        let takes_more = is_single && found.of(Role::List).next().is_none();
        if parents.len() < count || (parents.len() > count && !takes_more) {
            return None;
        }
        Some(Site {
            world: Arc::clone(world),
            resource,
            action,
            parents: parents.iter().map(|name| Box::from(*name)).collect(),
            item: item.map(Box::from),
            scenery: OnceLock::new(),
            writing: OnceLock::new(),
            farewell: OnceLock::new(),
        })
    }

    /// The same place in the world in another language.
    pub(crate) fn spoken(&self, locale: Locale) -> Option<Site> {
        Site::new(self.world.spoken(locale)?, self.resource, self.action)
    }

    pub(super) fn found(&self) -> &Resource {
        &self.world.resources.found[self.resource]
    }

    pub(super) fn role(&self) -> Role {
        self.found().actions[self.action].role
    }

    /// Index of the response and media type in which it answers.
    pub(crate) fn usual(&self) -> Option<(usize, usize)> {
        let responses =
            &self.world.document.operations[self.found().actions[self.action].operation].responses;
        let response = choice::usual(responses)?.response;
        Some((response, preferred(&responses[response].1).unwrap_or_default()))
    }

    /// The resource whose entities it deals in; where those are another's, with the column that names the parent.
    pub(super) fn subject(&self) -> (usize, Option<usize>) {
        match self.world.view(self.resource) {
            Some((target, column)) => (target, Some(column)),
            None => (self.resource, None),
        }
    }

    /// Paths at which it answers, with some parents.
    pub(super) fn paths(&self) -> Vec<String> {
        let world = &self.world;
        let operation = &world.document.operations[self.found().actions[self.action].operation];
        let parents = some_parents(&world.resources, self.found(), 0, &|resource| world.matter(resource));
        let filled =
            self.parents.iter().zip(&parents).fold(operation.path.to_string(), |path, (name, parent)| {
                path.replace(&format!("{{{name}}}"), parent)
            });
        let prefixes = world.options.base_path.prefixes(&world.document.servers, operation);
        prefixes.into_iter().map(|prefix| format!("{prefix}{filled}")).collect()
    }

    /// What it is written with, and that column.
    pub(super) fn kind(&self) -> Option<(Arc<Kind>, Option<usize>)> {
        let (resource, column) = self.subject();
        Some((self.world.kind(resource)?, column))
    }

    /// Whether it answers with what the world makes: no example goes before it.
    pub(super) fn is_made(&self) -> bool {
        let world = &self.world;
        let operation = &world.document.operations[self.found().actions[self.action].operation];
        let media =
            self.usual().and_then(|(response, media)| operation.responses[response].1.content.get(media));
        let is_generated = media.is_some_and(|media| {
            let (schemas, options) = (&world.document.schemas, &world.options);
            let source = Source { schemas, media, options, direction: Direction::Response, failure: None };
            source.origin() == Origin::Generated
        });
        is_generated && self.scenery().is_some()
    }

    pub(super) fn scenery(&self) -> Option<&Scenery> {
        self.scenery.get_or_init(|| Scenery::compile(self).map(Box::new)).as_deref()
    }

    pub(super) fn writing(&self) -> Option<&Writing> {
        self.writing.get_or_init(|| Writing::compile(self).map(Box::new)).as_deref()
    }

    /// Whether a header of the answer says what the request decides, so that what the document declares of it is not
    /// sent.
    pub(crate) fn tells(&self, header: &str) -> bool {
        let has_location = || self.writing().is_some_and(|writing| writing.location.is_some());
        self.role() == Role::Create && location::is_location(header) && has_location()
    }

    /// What a request means; `otherwise` is what its answer would be without the world.
    pub(crate) fn ask(&self, sent: &Sent<'_>, otherwise: Otherwise) -> Asking {
        let gives_only = matches!(self.role(), Role::List | Role::Read);
        if gives_only && otherwise != Otherwise::Made {
            return Asking::Nothing;
        }
        let parents = self.parents.iter().map(|name| value(sent, name)).collect();
        let identity = self.item.as_ref().map(|name| value(sent, name));
        let Located { parents, identity } = match self.world.located(self.resource, parents, identity) {
            Ok(located) => located,
            Err(asking) => return asking,
        };
        match self.role() {
            Role::Delete => self.deleted(parents, identity, otherwise),
            Role::Create => self.sent(parents, None, sent, otherwise),
            Role::Replace if self.item.is_none() => self.sent(parents, None, sent, otherwise),
            Role::Replace | Role::Change => match identity {
                Some(identity) => self.sent(parents, Some(identity), sent, otherwise),
                None => Asking::Nothing,
            },
            Role::List | Role::Read => {
                let Some(scenery) = self.scenery() else { return Asking::Nothing };
                match identity {
                    Some(identity) => self.one(scenery, parents, identity),
                    None => self.page(scenery, parents, sent),
                }
            }
        }
    }

    fn one(&self, scenery: &Scenery, parents: Vec<Box<str>>, identity: Box<str>) -> Asking {
        match self.is_possible(scenery, &identity) {
            true => Asking::Found(Box::new(Asked { parents, what: What::One(identity), lines: Vec::new() })),
            false => Asking::Nothing,
        }
    }

    /// What is said of an entity that is gone.
    fn deleted(&self, parents: Vec<Box<str>>, identity: Option<Box<str>>, otherwise: Otherwise) -> Asking {
        let Some(identity) = identity.filter(|_| otherwise == Otherwise::Made) else {
            return Asking::Nothing;
        };
        if let Some(scenery) = self.scenery() {
            return self.one(scenery, parents, identity);
        }
        let farewell = self.farewell.get_or_init(|| Farewell::compile(self).map(Box::new)).as_deref();
        match farewell.and_then(|farewell| farewell.body(&self.world.document.schemas, &parents, &identity)) {
            Some(body) => {
                Asking::Found(Box::new(Asked { parents, what: What::Made(body), lines: Vec::new() }))
            }
            None => Asking::Nothing,
        }
    }

    /// Whether an entity can be identified so.
    fn is_possible(&self, scenery: &Scenery, identity: &str) -> bool {
        let (schemas, matter) = (&self.world.document.schemas, &scenery.kind.matter);
        let is_own = matter.codec.index(identity).is_some_and(|index| index < matter.size);
        is_own
            || fitting(schemas, scenery.identity, identity).is_some()
                && matter.codec.value(identity).is_some()
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

    /// An entity that the request's body says more of.
    fn sent(
        &self,
        parents: Vec<Box<str>>,
        identity: Option<Box<str>>,
        sent: &Sent<'_>,
        otherwise: Otherwise,
    ) -> Asking {
        let is_bare = otherwise == Otherwise::Bare;
        let is_apt = match otherwise {
            Otherwise::Made => self.scenery().is_some_and(|scenery| {
                identity.as_deref().is_none_or(|identity| self.is_possible(scenery, identity))
            }),
            Otherwise::Bare => self.writing().is_some_and(|writing| writing.location.is_some()),
            Otherwise::Another => false,
        };
        if !is_apt || self.writing().is_none() {
            return Asking::Nothing;
        }
        let template = &self.world.document.operations[self.found().actions[self.action].operation].path;
        let prefix = location::prefix(sent.path, template).into();
        let what = What::Sent { identity, prefix, is_bare };
        Asking::Found(Box::new(Asked { parents, what, lines: Vec::new() }))
    }

    /// Appends the body.
    pub(crate) fn write(&self, asked: &Asked, out: &mut Vec<u8>) {
        if let What::Made(body) = &asked.what {
            out.extend_from_slice(body);
            return;
        }
        match self.scenery() {
            Some(scenery) => scenery.write(&self.world.document.schemas, &asked.parents, &asked.what, out),
            None => out.extend_from_slice(b"null"),
        }
    }
}

/// The value of a variable of the path.
fn value(sent: &Sent<'_>, name: &str) -> Option<Box<str>> {
    let index = sent.names.iter().position(|known| **known == *name)?;
    let raw = sent.captures.get(index, sent.path)?;
    String::from_utf8(decoded(raw).collect()).ok().map(Into::into)
}
