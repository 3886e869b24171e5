//! The Responses and Response Objects (OpenAPI 3.1 §4.8.16, §4.8.17).

use std::sync::Arc;

use mocker_source::{Diagnostic, Kind, Node};

use super::Reader;
use super::media_type::empty_media_type;
use crate::codes;
use crate::kind::kind_name;
use crate::model::{Response, StatusKey};

impl<'t> Reader<'_, 't> {
    pub(super) fn responses(&mut self, operation: Node<'t>) -> Vec<(StatusKey, Arc<Response>)> {
        let mut responses = Vec::new();
        for (status, node) in self.response_nodes(operation) {
            let known = self.responses.get(&(node.id(), None)).cloned();
            let response = known.unwrap_or_else(|| {
                let response = Arc::new(self.response(node));
                self.responses.insert((node.id(), None), Arc::clone(&response));
                response
            });
            responses.push((status, response));
        }
        responses
    }

    /// The responses that can be read, with their keys understood and references followed.
    pub(crate) fn response_nodes(&mut self, operation: Node<'t>) -> Vec<(StatusKey, Node<'t>)> {
        let map = self.object(operation, "responses");
        let Some(map) = map.filter(|map| !map.is_empty()) else {
            let message = "the operation has no `responses`; it answers 200 without a body";
            self.report(
                Diagnostic::warning(codes::RESPONSES_MISSING, operation, message)
                    .with_help("add `responses`"),
            );
            return Vec::new();
        };
        let mut nodes = Vec::with_capacity(map.len());
        for (key, node) in map.entries() {
            if key.starts_with("x-") {
                continue;
            }
            let Some(status) = self.status(key, node) else { continue };
            let Some(node) = self.deref(node) else { continue };
            if node.kind() != Kind::Object {
                let message = format!("a response should be an object, this is {}", kind_name(node));
                self.report(
                    Diagnostic::error(codes::RESPONSE_INVALID, node, message)
                        .with_help("write `{ description: ... }`"),
                );
                continue;
            }
            nodes.push((status, node));
        }
        nodes
    }

    fn status(&mut self, key: &str, node: Node<'t>) -> Option<StatusKey> {
        let status = parse_status(key);
        if status.is_none() {
            let message = format!("`{key}` is not a response status");
            let help = "write a status as `200`, a range as `2XX`, or `default`";
            self.report(Diagnostic::error(codes::STATUS_INVALID, node, message).with_help(help));
        }
        status
    }

    fn response(&mut self, node: Node<'t>) -> Response {
        let mut content = self.content(node);
        if node.get("content").is_none()
            && let Some(schema) = node.get("schema").filter(|schema| schema.kind() == Kind::Object)
        {
            let message = "`schema` belongs inside `content`; it is taken as `application/json`";
            let help = "write `content: { application/json: { schema: ... } }`";
            self.report(Diagnostic::warning(codes::RESPONSE_SCHEMA, schema, message).with_help(help));
            let mut media_type = empty_media_type("application/json");
            media_type.schema = Some(self.lowering.lower(schema));
            content.push(media_type);
        }
        let description = self.text(node, "description").unwrap_or_default().into();
        Response { description, headers: self.headers(node), content, links: self.links(node) }
    }
}

/// `200`, `2XX` (also `2xx`), `default`.
fn parse_status(key: &str) -> Option<StatusKey> {
    let key = key.trim();
    if key.eq_ignore_ascii_case("default") {
        return Some(StatusKey::Default);
    }
    let digit = key.bytes().next().filter(u8::is_ascii_digit)? - b'0';
    if key.len() == 3 && key[1..].eq_ignore_ascii_case("xx") {
        return (1..=5).contains(&digit).then_some(StatusKey::Range(digit));
    }
    let code = key.parse().ok()?;
    (100..=999).contains(&code).then_some(StatusKey::Code(code))
}

#[cfg(test)]
mod tests {
    use super::{StatusKey, parse_status};

    #[test]
    fn keys_of_responses() {
        for (key, expected) in [
            ("200", Some(StatusKey::Code(200))),
            ("999", Some(StatusKey::Code(999))),
            ("4XX", Some(StatusKey::Range(4))),
            ("2xx", Some(StatusKey::Range(2))),
            ("default", Some(StatusKey::Default)),
            ("Default", Some(StatusKey::Default)),
            ("99", None),
            ("1000", None),
            ("6XX", None),
            ("0XX", None),
            ("+200", None),
            ("2é", None),
            ("", None),
        ] {
            assert_eq!(parse_status(key), expected, "{key}");
        }
    }
}
