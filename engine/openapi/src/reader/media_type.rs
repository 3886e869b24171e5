//! The Media Type and Encoding Objects (OpenAPI 3.1 §4.8.14, §4.8.15).

use mocker_source::{Diagnostic, Kind, Node};

use super::Reader;
use super::example::may_be_template;
use super::parameter::style_named;
use crate::codes;
use crate::media_type::{essence, is_name};
use crate::model::{Encoding, MediaType};

impl<'t> Reader<'_, 't> {
    /// `content`, in document order.
    pub(super) fn content(&mut self, holder: Node<'t>) -> Vec<MediaType> {
        let Some(content) = self.object(holder, "content") else { return Vec::new() };
        let entries = content.entries().filter(|(name, _)| !name.starts_with("x-"));
        entries.filter_map(|(name, node)| self.media_type(name, node)).collect()
    }

    fn media_type(&mut self, name: &str, node: Node<'t>) -> Option<MediaType> {
        self.check_media_type_name(name, node);
        let mut media_type = empty_media_type(name);
        let node = self.deref(node)?;
        if node.kind() != Kind::Object {
            if !node.is_null() {
                self.wrong_type(node, name, "an object");
            }
            return Some(media_type);
        }
        media_type.schema = self.schema(node, "schema");
        media_type.item_schema = self.schema(node, "itemSchema");
        media_type.examples = self.body_file(node).into_iter().chain(self.examples(node)).collect();
        for example in &mut media_type.examples {
            example.is_template &= may_be_template(node);
        }
        media_type.encoding = self.encodings(node);
        Some(media_type)
    }

    /// RFC 9110 §8.3.1: `type/subtype`.
    pub(crate) fn check_media_type_name(&mut self, name: &str, node: Node<'t>) {
        if !is_name(name) && essence(name) != "*" {
            let message = format!("`{name}` is not a media type");
            self.report(
                Diagnostic::warning(codes::MEDIA_TYPE_INVALID, node, message)
                    .with_help("write one like `application/json`"),
            );
        }
    }

    fn encodings(&mut self, node: Node<'t>) -> Vec<(Box<str>, Encoding)> {
        let Some(map) = self.object(node, "encoding") else { return Vec::new() };
        let mut encodings = Vec::with_capacity(map.len());
        for (property, node) in map.entries() {
            if node.kind() != Kind::Object {
                self.wrong_type(node, property, "an object");
                continue;
            }
            let style = self.text(node, "style").and_then(style_named);
            let encoding = Encoding {
                content_type: self.text(node, "contentType").map(Into::into),
                style,
                explode: self.flag(node, "explode"),
                allow_reserved: self.flag(node, "allowReserved").unwrap_or_default(),
            };
            encodings.push((property.into(), encoding));
        }
        encodings
    }
}

/// A media type of which only the name is known.
pub(crate) fn empty_media_type(name: &str) -> MediaType {
    MediaType {
        name: name.into(),
        schema: None,
        item_schema: None,
        examples: Vec::new(),
        encoding: Vec::new(),
    }
}
