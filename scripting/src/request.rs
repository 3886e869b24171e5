//! A request as scripts and templates see it: owned, in one piece, parsed when asked for.

use std::borrow::Cow;
use std::ops::Range;

use percent_encoding::percent_decode;

/// A request, copied out of the connection's buffer.
#[derive(Clone, Debug)]
pub struct Request {
    bytes: Box<[u8]>,
    method: Span,
    path: Span,
    query: Span,
    fields: Box<[(Span, Span)]>,
    params: Box<[(Span, Span)]>,
    body: Span,
}

/// A range of the bytes.
#[derive(Clone, Copy, Debug, Default)]
struct Span {
    start: u32,
    end: u32,
}

/// Puts a [`Request`] together.
#[derive(Debug, Default)]
pub struct RequestBuilder {
    bytes: Vec<u8>,
    method: Span,
    path: Span,
    query: Span,
    fields: Vec<(Span, Span)>,
    params: Vec<(Span, Span)>,
}

impl RequestBuilder {
    /// A request line: method, path as sent (percent-encoded), query as sent without `?`.
    pub fn new(method: &str, path: &[u8], query: &[u8]) -> Self {
        let mut builder = RequestBuilder::default();
        builder.method = builder.push(method.as_bytes());
        builder.path = builder.push(path);
        builder.query = builder.push(query);
        builder
    }

    /// With one more field line.
    pub fn field(&mut self, name: &str, value: &[u8]) {
        let field = (self.push(name.as_bytes()), self.push(value));
        self.fields.push(field);
    }

    /// With the value of one more variable of the path, as sent.
    pub fn param(&mut self, name: &str, value: &[u8]) {
        let decoded: Cow<'_, [u8]> = percent_decode(value).into();
        let param = (self.push(name.as_bytes()), self.push(&decoded));
        self.params.push(param);
    }

    /// With the body, which is the last to come.
    pub fn finish(mut self, body: &[u8]) -> Request {
        let body = self.push(body);
        Request {
            bytes: self.bytes.into(),
            method: self.method,
            path: self.path,
            query: self.query,
            fields: self.fields.into(),
            params: self.params.into(),
            body,
        }
    }

    fn push(&mut self, bytes: &[u8]) -> Span {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(bytes);
        // Requests are limited far below 4 GB by the server.
        Span { start: start as u32, end: self.bytes.len() as u32 }
    }
}

impl Request {
    /// The method, as sent.
    pub fn method(&self) -> Cow<'_, str> {
        self.text(self.method)
    }

    /// The path, as sent: percent-encoded, without the query.
    pub fn path(&self) -> Cow<'_, str> {
        self.text(self.path)
    }

    /// The query, as sent: percent-encoded, without `?`.
    pub fn query_text(&self) -> Cow<'_, str> {
        self.text(self.query)
    }

    /// Parameters of the query in order, decoded; `+` is a space (WHATWG URL, section 5.1).
    pub fn query(&self) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
        pairs(self.of(self.query))
    }

    /// Field lines in order. Names are as sent: compare them without regard to case.
    pub fn fields(&self) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
        self.fields.iter().map(|(name, value)| (self.text(*name), self.text(*value)))
    }

    /// The first field of a name, in any case.
    pub fn field(&self, name: &str) -> Option<Cow<'_, str>> {
        let is_named = |field: &&(Span, Span)| self.of(field.0).eq_ignore_ascii_case(name.as_bytes());
        self.fields.iter().find(is_named).map(|(_, value)| self.text(*value))
    }

    /// Cookies in order (RFC 6265, section 4.2.1).
    pub fn cookies(&self) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
        let lines = self.fields.iter().filter(|field| self.of(field.0).eq_ignore_ascii_case(b"cookie"));
        lines.flat_map(|(_, value)| {
            self.of(*value).split(|&byte| byte == b';').filter_map(|pair| {
                let (name, value) = split(pair.trim_ascii(), b'=');
                (!name.is_empty()).then(|| (String::from_utf8_lossy(name), String::from_utf8_lossy(value)))
            })
        })
    }

    /// Variables of the path, decoded, in the order of the template.
    pub fn params(&self) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
        self.params.iter().map(|(name, value)| (self.text(*name), self.text(*value)))
    }

    /// A variable of the path, decoded.
    pub fn param(&self, name: &str) -> Option<Cow<'_, str>> {
        let is_named = |param: &&(Span, Span)| self.of(param.0) == name.as_bytes();
        self.params.iter().find(is_named).map(|(_, value)| self.text(*value))
    }

    /// The body's bytes.
    pub fn body(&self) -> &[u8] {
        self.of(self.body)
    }

    /// Fields of a body that is `application/x-www-form-urlencoded`, decoded.
    pub fn form(&self) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
        pairs(self.body())
    }

    fn of(&self, span: Span) -> &[u8] {
        let range: Range<usize> = span.start as usize..span.end as usize;
        &self.bytes[range]
    }

    fn text(&self, span: Span) -> Cow<'_, str> {
        String::from_utf8_lossy(self.of(span))
    }
}

fn pairs(bytes: &[u8]) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
    bytes.split(|&byte| byte == b'&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (name, value) = split(pair, b'=');
        (decoded(name), decoded(value))
    })
}

fn split(bytes: &[u8], at: u8) -> (&[u8], &[u8]) {
    match bytes.iter().position(|&byte| byte == at) {
        Some(middle) => (&bytes[..middle], &bytes[middle + 1..]),
        None => (bytes, b""),
    }
}

fn decoded(bytes: &[u8]) -> Cow<'_, str> {
    if !bytes.iter().any(|byte| matches!(byte, b'+' | b'%')) {
        return String::from_utf8_lossy(bytes);
    }
    let spaced: Vec<u8> = bytes.iter().map(|&byte| if byte == b'+' { b' ' } else { byte }).collect();
    let decoded: Vec<u8> = percent_decode(&spaced).collect();
    String::from_utf8_lossy(&decoded).into_owned().into()
}

#[cfg(test)]
mod tests {
    use super::{Request, RequestBuilder};

    fn request() -> Request {
        let mut builder = RequestBuilder::new("POST", b"/pets/a%20b", b"limit=5&q=a+b%26c&flag");
        builder.field("Cookie", b"a=1; b = 2;; =3");
        builder.field("X-One", b"first");
        builder.field("x-one", b"second");
        builder.param("petId", b"a%20b");
        builder.finish(b"name=Rex&x=%zz")
    }

    #[test]
    fn every_part_is_found() {
        let request = request();
        assert_eq!((request.method(), request.path()), ("POST".into(), "/pets/a%20b".into()));
        assert_eq!(request.param("petId").as_deref(), Some("a b"));
        assert_eq!(request.field("X-ONE").as_deref(), Some("first"));
        assert_eq!(request.body(), b"name=Rex&x=%zz");
        assert_eq!(request.field("none"), None);
    }

    #[test]
    fn pairs_are_decoded() {
        let request = request();
        let pairs = |of: Vec<(_, _)>| {
            of.into_iter().map(|(name, value)| format!("{name}:{value}")).collect::<Vec<_>>()
        };
        assert_eq!(pairs(request.query().collect()), ["limit:5", "q:a b&c", "flag:"]);
        assert_eq!(pairs(request.form().collect()), ["name:Rex", "x:%zz"]);
        assert_eq!(pairs(request.cookies().collect()), ["a:1", "b : 2"]);
    }
}
