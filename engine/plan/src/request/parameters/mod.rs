//! Parameters of an operation: found in a request, decoded by style, judged by their schemas.
//!
//! Values are read as Prism reads them: names of header fields, queries and path variables match whatever the
//! case of their letters, what is not declared is ignored, text becomes the scalar that the schema asks for
//! (`coerce`), and a scalar that is sent twice is a list, which its schema refuses. An empty value (`?limit=`)
//! stands for the empty string, `null` or the empty list where the schema admits that; where it does not, the
//! parameter counts as not sent. `allowEmptyValue` makes it valid whatever the schema says.
//!
//! `allowReserved` says how a client writes a value; it makes no difference to reading it.

mod cookie;
mod deep_object;
mod fault;
mod header;
mod json;
mod pairs;
mod parameter;
mod path;
mod query;
mod reader;
mod shape;
mod split;

#[cfg(test)]
pub(crate) mod tests;

use bumpalo::Bump;
use mocker_http::request::{Fields, Known};
use mocker_openapi::Document;
use mocker_openapi::model::{self, Place};
use mocker_schema::Schemas;

use super::{Fault, Value};
use crate::route::Captures;
pub(crate) use json::parse as parse_json;
use pairs::Pair;
pub(crate) use pairs::{of_cookies, of_query};
use parameter::{Parameter, Reading};

/// Header fields that parameters cannot describe (OpenAPI 3.1, 4.8.12.1).
pub(crate) const NO_PARAMETERS: [&str; 3] = ["accept", "content-type", "authorization"];

/// Room for the pairs of a query before it grows.
const USUAL_PAIRS: usize = 8;

/// The parameters of one operation, compiled.
#[derive(Debug)]
pub struct Parameters {
    /// In the order in which faults are told: header, query, path, cookie
    parameters: Box<[Parameter]>,
    reads_query: bool,
    reads_cookies: bool,
    /// Whether there is something to read in every request: a value of the path, a field, what is required
    is_always_read: bool,
}

/// Where a request has its parameters, as received.
#[derive(Clone, Copy, Debug)]
pub struct Sent<'a> {
    /// Values of the path's variables
    pub captures: &'a Captures,
    /// Names of the path's variables, in the order of the captures
    pub names: &'a [Box<str>],
    /// The path that was routed; `captures` point into it
    pub path: &'a [u8],
    /// The query, without `?`
    pub query: &'a [u8],
    /// The header fields
    pub fields: &'a Fields<'a>,
}

/// What the readers of one request share.
struct Request<'s, 'a> {
    schemas: &'s Schemas,
    sent: Sent<'a>,
    arena: &'a Bump,
    query: &'a [Pair<'a>],
    cookies: &'a [Pair<'a>],
}

impl Parameters {
    /// Prepares the parameters of `operation`, which is one of `document`'s.
    pub fn compile(document: &Document, operation: &model::Operation) -> Parameters {
        let is_ignored = |parameter: &model::Parameter| {
            let named = |name: &&str| parameter.name.eq_ignore_ascii_case(name);
            parameter.place == Place::Header && NO_PARAMETERS.iter().any(named)
        };
        let declared: Vec<&model::Parameter> =
            operation.parameters.iter().map(|parameter| &**parameter).filter(|p| !is_ignored(p)).collect();
        let compile =
            |parameter: &&model::Parameter| Parameter::compile(&document.schemas, parameter, &declared);
        let mut parameters: Vec<Parameter> = declared.iter().map(compile).collect();
        parameters.sort_by_key(|parameter| match parameter.place {
            Place::Header => 0,
            Place::Query | Place::QueryString => 1,
            Place::Path => 2,
            Place::Cookie => 3,
        });
        let reads = |places: &[Place]| parameters.iter().any(|parameter| places.contains(&parameter.place));
        Parameters {
            reads_query: reads(&[Place::Query, Place::QueryString]),
            reads_cookies: reads(&[Place::Cookie]),
            is_always_read: parameters.iter().any(|parameter| {
                parameter.required || matches!(parameter.place, Place::Path | Place::Header)
            }),
            parameters: parameters.into(),
        }
    }

    /// Whether the operation has none: then there is nothing to judge.
    pub fn is_empty(&self) -> bool {
        self.parameters.is_empty()
    }

