//! Values of expressions about the head of a request.

use mocker_http::{percent, query};
use mocker_openapi::expression::{Expression, Place};

use crate::request::Sent;

/// The head of a request.
#[derive(Clone, Copy, Debug)]
pub struct Heard<'a> {
    /// Whether it came by `https`
    pub is_secure: bool,
    /// As sent
    pub method: &'a str,
    /// Host and port that the client named
    pub authority: &'a [u8],
    /// Where the parameters are
    pub sent: Sent<'a>,
    /// `Content-Type` of the body
    pub content_type: Option<&'a [u8]>,
}

impl Heard<'_> {
    /// The value of an expression; `None` where the head has none.
    pub(super) fn value(&self, expression: &Expression) -> Option<String> {
        match expression {
            Expression::Url => Some(self.url()),
            Expression::Method => Some(self.method.to_owned()),
            Expression::Request(Place::Header(name)) => self.header(name),
            Expression::Request(Place::Query(name)) => self.query(name),
            Expression::Request(Place::Path(name)) => self.path(name),
            Expression::Request(Place::Body(_)) | Expression::Response(_) | Expression::StatusCode => None,
        }
    }

    fn url(&self) -> String {
        let scheme: &[u8] = if self.is_secure { b"https://" } else { b"http://" };
        let mut url = scheme.to_vec();
        url.extend_from_slice(self.authority);
        url.extend_from_slice(self.sent.path);
        if !self.sent.query.is_empty() {
            url.push(b'?');
            url.extend_from_slice(self.sent.query);
        }
        text(&url)
    }

    /// All lines together (RFC 9110, section 5.3).
    fn header(&self, name: &str) -> Option<String> {
        let lines: Vec<String> = self.sent.fields.find_all(name).map(text).collect();
        (!lines.is_empty()).then(|| lines.join(", "))
    }

    fn query(&self, name: &str) -> Option<String> {
        let mut pairs = query::pairs(self.sent.query);
        pairs.find_map(|(sent, value)| (decoded_form(sent) == name).then(|| decoded_form(value)))
    }

    fn path(&self, name: &str) -> Option<String> {
        let index = self.sent.names.iter().position(|known| **known == *name)?;
        let raw = self.sent.captures.get(index, self.sent.path)?;
        Some(text(&percent::decoded(raw).collect::<Vec<u8>>()))
    }
}

/// A name or value of a query or form.
pub(super) fn decoded_form(raw: &[u8]) -> String {
    text(&percent::decoded_form(raw).collect::<Vec<u8>>())
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
