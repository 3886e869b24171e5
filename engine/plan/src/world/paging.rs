//! Which entities a list gives: parameters of the query, recognised by their names among those that the operation declares.

use std::borrow::Cow;

use mocker_http::percent::decoded_form;
use mocker_openapi::model::{Operation, Place};
use mocker_schema::Schemas;

use super::address::{encoded, value_of};
use super::cursor::Cursor;
use super::matter::Matter;
use super::parameters::{
    cursor_of, default, first_page, is_number, is_scalar, is_text, takes_identities, wide,
};
use crate::limits::{MAX_PAGE, MAX_SORT};
use crate::resources::squashed;

/// Entities of a page where neither the client nor the document says how many.
pub(super) const PAGE: u64 = 20;

const LIMITS: [&str; 14] = [
    "limit",
    "pagesize",
    "perpage",
    "maxresults",
    "maxitems",
    "maxpagesize",
    "size",
    "count",
    "first",
    "top",
    "take",
    "rows",
    "pagelimit",
    "maxkeys",
];
const OFFSETS: [&str; 7] = ["offset", "skip", "start", "startindex", "startat", "pageoffset", "from"];
const PAGES: [&str; 5] = ["page", "pagenumber", "pageno", "pagenum", "currentpage"];
const CURSORS: [&str; 12] = [
    "cursor",
    "pagetoken",
    "nexttoken",
    "nextpagetoken",
    "after",
    "startingafter",
    "continuationtoken",
    "continue",
    "nextcursor",
    "marker",
    "pagecursor",
    "pageafter",
];
const SORTS: [&str; 4] = ["sort", "sortby", "orderby", "ordering"];
const DIRECTIONS: [&str; 4] = ["order", "direction", "sortorder", "sortdirection"];

/// Whether a client of this list may ask for more than its first page, as far as names tell.
pub(super) fn has_pages(list: &Operation) -> bool {
    let mut asked = list.parameters.iter().filter(|parameter| parameter.place == Place::Query);
    asked.any(|parameter| {
        let called = squashed(&parameter.name);
        [&OFFSETS[..], &PAGES[..], &CURSORS[..]].iter().any(|names| names.contains(&&*called))
    })
}

/// What the parameters of one list mean.
#[derive(Debug, Default)]
pub(super) struct Paging {
    limit: Option<Named>,
    offset: Option<Named>,
    /// With the number of the first page
    page: Option<(Named, u64)>,
    cursor: Option<(Named, Cursor)>,
    sort: Option<Named>,
    direction: Option<Named>,
    filters: Vec<Filter>,
    /// Whether the cursor may be an identity
    pub(super) takes_identities: bool,
    /// Entities of a page where the client does not say
    usual: u64,
}

/// A parameter of the query.
#[derive(Debug)]
struct Named {
    name: Box<str>,
}

/// A parameter that asks for what a column has.
#[derive(Debug)]
struct Filter {
    named: Named,
    column: usize,
    /// Values of the parameter that leave all entities
    wide: Box<[Box<str>]>,
    is_required: bool,
}

/// What a column must have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sought {
    pub(super) column: usize,
    pub(super) text: String,
    /// It says nothing where no entity has it: no client can leave it out
    pub(super) may_fail: bool,
}

/// Where another page begins, as clients say it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Way {
    /// Entities before it
    pub(super) start: u64,
    pub(super) query: String,
    /// Its cursor; `None` where it needs none
    pub(super) cursor: Option<String>,
    /// Its number, where pages are asked for by number
    pub(super) page: Option<u64>,
}

/// What a client asks of a list.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) offset: u64,
    pub(super) limit: u64,
    /// The identity behind which the page begins
    pub(super) behind: Option<String>,
    pub(super) filters: Vec<Sought>,
    /// A column, and whether the greatest comes first
    pub(super) sort: Option<(usize, bool)>,
}

