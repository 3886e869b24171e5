//! Responses: one schema under each of `produces`, examples by media type.

use std::sync::Arc;

use mocker_source::{Diagnostic, Kind, Node};

use super::{DEFAULT_MEDIA_TYPE, MediaTypes, essence, is_file, is_json};
use crate::codes;
use crate::model::{Example, MediaType, Response, StatusKey};
use crate::reader::Reader;

const BINARY: &str = "application/octet-stream";

/// The responses of an operation.
pub(crate) fn responses<'t>(
    reader: &mut Reader<'_, 't>,
    operation: Node<'t>,
) -> Vec<(StatusKey, Arc<Response>)> {
    let produces = MediaTypes::read(reader, operation, "produces");
    let mut responses = Vec::new();
    for (status, node) in reader.response_nodes(operation) {
        let key = (node.id(), produces.source.map(Node::id));
        let known = reader.responses.get(&key).cloned();
        let response = known.unwrap_or_else(|| {
            let response = Arc::new(response(reader, node, &produces));
            reader.responses.insert(key, Arc::clone(&response));
            response
        });
        responses.push((status, response));
    }
    responses
}

fn response<'t>(reader: &mut Reader<'_, 't>, node: Node<'t>, produces: &MediaTypes<'t>) -> Response {
    let description = reader.text(node, "description").unwrap_or_default().into();
    let headers = reader.headers(node);
    Response { description, headers, content: content(reader, node, produces), links: Vec::new() }
}

fn content<'t>(reader: &mut Reader<'_, 't>, node: Node<'t>, produces: &MediaTypes<'t>) -> Vec<MediaType> {
    let written = node.get("schema").filter(|schema| !schema.is_null());
    let file = written.and_then(|schema| reader.resolver.deref(schema).ok()).is_some_and(is_file);
    let schema = reader.schema(node, "schema");
    let examples = node.get("examples").or_else(|| node.get("x-examples")).filter(|map| !map.is_null());
    let mut names = produces.names.clone();
    if names.is_empty() {
        names.push(if file { BINARY } else { DEFAULT_MEDIA_TYPE });
        // what has an example is surely produced
        let shown =
            examples.into_iter().flat_map(Node::entries).map(|(key, _)| key).filter(|key| key.contains('/'));
        let more: Vec<&str> = shown.filter(|key| !names.iter().any(|name| is_same(name, key))).collect();
        names.extend(more);
    }
    let media_types = names.into_iter().map(|name| MediaType {
        name: name.into(),
        schema,
        item_schema: None,
        examples: examples.map(|map| examples_for(reader, map, name)).unwrap_or_default(),
        encoding: Vec::new(),
    });
    let mut content: Vec<MediaType> = media_types.collect();
    if schema.is_none() {
        content.retain(|media_type| !media_type.examples.is_empty());
    }
    content
}

/// The examples that fit a media type: those of that name, else JSON for JSON. Keys that are
/// no media types are names of examples, as 3.x has them.
pub(super) fn examples_for<'t>(reader: &mut Reader<'_, 't>, map: Node<'t>, media_type: &str) -> Vec<Example> {
    if map.kind() != Kind::Object || !map.entries().any(|(key, _)| key.contains('/')) {
        return if is_json(media_type) { unlabelled(reader, map) } else { Vec::new() };
    }
    let same = map.entries().find(|(key, _)| is_same(key, media_type));
    let similar = || map.entries().find(|(key, _)| is_json(key) && is_json(media_type));
    let fitting = same.or_else(similar).map(|(_, node)| node);
    fitting.map(|node| reader.bare_example("default", node)).into_iter().collect()
}

fn unlabelled<'t>(reader: &mut Reader<'_, 't>, map: Node<'t>) -> Vec<Example> {
    let message = "`examples` should map media types to values";
    let help = "write `examples: { application/json: ... }`";
    reader.report(Diagnostic::warning(codes::EXAMPLES_SHAPE, map, message).with_help(help));
    let wrapped = |node: Node<'t>| node.get("value").unwrap_or(node);
    match map.kind() {
        Kind::Object if map.entries().all(|(_, node)| node.get("value").is_some()) => {
            map.entries().map(|(name, node)| reader.bare_example(name, wrapped(node))).collect()
        }
        _ => vec![reader.bare_example("default", map)],
    }
}

fn is_same(a: &str, b: &str) -> bool {
    essence(a).eq_ignore_ascii_case(essence(b))
}
