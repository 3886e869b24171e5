//! The operation of a recorded request: what the documents' own server would do with it.

use std::sync::Arc;

use mocker_openapi::Document;
use mocker_plan::route::{Captures, Outcome, Request, Route, Router};
use mocker_plan::{BasePath, method_name};

use super::asked::Target;
use crate::scenario::routes::{Routes, template};

/// Routes over all documents, under every path that requests may have been recorded with: that of the target, those
/// of the documents' `servers`, and none.
pub(super) struct Lookup<'d> {
    router: Router,
    documents: Vec<(&'d Document, Routes)>,
    /// Document and operation within it, by the router's number
    operations: Vec<(usize, usize)>,
    captures: Captures,
}

impl<'d> Lookup<'d> {
    pub(super) fn new(documents: &'d [Arc<Document>], base_path: &str) -> Lookup<'d> {
        let operations: Vec<(usize, usize)> = (0..)
            .zip(documents)
            .flat_map(|(index, document)| {
                (0..document.operations.len()).map(move |operation| (index, operation))
            })
            .collect();
        let mut templates = Vec::new();
        for (number, &(document, operation)) in (0..).zip(&operations) {
            let document = &documents[document];
            let model = &document.operations[operation];
            let own = BasePath::Auto.prefixes(&document.servers, model);
            let path = template(model);
            let prefixes = std::iter::once(base_path).chain(own).enumerate();
            templates.extend(
                prefixes.map(|(rank, prefix)| {
                    (rank, format!("{prefix}{path}"), method_name(&model.method), number)
                }),
            );
        }
        // As written goes before what a longer path of a server makes of another operation.
        templates.sort_by_key(|(rank, ..)| *rank);
        let routes = templates.iter().map(|(_, template, method, operation)| Route {
            template,
            method,
            operation: *operation,
        });
        // Of two operations for the same requests the first has them, as it has on the server.
        let (router, _) = Router::build(routes);
        let documents = documents.iter().map(|document| (&**document, Routes::new(document, ""))).collect();
        Lookup { router, documents, operations, captures: Captures::new() }
    }

    /// Method and path of each operation, by its number.
    pub(super) fn names(&self) -> impl Iterator<Item = (String, String)> {
        self.operations.iter().map(|&(document, operation)| {
            let model = &self.documents[document].0.operations[operation];
            (method_name(&model.method).to_owned(), template(model))
        })
    }

    /// The number of the operation that a request is for.
    pub(super) fn find(&mut self, method: &str, target: &Target<'_>) -> Option<usize> {
        let request = Request { method: method.as_bytes(), path: target.path, query: target.query };
        let Outcome::Operation(matched) = self.router.find(&request, &|_| None, &mut self.captures) else {
            return None;
        };
        let number = matched.operation as usize;
        let (index, operation) = self.operations[number];
        let (document, routes) = &self.documents[index];
        // What is no text has no values that an operation could declare.
        let Ok(path) = str::from_utf8(target.path) else { return Some(number) };
        let among = routes.among_rivals(document, operation as u32, path, &self.captures) as usize;
        Some(number - operation + among)
    }
}
