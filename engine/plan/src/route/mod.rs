//! Routes: a method and a path to an operation.
//!
//! Path templates form a trie of segments. Text is looked up with one probe of a perfect hash; a path then goes
//! back, in this order, to what matches too:
//!
//! 1. the segment as text (concrete before templated: OpenAPI 3.1, 4.8.8.2),
//! 2. text and variables in one segment (`{id}.json`, `{a}-{b}`, `{id}:cancel`): more text first,
//! 3. one variable (`{id}`),
//! 4. a variable that takes slashes too (`{proxy+}`, `{path*}`, `{+name}`): more text behind it first.
//!
//! The decision is made at the leftmost segment that differs. A path that has the method goes before one that has
//! not: `DELETE /pets/mine` is `DELETE /pets/{id}` where `/pets/mine` has only GET. `405` is answered when no
//! matching path has the method, with the methods of the most concrete one.
//!
//! What a path means, not how it is spelled, is compared: `/caf%C3%A9` is `/café`, `%7E` is `~`, in the template
//! and in the request. `%2F` stays inside its segment. Case counts, and so does a slash at the end. A variable
//! is never empty: `/items/` is not `/items/{id}`. `//x` is a path that begins with an empty segment.

mod condition;
mod encoded;
mod lookup;
mod method;
mod perfect_hash;
mod scan;
mod segment;
mod template;
mod trie;

use std::collections::HashMap;
use std::fmt;
use std::num::NonZeroU32;

use crate::limits::{MAX_CAPTURES, MAX_SEGMENTS};
use lookup::Search;
use template::Template;
pub use template::{Piece, is_query_expression, pieces, variable_name, variable_names};
use trie::{Builder, Trie};

#[cfg(test)]
mod tests;

/// One method of one path, as declared.
#[derive(Clone, Copy, Debug)]
pub struct Route<'a> {
    /// The key in `paths`, with the base path before it: `/pets/{id}`
    pub template: &'a str,
    /// As in a request: `GET`. Known methods may be in lower case.
    pub method: &'a str,
    /// What a lookup gives back
    pub operation: u32,
}

/// What the router is asked.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// As received: `GET`
    pub method: &'a [u8],
    /// As received, without the query: still percent-encoded
    pub path: &'a [u8],
    /// As received, without the `?`; read only where a path key has conditions
    pub query: &'a [u8],
}

/// What the router answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome<'r> {
    /// The operation; the captures are filled
    Operation(Matched),
    /// A path matches, but none has the method: 405
    MethodNotAllowed {
        /// Value of the `Allow` field: `GET, HEAD, POST`
        allow: &'r str,
    },
    /// No path matches: 404
    NotFound,
}

/// A found operation. A HEAD that was not declared finds the operation of GET.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Matched {
    /// As given in [`Route::operation`]
    pub operation: u32,
    /// The template the operation was declared under
    pub template: TemplateId,
}

/// Index of a template: see [`Router::names`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TemplateId(Index);

/// Index that is small beside an `Option`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Index(NonZeroU32);

impl Index {
    fn new(index: usize) -> Index {
        // an index that overflows would take 2^32 templates in memory first
        Index(NonZeroU32::MIN.saturating_add(index as u32))
    }

    fn get(self) -> u32 {
        self.0.get() - 1
    }
}

/// Values of the variables of a template: slices of the request path, still percent-encoded. Made once and used
/// for every lookup.
#[derive(Clone, Debug)]
pub struct Captures {
    spans: [(u32, u32); MAX_CAPTURES],
    length: usize,
}

/// A route the router cannot have; all others are served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Its operation
    pub operation: u32,
    /// Its template, as given
    pub template: Box<str>,
    /// Its method, as given
    pub method: Box<str>,
    /// The reason
    pub why: Why,
}

/// Why a route was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// Another operation has the method at a template that matches the same paths: the first one is kept
    Taken {
        /// The operation that is kept
        operation: u32,
        /// Its template
        template: Box<str>,
    },
    /// More than [`MAX_SEGMENTS`]
    TooManySegments,
    /// More than [`MAX_CAPTURES`]
    TooManyVariables,
}

