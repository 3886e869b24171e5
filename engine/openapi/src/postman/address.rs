//! `url`: one text, or taken apart into protocol, host, path and query.

use std::borrow::Cow;

use mocker_source::{Kind, Node};

use super::Collection;
use super::pairs::{Pair, Syntax};
use crate::codes;
use crate::model::Server;
use crate::server_url::base_path;

/// Where a request goes.
pub(super) struct Address<'t> {
    pub(super) server: Option<Server>,
    /// A path template, as the model has it
    pub(super) path: String,
    pub(super) query: Vec<Pair<'t>>,
    /// Values of the path's variables, as the author tried them
    pub(super) examples: Vec<Pair<'t>>,
}

/// A URL with its variables still in it.
#[derive(Debug, Default, PartialEq)]
struct Parts<'s> {
    /// With protocol and port
    host: Cow<'s, str>,
    path: Cow<'s, str>,
    query: Cow<'s, str>,
}

impl<'t> Collection<'_, '_, 't> {
    /// The address of a request; `None`, and an error, where it has none.
    pub(super) fn address(&mut self, request: Node<'t>) -> Option<Address<'t>> {
        let url = if request.is_object() { request.get("url") } else { Some(request) };
        let parts = url.and_then(|url| self.parts(url));
        let Some((url, mut parts)) = url.zip(parts) else {
            let message = "the request has no URL".to_owned();
            self.error(codes::REQUEST_URL, request, message, "add `url: https://host/path`");
            return None;
        };
        let query = match url.get("query").filter(|query| !query.is_null()) {
            Some(_) => self.pairs(url, "query", Syntax::Query),
            None => self.pairs_of_text(url, &parts.query, Syntax::Query),
        };
        self.part_host_and_path(&mut parts);
        self.take_path_of_host(url, &mut parts);
        Some(Address {
            server: self.server(url, &parts.host),
            path: self.template(url, &parts.path)?,
            query,
            examples: self.pairs(url, "variable", Syntax::Form),
        })
    }

    fn parts(&mut self, url: Node<'t>) -> Option<Parts<'t>> {
        match url.kind() {
            Kind::String => url.as_str().filter(|text| !text.trim().is_empty()).map(split),
            Kind::Object => {
                let raw = self.reader.text(url, "raw").unwrap_or_default();
                let [host, path] =
                    ["host", "path"].map(|key| url.get(key).filter(|member| !member.is_null()));
                if host.is_none() && path.is_none() {
                    return (!raw.trim().is_empty()).then(|| split(raw));
                }
                let mut whole = host.map(|host| self.joined(host, "host", ".")).unwrap_or_default();
                if let Some(protocol) = self.reader.text(url, "protocol").filter(|text| !text.is_empty())
                    && !whole.is_empty()
                {
                    whole = format!("{}://{whole}", protocol.trim_end_matches("://"));
                }
                if let Some(port) = self.reader.text(url, "port").filter(|text| !text.is_empty()) {
                    whole = format!("{whole}:{port}");
                }
                let path = path.map(|path| self.path(path)).unwrap_or_default();
                Some(Parts { host: whole.into(), path: path.into(), query: split(raw).query })
            }
            Kind::Null => None,
            _ => {
                self.reader.wrong_type(url, "url", "a string or an object");
                None
            }
        }
    }

    /// The path with its first slash, where it has any segment: an empty one too, for `https://h/` has it.
    fn path(&mut self, path: Node<'t>) -> String {
        let joined = self.joined(path, "path", "/");
        if joined.is_empty() && path.items().next().is_none() { joined } else { format!("/{joined}") }
    }

    /// A list of segments, or one text.
    fn joined(&mut self, node: Node<'t>, key: &str, between: &str) -> String {
        if let Some(text) = node.scalar_text() {
            return text.to_owned();
        }
        if !node.is_array() {
            self.reader.wrong_type(node, key, "an array");
        }
        let text = |segment: Node<'t>| segment.scalar_text().or_else(|| segment.get("value")?.scalar_text());
        node.items().filter_map(text).collect::<Vec<_>>().join(between)
    }

    /// `{{baseUrl}}pets`: the slash is in the variable, or nobody knows what is.
    fn part_host_and_path(&self, parts: &mut Parts<'t>) {
        let Some((name, behind)) = parts.host.strip_prefix("{{").and_then(|rest| rest.split_once("}}"))
        else {
            return;
        };
        let has_slash = self.variables.value(name).is_none_or(|value| value.ends_with('/'));
        if has_slash && behind.starts_with(|first: char| first.is_alphanumeric() || first == '_') {
            let path = match parts.path.as_ref() {
                "" => behind.to_owned(),
                path => format!("{behind}/{}", path.trim_start_matches('/')),
            };
            let host = format!("{{{{{name}}}}}");
            (parts.host, parts.path) = (host.into(), path.into());
        }
    }

    /// `{{baseUrl}}` alone: the path is what the variable has behind its host, and not that of a server.
    fn take_path_of_host(&mut self, url: Node<'t>, parts: &mut Parts<'t>) {
        if !parts.path.is_empty() {
            return;
        }
        let resolved = self.resolved(url, &parts.host);
        let of_host = split(&resolved);
        if of_host.path.len() > 1 {
            let (host, path) = (of_host.host.into_owned(), of_host.path.into_owned());
            (parts.host, parts.path) = (host.into(), path.into());
        }
    }

    /// The server of a host; none where the host is a variable without value.
    fn server(&mut self, url: Node<'t>, host: &str) -> Option<Server> {
        let resolved = self.resolved(url, host.trim());
        if resolved.trim().is_empty() || resolved.contains("{{") {
            return None;
        }
        let resolved = match resolved.contains("://") || resolved.starts_with('/') {
            true => resolved.into_owned(),
            false => format!("http://{resolved}"),
        };
        match base_path(&resolved, self.reader.location) {
            Ok(base_path) => {
                let server = Server { template: host.to_owned(), url: resolved, base_path };
                self.add_server(&server);
                Some(server)
            }
            Err(reason) => {
                let message = format!("`{resolved}` cannot be a server: {reason}");
                self.warn(codes::SERVER_INVALID, url, message, "write `https://host/path`");
                None
            }
        }
    }
}

/// Takes a URL apart before its variables are replaced: a value may hold what separates, and `{{baseUrl}}` is
/// the host whatever is in it.
fn split(text: &str) -> Parts<'_> {
    let text = text.trim();
    let end = outside(text, &['?', '#']).unwrap_or(text.len());
    let (address, behind) = text.split_at(end);
    let query = behind.strip_prefix('?').unwrap_or_default();
    let query = query.split('#').next().unwrap_or_default();
    let after_protocol = match address.find("://") {
        Some(at) if !address[..at].contains('/') => at + 3,
        _ => 0,
    };
    let end = outside(&address[after_protocol..], &['/']).map_or(address.len(), |at| after_protocol + at);
    let (host, path) = address.split_at(end);
    Parts { host: host.into(), path: path.into(), query: query.into() }
}

/// Where the first of `marks` stands that is not between the braces of a variable.
fn outside(text: &str, marks: &[char]) -> Option<usize> {
    let mut from = 0;
    loop {
        let at = from + text[from..].find(marks)?;
        let open = text[from..at].rfind("{{").map(|open| from + open);
        let close = open.and_then(|open| text[open..].find("}}").map(|close| open + close));
        match close {
            Some(close) if close > at => from = close + 2,
            _ => return Some(at),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn urls_fall_into_parts() {
        for (text, expected) in [
            ("https://h:8080/v1/pets?a=1&b=2#c", ("https://h:8080", "/v1/pets", "a=1&b=2")),
            ("https://h", ("https://h", "", "")),
            ("https://h?a=1", ("https://h", "", "a=1")),
            ("h/pets", ("h", "/pets", "")),
            ("/pets", ("", "/pets", "")),
            ("{{baseUrl}}/pets/:id", ("{{baseUrl}}", "/pets/:id", "")),
            ("{{a/b?c}}/pets", ("{{a/b?c}}", "/pets", "")),
            ("{{protocol}}://{{host}}/pets", ("{{protocol}}://{{host}}", "/pets", "")),
            ("h/redirect?to=http://x/y", ("h", "/redirect", "to=http://x/y")),
            ("h/a#b?c", ("h", "/a", "")),
            ("{{open/pets", ("{{open", "/pets", "")),
            ("", ("", "", "")),
        ] {
            let parts = split(text);
            assert_eq!((&*parts.host, &*parts.path, &*parts.query), expected, "{text}");
        }
    }
}