    /// Judges what was sent and appends what is wrong with it: header, query, path, cookie; in each first what is
    /// missing, then what breaks rules, then warnings of what is deprecated, all in the order of the document.
    /// Nothing but the arena grows for a valid request.
    pub fn judge<'a>(&self, schemas: &Schemas, sent: &Sent<'a>, arena: &'a Bump, faults: &mut Vec<Fault>) {
        let has_cookies = self.reads_cookies && sent.fields.get(Known::Cookie).is_some();
        if !self.is_always_read && sent.query.is_empty() && !has_cookies {
            return;
        }
        let request = self.request(schemas, sent, arena);
        let read = self.parameters.iter().map(|parameter| (parameter, parameter.read(&request)));
        let read: &[(&Parameter, Reading<'a>)] = arena.alloc_slice_fill_iter(read);
        for of_part in read.chunk_by(|(a, _), (b, _)| a.part == b.part) {
            faults
                .extend(of_part.iter().filter_map(|(parameter, reading)| fault::missing(parameter, reading)));
            for (parameter, reading) in of_part {
                fault::broken(schemas, parameter, reading, faults);
            }
            faults.extend(of_part.iter().filter_map(|(parameter, read)| fault::deprecated(parameter, read)));
        }
    }

    /// Whether the values of the path's variables are what the operation declares.
    pub fn fit_path<'a>(&self, schemas: &Schemas, sent: &Sent<'a>, arena: &'a Bump) -> bool {
        let request = Request { schemas, sent: *sent, arena, query: &[], cookies: &[] };
        let mut faults = Vec::new();
        for parameter in self.parameters.iter().filter(|parameter| parameter.place == Place::Path) {
            let reading = parameter.read(&request);
            faults.extend(fault::missing(parameter, &reading));
            fault::broken(schemas, parameter, &reading, &mut faults);
        }
        faults.is_empty()
    }

    /// The decoded value of a parameter, if one of this name is declared and sent. Of several the one of the path goes
    /// first, then query, header, cookie.
    pub fn value<'a>(
        &self,
        name: &str,
        schemas: &Schemas,
        sent: &Sent<'a>,
        arena: &'a Bump,
    ) -> Option<Value<'a>> {
        let request = self.request(schemas, sent, arena);
        let rank = |parameter: &&Parameter| match parameter.place {
            Place::Path => 0,
            Place::Query | Place::QueryString => 1,
            Place::Header => 2,
            Place::Cookie => 3,
        };
        let is_named = |parameter: &&Parameter| match parameter.place {
            Place::Header => parameter.name.eq_ignore_ascii_case(name),
            _ => *parameter.name == *name,
        };
        let mut named: Vec<&Parameter> = self.parameters.iter().filter(is_named).collect();
        named.sort_by_key(rank);
        named.into_iter().find_map(|parameter| match parameter.read(&request) {
            Reading::Value(value) | Reading::Allowed(value) => Some(value),
            Reading::Absent | Reading::Unasked | Reading::Malformed(_) => None,
        })
    }

    /// Decoded values of the path and query parameters that were sent, by their names as declared.
    pub fn values<'s, 'a>(
        &'s self,
        schemas: &'s Schemas,
        sent: &Sent<'a>,
        arena: &'a Bump,
    ) -> impl Iterator<Item = (&'s str, Value<'a>)> {
        let request = self.request(schemas, sent, arena);
        let places = [Place::Path, Place::Query];
        let wanted = self.parameters.iter().filter(move |parameter| places.contains(&parameter.place));
        wanted.filter_map(move |parameter| match parameter.read(&request) {
            Reading::Value(value) | Reading::Allowed(value) => Some((&*parameter.name, value)),
            Reading::Absent | Reading::Unasked | Reading::Malformed(_) => None,
        })
    }

    /// Decoded values of all parameters that were sent, with place and name as declared.
    pub fn told<'s, 'a>(
        &'s self,
        schemas: &'s Schemas,
        sent: &Sent<'a>,
        arena: &'a Bump,
    ) -> Vec<(Place, &'s str, Value<'a>)> {
        let request = self.request(schemas, sent, arena);
        let value = |parameter: &'s Parameter| match parameter.read(&request) {
            Reading::Value(value) | Reading::Allowed(value) => {
                Some((parameter.place, &*parameter.name, value))
            }
            Reading::Absent | Reading::Unasked | Reading::Malformed(_) => None,
        };
        self.parameters.iter().filter_map(value).collect()
    }

    /// Names and places of the parameters that were sent, as declared, those with an empty value too.
    pub fn found<'s>(&'s self, schemas: &'s Schemas, sent: &Sent<'_>, arena: &Bump) -> Vec<(Place, &'s str)> {
        let request = self.request(schemas, sent, arena);
        let is_found =
            |parameter: &&Parameter| !matches!(parameter.read(&request), Reading::Absent | Reading::Unasked);
        let found = self.parameters.iter().filter(is_found);
        found.map(|parameter| (parameter.place, &*parameter.name)).collect()
    }

    fn request<'s, 'a>(&self, schemas: &'s Schemas, sent: &Sent<'a>, arena: &'a Bump) -> Request<'s, 'a> {
        use bumpalo::collections::Vec;
        let query: &[Pair<'a>] = match self.reads_query {
            true => {
                let mut pairs = Vec::with_capacity_in(USUAL_PAIRS, arena);
                pairs.extend(of_query(sent.query, arena));
                pairs.into_bump_slice()
            }
            false => &[],
        };
        let cookies: &[Pair<'a>] = match self.reads_cookies {
            true => Vec::from_iter_in(of_cookies(sent.fields, arena), arena).into_bump_slice(),
            false => &[],
        };
        Request { schemas, sent: *sent, arena, query, cookies }
    }
}
