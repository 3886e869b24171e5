//! A page of a list: which entities it has, and where the pages around it are.

use super::envelope::{Page, To};
use super::paging::Way;

/// Some entities out of all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Extent {
    pub(super) offset: u64,
    pub(super) limit: u64,
    pub(super) number: u64,
    pub(super) total: u64,
    /// Indexes of the page's entities, where they are not those that follow each other from `offset` on
    pub(super) chosen: Option<Vec<u64>>,
    /// Whether a client can ask for another page
    pub(super) is_paged: bool,
    /// Path and scheme with host, and the ways to other pages
    pub(super) path: String,
    pub(super) origin: String,
    pub(super) ways: Vec<Way>,
    /// What the client asked of the list, as URIs have it
    pub(super) query: String,
    /// Identities of the first entity and the last
    pub(super) edges: Option<(Box<str>, Box<str>)>,
}

impl Extent {
    /// Indexes of the entities, in order.
    pub(super) fn indexes(&self) -> impl Iterator<Item = u64> {
        let end = self.offset.saturating_add(self.limit).min(self.total);
        let all = if self.chosen.is_some() { 0..0 } else { self.offset.min(end)..end };
        all.chain(self.chosen.iter().flatten().copied())
    }

    /// The index of the last.
    pub(super) fn last(&self) -> Option<u64> {
        let end = self.offset.saturating_add(self.limit).min(self.total);
        match &self.chosen {
            Some(chosen) => chosen.last().copied(),
            None => end.checked_sub(1).filter(|last| *last >= self.offset),
        }
    }

    fn address(&self, query: &str, is_absolute: bool) -> String {
        let origin = if is_absolute { &*self.origin } else { "" };
        let mark = if query.is_empty() { "" } else { "?" };
        format!("{origin}{}{mark}{query}", self.path)
    }

    fn way(&self, start: u64) -> Option<&Way> {
        self.ways.iter().find(|way| way.start == start)
    }

    /// `Link` (RFC 8288) to the pages around.
    pub(super) fn link(&self) -> Vec<u8> {
        let rels = [(To::Next, "next"), (To::Previous, "prev"), (To::First, "first"), (To::Last, "last")];
        let links = rels
            .iter()
            .filter_map(|(to, rel)| Some(format!("<{}>; rel=\"{rel}\"", self.url(self.start(*to)?, false))));
        let links: Vec<String> = links.collect();
        match links.is_empty() {
            true => Vec::new(),
            false => format!("Link: {}\r\n", links.join(", ")).into_bytes(),
        }
    }
}

impl Page for Extent {
    fn total(&self) -> u64 {
        self.total
    }

    fn offset(&self) -> u64 {
        self.offset
    }

    fn limit(&self) -> u64 {
        self.limit
    }

    fn count(&self) -> u64 {
        match &self.chosen {
            Some(chosen) => chosen.len() as u64,
            None => self.total.saturating_sub(self.offset).min(self.limit),
        }
    }

    fn edge(&self, is_last: bool) -> Option<&str> {
        let (first, last) = self.edges.as_ref()?;
        Some(if is_last { last } else { first })
    }

    fn own_url(&self, has_query: bool, is_absolute: bool) -> String {
        self.address(if has_query { &self.query } else { "" }, is_absolute)
    }

    fn number(&self) -> u64 {
        self.number
    }

    fn start(&self, to: To) -> Option<u64> {
        let limit = self.limit.max(1);
        match to {
            _ if !self.is_paged => None,
            To::Next => self.offset.checked_add(limit).filter(|next| *next < self.total),
            To::Previous if self.offset == 0 => None,
            To::Previous if self.offset < self.total => Some(self.offset.saturating_sub(limit)),
            To::First => Some(0),
            To::Last | To::Previous => Some(self.total.saturating_sub(1) / limit * limit),
        }
    }

    fn url(&self, offset: u64, is_absolute: bool) -> String {
        self.address(self.way(offset).map_or("", |way| &way.query), is_absolute)
    }

    fn cursor(&self, offset: u64) -> Option<String> {
        self.way(offset)?.cursor.clone()
    }

    fn page(&self, offset: u64) -> Option<u64> {
        self.way(offset)?.page
    }
}

/// Whether a header says of a list what depends on the page, so that what the document declares of it is not sent.
pub(crate) fn is_told_by_page(header: &str) -> bool {
    let totals = ["x-total-count", "total-count", "x-total", "x-total-items"];
    is_link(header) || totals.iter().any(|total| header.eq_ignore_ascii_case(total))
}

pub(super) fn is_link(header: &str) -> bool {
    header.eq_ignore_ascii_case("link")
}
