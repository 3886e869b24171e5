//! A request's body joined to the entity that it is about, as far as the answer's schema lets it.

use bumpalo::Bump;
use mocker_schema::generate::Key;
use mocker_schema::validate::{Direction, Instance, Num};
use mocker_schema::{SchemaId, Schemas};

use super::kind::{Scene, fitting};
use super::merging::Merging;
use super::overlay::{Laid, Overlay};
use super::scenery::Scenery;
use super::sift::is_equal;
use super::site::{Asked, Site, What};
use super::writing::{Column, Writing};
use crate::limits::{MAX_FRESH_TRIES, MAX_JSON_DEPTH, MAX_SCHEMA_VISITS, MAX_SHOWN_DEPTH};
use crate::request::Value;
use crate::request::body::Bench;
use crate::resources;

/// What a request sends.
pub(crate) struct Received<'m, 'b> {
    /// `None` where nothing could be read
    pub(crate) value: Option<Value<'b>>,
    pub(crate) bytes: &'m [u8],
    /// Whether it is a JSON Merge Patch (RFC 7396)
    pub(crate) is_patch: bool,
}

/// What becomes of a member whose value breaks its schema.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Manner {
    /// It is answered as it was sent
    AsSent,
    /// Objects are completed from the record; what breaks its schema even so is the record's
    Fitted,
}

/// Entities that are tried for one that can have what the client sent, where they come in several forms.
const FORMS: u64 = 4;

struct Hearing<'h, 'b> {
    schemas: &'h Schemas,
    writing: &'h Writing,
    scene: &'h Scene<'h>,
    parents: &'h [Box<str>],
    /// What the client sent of the entity
    members: &'b [(&'b str, Value<'b>)],
    is_patch: bool,
}

impl Site {
    /// What a body makes of what was asked.
    pub(crate) fn hear<'b>(
        &self,
        asked: Asked,
        received: &Received<'_, 'b>,
        bench: &mut Bench<'_, 'b>,
    ) -> Asked {
        let (What::Sent { identity, prefix, is_bare }, Some(writing)) = (&asked.what, self.writing()) else {
            return asked;
        };
        let schemas = &self.world.document.schemas;
        let scene = writing.scene(schemas, &asked.parents);
        let hearing = Hearing {
            schemas,
            writing,
            scene: &scene,
            parents: &asked.parents,
            members: writing.members(received.value),
            is_patch: received.is_patch,
        };
        let identities = hearing.identities(identity.as_deref(), received.bytes);
        let scenery = self.scenery().filter(|_| !is_bare);
        let (identity, body) = match scenery {
            Some(scenery) => hearing.body(scenery, &identities, bench),
            None => (&*identities[0], Vec::new()),
        };
        let line = writing.location.as_ref().map(|place| place.line(prefix, &asked.parents, identity));
        let lines = line.unwrap_or_default();
        Asked { what: What::Made(body), lines, ..asked }
    }
}

impl Writing {
    /// What the entities have in common; those of another resource's do not lie within the parents.
    fn scene(&self, schemas: &Schemas, parents: &[Box<str>]) -> Scene<'_> {
        Scene::new(schemas, &self.kind, if self.view.is_some() { &[] } else { parents })
    }

    /// What a body says of the entity.
    fn members<'b>(&self, body: Option<Value<'b>>) -> &'b [(&'b str, Value<'b>)] {
        let inner = self.way().iter().try_fold(body, |value, name| value.map(|value| value.get(name)));
        match (inner.flatten(), body) {
            (Some(Value::Object(members)), _) | (_, Some(Value::Object(members))) => members,
            _ => &[],
        }
    }
}

