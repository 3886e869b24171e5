//! Swagger 2.0 brought to the 3.x model: all that differs is here.
//!
//! `host`, `basePath` and `schemes` become servers; `body` and `formData` parameters become a
//! request body for each of `consumes`; a response's `schema` goes under each of `produces`; the
//! inline types of parameters and headers become schemas.

mod body;
mod parameter;
mod response;
mod servers;

use mocker_source::{Kind, Node};

use crate::media_type::{essence, is_json};
use crate::reader::Reader;

pub(crate) use body::request_body;
pub(crate) use parameter::{header, parameter};
pub(crate) use response::responses;
pub(crate) use servers::servers;

/// What is meant where `consumes` or `produces` is missing or empty.
const DEFAULT_MEDIA_TYPE: &str = "application/json";

/// `consumes` or `produces`.
struct MediaTypes<'t> {
    names: Vec<&'t str>,
    /// The list that counts
    source: Option<Node<'t>>,
}

impl<'t> MediaTypes<'t> {
    /// The operation's list, or the document's.
    fn read(reader: &mut Reader<'_, 't>, operation: Node<'t>, key: &str) -> MediaTypes<'t> {
        let source = operation.get(key).filter(|list| !list.is_null()).or_else(|| reader.root.get(key));
        let mut names = Vec::new();
        if let Some(list) = source {
            match list.kind() {
                Kind::Array => names.extend(list.items().filter_map(Node::as_str)),
                Kind::String => {
                    reader.wrong_type(list, key, "an array");
                    names.extend(list.as_str());
                }
                _ => reader.wrong_type(list, key, "an array"),
            }
            names.retain(|name| !name.trim().is_empty());
            for name in &names {
                reader.check_media_type_name(name, list);
            }
        }
        MediaTypes { names, source }
    }

    /// Whether the author named any.
    fn is_declared(&self) -> bool {
        !self.names.is_empty()
    }
}

/// Whether the schema says `type: file`.
fn is_file(schema: Node<'_>) -> bool {
    schema.get("type").and_then(Node::as_str).is_some_and(|kind| kind.eq_ignore_ascii_case("file"))
}