/// All routes. Immutable; a lookup neither allocates nor locks.
#[derive(Debug)]
pub struct Router {
    trie: Trie,
    templates: Box<[Names]>,
}

#[derive(Debug)]
struct Names {
    text: Box<str>,
    names: Box<[Box<str>]>,
}

impl Router {
    /// Builds the routes, and says which of them could not be taken. The same operation may come under several
    /// templates; of two operations for the same paths and method the first wins.
    pub fn build<'a>(routes: impl IntoIterator<Item = Route<'a>>) -> (Router, Vec<Refused>) {
        let mut builder = Builder::new();
        let mut refused = Vec::new();
        let mut names: Vec<Names> = Vec::new();
        let mut parsed: HashMap<&str, Result<(TemplateId, Template), Why>> = HashMap::new();
        for route in routes {
            let template = parsed.entry(route.template).or_insert_with(|| {
                let mut template = Template::parse(route.template)?;
                names.push(Names { text: route.template.into(), names: std::mem::take(&mut template.names) });
                let id = TemplateId(Index::new(names.len() - 1));
                Ok((id, template))
            });
            let added = match template {
                Err(why) => Err(why.clone()),
                Ok((id, template)) => {
                    let matched = Matched { operation: route.operation, template: *id };
                    builder.methods(template).add(route.method, matched).or_else(|first| {
                        let template = names[first.template.0.get() as usize].text.clone();
                        let same = first.operation == route.operation;
                        if same { Ok(()) } else { Err(Why::Taken { operation: first.operation, template }) }
                    })
                }
            };
            if let Err(why) = added {
                let (template, method) = (route.template.into(), route.method.into());
                refused.push(Refused { operation: route.operation, template, method, why });
            }
        }
        (Router { trie: builder.finish(), templates: names.into() }, refused)
    }

    /// The operation of a request. `header` gives the value of a header field by its name; it is asked only at
    /// path keys with a fragment. `captures` holds the variables where an operation is found.
    #[inline]
    pub fn find<'h>(
        &self,
        request: &Request<'_>,
        header: &dyn Fn(&str) -> Option<&'h [u8]>,
        captures: &mut Captures,
    ) -> Outcome<'_> {
        Search::new(&self.trie, request, header, captures).run()
    }

    /// Names of the variables of a template, in the order of the captures, as [`variable_name`] gives them.
    pub fn names(&self, template: TemplateId) -> &[Box<str>] {
        &self.templates[template.0.get() as usize].names
    }

    /// A template as given.
    pub fn template(&self, template: TemplateId) -> &str {
        &self.templates[template.0.get() as usize].text
    }
}

impl Captures {
    /// No captures.
    pub fn new() -> Captures {
        Captures { spans: [(0, 0); MAX_CAPTURES], length: 0 }
    }

    /// Number of values.
    pub fn len(&self) -> usize {
        self.length
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// The value of a variable in `path`, the path that was looked up.
    pub fn get<'p>(&self, index: usize, path: &'p [u8]) -> Option<&'p [u8]> {
        let (start, end) = *self.spans[..self.length].get(index)?;
        path.get(start as usize..end as usize)
    }

    /// All values in `path`, in the order of [`Router::names`].
    pub fn values<'p>(&self, path: &'p [u8]) -> impl Iterator<Item = &'p [u8]> {
        (0..self.length).filter_map(|index| self.get(index, path))
    }

    /// Templates with more variables than there is room for were refused, so there always is room.
    #[inline]
    fn push(&mut self, start: usize, end: usize) {
        if let Some(span) = self.spans.get_mut(self.length) {
            *span = (start as u32, end as u32);
            self.length += 1;
        }
    }

    #[inline]
    fn truncate(&mut self, length: usize) {
        self.length = self.length.min(length);
    }
}

impl Default for Captures {
    fn default() -> Captures {
        Captures::new()
    }
}

impl fmt::Display for Why {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Why::Taken { template, .. } => write!(out, "{template} matches the same paths and comes first"),
            Why::TooManySegments => write!(out, "the path has more than {MAX_SEGMENTS} segments"),
            Why::TooManyVariables => write!(out, "the path has more than {MAX_CAPTURES} variables"),
        }
    }
}
