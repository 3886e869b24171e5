//! Whether a file without `openapi` and `swagger` is a collection, and of which version.

use mocker_source::{Diagnostic, Kind, Node};

use crate::codes;

/// The version that is meant where none is written.
const LATEST: &str = "2.1.0";

/// What a file is.
pub(crate) enum Detected {
    /// A collection; its version in words
    Version(String),
    /// A collection that cannot be read, which is reported
    Refused,
    /// Something else
    Other,
}

/// The collection itself: the interface of Postman gives it inside of an object.
pub(super) fn collection(root: Node<'_>) -> Node<'_> {
    match root.get("collection") {
        Some(inner) if inner.is_object() && root.get("info").is_none() => inner,
        _ => root,
    }
}

/// Looks for `info.schema`, `info._postman_id`, or items that hold requests.
pub(crate) fn detect(root: Node<'_>, out: &mut Vec<Diagnostic>) -> Detected {
    let root = collection(root);
    let is_list = |key: &str| root.get(key).is_some_and(Node::is_array);
    if is_list("requests") && is_list("order") {
        return refuse(root, out);
    }
    let Some(info) = root.get("info").filter(|info| info.kind() == Kind::Object) else {
        return Detected::Other;
    };
    if let Some(node) = info.get("schema")
        && let Some(version) = node.as_str().and_then(version_of)
    {
        return by_version(node, version, out);
    }
    if !is_list("item") {
        return Detected::Other;
    }
    if info.get("_postman_id").is_none() {
        let first = root.get("item").and_then(|items| items.at(0));
        if !first.is_some_and(|item| item.get("request").is_some() || item.get("item").is_some()) {
            return Detected::Other;
        }
        let message = "the version of the collection is missing";
        let help = "it is read as 2.1.0; write \
                    `schema: https://schema.getpostman.com/json/collection/v2.1.0/collection.json`";
        out.push(Diagnostic::warning(codes::VERSION_MISSING, info, message).with_help(help));
    }
    Detected::Version(in_words(LATEST))
}

/// `2.1.0` of `https://schema.getpostman.com/json/collection/v2.1.0/collection.json`.
fn version_of(schema: &str) -> Option<&str> {
    let (host, behind) = schema.split_once("/collection/")?;
    // `schema.getpostman.com` too
    let is_postman = host.contains("postman.com");
    let segment = behind.split('/').find_map(|segment| segment.strip_prefix('v'));
    segment.filter(|version| is_postman && version.starts_with(|first: char| first.is_ascii_digit()))
}

fn by_version(node: Node<'_>, version: &str, out: &mut Vec<Diagnostic>) -> Detected {
    match version.split('.').next() {
        Some("1") => refuse(node, out),
        Some("2") => Detected::Version(in_words(version)),
        _ => {
            let message = format!("version `{version}` of collections is newer than what is known here");
            let help = "it is read as 2.1.0; export the collection as v2.1";
            out.push(Diagnostic::warning(codes::VERSION_UNKNOWN, node, message).with_help(help));
            Detected::Version(in_words(version))
        }
    }
}

fn refuse(node: Node<'_>, out: &mut Vec<Diagnostic>) -> Detected {
    let message = "Postman collections of version 1 are not supported";
    out.push(Diagnostic::error(codes::POSTMAN_1, node, message).with_help("export the collection as v2.1"));
    Detected::Refused
}

fn in_words(version: &str) -> String {
    format!("Postman {version}")
}

#[cfg(test)]
mod tests {
    use super::version_of;

    #[test]
    fn versions_of_schemas() {
        for (schema, expected) in [
            ("https://schema.getpostman.com/json/collection/v2.1.0/collection.json", Some("2.1.0")),
            ("https://schema.getpostman.com/json/collection/v2.0.0/", Some("2.0.0")),
            ("https://schema.postman.com/collection/json/v2.1.0/draft-07/collection.json", Some("2.1.0")),
            ("https://schema.postman.com/json/collection/latest/docs/", None),
            ("https://example.com/collection/v2.1.0", None),
            ("", None),
        ] {
            assert_eq!(version_of(schema), expected, "{schema}");
        }
    }
}
