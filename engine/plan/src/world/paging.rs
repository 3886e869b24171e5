//! Which entities a list gives: parameters of the query, recognised by their names among those that the operation declares.

use std::borrow::Cow;

use mocker_http::percent::decoded;
use mocker_openapi::model::{Operation, Parameter, Place};
use mocker_schema::{Schemas, Types};
use serde_json::Value;

use super::cursor::Cursor;
use super::matter::Matter;
use crate::limits::MAX_PAGE;
use crate::resources::{self, squashed};

/// Entities of a page where neither the client nor the document says how many.
const PAGE: u64 = 20;

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

/// What the parameters of one list mean.
#[derive(Debug, Default)]
pub(super) struct Paging {
    limit: Option<Named>,
    offset: Option<Named>,
    /// With the number of the first page
    page: Option<(Named, u64)>,
    cursor: Option<Named>,
    pub(super) cursors: Cursor,
    sort: Option<Named>,
    direction: Option<Named>,
    /// Parameters that ask for what a column has
    filters: Vec<(Named, usize)>,
    /// Entities of a page where the client does not say
    usual: u64,
}

/// A parameter of the query.
#[derive(Debug)]
struct Named {
    name: Box<str>,
}

/// What a client asks of a list.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) offset: u64,
    pub(super) limit: u64,
    /// The identity behind which the page begins
    pub(super) behind: Option<String>,
    /// Columns, and the text that each must have
    pub(super) filters: Vec<(usize, String)>,
    /// A column, and whether the greatest comes first
    pub(super) sort: Option<(usize, bool)>,
}

impl Paging {
    /// What the parameters of `operation` mean; `most` is how many entities its answer can have.
    pub(super) fn of(schemas: &Schemas, operation: &Operation, matter: &Matter, most: Option<u64>) -> Paging {
        let mut paging = Paging::default();
        let mut usual = None;
        for parameter in operation.parameters.iter().filter(|parameter| parameter.place == Place::Query) {
            let squashed = squashed(&parameter.name);
            let is = |names: &[&str]| names.contains(&&*squashed);
            let named = || Some(Named { name: parameter.name.clone() });
            let column = matter.record.names().iter().position(|name| resources::squashed(name) == squashed);
            match () {
                () if is(&LIMITS) && is_number(schemas, parameter) => {
                    usual = default(schemas, parameter);
                    paging.limit = named();
                }
                () if is(&OFFSETS) && is_number(schemas, parameter) => paging.offset = named(),
                () if is(&PAGES) && is_number(schemas, parameter) => {
                    paging.page = named().map(|named| (named, first_page(schemas, parameter)));
                }
                () if is(&CURSORS) => {
                    let style = Cursor::of(schemas, parameter.schema, matter.size);
                    paging.cursor = style.and_then(|_| named());
                    paging.cursors = style.unwrap_or_default();
                }
                () if is(&SORTS) => paging.sort = named(),
                () if is(&DIRECTIONS) && column.is_none() => paging.direction = named(),
                () => paging.filters.extend(named().zip(column.filter(|_| is_scalar(schemas, parameter)))),
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
        if let Some(cursor) = self.cursor.as_ref().and_then(value).filter(|cursor| !cursor.is_empty()) {
            let is_identity = matter.codec.index(&cursor).is_some_and(|index| index < matter.size);
            match self.cursors.offset(&cursor).filter(|_| !is_identity) {
                Some(offset) => wanted.offset = offset,
                None => wanted.behind = Some(cursor.into_owned()),
            }
        }
        let filters = self.filters.iter().filter_map(|(named, column)| {
            Some((*column, value(named)?.into_owned())).filter(|(_, value)| !value.is_empty())
        });
        wanted.filters = filters.collect();
        wanted.sort = self.sort.as_ref().and_then(value).and_then(|sort| self.sorted(&sort, query, matter));
        wanted
    }

    /// `name`, `-name`, `+name`, `name:desc`, `name desc`, `name,desc`; or the direction in a parameter of its own.
    fn sorted(&self, sort: &str, query: &[u8], matter: &Matter) -> Option<(usize, bool)> {
        let mut words = sort.split([':', ' ', ',']).filter(|word| !word.is_empty());
        let first = words.next()?;
        let name = first.trim_start_matches(['-', '+']);
        let column = matter.record.names().iter().position(|known| squashed(known) == squashed(name))?;
        let named =
            |named: &Named| pairs(query).find(|(name, _)| **name == *named.name).map(|(_, value)| value);
        let direction = self.direction.as_ref().and_then(named);
        let is_down = |word: &str| word.len() >= 4 && word.to_ascii_lowercase().starts_with("desc");
        let is_reverse = first.starts_with('-')
            || words.next().is_some_and(is_down)
            || direction.is_some_and(|word| is_down(&word));
        Some((column, is_reverse))
    }

    /// The query of another page: what the client sent, with the place of the page in it.
    pub(super) fn query(&self, query: &[u8], offset: u64, limit: u64) -> String {
        let (named, value) = match (&self.offset, &self.page, &self.cursor) {
            (Some(named), ..) => (named, offset.to_string()),
            (None, Some((named, first)), _) => (named, (offset / limit.max(1) + first).to_string()),
            (None, None, Some(named)) => (named, self.cursors.text(offset)),
            (None, None, None) => return String::from_utf8_lossy(query).into_owned(),
        };
        let kept = query.split(|byte| *byte == b'&').filter(|part| {
            let name = part.split(|byte| *byte == b'=').next().unwrap_or_default();
            !part.is_empty() && *text(name) != *named.name
        });
        let mut whole: Vec<String> = kept.map(|part| String::from_utf8_lossy(part).into_owned()).collect();
        whole.push(format!("{}={value}", named.name.replace('[', "%5B").replace(']', "%5D")));
        whole.join("&")
    }

    /// The number of the page that begins at `offset`.
    pub(super) fn number(&self, offset: u64, limit: u64) -> u64 {
        offset / limit.max(1) + self.page.as_ref().map_or(1, |(_, first)| *first)
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
    let spaced: Vec<u8> = raw.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    String::from_utf8_lossy(&decoded(&spaced).collect::<Vec<u8>>()).into_owned().into()
}

fn is_number(schemas: &Schemas, parameter: &Parameter) -> bool {
    let Some(schema) = parameter.schema else { return true };
    let types = resources::types(schemas, schema);
    types.intersects(Types::INTEGER.or(Types::STRING))
}

fn is_scalar(schemas: &Schemas, parameter: &Parameter) -> bool {
    let Some(schema) = parameter.schema else { return false };
    !resources::types(schemas, schema).intersects(Types::ARRAY.or(Types::OBJECT))
}

fn default(schemas: &Schemas, parameter: &Parameter) -> Option<u64> {
    schemas[parameter.schema?].notes.as_ref()?.default.as_ref().and_then(Value::as_u64)
}

/// 0 where the document says that pages begin there.
fn first_page(schemas: &Schemas, parameter: &Parameter) -> u64 {
    let minimum = || {
        let rules = schemas[parameter.schema?].number.as_ref()?;
        rules.minimum.as_ref()?.as_u64()
    };
    let first = default(schemas, parameter).or_else(minimum);
    u64::from(first != Some(0))
}
