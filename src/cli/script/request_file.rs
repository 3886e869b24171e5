//! A request in a text file: request line, field lines, an empty line, a body.

use std::fs;
use std::path::Path;

use anyhow::{Context, bail};
use mocker_scripting::{Request, RequestBuilder};

use crate::limits::MAX_REQUEST_BODY;

/// A request as the file has it.
pub(super) struct Parsed {
    pub(super) method: String,
    pub(super) path: String,
    query: String,
    fields: Vec<(String, String)>,
    body: Vec<u8>,
}

/// Reads a request.
///
/// # Errors
/// When the file cannot be read or is no request.
pub(super) fn read(file: &Path) -> anyhow::Result<Parsed> {
    let name = file.display();
    if fs::metadata(file).is_ok_and(|metadata| metadata.len() > MAX_REQUEST_BODY) {
        bail!("{name} has more than {MAX_REQUEST_BODY} bytes");
    }
    let bytes = fs::read(file).with_context(|| format!("{name} cannot be read"))?;
    parse(&bytes).with_context(|| format!("{name} is no request"))
}

fn parse(bytes: &[u8]) -> anyhow::Result<Parsed> {
    let mut rest = bytes;
    let mut line = || -> Option<String> {
        let end = rest.iter().position(|&byte| byte == b'\n')?;
        let line = String::from_utf8_lossy(&rest[..end]).trim_end_matches('\r').to_owned();
        rest = &rest[end + 1..];
        Some(line)
    };
    let first = match line() {
        Some(first) => first,
        None => return parse(&[bytes, b"\n"].concat()).context("the request line has no end"),
    };
    let mut words = first.split_whitespace();
    let (Some(method), Some(target)) = (words.next(), words.next()) else {
        bail!("the first line must be as `GET /pets?limit=5`; it is `{}`", first.escape_debug());
    };
    // What begins with `http` is a whole URL, as tools for `.http` files have it.
    let target = match target.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("/", |at| &rest[at..]),
        None => target,
    };
    if !target.starts_with('/') {
        bail!("the path must begin with `/`; it is `{}`", target.escape_debug());
    }
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let (path, query) = (path.to_owned(), query.to_owned());
    let (method, mut fields) = (method.to_owned(), Vec::new());
    while let Some(line) = line().filter(|line| !line.is_empty()) {
        let Some((name, value)) = line.split_once(':') else {
            bail!("a field line must be as `name: value`; one is `{}`", line.escape_debug());
        };
        fields.push((name.trim().to_owned(), value.trim().to_owned()));
    }
    Ok(Parsed { method, path, query, fields, body: rest.to_vec() })
}

impl Parsed {
    /// The request of an operation, as `GET /pets/{petId}`.
    pub(super) fn build(&self, operation: &str) -> Request {
        let mut builder = RequestBuilder::new(&self.method, self.path.as_bytes(), self.query.as_bytes());
        for (name, value) in &self.fields {
            builder.field(name, value.as_bytes());
        }
        let template = operation.split_once(' ').map_or("", |(_, path)| path);
        for (name, value) in variables(template, &self.path) {
            builder.param(name, value.as_bytes());
        }
        builder.finish(&self.body)
    }

    /// The values of a name in the query, as sent.
    pub(super) fn query(&self) -> Vec<(String, String)> {
        let request = RequestBuilder::new("", b"", self.query.as_bytes()).finish(b"");
        request.query().map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
    }

    pub(super) fn field(&self, name: &str) -> Option<&str> {
        let is_named = |(known, _): &&(String, String)| known.eq_ignore_ascii_case(name);
        self.fields.iter().find(is_named).map(|(_, value)| value.as_str())
    }
}

/// The variables of a path template in a path, which may have a prefix more than the template.
pub(super) fn variables<'t, 'p>(template: &'t str, path: &'p str) -> Vec<(&'t str, &'p str)> {
    let segments = template.rsplit('/').zip(path.rsplit('/'));
    let mut found: Vec<(&str, &str)> = segments
        .filter_map(|(template, segment)| Some((template.strip_prefix('{')?.strip_suffix('}')?, segment)))
        .collect();
    found.reverse();
    found
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::{parse, variables};

    #[test]
    fn requests_are_read() {
        let request =
            parse(b"POST http://localhost:80/pets/a%20b?x=1 HTTP/1.1\r\nX-A: b\r\n\r\nbo\ndy").unwrap();
        let built = request.build("POST /pets/{petId}");
        assert_eq!(
            (built.method(), built.path(), built.query_text()),
            ("POST".into(), "/pets/a%20b".into(), "x=1".into())
        );
        assert_eq!(
            (built.field("x-a").as_deref(), built.param("petId").as_deref()),
            (Some("b"), Some("a b"))
        );
        assert_eq!(built.body(), b"bo\ndy");
        assert_eq!(parse(b"GET /").unwrap().path, "/");
        for wrong in ["", "GET", "GET pets\n", "GET /\nno field\n"] {
            assert!(parse(wrong.as_bytes()).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn variables_are_found_behind_a_prefix() {
        assert_eq!(variables("/a/{b}/c/{d}", "/v1/a/1/c/2"), [("b", "1"), ("d", "2")]);
        assert_eq!(variables("/a", "/b"), []);
    }
}
