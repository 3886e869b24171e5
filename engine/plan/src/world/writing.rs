//! What an operation that is sent entities makes of them: what of a client's it takes, and where the rest comes from.

use std::collections::HashMap;
use std::sync::Arc;

use mocker_openapi::Document;
use mocker_openapi::model::Method;
use mocker_schema::validate::Direction;
use mocker_schema::{SchemaId, Schemas, Types};

use super::kind::Kind;
use super::location::Location;
use super::site::Site;
use crate::composition::parts;
use crate::media::{self, Kind as Media};
use crate::resources::{self, Place, Step, squashed};

/// What becomes of what clients send of one entity.
#[derive(Debug)]
pub(super) struct Writing {
    pub(super) kind: Arc<Kind>,
    /// The column that names the parent, where the entities are another resource's
    pub(super) view: Option<usize>,
    /// Where a body has what is sent of the entity; it may be the body itself all the same
    way: Box<[Box<str>]>,
    /// Where an entity has its identity
    pub(super) property: Box<[Box<str>]>,
    /// Schema of the identity
    pub(super) identity: SchemaId,
    /// Whether the client may choose it
    pub(super) takes_identity: bool,
    columns: HashMap<Arc<str>, Column>,
    /// Names of columns by their words, where only one has them
    by_words: HashMap<String, Option<Arc<str>>>,
    /// A column that the name of the operation decides: `favorited` of `POST /articles/{slug}/favorite`
    pub(super) done: Option<(usize, bool)>,
    /// Of the entity as it is answered; `None` where the answer has no body
    pub(super) entity: Option<SchemaId>,
    /// What members are of that no property describes, where the author says that there may be any
    rest: Option<SchemaId>,
    pub(super) location: Option<Location>,
}

/// How a member is taken that has a column.
#[derive(Clone, Debug)]
pub(super) struct Column {
    pub(super) index: usize,
    /// It is the server's to say
    pub(super) is_closed: bool,
    /// The entity has to have it
    pub(super) is_required: bool,
    /// An object of which the record has more than what clients send
    pub(super) is_merged: bool,
    /// Names in that object which are the server's to say
    pub(super) kept: Box<[Arc<str>]>,
}

/// Objects in which some APIs have the properties of their entities, and some things of their own.
const HOLDERS: [&str; 2] = ["attributes", "metadata"];

impl Writing {
    /// What `site` makes of them; `None` where its resource cannot be written.
    pub(super) fn compile(site: &Site) -> Option<Writing> {
        let schemas = &site.world.document.schemas;
        let (kind, view) = site.kind()?;
        let found = &site.world.resources.found[site.subject().0];
        let identity = found.identity.as_ref()?;
        let entity = site.scenery().map(|scenery| scenery.entity);
        let action = &site.found().actions[site.action];
        let sent = sent(site, action.operation);
        let members = action.body.iter().flat_map(|way| &way.0).filter_map(|step| match step {
            Step::Member(name) => Some(name.clone()),
            Step::Only => None,
        });
        let members: Box<[Box<str>]> = members.collect();
        let inner = sent.and_then(|sent| resources::at(schemas, sent, &members));
        let is_whole = sent.zip(entity).is_some_and(|(sent, entity)| {
            resources::target(schemas, sent) == resources::target(schemas, entity)
        });
        let way = if inner.is_some() && !is_whole { members } else { Box::default() };
        let sent = if way.is_empty() { sent } else { inner };
        let takes_identity = match sent {
            Some(sent) => resources::at(schemas, sent, &identity.property),
            None => Some(identity.schema),
        };
        let takes_identity = takes_identity.is_some_and(|schema| !schemas.is_read_only(schema))
            && !schemas.is_read_only(identity.schema);
        let described: Vec<SchemaId> = [entity, sent, Some(found.entity)].into_iter().flatten().collect();
        let columns = columns(schemas, &kind, view, entity, &described);
        let mut by_words: HashMap<String, Option<Arc<str>>> = HashMap::new();
        for name in columns.keys() {
            let known = by_words.entry(squashed(name));
            known.and_modify(|known| *known = None).or_insert_with(|| Some(Arc::clone(name)));
        }
        Some(Writing {
            done: done(&site.world.document, action.operation, entity, &columns),
            columns,
            by_words,
            way,
            property: identity.property.clone().into(),
            identity: identity.schema,
            takes_identity,
            rest: entity.and_then(|entity| rest(schemas, entity)),
            entity,
            location: Location::find(site),
            kind,
            view,
        })
    }

