//! The Operation Object (OpenAPI 3.1 §4.8.10).

use std::collections::HashSet;
use std::sync::Arc;

use mocker_source::{Diagnostic, Kind, Node};

use super::path_item::Shared;
use super::paths::{PathKey, Seen, quoted};
use super::{Read, ReadParameter, Reader};
use crate::codes;
use crate::kind::kind_name;
use crate::model::{Method, Operation, Parameter, Place};
use crate::swagger2;
use crate::template::{names_of_variable, template_variables};
use crate::version::Family;

impl<'t> Reader<'_, 't> {
    /// One method of a path; `None`, and an error, where there is nothing to read.
    pub(super) fn operation(
        &mut self,
        method: Method,
        node: Node<'t>,
        key: &PathKey<'t>,
        shared: &Shared<'t>,
        seen: &mut Seen<'t>,
    ) -> Option<Operation> {
        let node = self.deref(node)?;
        if node.kind() != Kind::Object {
            let message = format!("an operation should be an object, this is {}", kind_name(node));
            self.report(
                Diagnostic::error(codes::OPERATION_INVALID, node, message).with_help("give it `responses`"),
            );
            return None;
        }
        if !self.is_first(&method, key, node, seen) {
            return None;
        }
        let own = self.parameters(node);
        let all = merged(&shared.parameters, &own);
        let (request_body, responses) = match self.family {
            Family::Swagger2 => (swagger2::request_body(self, node, &all), swagger2::responses(self, node)),
            _ => (self.request_body(node), self.responses(node)),
        };
        let own_servers = self.servers(node);
        let own_summary = self.text(node, "summary");
        Some(Operation {
            id: self.operation_id(node, seen),
            summary: shared.summary_or(own_summary),
            tags: self.tags(node),
            deprecated: self.flag(node, "deprecated").unwrap_or_default(),
            parameters: self.fitting(all, key, node),
            request_body,
            responses,
            security: self.security(node),
            servers: if own_servers.is_empty() { shared.servers.clone() } else { own_servers },
            callbacks: self.callbacks(node, seen),
            extensions: extensions(node),
            position: node.position(),
            path: Arc::clone(&key.path),
            path_condition: key.condition.clone(),
            method,
        })
    }

    fn operation_id(&mut self, node: Node<'t>, seen: &mut Seen<'t>) -> Option<Arc<str>> {
        let id = self.text(node, "operationId").filter(|id| !id.is_empty())?;
        let shared: Arc<str> = id.into();
        let at = node.get("operationId").unwrap_or(node);
        if let Some(first) = seen.ids.insert(Arc::clone(&shared), at.position()) {
            let message = format!("the operationId `{id}` is used before, on line {}", first.line);
            self.report(
                Diagnostic::warning(codes::OPERATION_ID_DUPLICATE, at, message)
                    .with_help("give each operation its own"),
            );
        }
        Some(shared)
    }

    fn tags(&mut self, node: Node<'t>) -> Vec<Arc<str>> {
        let Some(tags) = self.array(node, "tags") else { return Vec::new() };
        tags.items().filter_map(Node::as_str).map(|tag| self.shared(tag)).collect()
    }

    /// The parameters that are one; those of the path that it does not hold are left out.
    fn fitting(
        &mut self,
        all: Vec<ReadParameter<'t>>,
        key: &PathKey<'t>,
        node: Node<'t>,
    ) -> Vec<Arc<Parameter>> {
        let variables: HashSet<&str> = template_variables(&key.path).flat_map(names_of_variable).collect();
        let mut described = HashSet::new();
        let mut fitting: Vec<Arc<Parameter>> = Vec::with_capacity(all.len());
        for parameter in &all {
            let Read::Plain(model) = &parameter.read else { continue };
            if model.place == Place::Path && !variables.contains(parameter.name) {
                let message = format!("the path `{}` has no `{{{}}}`", quoted(key.written), model.name);
                let help = "add the variable to the path, or write `in: query`";
                self.report(
                    Diagnostic::warning(codes::PARAMETER_NOT_IN_PATH, parameter.node, message)
                        .with_help(help),
                );
                continue;
            }
            if model.place == Place::Path {
                described.insert(parameter.name);
            }
            fitting.push(Arc::clone(model));
        }
        let is_described =
            |variable: &str| names_of_variable(variable).iter().any(|name| described.contains(name));
        let missing = template_variables(&key.path).filter(|variable| !is_described(variable));
        for variable in missing {
            let message = format!("no parameter describes `{{{variable}}}` of the path; any text is taken");
            let help = format!("add a parameter with `name: {variable}` and `in: path`");
            self.report(Diagnostic::warning(codes::PARAMETER_MISSING, node, message).with_help(help));
        }
        fitting
    }
}

/// The path item's parameters, those replaced that the operation has too.
fn merged<'t>(shared: &[ReadParameter<'t>], own: &[ReadParameter<'t>]) -> Vec<ReadParameter<'t>> {
    let replaced: HashSet<_> = own.iter().map(ReadParameter::key).collect();
    let kept = shared.iter().filter(|parameter| !replaced.contains(&parameter.key()));
    kept.chain(own).cloned().collect()
}

fn extensions(node: Node<'_>) -> Vec<(Box<str>, serde_json::Value)> {
    let own = node.entries().filter(|(key, _)| key.starts_with("x-"));
    own.map(|(key, value)| (key.into(), value.to_json())).collect()
}
