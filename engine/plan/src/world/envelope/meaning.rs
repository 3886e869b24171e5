//! What members of envelopes say of the page, by their names as far as their schemas admit it.

use mocker_schema::format::Format;
use mocker_schema::validate::Direction;
use mocker_schema::{SchemaId, Schemas, Types};
use serde_json::Value;

use super::{Page, Recipe};
use crate::resources;

/// What a member says of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meta {
    Total,
    /// How many entities the page has
    Count,
    Limit,
    Offset,
    /// The index of its last entity
    End,
    Page,
    Pages,
    HasMore,
    IsAt(To),
    HasPrevious,
    Cursor(To),
    /// The identity of its first or last entity
    Edge {
        is_last: bool,
        is_text: bool,
    },
    Url {
        to: To,
        is_absolute: bool,
    },
    /// The address of the list
    Own {
        has_query: bool,
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
pub(in crate::world) enum To {
    Next,
    Previous,
    First,
    Last,
}

/// What the object around a member is for.
#[derive(Clone, Copy, Default)]
pub(super) struct Around {
    /// The page that it is about
    pub(super) of: Option<To>,
    /// Whether it is for addresses
    pub(super) has_links: bool,
}

/// Where a member stands.
#[derive(Clone, Copy)]
pub(super) struct Spot {
    pub(super) around: Around,
    /// Whether it stands beside the list, or beside what has it
    pub(super) is_beside: bool,
    /// Whether something beside it says how many entities there are
    pub(super) has_total: bool,
    pub(super) is_required: bool,
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
const FIRSTS: [&str; 2] = ["firstid", "startcursor"];
const LASTS: [&str; 2] = ["lastid", "endcursor"];
/// Words for entities of any kind.
const NOUNS: [&str; 3] = ["item", "result", "record"];

/// Whether a member of this name says how many entities there are, whatever they are called.
pub(super) fn is_total(name: &str) -> bool {
    name != "count" && TOTALS.contains(&name)
}

impl Recipe<'_> {
    /// What a member of the squashed name says; `None` where it says nothing of pages or may not.
    pub(super) fn meta(&self, schema: SchemaId, types: Types, name: &str, spot: Spot) -> Option<Meta> {
        let is = |names: &[&str]| names.contains(&name);
        let is_text = types.intersects(Types::STRING) && types != Types::ANY;
        let is_whole = types.intersects(Types::INTEGER) && types != Types::ANY;
        if let Some(edge) = self.edge(schema, (is_text, is_whole), name, spot.is_required) {
            return Some(edge);
        }
        let has_number = |_: &To| {
            self.is_numbered
                && (is_whole || is_text)
                && !(is_text && is_format(&self.document.schemas, schema, |_| true))
        };
        if let Some(to) = numbered(name).filter(has_number) {
            return Some(Meta::Number { to, is_text });
        }
        if is_text {
            return match spot.around.of.filter(|_| is(&["href", "url"])).or_else(|| link(name)) {
                Some(to) => self.is_paged.then(|| self.way(schema, name, to, spot)),
                // where no cursor can be sent, there is never a page behind
                None if is(&CURSORS) => Some(Meta::Cursor(To::Next)),
                None => self.own(schema, name, spot),
            };
        }
        match () {
            () if is_whole => self.number(name, spot),
            () if types.intersects(Types::BOOLEAN) && types != Types::ANY => truth(name),
            () => None,
        }
    }

    fn number(&self, name: &str, spot: Spot) -> Option<Meta> {
        let is = |names: &[&str]| names.contains(&name);
        Some(match name {
            _ if is(&COUNTS) => Meta::Pages,
            _ if is_total(name) => Meta::Total,
            _ if name == "count" || self.counts(name) => match spot.has_total {
                true => Meta::Count,
                false => Meta::Total,
            },
            _ if is(&LIMITS) => Meta::Limit,
            _ if is(&OFFSETS) => Meta::Offset,
            "start" if self.is_paged => Meta::Offset,
            "end" if self.is_paged => Meta::End,
            _ if is(&PAGES) => Meta::Page,
            _ => return None,
        })
    }

    /// `articlesCount`, `totalArticles`, `number_of_articles`.
    fn counts(&self, name: &str) -> bool {
        let bare =
            ["total", "count", "numberof", "num", "nb"].iter().find_map(|first| name.strip_prefix(first));
        let ended = ["count", "total"].iter().find_map(|last| name.strip_suffix(last));
        let mut nouns = bare.into_iter().chain(ended).chain(bare.and_then(|bare| bare.strip_suffix("count")));
        nouns.any(|noun| {
            let one = resources::singular(noun);
            NOUNS.contains(&&*one) || self.nouns.iter().any(|known| *known == noun || *known == one)
        })
    }

    /// The identity of an entity at the page's edge, where the schema admits one and the lack of one.
    fn edge(
        &self,
        schema: SchemaId,
        (is_text, is_whole): (bool, bool),
        name: &str,
        is_required: bool,
    ) -> Option<Meta> {
        let is_last = LASTS.contains(&name);
        let is_cursor = name.ends_with("cursor");
        let is_asked = (is_last || FIRSTS.contains(&name)) && (!is_cursor || self.takes_identities);
        let identity = match is_text {
            true => Value::from(self.identity),
            false => Value::from(self.identity.parse::<i64>().ok().filter(|_| is_asked && is_whole)?),
        };
        let admits = |value: &Value| self.document.schemas.is_valid(schema, value, Direction::Response);
        let may_lack = !is_required || admits(&Value::Null) || is_text && admits(&Value::from(""));
        (is_asked && admits(&identity) && may_lack).then_some(Meta::Edge { is_last, is_text })
    }

    /// How another page is told: by its cursor where that alone can be asked for and nothing speaks of an address.
    fn way(&self, schema: SchemaId, name: &str, to: To, spot: Spot) -> Meta {
        let is_bare = matches!(name, "next" | "previous" | "prev" | "first" | "last");
        let is_address = |format| matches!(format, Format::Uri | Format::UriReference);
        let schemas = &self.document.schemas;
        let looks_like_one = resources::branches(schemas, schema).iter().any(|id| {
            let examples = schemas[*id].notes.as_deref().into_iter().flat_map(|notes| notes.examples.iter());
            examples.filter_map(Value::as_str).any(|text| text.contains('/'))
        });
        let is_url = !is_bare
            || spot.around.has_links
            || spot.around.of.is_some()
            || looks_like_one
            || is_format(schemas, schema, is_address);
        match self.is_by_cursor && !is_url {
            true => Meta::Cursor(to),
            false => {
                Meta::Url { to, is_absolute: is_format(schemas, schema, |format| format == Format::Uri) }
            }
        }
    }

    /// The address of the list itself, where the schema admits every one that it can have.
    fn own(&self, schema: SchemaId, name: &str, spot: Spot) -> Option<Meta> {
        let is_own = matches!(name, "url" | "uri" | "href" | "path" | "self");
        if !is_own || !(spot.is_beside || spot.around.has_links && name == "self") {
            return None;
        }
        let schemas = &self.document.schemas;
        let is_absolute = is_format(schemas, schema, |format| format == Format::Uri);
        let origin = if is_absolute { "http://a.b" } else { "" };
        let admits = |path: &String| {
            schemas.is_valid(schema, &Value::from(format!("{origin}{path}")), Direction::Response)
        };
        let has_query = matches!(name, "href" | "self");
        self.paths.iter().all(admits).then_some(Meta::Own { has_query, is_absolute })
    }
}

fn truth(name: &str) -> Option<Meta> {
    match name {
        "hasmore" | "hasnext" | "hasnextpage" | "more" => Some(Meta::HasMore),
        "hasprevious" | "hasprev" | "hasprevpage" | "haspreviouspage" => Some(Meta::HasPrevious),
        "islast" | "islastpage" | "last" | "lastpage" => Some(Meta::IsAt(To::Last)),
        "isfirst" | "isfirstpage" | "first" | "firstpage" => Some(Meta::IsAt(To::First)),
        _ => None,
    }
}

fn is_format(schemas: &Schemas, schema: SchemaId, is: impl Fn(Format) -> bool) -> bool {
    resources::branches(schemas, schema).iter().any(|id| schemas[*id].format.is_some_and(&is))
}

/// The page that a member of this name leads to.
pub(super) fn link(name: &str) -> Option<To> {
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

impl Meta {
    pub(super) fn is_there(self, page: &dyn Page) -> bool {
        match self {
            Meta::Url { to, .. } | Meta::Number { to, .. } => page.start(to).is_some(),
            Meta::Cursor(to) => page.start(to).is_some(),
            Meta::Edge { is_last, .. } => page.edge(is_last).is_some(),
            _ => true,
        }
    }

    pub(super) fn write(self, page: &dyn Page, admits_null: bool, out: &mut Vec<u8>) -> bool {
        let number = match self {
            Meta::Total => page.total(),
            Meta::Count => page.count(),
            Meta::Limit => page.limit(),
            Meta::Offset => page.offset(),
            Meta::End => page.offset().saturating_add(page.count().saturating_sub(1)),
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
            Meta::Edge { is_last, is_text: false } => {
                out.extend_from_slice(page.edge(is_last).unwrap_or("null").as_bytes());
                return true;
            }
            Meta::Cursor(_)
            | Meta::Url { .. }
            | Meta::Own { .. }
            | Meta::Edge { .. }
            | Meta::Number { .. } => {
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
            Meta::Own { has_query, is_absolute } => Some(page.own_url(has_query, is_absolute)),
            Meta::Edge { is_last, .. } => page.edge(is_last).map(str::to_owned),
            Meta::Cursor(to) => page.start(to).and_then(|start| page.cursor(start)),
            _ => None,
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