impl<'b> Hearing<'_, 'b> {
    /// The identity that the path or the client gives, else such as no entity has; never empty.
    fn identities(&self, given: Option<&str>, bytes: &[u8]) -> Vec<String> {
        if let Some(known) = given.map(str::to_owned).or_else(|| self.chosen()) {
            return vec![known];
        }
        let base = self.parents.iter().fold(self.scene.base, |key, parent| key.with(parent.as_bytes()));
        let key = base.with(b"created").with(bytes);
        let count = if self.writing.kind.matter.record.has_several_forms() { FORMS } else { 1 };
        (0..count).map(|number| self.fresh(key.with_number(number))).collect()
    }

    /// What the client wants it to be.
    fn chosen(&self) -> Option<String> {
        let writing = self.writing;
        let property = writing.takes_identity.then_some(&writing.property)?;
        let own = property.iter().try_fold(Value::Object(self.members), |value, name| value.get(name))?;
        let text = match own {
            Value::String(text) => text.to_owned(),
            Value::Number(Num::Integer(number)) => number.to_string(),
            _ => return None,
        };
        let is_apt = !matches!(&*text, "" | "." | "..")
            && fitting(self.schemas, writing.identity, &text).is_some()
            && writing.kind.matter.codec.value(&text).is_some();
        is_apt.then_some(text)
    }

    /// An identity that no entity has; of what is another resource's, one of an entity that names the parent.
    fn fresh(&self, key: Key) -> String {
        let kind = &self.writing.kind;
        let at = |step| kind.matter.fresh(key, step);
        let named = self.writing.view.zip(self.parents.last()).and_then(|(column, parent)| {
            let mut bytes = Vec::new();
            let mut names = |identity: &String| {
                bytes.clear();
                kind.value(self.scene, identity, column, &mut bytes) && is_equal(&bytes, parent)
            };
            (0..MAX_FRESH_TRIES).map_while(at).find(|identity| names(identity))
        });
        named.or_else(|| at(0)).unwrap_or_else(|| kind.matter.some(key))
    }

    /// The body, and of which of the identities it is.
    fn body<'i>(
        &self,
        scenery: &Scenery,
        identities: &'i [String],
        bench: &mut Bench<'_, 'b>,
    ) -> (&'i str, Vec<u8>) {
        let mut out = Vec::new();
        let first = identities.first().map_or("", String::as_str);
        if !self.members.is_empty() {
            let sent = identities.iter().map(|identity| (&**identity, Manner::AsSent));
            for (identity, manner) in sent.chain([(first, Manner::Fitted)]) {
                out.clear();
                let overlay = self.overlay(identity, manner, bench);
                scenery.write_over(self.scene, identity, &overlay, &mut out);
                if bench.obeys(scenery.schema, &out) {
                    return (identity, out);
                }
            }
        }
        let mut last = first;
        for identity in identities {
            last = identity;
            out.clear();
            scenery.write_over(self.scene, identity, &self.plain(identity, bench), &mut out);
            if identities.len() == 1 || bench.obeys(scenery.schema, &out) {
                break;
            }
        }
        (last, out)
    }

    /// What the path says of the entity, where its record says something else.
    fn plain(&self, identity: &str, bench: &Bench<'_, 'b>) -> Overlay<'b> {
        let kind = &self.writing.kind;
        let mut overlay = Overlay::new(kind.matter.record.names().len());
        if let Some((column, is_set)) = self.writing.done {
            overlay.lay(column, Laid::Value(Value::Bool(is_set)));
        }
        if let (Some(column), Some(parent)) = (self.writing.view, self.parents.last()) {
            let mut own = Vec::new();
            kind.value(self.scene, identity, column, &mut own);
            if !is_equal(&own, parent) {
                let number = (own.first() != Some(&b'"')).then(|| parent.parse::<i64>().ok()).flatten();
                let text = || Value::String(bench.arena.alloc_str(parent));
                let value = number.map_or_else(text, |number| Value::Number(Num::Integer(number.into())));
                overlay.lay(column, Laid::Value(value));
            }
        }
        overlay
    }

    fn overlay(&self, identity: &str, manner: Manner, bench: &mut Bench<'_, 'b>) -> Overlay<'b> {
        let mut overlay = self.plain(identity, bench);
        let is_sent = |name: &str| self.members.iter().any(|(known, _)| *known == name);
        for (name, value) in self.members {
            match self.writing.column(self.schemas, name) {
                (_, Some(column)) if column.is_closed => {}
                // it is sent by its own name too
                (own, Some(_)) if own != *name && is_sent(own) => {}
                (own, Some(column)) => {
                    let laid = self.laid(own, column, *value, (identity, manner), bench);
                    overlay.lay(column.index, laid);
                }
                (_, None) => {
                    let is_erased = self.is_patch && matches!(value, Value::Null);
                    let is_apt = manner == Manner::AsSent || self.fits(name, *value);
                    if is_apt && !is_erased && self.writing.is_echoed(self.schemas, name) {
                        overlay.add(name, *value);
                    }
                }
            }
        }
        overlay
    }

    /// What becomes of a column of which the client sent `value`.
    fn laid(
        &self,
        name: &str,
        column: &Column,
        value: Value<'b>,
        (identity, manner): (&str, Manner),
        bench: &mut Bench<'_, 'b>,
    ) -> Laid<'b> {
        let removes = self.is_patch;
        let described: Vec<SchemaId> = self.writing.described(self.schemas, name).collect();
        let value = shown(self.schemas, &described, value, MAX_SHOWN_DEPTH, bench.arena);
        if removes && matches!(value, Value::Null) {
            return match column.is_required {
                false => Laid::Gone,
                true if self.fits(name, value) => Laid::Value(value),
                true => Laid::Nothing,
            };
        }
        let mut over = |value: Value<'b>, depth: usize| {
            let base = self.own(column, identity, bench);
            Merging { removes, depth }.merged(base, column.without_kept(value, bench), bench.arena)
        };
        let value = match value {
            Value::Object(_) if removes => over(value, MAX_JSON_DEPTH),
            Value::Object(_) if column.is_merged => over(value, 1),
            _ => value,
        };
        if manner == Manner::AsSent || self.fits(name, value) {
            return Laid::Value(value);
        }
        match over(value, MAX_JSON_DEPTH) {
            completed if self.fits(name, completed) => Laid::Value(completed),
            _ => Laid::Nothing,
        }
    }

    /// What the record has in a column.
    fn own(&self, column: &Column, identity: &str, bench: &mut Bench<'_, 'b>) -> Value<'b> {
        let mut bytes = Vec::new();
        self.writing.kind.value(self.scene, identity, column.index, &mut bytes);
        bench.read(&bytes).unwrap_or(Value::Null)
    }

    /// Whether a member may have a value, as far as its own schema says.
    fn fits(&self, name: &str, value: Value<'b>) -> bool {
        let mut described = self.writing.described(self.schemas, name).peekable();
        described.peek().is_none()
            || described.any(|schema| self.schemas.is_valid(schema, value, Direction::Response))
    }
}

