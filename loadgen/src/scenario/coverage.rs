//! How much of a document the requests of a scenario reach.

use std::collections::{HashMap, HashSet};

use bumpalo::Bump;
use mocker_http::Limits;
use mocker_http::request::{Known, Progress, Slots, head};
use mocker_openapi::Document;
use mocker_openapi::model::{self, Place};
use mocker_plan::media;
use mocker_plan::method_name;
use mocker_plan::request::{Parameters, Sent};
use mocker_plan::route::Captures;

use super::field::{Role, role};
use super::routes::{Routes, template};
use super::{Operation, Request, Scenario};
use crate::limits::{MAX_HEAD, MAX_TARGET};

/// How many of those that a document declares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// In at least one request
    pub hit: usize,
    /// In the document
    pub declared: usize,
}

/// How much of a document the requests of a scenario reach.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Operations
    pub operations: Share,
    /// Parameters, counted for each operation that has them
    pub parameters: Share,
    /// Media types of request bodies, counted for each operation
    pub media_types: Share,
}

impl Coverage {
    /// What the requests of `scenario`, made of `document` under `base_path`, have of what it declares.
    pub fn of(document: &Document, base_path: &str, scenario: &Scenario) -> Coverage {
        let routes = Routes::new(document, base_path.trim_end_matches('/'));
        let mut coverage = Coverage::default();
        let mut places = HashMap::new();
        for (index, operation) in document.operations.iter().enumerate() {
            coverage.operations.declared += 1;
            coverage.parameters.declared += declared(operation).count();
            coverage.media_types.declared +=
                operation.request_body.as_ref().map_or(0, |body| body.content.len());
            places.entry((method_name(&operation.method), template(operation))).or_insert(index);
        }
        for operation in &scenario.operations {
            let Some(index) = places.get(&(operation.method.as_str(), operation.path.clone())) else {
                continue;
            };
            coverage.operations.hit += 1;
            let reached = Reached::by(document, &document.operations[*index], operation, &routes);
            coverage.parameters.hit += reached.parameters.len();
            coverage.media_types.hit += reached.media_types.len();
        }
        coverage
    }
}

/// What the requests of one operation have.
#[derive(Default)]
struct Reached<'d> {
    parameters: HashSet<(Place, &'d str)>,
    media_types: HashSet<&'d str>,
}

impl<'d> Reached<'d> {
    fn by(
        document: &'d Document,
        model: &'d model::Operation,
        operation: &Operation,
        routes: &Routes,
    ) -> Reached<'d> {
        let parameters = Parameters::compile(document, model);
        let mut reached = Reached::default();
        let mut arena = Bump::new();
        for request in &operation.requests {
            arena.reset();
            reached.read(document, model, &parameters, request, routes, &arena);
        }
        reached
    }

    /// Notes what is in one request. One that cannot be read has nothing.
    fn read(
        &mut self,
        document: &'d Document,
        model: &'d model::Operation,
        parameters: &Parameters,
        request: &Request,
        routes: &Routes,
        arena: &Bump,
    ) -> Option<()> {
        let limits = Limits { head: 2 * MAX_HEAD, target: MAX_TARGET, ..Limits::default() };
        let mut slots = Slots::new();
        let head = head(&request.bytes, &mut Progress::default(), &limits, &mut slots).ok()??;
        let (path, query) = (head.target.path, head.target.query.unwrap_or_default());
        let target = [path, b"?", query].concat();
        let mut captures = Captures::new();
        let target = std::str::from_utf8(&target).ok()?;
        let (operation, matched) = routes.find(document, head.method_name, target, &mut captures)?;
        let sent = Sent {
            captures: &captures,
            names: routes.names(operation, matched),
            path,
            query,
            fields: &head.fields,
        };
        let found = parameters.found(&document.schemas, &sent, arena);
        self.parameters.extend(declared(model).filter(|declared| found.contains(declared)));
        let content_type = head.fields.get(Known::ContentType)?;
        let content_type = media::essence(&String::from_utf8_lossy(content_type));
        let names = model.request_body.iter().flat_map(|body| &body.content).map(|media| &*media.name);
        self.media_types.extend(names.filter(|name| fits(name, &content_type)));
        Some(())
    }
}

/// Places and names of an operation's parameters, without those that mean nothing by the specification.
fn declared(operation: &model::Operation) -> impl Iterator<Item = (Place, &str)> {
    let is_ignored = |parameter: &model::Parameter| {
        parameter.place == Place::Header && matches!(role(&parameter.name), Role::Ignored)
    };
    let parameters = operation.parameters.iter().filter(move |parameter| !is_ignored(parameter));
    parameters.map(|parameter| (parameter.place, &*parameter.name))
}

/// Whether a body sent as `essence` is one of the media type `name`, which may be a range.
fn fits(name: &str, essence: &str) -> bool {
    let [binary, text, other] = [(true, false), (false, true), (false, false)]
        .map(|(binary, text)| media::essence(&media::concrete(name, binary, text)));
    [binary, text, other].iter().any(|concrete| concrete == essence)
}