impl Paging {
    /// What the parameters of `operation` mean; `most` is how many entities its answer can have.
    pub(super) fn of(schemas: &Schemas, operation: &Operation, matter: &Matter, most: Option<u64>) -> Paging {
        let mut paging = Paging::default();
        let mut usual = None;
        for parameter in operation.parameters.iter().filter(|parameter| parameter.place == Place::Query) {
            let called = squashed(&parameter.name);
            let is = |names: &[&str]| names.contains(&&*called);
            let named = || Some(Named { name: parameter.name.clone() });
            let column = matter.record.names().iter().position(|name| squashed(name) == called);
            let is_filter =
                column.is_some_and(|column| matter.scalars.contains(&column)) && is_text(schemas, parameter);
            let is_number = |parameter| !is_filter && is_number(schemas, parameter);
            match () {
                () if is(&LIMITS) && is_number(parameter) => {
                    usual = default(schemas, parameter);
                    paging.limit = named();
                }
                () if is(&OFFSETS) && is_number(parameter) => paging.offset = named(),
                () if is(&PAGES) && is_number(parameter) => {
                    paging.page = named().map(|named| (named, first_page(schemas, parameter)));
                }
                () if is(&CURSORS) => {
                    let cursor = cursor_of(schemas, parameter, matter);
                    paging.cursor = named().zip(cursor).or(paging.cursor);
                    paging.takes_identities |= takes_identities(schemas, parameter, matter);
                }
                () if is(&SORTS) => paging.sort = named(),
                () if is(&DIRECTIONS) && column.is_none() => paging.direction = named(),
                () => {
                    let column = column.filter(|column| {
                        // `StartTime<` of Twilio compares
                        !parameter.name.ends_with(['<', '>'])
                            && is_scalar(schemas, parameter.schema)
                            && matter.scalars.contains(column)
                    });
                    let filter = |(named, column)| Filter {
                        named,
                        column,
                        wide: wide(schemas, parameter, matter.properties[column]),
                        is_required: parameter.required,
                    };
                    paging.filters.extend(named().zip(column).map(filter));
                }
            }
        }
        let is_paged = paging.is_paged();
        let usual = usual.unwrap_or(if is_paged { PAGE } else { MAX_PAGE });
        paging.usual = usual.min(most.unwrap_or(MAX_PAGE)).clamp(1, MAX_PAGE);
        paging
    }

    /// Whether a client can ask for another page.
    pub(super) fn is_paged(&self) -> bool {
        self.offset.is_some() || self.page.is_some() || self.cursor.is_some()
    }

    /// Whether only a cursor asks for another page.
    pub(super) fn is_by_cursor(&self) -> bool {
        self.cursor.is_some() && self.offset.is_none() && self.page.is_none()
    }

    /// Whether it asks for a page by its number.
    pub(super) fn is_numbered(&self) -> bool {
        self.page.is_some()
    }

    /// What a query asks for; what cannot be read is as good as not there.
    pub(super) fn wanted(&self, query: &[u8], matter: &Matter, most: Option<u64>) -> Wanted {
        let value =
            |named: &Named| pairs(query).find(|(name, _)| **name == *named.name).map(|(_, value)| value);
        let number = |named: &Named| value(named)?.parse::<u64>().ok();
        let limit = self.limit.as_ref().and_then(number).unwrap_or(self.usual);
        let limit = limit.min(most.unwrap_or(MAX_PAGE)).clamp(1, MAX_PAGE);
        let paged = self
            .page
            .as_ref()
            .and_then(|(named, first)| Some(number(named)?.saturating_sub(*first).saturating_mul(limit)));
        let mut wanted = Wanted {
            offset: self.offset.as_ref().and_then(number).or(paged).unwrap_or(0),
            limit,
            ..Wanted::default()
        };
        if let Some((style, cursor)) = self.sent_cursor(query) {
            match style.offset(&cursor) {
                Some(offset) if matter.codec.index(&cursor).is_none_or(|index| index >= matter.size) => {
                    wanted.offset = offset;
                }
                _ => wanted.behind = Some(cursor.into_owned()),
            }
        }
        let filters = self.filters.iter().filter_map(|filter| {
            let value = value(&filter.named)?;
            let leaves_all = value.is_empty() || filter.wide.iter().any(|wide| **wide == *value);
            let (column, may_fail) = (filter.column, filter.is_required);
            (!leaves_all).then(|| Sought { column, text: value.into_owned(), may_fail })
        });
        wanted.filters = filters.collect();
        wanted.sort = self.sort.as_ref().and_then(value).and_then(|sort| self.sorted(&sort, query, matter));
        wanted
    }

