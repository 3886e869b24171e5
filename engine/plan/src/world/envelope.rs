//! What stands around the entities of an answer, and what of it says where among all entities the page lies.

mod origins;

use mocker_openapi::Document;
use mocker_schema::format::Format;
use mocker_schema::generate::{Key, Record};
use mocker_schema::validate::Direction;
use mocker_schema::{SchemaId, Types};
use serde_json::Value;

use crate::options::Options;
use crate::resources::{self, Step, squashed};

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

/// What a member says of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meta {
    Total,
    Limit,
    Offset,
    Page,
    Pages,
    HasMore,
    IsAt(To),
    HasPrevious,
    Cursor,
    Url {
        to: To,
        is_absolute: bool,
    },
    /// The page's number, as it is asked for
    Number {
        to: To,
        is_text: bool,
    },
}

/// Another page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum To {
    Next,
    Previous,
    First,
    Last,
}

/// A page, as those around it tell of it.
pub(super) trait Page {
    fn total(&self) -> u64;
    fn offset(&self) -> u64;
    fn limit(&self) -> u64;
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

const TOTALS: [&str; 9] = [
    "total",
    "totalcount",
    "totalitems",
    "totalresults",
    "totalelements",
    "totalsize",
    "totalrecords",
    "totalhits",
    "count",
];
const LIMITS: [&str; 5] = ["limit", "pagesize", "perpage", "maxresults", "itemsperpage"];
const OFFSETS: [&str; 4] = ["offset", "skip", "startindex", "startat"];
const PAGES: [&str; 3] = ["page", "pagenumber", "currentpage"];
const COUNTS: [&str; 4] = ["totalpages", "pagecount", "lastpage", "numpages"];
const CURSORS: [&str; 7] = [
    "nextpagetoken",
    "nextcursor",
    "nexttoken",
    "continuationtoken",
    "endcursor",
    "nextpagecursor",
    "continue",
];
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
}

impl Recipe<'_> {
    /// The envelope of schema `root`, with the entities where `way` leads; `None` where they cannot stand there.
    pub(super) fn envelope(&self, root: SchemaId, way: &[Step]) -> Option<Envelope> {
        self.at(root, Some(way), None, 0)
    }

    fn at(&self, root: SchemaId, way: Option<&[Step]>, of: Option<To>, depth: usize) -> Option<Envelope> {
        let schemas = &self.document.schemas;
        let generate = self.options.generation(Direction::Response);
        let record = Record::compile(schemas, &[root], &generate).ok()?;
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
                        let envelope = Box::new(self.at(schema, Some(rest), None, depth + 1)?);
                        Some(Slot::Inside { envelope, of: None, is_required: true })
                    }
                },
                _ if self.tells_pages => self.slot(schema, name, of, is_required, depth),
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

    fn slot(
        &self,
        schema: SchemaId,
        name: &str,
        of: Option<To>,
        is_required: bool,
        depth: usize,
    ) -> Option<Slot> {
        let schemas = &self.document.schemas;
        let types = resources::types(schemas, schema);
        let squashed = squashed(name);
        let link = link(&squashed).filter(|_| self.is_paged);
        if types != Types::ANY && types.intersects(Types::OBJECT) {
            let is_holder = HOLDERS.contains(&&*squashed) || link.is_some();
            let inner =
                (is_holder && depth < DEPTH).then(|| self.at(schema, None, link, depth + 1)).flatten()?;
            let of = link.map(|to| Meta::Url { to, is_absolute: false });
            return Some(Slot::Inside { envelope: Box::new(inner), of, is_required });
        }
        let meta = self.meta(schema, types, &squashed, of)?;
        let admits = |value: Value| schemas.is_valid(schema, &value, Direction::Response);
        let admits_null = admits(Value::Null);
        // what has to be a page's number is one where there is no such page too
        if matches!(meta, Meta::Number { to: To::Next | To::Previous, is_text: false })
            && is_required
            && !admits_null
        {
            return None;
        }
        Some(Slot::Meta { meta, admits_null, is_required })
    }

    fn meta(&self, schema: SchemaId, types: Types, name: &str, of: Option<To>) -> Option<Meta> {
        let schemas = &self.document.schemas;
        let is = |names: &[&str]| names.contains(&name);
        let is_text = types.intersects(Types::STRING) && types != Types::ANY;
        let is_whole = types.intersects(Types::INTEGER) && types != Types::ANY;
        if let Some(to) = numbered(name).filter(|_| self.is_numbered && (is_text || is_whole)) {
            let is_url = resources::branches(schemas, schema).iter().any(|id| schemas[*id].format.is_some());
            if !is_text || !is_url {
                return Some(Meta::Number { to, is_text });
            }
        }
        if let (Some(to), true) = (of.filter(|_| is(&["href", "url"])).or_else(|| link(name)), is_text) {
            let is_absolute = resources::branches(schemas, schema)
                .iter()
                .any(|id| schemas[*id].format == Some(Format::Uri));
            return self.is_paged.then_some(Meta::Url { to, is_absolute });
        }
        if is_whole {
            return match () {
                () if is(&TOTALS) => Some(Meta::Total),
                () if is(&LIMITS) => Some(Meta::Limit),
                () if is(&OFFSETS) => Some(Meta::Offset),
                () if is(&PAGES) => Some(Meta::Page),
                () if is(&COUNTS) => Some(Meta::Pages),
                () => None,
            };
        }
        if types.intersects(Types::BOOLEAN) && types != Types::ANY {
            return match name {
                "hasmore" | "hasnext" | "hasnextpage" | "more" => Some(Meta::HasMore),
                "hasprevious" | "hasprev" | "hasprevpage" | "haspreviouspage" => Some(Meta::HasPrevious),
                "islast" | "islastpage" | "last" | "lastpage" => Some(Meta::IsAt(To::Last)),
                "isfirst" | "isfirstpage" | "first" | "firstpage" => Some(Meta::IsAt(To::First)),
                _ => None,
            };
        }
        // where no cursor can be sent, there is never a page behind
        (is_text && is(&CURSORS)).then_some(Meta::Cursor)
    }
}

