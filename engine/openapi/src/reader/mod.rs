//! From values to the model: one file for each object of the specification.

mod callback;
mod document;
mod example;
mod header;
mod link;
mod media_type;
mod operation;
mod parameter;
mod path_item;
mod paths;
mod request_body;
mod response;
mod security;
mod server;

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use mocker_schema::SchemaId;
use mocker_schema::lower::Lowering;
use mocker_source::{Diagnostic, Kind, Node, NodeId};

use crate::files::Files;
use crate::kind::kind_name;
use crate::limits::Limits;
use crate::load::in_order;
use crate::model::{Document, Parameter, RequestBody, Requirement, Response, Server};
use crate::reference::Resolver;
use crate::version::{Family, Version};
use crate::{Location, codes};

use callback::ReadCallback;
pub(crate) use parameter::{Read, ReadParameter, default_style};
pub(crate) use path_item::METHODS;
pub(crate) use paths::quoted;
pub(crate) use security::Schemes;

/// Reads the whole description. Never fails: what cannot be read is left out and reported.
pub(crate) fn read<'t>(
    files: &'t Files,
    resolver: &Resolver<'t>,
    version: &Version,
) -> (Document, Vec<Diagnostic>) {
    let root = files.root();
    let mut reader = Reader {
        resolver,
        lowering: Lowering::new(version.dialect(), resolver),
        family: version.family,
        root,
        location: files.location(root.id().file),
        diagnostics: Vec::new(),
        full: false,
        limits: files.limits(),
        schemes: Schemes::default(),
        parameters: HashMap::new(),
        parameter_lists: HashMap::new(),
        server_lists: HashMap::new(),
        requirements: HashMap::new(),
        bodies: HashMap::new(),
        responses: HashMap::new(),
        callbacks: HashMap::new(),
        operations: 0,
        example_texts: HashMap::new(),
        texts: HashMap::new(),
    };
    let mut document = reader.document(version);
    let (schemas, of_lowering) = reader.lowering.finish();
    document.schemas = schemas;
    let mut diagnostics = reader.diagnostics;
    diagnostics.extend(of_lowering);
    (document, diagnostics)
}

/// What reading needs at hand. Things that many operations share are read once, by identity.
pub(crate) struct Reader<'a, 't> {
    pub(crate) resolver: &'a Resolver<'t>,
    pub(crate) lowering: Lowering<'t, &'a Resolver<'t>>,
    pub(crate) family: Family,
    pub(crate) root: Node<'t>,
    pub(crate) location: &'t Location,
    diagnostics: Vec<Diagnostic>,
    /// No further faults are kept
    full: bool,
    limits: Limits,
    pub(crate) schemes: Schemes<'t>,
    parameters: HashMap<NodeId, Arc<Parameter>>,
    parameter_lists: HashMap<NodeId, Rc<[ReadParameter<'t>]>>,
    server_lists: HashMap<NodeId, Vec<Server>>,
    requirements: HashMap<NodeId, Vec<Requirement>>,
    bodies: HashMap<NodeId, Option<Arc<RequestBody>>>,
    pub(crate) responses: HashMap<(NodeId, Option<NodeId>), Arc<Response>>,
    callbacks: HashMap<NodeId, Vec<ReadCallback>>,
    /// Operations read so far, those of callbacks too
    operations: usize,
    example_texts: HashMap<NodeId, Arc<str>>,
    texts: HashMap<&'t str, Arc<str>>,
}

impl<'t> Reader<'_, 't> {
    /// Keeps a fault. The same one may come from each operation that shares what has it, and is
    /// counted once in the end: hence more are kept than will be shown.
    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        let most = self.limits.diagnostics.saturating_mul(4);
        if self.diagnostics.len() >= most && !self.full {
            self.diagnostics.sort_by(in_order);
            self.diagnostics.dedup();
            self.full = self.diagnostics.len() > most / 2;
        }
        if !self.full {
            self.diagnostics.push(diagnostic);
        }
    }

    /// One shared copy of a text that many operations repeat.
    pub(crate) fn shared(&mut self, text: &'t str) -> Arc<str> {
        Arc::clone(self.texts.entry(text).or_insert_with(|| text.into()))
    }

    /// The value behind `node`'s references; reports and gives `None` where there is none.
    pub(crate) fn deref(&mut self, node: Node<'t>) -> Option<Node<'t>> {
        match self.resolver.deref(node) {
            Ok(node) => Some(node),
            Err(diagnostic) => {
                self.report(diagnostic);
                None
            }
        }
    }

    /// The member `key` if it is an object (behind references), reported if it is something else.
    pub(crate) fn object(&mut self, node: Node<'t>, key: &str) -> Option<Node<'t>> {
        let member = node.get(key)?;
        let member = self.deref(member)?;
        self.expect(member, key, Kind::Object)
    }

    /// The member `key` if it is an array (behind references), reported if it is something else.
    pub(crate) fn array(&mut self, node: Node<'t>, key: &str) -> Option<Node<'t>> {
        let member = node.get(key)?;
        let member = self.deref(member)?;
        self.expect(member, key, Kind::Array)
    }

    fn expect(&mut self, member: Node<'t>, key: &str, kind: Kind) -> Option<Node<'t>> {
        if member.kind() == kind {
            return Some(member);
        }
        if !member.is_null() {
            let wanted = if kind == Kind::Array { "an array" } else { "an object" };
            self.wrong_type(member, key, wanted);
        }
        None
    }

    /// The text of a string member; numbers and booleans are taken as they are written.
    pub(crate) fn text(&mut self, node: Node<'t>, key: &str) -> Option<&'t str> {
        let member = node.get(key)?;
        match member.kind() {
            Kind::Null => None,
            Kind::Array | Kind::Object => {
                self.wrong_type(member, key, "a string");
                None
            }
            _ => member.scalar_text(),
        }
    }

    /// A boolean member; `"true"` and `"false"` are understood.
    pub(crate) fn flag(&mut self, node: Node<'t>, key: &str) -> Option<bool> {
        let member = node.get(key)?;
        if member.is_null() {
            return None;
        }
        member.as_bool().or_else(|| {
            self.wrong_type(member, key, "a boolean");
            member.as_str().and_then(|text| text.to_ascii_lowercase().parse().ok())
        })
    }

    /// Reports that `node` is not what `key` should be.
    pub(crate) fn wrong_type(&mut self, node: Node<'t>, key: &str, wanted: &str) {
        let message = format!("`{key}` should be {wanted}, this is {}", kind_name(node));
        self.report(
            Diagnostic::warning(codes::WRONG_TYPE, node, message).with_help(format!("write {wanted} here")),
        );
    }

    /// The member `schema`, lowered.
    pub(crate) fn schema(&mut self, node: Node<'t>, key: &str) -> Option<SchemaId> {
        let schema = node.get(key)?;
        (!schema.is_null()).then(|| self.lowering.lower(schema))
    }
}
