//! The Path Item Object (OpenAPI 3.1 §4.8.9): its methods and what they have in common.

use std::rc::Rc;

use mocker_source::{Diagnostic, Kind, Node};

use super::paths::{PathKey, Seen};
use super::{ReadParameter, Reader};
use crate::codes;
use crate::limits::REF_HOPS;
use crate::media_type::is_token;
use crate::model::{Method, Operation, Server};
use crate::suggest::nearest;
use crate::version::Family;

/// The methods that have a field of their own.
pub(crate) const METHODS: [(&str, Method); 9] = [
    ("get", Method::Get),
    ("put", Method::Put),
    ("post", Method::Post),
    ("delete", Method::Delete),
    ("options", Method::Options),
    ("head", Method::Head),
    ("patch", Method::Patch),
    ("trace", Method::Trace),
    ("query", Method::Query),
];

const FIELDS: [&str; 6] = ["$ref", "summary", "description", "servers", "parameters", "additionalOperations"];

/// What all operations of one path have in common.
pub(super) struct Shared<'t> {
    pub(super) parameters: Rc<[ReadParameter<'t>]>,
    pub(super) servers: Vec<Server>,
    pub(super) summary: Option<&'t str>,
}

impl<'t> Reader<'_, 't> {
    pub(super) fn path_item(&mut self, key: &PathKey<'t>, seen: &mut Seen<'t>, out: &mut Vec<Operation>) {
        let layers = self.layers(key.item);
        let member = |name: &str| layers.iter().find(|layer| layer.get(name).is_some());
        let [parameters, servers, summary] =
            ["parameters", "servers", "summary"].map(|name| member(name).copied());
        let shared = Shared {
            parameters: parameters.map(|layer| self.parameters(layer)).unwrap_or_default(),
            servers: servers.map(|layer| self.servers(layer)).unwrap_or_default(),
            summary: summary.and_then(|layer| self.text(layer, "summary")),
        };
        let mut methods: Vec<Method> = Vec::new();
        for layer in &layers {
            for (method, node) in self.methods(*layer) {
                if methods.contains(&method) {
                    continue;
                }
                methods.push(method.clone());
                if self.is_full() {
                    return;
                }
                if let Some(operation) = self.operation(method, node, key, &shared, seen) {
                    self.operations += 1;
                    out.push(operation);
                }
            }
        }
    }

    /// The item and those it refers to; what stands in an earlier one wins.
    fn layers(&mut self, item: Node<'t>) -> Vec<Node<'t>> {
        let mut layers = vec![item];
        let mut current = item;
        while let Some(reference) = current.get("$ref").and_then(Node::as_str) {
            if layers.len() > REF_HOPS {
                // reports the loop
                self.deref(item);
                layers.truncate(1);
                break;
            }
            match self.resolver.resolve(current, reference) {
                Ok(target) if target.kind() == Kind::Object => {
                    layers.push(target);
                    current = target;
                }
                Ok(target) => {
                    self.wrong_type(target, "path item", "an object");
                    break;
                }
                Err(diagnostic) => {
                    self.report(diagnostic);
                    break;
                }
            }
        }
        layers
    }

    /// The operations of one layer, in document order.
    fn methods(&mut self, layer: Node<'t>) -> Vec<(Method, Node<'t>)> {
        let mut methods = Vec::new();
        for (key, node) in layer.entries() {
            let method = METHODS.iter().find(|(name, _)| name.eq_ignore_ascii_case(key));
            match method {
                Some((name, method)) => {
                    self.check_method(name, key, node);
                    methods.push((method.clone(), node));
                }
                None if FIELDS.contains(&key) || key.starts_with("x-") => {}
                None => self.report_unknown_key(key, node),
            }
        }
        if let Some(others) = self.object(layer, "additionalOperations") {
            for (key, node) in others.entries() {
                methods.extend(self.additional_method(key, node).map(|method| (method, node)));
            }
        }
        methods
    }

    fn check_method(&mut self, name: &str, key: &str, node: Node<'t>) {
        if name != key {
            let message = format!("methods are written in small letters, not `{key}`");
            self.report(
                Diagnostic::warning(codes::METHOD_CASE, node, message).with_help(format!("write `{name}`")),
            );
        }
        if name == "query" && self.family < Family::V32 {
            let message = "the method `query` exists since OpenAPI 3.2";
            self.report(
                Diagnostic::warning(codes::METHOD_VERSION, node, message).with_help("write `openapi: 3.2.0`"),
            );
        }
    }

    /// 3.2 `additionalOperations`: methods written as they are sent.
    fn additional_method(&mut self, key: &'t str, node: Node<'t>) -> Option<Method> {
        if let Some((name, method)) = METHODS.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)) {
            let message =
                format!("`{key}` has a field of its own and does not belong in `additionalOperations`");
            self.report(
                Diagnostic::warning(codes::METHOD_INVALID, node, message)
                    .with_help(format!("move it to `{name}`")),
            );
            return Some(method.clone());
        }
        // RFC 9110 §9.1: a method is a token
        if !is_token(key) {
            let message = format!("`{key}` cannot be a request method");
            self.report(
                Diagnostic::error(codes::METHOD_INVALID, node, message)
                    .with_help("use letters, as in `COPY`"),
            );
            return None;
        }
        Some(Method::Other(key.into()))
    }

    fn report_unknown_key(&mut self, key: &str, node: Node<'t>) {
        let known = METHODS.iter().map(|(name, _)| *name).chain(FIELDS);
        let message = format!("`{key}` is neither a method nor a field of a path item");
        let help = match nearest(key, known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "begin names of your own with `x-`".to_owned(),
        };
        self.report(Diagnostic::warning(codes::PATH_ITEM_UNKNOWN_KEY, node, message).with_help(help));
    }
}

impl Shared<'_> {
    /// The path item's text where the operation has none.
    pub(super) fn summary_or(&self, own: Option<&str>) -> Option<Box<str>> {
        own.or(self.summary).map(Into::into)
    }
}