/// The page that a member of this name leads to.
fn link(name: &str) -> Option<To> {
    let stem = ["pageurl", "pageuri", "url", "uri", "link", "href", "page"]
        .iter()
        .find_map(|ending| name.strip_suffix(ending).filter(|stem| !stem.is_empty()))
        .unwrap_or(name);
    match stem {
        "next" => Some(To::Next),
        "previous" | "prev" => Some(To::Previous),
        "first" => Some(To::First),
        "last" => Some(To::Last),
        _ => None,
    }
}

/// The page whose number a member of this name is.
fn numbered(name: &str) -> Option<To> {
    link(name).filter(|_| name.ends_with("page"))
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

impl Meta {
    fn is_there(self, page: &dyn Page) -> bool {
        match self {
            Meta::Url { to, .. } | Meta::Number { to, .. } => page.start(to).is_some(),
            Meta::Cursor => page.start(To::Next).is_some(),
            _ => true,
        }
    }

    fn write(self, page: &dyn Page, admits_null: bool, out: &mut Vec<u8>) -> bool {
        let number = match self {
            Meta::Total => page.total(),
            Meta::Limit => page.limit(),
            Meta::Offset => page.offset(),
            Meta::Page => page.number(),
            Meta::Pages => page.total().div_ceil(page.limit().max(1)),
            Meta::HasMore | Meta::HasPrevious | Meta::IsAt(_) => {
                let is_so = match self {
                    Meta::HasMore => page.start(To::Next).is_some(),
                    Meta::IsAt(To::Last) => page.start(To::Next).is_none(),
                    Meta::IsAt(_) => page.start(To::Previous).is_none(),
                    _ => page.start(To::Previous).is_some(),
                };
                out.extend_from_slice(if is_so { b"true" } else { b"false" });
                return true;
            }
            Meta::Number { to, is_text: false } => match page.start(to).and_then(|start| page.page(start)) {
                Some(number) => number,
                None => {
                    out.extend_from_slice(b"null");
                    return true;
                }
            },
            Meta::Cursor | Meta::Url { .. } | Meta::Number { .. } => {
                return self.write_text(page, admits_null, out);
            }
        };
        out.extend_from_slice(number.to_string().as_bytes());
        true
    }

    fn write_text(self, page: &dyn Page, admits_null: bool, out: &mut Vec<u8>) -> bool {
        let text = match self {
            Meta::Url { to, is_absolute } => page.start(to).map(|offset| page.url(offset, is_absolute)),
            Meta::Number { to, .. } => {
                page.start(to).and_then(|start| page.page(start)).map(|page| page.to_string())
            }
            _ => page.start(To::Next).and_then(|start| page.cursor(start)),
        };
        match text {
            // Writing to memory does not fail.
            Some(text) => drop(serde_json::to_writer(out, &text)),
            None if admits_null => out.extend_from_slice(b"null"),
            None => out.extend_from_slice(b"\"\""),
        }
        true
    }
}
