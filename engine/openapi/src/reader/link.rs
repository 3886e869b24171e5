//! The Link Object (OpenAPI 3.1 §4.8.20).

use mocker_source::{Kind, Node};

use super::Reader;
use crate::expression::Expression;
use crate::limits::LINKS;
use crate::model::{Link, LinkTarget};

impl<'t> Reader<'_, 't> {
    /// The links of a response. They describe what may follow and change no answer, so one that cannot be read is
    /// left out without a word; references that lead nowhere are reported elsewhere.
    pub(super) fn links(&mut self, response: Node<'t>) -> Vec<Link> {
        let map = response.get("links").filter(|links| links.kind() == Kind::Object);
        let entries = map.into_iter().flat_map(|map| map.entries().take(LINKS));
        entries.filter_map(|(name, node)| self.link(name, node)).collect()
    }

    fn link(&self, name: &str, node: Node<'t>) -> Option<Link> {
        let node = self.resolver.deref(node).ok()?;
        let text = |key: &str| node.get(key).and_then(Node::as_str);
        let target = match (text("operationId"), text("operationRef")) {
            (Some(id), _) => LinkTarget::Id(id.into()),
            (None, Some(reference)) => operation_at(reference)?,
            (None, None) => return None,
        };
        let parameters = node.get("parameters").filter(|map| map.kind() == Kind::Object);
        let parameters = parameters.into_iter().flat_map(Node::entries).filter_map(|(name, value)| {
            let expression = Expression::parse(value.as_str()?).ok()?;
            Some((without_place(name).into(), expression))
        });
        Some(Link { name: name.into(), target, parameters: parameters.collect() })
    }
}

/// The operation that `#/paths/~1pets~1{id}/get` names.
fn operation_at(reference: &str) -> Option<LinkTarget> {
    let (path, method) = reference.strip_prefix("#/paths/")?.split_once('/')?;
    let path = path.replace("~1", "/").replace("~0", "~").replace("%7B", "{").replace("%7D", "}");
    Some(LinkTarget::Path { path: path.into(), method: method.to_ascii_lowercase().into() })
}

/// `id` of `path.id`.
fn without_place(name: &str) -> &str {
    let places = ["path.", "query.", "header.", "cookie."];
    places.iter().find_map(|place| name.strip_prefix(place)).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_to_operations() {
        let path = |path: &str| Some(LinkTarget::Path { path: path.into(), method: "get".into() });
        for (reference, expected) in [
            ("#/paths/~1pets~1{id}/get", path("/pets/{id}")),
            ("#/paths/~1pets~1%7Bid%7D/GET", path("/pets/{id}")),
            ("#/paths/~1a~0b/get", path("/a~b")),
            ("#/paths/~1pets", None),
            ("other.yaml#/paths/~1pets/get", None),
        ] {
            assert_eq!(operation_at(reference), expected, "{reference}");
        }
    }

    #[test]
    fn names_of_parameters() {
        for (name, expected) in
            [("path.id", "id"), ("id", "id"), ("query.a.b", "a.b"), ("paths.id", "paths.id")]
        {
            assert_eq!(without_place(name), expected);
        }
    }
}
