//! Where requests lead by the document: a request that another operation takes is none of this one's.

use std::collections::HashMap;

use bumpalo::Bump;
use mocker_http::Limits;
use mocker_http::request::{Progress, Slots, head};
use mocker_openapi::Document;
use mocker_openapi::model::Operation;
use mocker_plan::method_name;
use mocker_plan::request::{Parameters, Part, Sent};
use mocker_plan::route::{Captures, Matched, Outcome, Request, Route, Router, Why, variable_names};

use crate::limits::{MAX_HEAD, MAX_TARGET};

/// The routes of one document.
pub(super) struct Routes {
    router: Router,
    /// Numbers of operations that have none, with the reason
    refused: HashMap<u32, String>,
    /// Operations that differ from a first one only by the names of the path's variables, in the order in which they
    /// are asked: one gets the request if the values are not what those before it declare
    rivals: HashMap<u32, Vec<Rival>>,
}

/// An operation whose paths are those of others.
struct Rival {
    operation: u32,
    /// Of the path's variables, in the order of the captures
    names: Box<[Box<str>]>,
    parameters: Parameters,
}

impl Routes {
    pub(super) fn new(document: &Document, base_path: &str) -> Routes {
        let templates: Vec<String> = document
            .operations
            .iter()
            .map(|operation| format!("{base_path}{}", template(operation)))
            .collect();
        let routes = document.operations.iter().zip(&templates).enumerate();
        let routes = routes.map(|(index, (operation, template))| Route {
            template,
            method: method_name(&operation.method),
            operation: index as u32,
        });
        let (router, mut refused) = Router::build(routes);
        let mut rivals: HashMap<u32, Vec<Rival>> = HashMap::new();
        let rival = |operation: u32, template: &str| Rival {
            operation,
            names: variable_names(template),
            parameters: Parameters::compile(document, &document.operations[operation as usize]),
        };
        refused.retain(|refused| match &refused.why {
            Why::Taken { operation, template } if !variable_names(template).is_empty() => {
                let rivals = rivals.entry(*operation).or_insert_with(|| vec![rival(*operation, template)]);
                rivals.push(rival(refused.operation, &refused.template));
                false
            }
            _ => true,
        });
        let refused = refused.iter().map(|refused| (refused.operation, refused.why.to_string())).collect();
        Routes { router, refused, rivals }
    }

    /// Why no request can lead to an operation.
    pub(super) fn refused(&self, operation: u32) -> Option<&str> {
        self.refused.get(&operation).map(String::as_str)
    }

    /// The operation that a request leads to, and what it is called by the template that was found.
    pub(super) fn find(
        &self,
        document: &Document,
        method: &str,
        target: &str,
        captures: &mut Captures,
    ) -> Option<(u32, Matched)> {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let request = Request { method: method.as_bytes(), path: path.as_bytes(), query: query.as_bytes() };
        match self.router.find(&request, &|_| None, captures) {
            Outcome::Operation(matched) => {
                let operation = self.among_rivals(document, matched.operation, target, captures);
                Some((operation, matched))
            }
            Outcome::MethodNotAllowed { .. } | Outcome::NotFound => None,
        }
    }

    /// The first of an operation's rivals that the values of the path's variables fit, else the last one.
    pub(super) fn among_rivals(
        &self,
        document: &Document,
        operation: u32,
        target: &str,
        captures: &Captures,
    ) -> u32 {
        let Some((last, others)) = self.rivals.get(&operation).and_then(|rivals| rivals.split_last()) else {
            return operation;
        };
        let fitting = others.iter().find(|rival| rival.fits(document, target, captures));
        fitting.unwrap_or(last).operation
    }

    /// Names of the variables of a path that leads to `operation`, in the order of the captures.
    pub(super) fn names(&self, operation: u32, matched: Matched) -> &[Box<str>] {
        let mut rivals = self.rivals.get(&matched.operation).into_iter().flatten();
        let own = rivals.find(|rival| rival.operation == operation).map(|rival| &*rival.names);
        own.unwrap_or_else(|| self.router.names(matched.template))
    }
}

impl Rival {
    /// Whether the values of the path's variables are what the operation declares.
    fn fits(&self, document: &Document, target: &str, captures: &Captures) -> bool {
        let text = format!("GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n");
        let limits = Limits { head: MAX_HEAD, target: MAX_TARGET, ..Limits::default() };
        let mut slots = Slots::new();
        let Ok(Some(head)) = head(text.as_bytes(), &mut Progress::default(), &limits, &mut slots) else {
            return true;
        };
        let (path, query) = (head.target.path, head.target.query.unwrap_or_default());
        let sent = Sent { captures, names: &self.names, path, query, fields: &head.fields };
        let mut faults = Vec::new();
        self.parameters.judge(&document.schemas, &sent, &Bump::new(), &mut faults);
        faults.iter().all(|fault| fault.location.first().is_none_or(|part| part != Part::Path.name()))
    }
}

/// The path of an operation with what its key demands behind it, as reports name it.
pub(super) fn template(operation: &Operation) -> String {
    format!("{}{}", operation.path, operation.path_condition.as_deref().unwrap_or_default())
}
