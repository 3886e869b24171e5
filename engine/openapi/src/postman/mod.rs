//! Postman collections 2.0 and 2.1 (`https://schema.postman.com/collection/`) brought to the model.
//!
//! Requests become operations, whatever folder they are in; those that share method and path become one. What
//! requests and saved responses hold are values, not rules: schemas are inferred from them.

mod address;
mod auth;
mod body;
mod content;
mod detect;
mod infer;
mod items;
mod operation;
mod pairs;
mod parameter;
mod path;
mod response;
mod variables;

use std::collections::HashSet;
use std::sync::Arc;

use mocker_schema::{SchemaId, Schemas, Types};
use mocker_source::{Diagnostic, Kind, Node};

use crate::codes;
use crate::limits::SERVERS;
use crate::model::{Document, Server};
use crate::reader::Reader;
use crate::version::Version;

pub(crate) use detect::{Detected, detect};
use operation::Drafts;
use variables::Variables;

/// Reads the whole collection. Never fails: what cannot be read is left out and reported.
pub(crate) fn document(reader: &mut Reader<'_, '_>, version: &Version) -> Document {
    let root = detect::collection(reader.root);
    let title = title(reader, root);
    let mut collection = Collection {
        variables: Variables::read(reader, root),
        reader,
        drafts: Drafts::default(),
        servers: Vec::new(),
        scalars: Vec::new(),
        schemes: HashSet::new(),
    };
    collection.read_items(root);
    let drafts = std::mem::take(&mut collection.drafts).list;
    let operations = drafts.into_iter().map(|draft| draft.finish(&mut collection)).collect();
    let servers = collection.servers;
    Document {
        title,
        version: version.text.clone(),
        servers,
        operations,
        schemas: Schemas::default(),
        security_schemes: std::mem::take(&mut reader.schemes).known,
    }
}

fn title<'t>(reader: &mut Reader<'_, 't>, root: Node<'t>) -> String {
    let info = root.get("info").filter(|info| info.is_object()).unwrap_or(root);
    let name = reader.text(info, "name");
    if name.is_none() {
        let message = "`info.name` is missing";
        let help = "give the collection a name";
        reader.report(Diagnostic::warning(codes::INFO_MISSING, info, message).with_help(help));
    }
    name.unwrap_or_default().to_owned()
}

/// What reading a collection needs at hand.
struct Collection<'r, 'a, 't> {
    reader: &'r mut Reader<'a, 't>,
    variables: Variables<'t>,
    drafts: Drafts,
    /// Of all requests, each once
    servers: Vec<Server>,
    /// Schemas that say no more than a type, shared by all that need one
    scalars: Vec<(Types, SchemaId)>,
    /// Names of the security schemes that are declared
    schemes: HashSet<Arc<str>>,
}

impl<'t> Collection<'_, '_, 't> {
    /// The member `key` if it is an array, reported if it is something else. `$ref` means nothing here.
    fn list(&mut self, node: Node<'t>, key: &str) -> Option<Node<'t>> {
        self.member(node, key, Kind::Array, "an array")
    }

    /// The member `key` if it is an object, reported if it is something else.
    fn object(&mut self, node: Node<'t>, key: &str) -> Option<Node<'t>> {
        self.member(node, key, Kind::Object, "an object")
    }

    fn member(&mut self, node: Node<'t>, key: &str, kind: Kind, wanted: &str) -> Option<Node<'t>> {
        let member = node.get(key).filter(|member| !member.is_null())?;
        if member.kind() != kind {
            self.reader.wrong_type(member, key, wanted);
            return None;
        }
        Some(member)
    }

    fn warn(&mut self, code: &'static str, at: Node<'t>, message: String, help: &str) {
        self.reader.report(Diagnostic::warning(code, at, message).with_help(help));
    }

    fn error(&mut self, code: &'static str, at: Node<'t>, message: String, help: &str) {
        self.reader.report(Diagnostic::error(code, at, message).with_help(help));
    }

    fn add_server(&mut self, server: &Server) {
        if self.servers.len() < SERVERS && !self.servers.contains(server) {
            self.servers.push(server.clone());
        }
    }
}
