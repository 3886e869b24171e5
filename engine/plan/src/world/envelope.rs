//! What stands around the entities of an answer, and what of it says where among all entities the page lies.

mod meaning;
mod origins;

use mocker_openapi::Document;
use mocker_schema::generate::{Key, Record};
use mocker_schema::validate::Direction;
use mocker_schema::{SchemaId, Types};
use serde_json::Value;

use crate::options::Options;
use crate::resources::{self, Step, squashed};
pub(super) use meaning::To;
use meaning::{Around, Meta, Spot, is_total, link};

/// An object around the entities.
#[derive(Debug)]
pub(super) struct Envelope {
    record: Record,
    slots: Box<[Option<Slot>]>,
}

#[derive(Debug)]
enum Slot {
    /// The entities, or the one entity
    Entities,
    /// A list of the one entity
    Only,
    Meta {
        meta: Meta,
        admits_null: bool,
        is_required: bool,
    },
    Inside {
        envelope: Box<Envelope>,
        of: Option<Meta>,
        is_required: bool,
    },
}

/// A page, as those around it tell of it.
pub(super) trait Page {
    fn total(&self) -> u64;
    fn offset(&self) -> u64;
    fn limit(&self) -> u64;
    /// Entities that it has
    fn count(&self) -> u64;
    /// The identity of its first or its last; `None` where it has none
    fn edge(&self, is_last: bool) -> Option<&str>;
    /// The address of the list, with what was asked of it or without
    fn own_url(&self, has_query: bool, is_absolute: bool) -> String;
    /// Number of the page, as clients count them
    fn number(&self) -> u64;
    /// Where another page begins; `None` where there is none
    fn start(&self, to: To) -> Option<u64>;
    /// The address of the page that begins at `offset`
    fn url(&self, offset: u64, is_absolute: bool) -> String;
    /// Its cursor; `None` where it needs none
    fn cursor(&self, offset: u64) -> Option<String>;
    /// Its number, as the client asks for it
    fn page(&self, offset: u64) -> Option<u64>;
}

/// Objects that may say where the page lies.
const HOLDERS: [&str; 7] = ["meta", "pagination", "paging", "page", "links", "metadata", "cursors"];

/// Objects of envelopes inside one another that are looked into.
const DEPTH: usize = 3;

/// What an envelope is compiled from.
pub(super) struct Recipe<'a> {
    pub(super) document: &'a Document,
    pub(super) options: &'a Options,
    /// Whether what its members say of pages is filled in
    pub(super) tells_pages: bool,
    /// Whether the list has pages at all, and whether they are asked for by number
    pub(super) is_paged: bool,
    pub(super) is_numbered: bool,
    /// Whether a cursor is all that asks for another page, and whether it may be an identity
    pub(super) is_by_cursor: bool,
    pub(super) takes_identities: bool,
    /// What the entities are called, one and many, squashed
    pub(super) nouns: Vec<String>,
    /// Addresses that the list can have
    pub(super) paths: Vec<String>,
    /// The identity of one
    pub(super) identity: &'a str,
}

impl Recipe<'_> {
    /// The envelope of schema `root`, with the entities where `way` leads; `None` where they cannot stand there.
    pub(super) fn envelope(&self, root: SchemaId, way: &[Step]) -> Option<Envelope> {
        self.at(root, Some(way), Around::default(), 0)
    }

    fn at(&self, root: SchemaId, way: Option<&[Step]>, around: Around, depth: usize) -> Option<Envelope> {
        let schemas = &self.document.schemas;
        let generate = self.options.generation(Direction::Response);
        let record = Record::compile(schemas, &[root], &generate).ok()?;
        let is_beside = way.is_some();
        let has_total = record.names().iter().any(|name| is_total(&squashed(name)));
        let mut slots: Vec<Option<Slot>> = Vec::new();
        for name in record.names() {
            let Some(schema) = resources::property(schemas, root, name) else {
                slots.push(None);
                continue;
            };
            let is_required = resources::requires(schemas, root, name);
            let slot = match way {
                Some([Step::Member(member), rest @ ..]) if **member == **name => match rest {
                    [] => Some(Slot::Entities),
                    [Step::Only] => Some(Slot::Only),
                    rest => {
                        let envelope = Box::new(self.at(schema, Some(rest), Around::default(), depth + 1)?);
                        Some(Slot::Inside { envelope, of: None, is_required: true })
                    }
                },
                _ if self.tells_pages => {
                    let spot = Spot { around, is_beside, has_total, is_required };
                    self.slot(schema, name, spot, depth)
                }
                _ => None,
            };
            slots.push(slot);
        }
        let is_reached = |slot: &Option<Slot>| {
            matches!(slot, Some(Slot::Entities | Slot::Only))
                || matches!(slot, Some(Slot::Inside { of: None, is_required: true, .. }))
        };
        let is_sound = way.is_none() || slots.iter().any(is_reached);
        is_sound.then(|| Envelope { record, slots: slots.into() })
    }

    fn slot(&self, schema: SchemaId, name: &str, spot: Spot, depth: usize) -> Option<Slot> {
        let schemas = &self.document.schemas;
        let types = resources::types(schemas, schema);
        let squashed = squashed(name);
        let is_required = spot.is_required;
        if types != Types::ANY && types.intersects(Types::OBJECT) {
            let link = link(&squashed).filter(|_| self.is_paged);
            let is_holder = HOLDERS.contains(&&*squashed) || link.is_some();
            let around = Around { of: link, has_links: squashed == "links" };
            let inner =
                (is_holder && depth < DEPTH).then(|| self.at(schema, None, around, depth + 1)).flatten()?;
            let of = link.map(|to| Meta::Url { to, is_absolute: false });
            return Some(Slot::Inside { envelope: Box::new(inner), of, is_required });
        }
        let meta = self.meta(schema, types, &squashed, spot)?;
        let admits_null = schemas.is_valid(schema, &Value::Null, Direction::Response);
        // what has to be a page's number is one where there is no such page too
        if matches!(meta, Meta::Number { to: To::Next | To::Previous, is_text: false })
            && is_required
            && !admits_null
        {
            return None;
        }
        Some(Slot::Meta { meta, admits_null, is_required })
    }
}

impl Envelope {
    /// Appends the envelope; `entities` appends what it is around.
    pub(super) fn write(
        &self,
        key: Key,
        page: Option<&dyn Page>,
        entities: &dyn Fn(&mut Vec<u8>),
        out: &mut Vec<u8>,
    ) {
        let keeps = |column: usize| match (&self.slots[column], page) {
            (Some(Slot::Meta { meta, admits_null: false, is_required: false }), Some(page)) => {
                meta.is_there(page)
            }
            (Some(Slot::Inside { of: Some(meta), is_required: false, .. }), Some(page)) => {
                meta.is_there(page)
            }
            _ => true,
        };
        self.record.write(key, out, keeps, |column, out| {
            match (&self.slots[column], page) {
                (Some(Slot::Entities), _) => entities(out),
                (Some(Slot::Only), _) => {
                    out.push(b'[');
                    entities(out);
                    out.push(b']');
                }
                (Some(Slot::Inside { envelope, .. }), _) => envelope.write(key, page, entities, out),
                (Some(Slot::Meta { meta, admits_null, .. }), Some(page)) => {
                    return meta.write(page, *admits_null, out);
                }
                _ => return false,
            }
            true
        });
    }
}
