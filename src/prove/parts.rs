//! Where in the files the schemas of an operation stand: found by the words of the document, not by our model of it.

use std::collections::HashMap;

use mocker_openapi::model::{self, StatusKey};
use mocker_openapi::{References, Written};
use mocker_schema::lower::Dialect;
use mocker_source::{Node, Position};

use super::reading::Place;
use crate::limits::MAX_PROOF_REFERENCES;

/// The operations of a document as written, by where they stand.
pub(super) struct Parts<'t> {
    dialect: Dialect,
    operations: HashMap<Position, WrittenOperation<'t>>,
}

#[derive(Clone, Copy)]
struct WrittenOperation<'t> {
    node: Node<'t>,
    /// The list `parameters` of its path item
    shared: Option<Node<'t>>,
}

/// A schema with how it is to be read.
pub(super) type Found<'t> = (Node<'t>, Place);

impl<'t> Parts<'t> {
    pub(super) fn of(written: &'t Written, references: &References<'t>) -> Parts<'t> {
        let mut operations = HashMap::new();
        let paths = written.root().get("paths").and_then(|paths| references.deref(paths));
        for (_, item) in paths.into_iter().flat_map(Node::entries) {
            let layers = layers(item, references);
            let shared = layers.iter().find_map(|layer| layer.get("parameters"));
            for layer in layers {
                let others = layer.get("additionalOperations").into_iter().flat_map(Node::entries);
                for node in layer.entries().chain(others).filter_map(|(_, node)| references.deref(node)) {
                    operations.entry(node.position()).or_insert(WrittenOperation { node, shared });
                }
            }
        }
        Parts { dialect: written.dialect(), operations }
    }

    /// The schema of a response under one of its media types.
    pub(super) fn response(
        &self,
        references: &References<'t>,
        operation: &model::Operation,
        status: StatusKey,
        media: &str,
    ) -> Option<Found<'t>> {
        let responses = references.deref(self.operation(operation)?.node.get("responses")?)?;
        let (_, response) = responses.entries().find(|(key, _)| is_status(key, status))?;
        let response = references.deref(response)?;
        // Some authors write a response of 3.x as in 2.0, and are understood.
        let is_plain = self.dialect == Dialect::Swagger2 || response.get("content").is_none();
        if is_plain {
            Some((response.get("schema")?, Place::Schema))
        } else {
            content(references, response, media)
        }
    }

    /// The schema of the request body under one of its media types.
    pub(super) fn request(
        &self,
        references: &References<'t>,
        operation: &model::Operation,
        media: &str,
    ) -> Option<Found<'t>> {
        if self.dialect == Dialect::Swagger2 {
            let body =
                self.parameters(references, operation).find(|node| text(*node, "in") == Some("body"))?;
            return Some(
                body.get("schema").map_or((body, Place::Parameter), |schema| (schema, Place::Schema)),
            );
        }
        let body = references.deref(self.operation(operation)?.node.get("requestBody")?)?;
        content(references, body, media)
    }

    /// The schema of a parameter.
    pub(super) fn parameter(
        &self,
        references: &References<'t>,
        operation: &model::Operation,
        parameter: &model::Parameter,
    ) -> Option<Found<'t>> {
        let place = match parameter.place {
            model::Place::Path => "path",
            model::Place::Query => "query",
            model::Place::QueryString => "querystring",
            model::Place::Header => "header",
            model::Place::Cookie => "cookie",
        };
        let is_it = |node: &Node<'t>| {
            text(*node, "name") == Some(&*parameter.name) && text(*node, "in") == Some(place)
        };
        let node = self.parameters(references, operation).find(is_it)?;
        if let Some(schema) = node.get("schema").filter(|schema| !schema.is_null()) {
            return Some((schema, Place::Schema));
        }
        match &parameter.content {
            Some(media) => content(references, node, &media.name),
            None => Some((node, Place::Parameter)),
        }
    }

    /// The operation's own parameters, then the path item's; of a list the last first, which counts where one is
    /// there twice.
    fn parameters<'s>(
        &'s self,
        references: &'s References<'t>,
        operation: &model::Operation,
    ) -> impl Iterator<Item = Node<'t>> + 's {
        let found = self.operation(operation);
        let own = found.and_then(|found| found.node.get("parameters"));
        let lists = [own, found.and_then(|found| found.shared)].into_iter().flatten();
        let lists = lists.filter_map(|list| references.deref(list));
        lists.flat_map(|list| {
            let mut parameters: Vec<_> = list.items().filter_map(|item| references.deref(item)).collect();
            parameters.reverse();
            parameters
        })
    }

    fn operation(&self, operation: &model::Operation) -> Option<WrittenOperation<'t>> {
        self.operations.get(&operation.position).copied()
    }
}

/// A path item and those it refers to; what stands in an earlier one wins.
fn layers<'t>(item: Node<'t>, references: &References<'t>) -> Vec<Node<'t>> {
    let mut layers = vec![item];
    let mut at = item;
    while let Some(reference) = at.get("$ref").and_then(Node::as_str) {
        let Some(target) = references.target(at, reference) else { break };
        if layers.len() >= MAX_PROOF_REFERENCES {
            break;
        }
        layers.push(target);
        at = target;
    }
    layers
}

fn content<'t>(references: &References<'t>, holder: Node<'t>, media: &str) -> Option<Found<'t>> {
    let content = references.deref(holder.get("content")?)?;
    let media = references.deref(content.get(media)?)?;
    Some((media.get("schema").or_else(|| media.get("itemSchema"))?, Place::Schema))
}

fn is_status(key: &str, status: StatusKey) -> bool {
    let key = key.trim();
    match status {
        StatusKey::Code(code) => key.parse() == Ok(code),
        StatusKey::Range(hundreds) => key.eq_ignore_ascii_case(&format!("{hundreds}XX")),
        StatusKey::Default => key.eq_ignore_ascii_case("default"),
    }
}

fn text<'t>(node: Node<'t>, key: &str) -> Option<&'t str> {
    node.get(key)?.scalar_text()
}
