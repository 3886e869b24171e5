//! The `Prefer` field (RFC 7240).

use std::borrow::Cow;

/// The preferences of a `Prefer` field in order: name, and value without its quotes, empty where there is none.
/// Parameters of a preference (behind `;`) are left out, and so is what cannot be read.
pub fn preferences<'a>(
    lines: impl Iterator<Item = &'a [u8]>,
) -> impl Iterator<Item = (&'a [u8], Cow<'a, [u8]>)> {
    lines.flat_map(|line| Pieces { rest: line, mark: b',' }).filter_map(|element| {
        let preference = Pieces { rest: element, mark: b';' }.next()?.trim_ascii();
        let (name, value) = match memchr::memchr(b'=', preference) {
            Some(at) => (preference[..at].trim_ascii(), preference[at + 1..].trim_ascii()),
            None => (preference, &b""[..]),
        };
        (!name.is_empty()).then(|| (name, unquoted(value)))
    })
}

/// What stands between marks, but for those inside quotes.
struct Pieces<'a> {
    rest: &'a [u8],
    mark: u8,
}

impl<'a> Iterator for Pieces<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        if self.rest.is_empty() {
            return None;
        }
        let (mut is_quoted, mut is_escaped) = (false, false);
        let end = self.rest.iter().position(|&byte| {
            let ends = byte == self.mark && !is_quoted;
            is_quoted ^= byte == b'"' && !is_escaped;
            is_escaped = is_quoted && byte == b'\\' && !is_escaped;
            ends
        });
        let (piece, rest) = match end {
            Some(end) => (&self.rest[..end], &self.rest[end + 1..]),
            None => (self.rest, &b""[..]),
        };
        self.rest = rest;
        Some(piece)
    }
}

fn unquoted(value: &[u8]) -> Cow<'_, [u8]> {
    match value {
        [b'"', inner @ .., b'"'] => {
            let mut is_escaped = false;
            let kept = inner.iter().filter(|&&byte| {
                is_escaped = byte == b'\\' && !is_escaped;
                !is_escaped
            });
            Cow::Owned(kept.copied().collect())
        }
        plain => Cow::Borrowed(plain),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn preferences_of_all_shapes() {
        for (lines, expected) in [
            (&["code=404, example=cat"][..], &[("code", "404"), ("example", "cat")][..]),
            (&["code=404;example=two"], &[("code", "404")]),
            (&["code=404", "dynamic=true"], &[("code", "404"), ("dynamic", "true")]),
            (
                &["example=\"a, b; \\\"c\\\"\" , respond-async"],
                &[("example", "a, b; \"c\""), ("respond-async", "")],
            ),
            (&[" , ;x=1,=2, a = b "], &[("a", "b")]),
            (&["example=\"open, code=4"], &[("example", "\"open, code=4")]),
            (&[""], &[]),
        ] {
            let found: Vec<_> = preferences(lines.iter().map(|line| line.as_bytes()))
                .map(|(name, value)| {
                    (String::from_utf8_lossy(name).into_owned(), String::from_utf8_lossy(&value).into_owned())
                })
                .collect();
            let expected: Vec<_> =
                expected.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            assert_eq!(found, expected, "{lines:?}");
        }
    }
}
