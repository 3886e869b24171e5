//! Names and values of a query and of the field `Cookie`.

use bumpalo::Bump;
use mocker_http::request::Fields;

use crate::limits::MAX_PAIRS;
use crate::request::text::{Encoding, decode};

/// A name, decoded, and its value as sent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pair<'a> {
    pub(crate) name: &'a str,
    pub(crate) value: &'a [u8],
}

/// The pairs of a query in order (WHATWG URL, 5.1). A name without `=` has an empty value.
pub(crate) fn of_query<'a>(query: &'a [u8], arena: &'a Bump) -> impl Iterator<Item = Pair<'a>> {
    let parts = Parts { rest: query }.filter(|part| !part.text.is_empty()).take(MAX_PAIRS);
    parts.map(move |part| {
        let (name, value) = match part.equals {
            Some(at) => (&part.text[..at], &part.text[at + 1..]),
            None => (part.text, &b""[..]),
        };
        Pair { name: decode(name, Encoding::Query, arena), value }
    })
}

/// What stands between the `&` of a query, each byte looked at once.
struct Parts<'a> {
    rest: &'a [u8],
}

struct Part<'a> {
    text: &'a [u8],
    /// Where its first `=` is
    equals: Option<usize>,
}

impl<'a> Iterator for Parts<'a> {
    type Item = Part<'a>;

    #[inline]
    fn next(&mut self) -> Option<Part<'a>> {
        if self.rest.is_empty() {
            return None;
        }
        let mut equals = None;
        let mut end = self.rest.len();
        for (at, &byte) in self.rest.iter().enumerate() {
            if byte == b'&' {
                end = at;
                break;
            }
            if byte == b'=' && equals.is_none() {
                equals = Some(at);
            }
        }
        let text = &self.rest[..end];
        self.rest = self.rest.get(end + 1..).unwrap_or_default();
        Some(Part { text, equals })
    }
}

/// The cookies in order, all lines together.
pub(crate) fn of_cookies<'a>(fields: &Fields<'a>, arena: &'a Bump) -> impl Iterator<Item = Pair<'a>> {
    let cookies = fields.cookies().take(MAX_PAIRS);
    cookies.map(|(name, value)| Pair { name: decode(name, Encoding::Plain, arena), value })
}

/// Both sides of the first `=`.
pub(crate) fn cut(part: &[u8]) -> (&[u8], &[u8]) {
    match part.iter().position(|&byte| byte == b'=') {
        Some(at) => (&part[..at], &part[at + 1..]),
        None => (part, b""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_of_a_query() {
        let arena = Bump::new();
        let pairs = |query: &'static str| -> Vec<(String, String)> {
            let pairs = of_query(query.as_bytes(), &arena);
            pairs.map(|pair| (pair.name.to_owned(), pair.value.escape_ascii().to_string())).collect()
        };
        let expected = [("a", "1"), ("b", ""), ("", "x"), ("c d", "e=%20f"), ("p[q]", "2")];
        assert_eq!(
            pairs("a=1&&b&=x&c+d=e=%20f&p%5Bq%5d=2&"),
            expected.map(|(name, value)| (name.to_owned(), value.to_owned()))
        );
        assert_eq!(of_query("a&".repeat(MAX_PAIRS + 5).as_bytes(), &arena).count(), MAX_PAIRS);
    }
}
