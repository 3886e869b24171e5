//! Values of expressions about an answer, from its bytes.

use mocker_openapi::expression::{Expression, Place};

use super::body::Body;

/// An answer as it was written.
pub(super) struct Answer<'a> {
    /// Status line and fields
    head: &'a [u8],
    body: Body<'a>,
}

impl<'a> Answer<'a> {
    /// Cuts a whole answer.
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        let end = memchr::memmem::find(bytes, b"\r\n\r\n");
        let (head, body) = end.map_or((bytes, &[][..]), |end| (&bytes[..end], &bytes[end + 4..]));
        let content_type = field(head, "content-type").next();
        Answer { head, body: Body::new(body, content_type) }
    }

    /// The value of an expression; `None` where the answer has none.
    pub(super) fn value(&self, expression: &Expression) -> Option<String> {
        match expression {
            // `HTTP/1.1 200 OK`
            Expression::StatusCode => Some(text(self.head.split(|&byte| byte == b' ').nth(1)?)),
            Expression::Response(Place::Header(name)) => {
                let lines: Vec<String> = field(self.head, name).map(text).collect();
                (!lines.is_empty()).then(|| lines.join(", "))
            }
            Expression::Response(Place::Body(pointer)) => self.body.at(pointer),
            Expression::Response(_) | Expression::Request(_) | Expression::Url | Expression::Method => None,
        }
    }
}

/// Values of the field of this name, whatever the case of its letters.
fn field<'a>(head: &'a [u8], name: &str) -> impl Iterator<Item = &'a [u8]> {
    head.split(|&byte| byte == b'\n').skip(1).filter_map(move |line| {
        let colon = memchr::memchr(b':', line)?;
        line[..colon].eq_ignore_ascii_case(name.as_bytes()).then(|| line[colon + 1..].trim_ascii())
    })
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