/// What of a value answers may have: without members that are `writeOnly`, as deep as that is looked for.
fn shown<'b>(
    schemas: &Schemas,
    described: &[SchemaId],
    value: Value<'b>,
    depth: usize,
    arena: &'b Bump,
) -> Value<'b> {
    let (Value::Object(members), true) = (value, depth > 0) else { return value };
    let inner = |name: &str| -> Vec<SchemaId> {
        let named = described.iter().flat_map(|id| resources::declared(schemas, *id));
        named.filter(|(known, _)| *known == name).map(|(_, id)| id).take(MAX_SCHEMA_VISITS).collect()
    };
    let left = members.iter().filter_map(|(name, value)| {
        let described = inner(name);
        let is_hidden = described.iter().any(|id| schemas.is_write_only(*id));
        (!is_hidden).then(|| (*name, shown(schemas, &described, *value, depth - 1, arena)))
    });
    Value::Object(bumpalo::collections::Vec::from_iter_in(left, arena).into_bump_slice())
}

impl Column {
    /// An object without the members that are the server's to say.
    fn without_kept<'b>(&self, value: Value<'b>, bench: &Bench<'_, 'b>) -> Value<'b> {
        let Value::Object(members) = value else { return value };
        let is_kept = |name: &str| self.kept.iter().any(|kept| **kept == *name);
        let left = members.iter().filter(|(name, _)| !is_kept(name)).copied();
        match self.kept.is_empty() {
            true => value,
            false => {
                Value::Object(bumpalo::collections::Vec::from_iter_in(left, bench.arena).into_bump_slice())
            }
        }
    }
}