    /// The cursor of a query that has one.
    fn sent_cursor<'q>(&self, query: &'q [u8]) -> Option<(Cursor, Cow<'q, str>)> {
        let (named, style) = self.cursor.as_ref()?;
        let (_, value) = pairs(query).find(|(name, _)| **name == *named.name)?;
        Some((*style, value)).filter(|(_, value)| !value.is_empty())
    }

    /// `name`, `-name`, `+name`, `name:desc`, `name desc`, `name,desc`; or the direction in a parameter of its own.
    fn sorted(&self, sort: &str, query: &[u8], matter: &Matter) -> Option<(usize, bool)> {
        let mut words = sort.split([':', ' ', ',']).filter(|word| !word.is_empty());
        let first = words.next().filter(|first| first.len() <= MAX_SORT)?;
        let name = squashed(first.trim_start_matches(['-', '+']));
        let names = matter.record.names();
        let column = matter.scalars.iter().copied().find(|column| squashed(&names[*column]) == name)?;
        let named =
            |named: &Named| pairs(query).find(|(name, _)| **name == *named.name).map(|(_, value)| value);
        let direction = self.direction.as_ref().and_then(named);
        let is_down = |word: &str| word.len() >= 4 && word.to_ascii_lowercase().starts_with("desc");
        let is_reverse = first.starts_with('-')
            || words.next().is_some_and(is_down)
            || direction.is_some_and(|word| is_down(&word));
        Some((column, is_reverse))
    }

    /// The way to the page that begins at `start`: the query that the client sent, with the place of that page in it.
    /// `before` is the identity of the entity before it.
    pub(super) fn way(
        &self,
        query: &[u8],
        start: u64,
        limit: u64,
        before: impl FnOnce() -> Option<String>,
    ) -> Way {
        let cursor = self.cursor.as_ref().and_then(|(_, style)| style.text(start).or_else(before));
        let number = |first: u64| (start / limit.max(1)).saturating_add(first);
        let (by_offset, by_page) = (self.offset.as_ref(), self.page.as_ref());
        let (by_cursor, page) = (self.cursor.as_ref(), by_page.map(|(_, first)| number(*first)));
        let place = match (by_offset, by_page, by_cursor) {
            (.., Some((named, _))) if self.sent_cursor(query).is_some() => Some((named, cursor.clone())),
            (Some(named), ..) => Some((named, Some(start.to_string()))),
            (_, Some((named, first)), _) => Some((named, Some(number(*first).to_string()))),
            (.., Some((named, _))) => Some((named, cursor.clone())),
            (None, None, None) => None,
        };
        // one of them says where a page begins, and the others nothing else
        let places = [by_offset, by_page.map(|(named, _)| named), by_cursor.map(|(named, _)| named)];
        let is_place = |name: &str| places.iter().flatten().any(|named| *named.name == *name);
        let kept = query.split(|byte| *byte == b'&').filter(|part| {
            let name = part.split(|byte| *byte == b'=').next().unwrap_or_default();
            !part.is_empty() && !is_place(&text(name))
        });
        let mut whole: Vec<String> = kept.map(encoded).collect();
        if let Some((named, Some(value))) = place {
            whole.push(format!("{}={}", value_of(&named.name), value_of(&value)));
        }
        Way { start, query: whole.join("&"), cursor, page }
    }

    /// The number of the page that begins at `offset`.
    pub(super) fn number(&self, offset: u64, limit: u64) -> u64 {
        let first = self.page.as_ref().map_or(1, |(_, first)| *first);
        (offset / limit.max(1)).saturating_add(first)
    }
}

fn pairs(query: &[u8]) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
    let parts = query.split(|byte| *byte == b'&').filter(|part| !part.is_empty());
    parts.take(crate::limits::MAX_PAIRS).map(|part| {
        let at = part.iter().position(|byte| *byte == b'=').unwrap_or(part.len());
        (text(&part[..at]), text(part.get(at + 1..).unwrap_or_default()))
    })
}

/// Decoded, with `+` for a space.
fn text(raw: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(&decoded_form(raw).collect::<Vec<u8>>()).into_owned().into()
}
