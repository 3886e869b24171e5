//! The Header Object (OpenAPI 3.1 §4.8.21).

use mocker_source::{Kind, Node};

use super::Reader;
use crate::model::Header;
use crate::swagger2;
use crate::version::Family;

impl<'t> Reader<'_, 't> {
    /// The declared headers of a response.
    pub(crate) fn headers(&mut self, response: Node<'t>) -> Vec<Header> {
        let Some(map) = self.object(response, "headers") else { return Vec::new() };
        let mut headers = Vec::with_capacity(map.len());
        for (name, node) in map.entries() {
            // OpenAPI 3.1 §4.8.17: `Content-Type` is ignored here
            if name.starts_with("x-") && node.kind() != Kind::Object
                || name.eq_ignore_ascii_case("content-type")
            {
                continue;
            }
            let Some(node) = self.deref(node) else { continue };
            if node.kind() != Kind::Object {
                self.wrong_type(node, name, "an object");
                continue;
            }
            headers.push(match self.family {
                Family::Swagger2 => swagger2::header(self, name, node),
                _ => self.header(name, node),
            });
        }
        headers
    }

    fn header(&mut self, name: &str, node: Node<'t>) -> Header {
        let (schema, content) = self.schema_or_content(node);
        Header {
            name: name.into(),
            required: self.flag(node, "required").unwrap_or_default(),
            explode: self.flag(node, "explode").unwrap_or_default(),
            schema,
            content,
            examples: self.examples(node),
        }
    }
}