    /// The column that a client means by a name, and what it is called: where nothing has that name, the one that has
    /// its words.
    pub(super) fn column<'n>(&'n self, schemas: &Schemas, name: &'n str) -> (&'n str, Option<&'n Column>) {
        if let Some(column) = self.columns.get(name) {
            return (name, Some(column));
        }
        let has_property = self.entity.is_some_and(|id| resources::property(schemas, id, name).is_some());
        let meant = self.by_words.get(&squashed(name)).and_then(Option::as_ref).filter(|_| !has_property);
        match meant {
            Some(meant) => (meant, self.columns.get(meant)),
            None => (name, None),
        }
    }

    /// Where a body has the entity.
    pub(super) fn way(&self) -> &[Box<str>] {
        &self.way
    }

    /// Whether a member without a column is answered.
    pub(super) fn is_echoed(&self, schemas: &Schemas, name: &str) -> bool {
        let Some(entity) = self.entity else { return false };
        match resources::property(schemas, entity, name) {
            Some(property) => !schemas.is_read_only(property) && !schemas.is_write_only(property),
            None => self.rest.is_some(),
        }
    }

    /// Schemas that say what a member is.
    pub(super) fn described<'s>(
        &'s self,
        schemas: &'s Schemas,
        name: &'s str,
    ) -> impl Iterator<Item = SchemaId> + 's {
        let objects = parts(schemas, self.entity).filter_map(|schema| schema.object.as_deref());
        let mut own = objects.filter_map(|rules| rules.property(name)).peekable();
        let rest = if own.peek().is_none() { self.rest } else { None };
        own.chain(rest)
    }
}

/// Schema of what is sent, where it is read.
fn sent(site: &Site, operation: usize) -> Option<SchemaId> {
    let body = site.world.document.operations[operation].request_body.as_deref()?;
    let is_read =
        |name: &str| matches!(media::kind(&media::concrete(name, false, false)), Media::Json | Media::Form);
    body.content.iter().filter(|media| is_read(&media.name)).find_map(|media| media.schema)
}

/// The flag that an operation sets by its name, or takes away: `DELETE`, `unfavorite`.
fn done(
    document: &Document,
    operation: usize,
    entity: Option<SchemaId>,
    columns: &HashMap<Arc<str>, Column>,
) -> Option<(usize, bool)> {
    let operation = &document.operations[operation];
    let place = Place::parse(&operation.path);
    let word = squashed(place.action()?.1);
    let (stem, is_undone) = match word.strip_prefix("un") {
        Some(stem) if !stem.is_empty() => (stem, true),
        _ => (&*word, false),
    };
    let is_set = is_undone == (operation.method == Method::Delete);
    let schemas = &document.schemas;
    let is_flag = |name: &str| {
        let property = entity.and_then(|entity| resources::property(schemas, entity, name));
        property.is_some_and(|id| {
            let types = resources::types(schemas, id);
            types != Types::ANY
                && types.intersects(Types::BOOLEAN)
                && schemas.is_valid(id, &serde_json::Value::Bool(is_set), Direction::Response)
        })
    };
    let found = |form: &String| {
        let called = |(name, _): &(&Arc<str>, &Column)| {
            let name = squashed(name);
            name == *form || name.strip_prefix("is") == Some(form)
        };
        let mut named = columns.iter().filter(called);
        named
            .next()
            .filter(|(name, _)| named.next().is_none() && is_flag(name))
            .map(|(_, column)| column.index)
    };
    flags(stem).iter().find_map(found).map(|index| (index, is_set))
}

/// What is so when something is done: `favorited`, `starred`, `following`.
fn flags(stem: &str) -> [String; 5] {
    let short = stem.strip_suffix('e').unwrap_or(stem);
    let last = stem.chars().last().map(String::from).unwrap_or_default();
    [
        format!("{short}ed"),
        format!("{stem}{last}ed"),
        format!("{short}ing"),
        format!("{stem}{last}ing"),
        stem.to_owned(),
    ]
}

fn columns(
    schemas: &Schemas,
    kind: &Kind,
    view: Option<usize>,
    entity: Option<SchemaId>,
    described: &[SchemaId],
) -> HashMap<Arc<str>, Column> {
    let column = |(index, name): (usize, &Arc<str>)| {
        let properties = described.iter().filter_map(|root| resources::property(schemas, *root, name));
        let is_read_only = properties.into_iter().any(|schema| schemas.is_read_only(schema));
        let property = entity.and_then(|entity| resources::property(schemas, entity, name));
        let has_properties =
            property.is_some_and(|property| !resources::properties(schemas, property).is_empty());
        let is_holder = HOLDERS.contains(&&**name) && has_properties;
        let kept: Box<[Arc<str>]> = kind.places_inside(index).into();
        let column = Column {
            index,
            is_closed: is_read_only || property.is_none() || kind.is_its_place(index) || view == Some(index),
            is_required: entity.is_some_and(|entity| resources::requires(schemas, entity, name)),
            is_merged: is_holder || !kept.is_empty(),
            kept,
        };
        (Arc::clone(name), column)
    };
    kind.matter.record.names().iter().enumerate().map(column).collect()
}

/// What stands under `additionalProperties`, where that is not `false`.
fn rest(schemas: &Schemas, entity: SchemaId) -> Option<SchemaId> {
    let mut objects = parts(schemas, Some(entity)).filter_map(|schema| schema.object.as_deref());
    objects.find_map(|rules| rules.additional).filter(|rest| schemas[*rest].types != Types::NONE)
}
