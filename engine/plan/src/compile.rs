//! Documents and options to a plan.

use std::fmt;
use std::sync::Arc;

use mocker_openapi::Document;
use mocker_schema::generate::Locale;

use crate::language::Language;
use crate::operation::{Alternative, Operation, method_name};
use crate::options::Options;
use crate::route::{Captures, Matched, Outcome, Refused, Request, Route, Router, Why, variable_names};
use crate::world::World;

/// Everything a request needs; immutable.
pub struct Plan {
    router: Router,
    operations: Box<[Operation]>,
    documents: usize,
    /// What a client gets whose `Accept-Language` names no locale; `None` where it is not asked
    usual_locale: Option<Locale>,
}

/// An operation that is not reachable under one of its paths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clash {
    /// `GET /pets`, with the document's title
    pub operation: String,
    /// The path it is not reachable under
    pub path: String,
    /// Why
    pub why: String,
    /// It answers there after all where the path's variables are not what the operation that took it declares
    pub is_second: bool,
}

impl fmt::Display for Clash {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = if self.is_second { "comes second" } else { "is not served" };
        write!(out, "{} {what} at {}: {}", self.operation, self.path, self.why)
    }
}

impl Plan {
    /// Compiles documents in order: where two want the same method and path, the first has it.
    /// Paths as written go before paths under a prefix.
    pub fn compile(documents: &[Arc<Document>], options: &Options) -> (Plan, Vec<Clash>) {
        let shared = Arc::new(options.clone());
        let of = |document| {
            let sites = World::sites(document, &shared).into_iter().enumerate();
            sites
                .map(|(index, site)| Operation::new(document, index, &shared).within(site))
                .collect::<Vec<_>>()
        };
        let mut operations: Vec<Operation> = documents.iter().flat_map(of).collect();
        let mut places: Vec<Place> = Vec::new();
        for (index, operation) in operations.iter().enumerate() {
            let condition = operation.model().path_condition.as_deref().unwrap_or_default();
            let prefixes = options.base_path.prefixes(&operation.document().servers, operation.model());
            places.extend(prefixes.into_iter().enumerate().map(|(rank, prefix)| Place {
                rank,
                path: format!("{prefix}{}{condition}", operation.model().path),
                operation: index as u32,
            }));
        }
        places.sort_by_key(|place| place.rank);
        let routes = places.iter().map(|place| Route {
            template: &place.path,
            method: method_name(&operations[place.operation as usize].model().method),
            operation: place.operation,
        });
        let (router, refused) = Router::build(routes);
        let clashes = refused.iter().filter(|refused| is_worth_telling(refused, &places));
        let clashes = clashes.map(|refused| clash(refused, &operations));
        let clashes: Vec<Clash> = clashes.collect();
        for refused in &refused {
            if let Some((first, alternative)) = alternative(refused) {
                operations[first as usize].add_alternative(alternative);
            }
        }
        let usual_locale = options.negotiates_locale.then_some(options.locale);
        (Plan { router, operations: operations.into(), documents: documents.len(), usual_locale }, clashes)
    }

    /// The operation of a request; `captures` then holds the values of its path's variables.
    #[inline]
    pub fn find<'h>(
        &self,
        request: &Request<'_>,
        header: &dyn Fn(&str) -> Option<&'h [u8]>,
        captures: &mut Captures,
    ) -> Outcome<'_> {
        self.router.find(request, header, captures)
    }

    /// An operation by the number that [`Plan::find`] gave.
    #[inline]
    pub fn operation(&self, index: u32) -> &Operation {
        &self.operations[index as usize]
    }

    /// The language that the lines of `Accept-Language` come to; `None` where there is one for all clients.
    #[inline]
    pub fn language<'a, L: Iterator<Item = &'a [u8]>>(
        &self,
        lines: impl FnOnce() -> L,
    ) -> Option<Language<'a>> {
        self.usual_locale.map(|usual| Language::of(lines(), usual))
    }

    /// Drops what was compiled for an operation, where all of them at once would take too much memory.
    pub fn forget(&mut self, index: u32) {
        self.operations[index as usize].forget();
    }

    /// Names of the variables of the template that [`Plan::find`] matched, in the order of the captures.
    #[inline]
    pub fn names(&self, matched: Matched) -> &[Box<str>] {
        self.router.names(matched.template)
    }

    /// Number of operations.
    pub fn len(&self) -> usize {
        self.operations.len()
    }

    /// Whether any operation sends callbacks.
    pub fn has_callbacks(&self) -> bool {
        self.operations.iter().any(Operation::has_callbacks)
    }

    /// Whether there is nothing to serve.
    pub fn is_empty(&self) -> bool {
        self.operations.is_empty()
    }

    /// Number of documents.
    pub fn documents(&self) -> usize {
        self.documents
    }
}

/// One path of one operation.
struct Place {
    /// 0 for the first prefix, as written mostly
    rank: usize,
    path: String,
    operation: u32,
}

/// An operation that lost a prefixed path but has another is no news to the user.
fn is_worth_telling(refused: &Refused, places: &[Place]) -> bool {
    let of_operation =
        |place: &&Place| place.operation == refused.operation && *place.path == *refused.template;
    !matches!(refused.why, Why::Taken { .. })
        || places.iter().find(of_operation).is_none_or(|place| place.rank == 0)
}

/// The operation that took the paths of one that was refused, and what the refused one can still do.
fn alternative(refused: &Refused) -> Option<(u32, Alternative)> {
    let Why::Taken { operation, .. } = refused.why else { return None };
    let names = variable_names(&refused.template);
    (!names.is_empty()).then_some((operation, Alternative { operation: refused.operation, names }))
}

fn clash(refused: &Refused, operations: &[Operation]) -> Clash {
    let operation = &operations[refused.operation as usize];
    let is_second = alternative(refused).is_some();
    let why = match &refused.why {
        Why::Taken { operation, template } => {
            let other = &operations[*operation as usize];
            let method = method_name(&other.model().method);
            let until = if is_second { ", and answers where the path is what it declares" } else { "" };
            format!("{method} {template} of \"{}\" comes first{until}", other.document().title)
        }
        other => other.to_string(),
    };
    Clash {
        operation: format!(
            "{} {} of \"{}\"",
            refused.method,
            operation.model().path,
            operation.document().title
        ),
        path: refused.template.to_string(),
        why,
        is_second,
    }
}
