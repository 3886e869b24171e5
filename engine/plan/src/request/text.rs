//! Text of a request to text of a value: percent-decoding (RFC 3986, 2.1), and UTF-8 that may be broken.

use bumpalo::Bump;
use bumpalo::collections::{String, Vec};
use mocker_http::percent;

/// How text is written where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// Percent-encoded, `+` is a space (WHATWG URL, 5.1)
    Query,
    /// Percent-encoded
    Percent,
    /// As it is
    Plain,
}

/// What `raw` means. `%` without two hexadecimal digits means itself; bytes that are no UTF-8 become U+FFFD.
/// Borrows where nothing has to change.
pub(crate) fn decode<'a>(raw: &'a [u8], encoding: Encoding, arena: &'a Bump) -> &'a str {
    let is_written_otherwise = match encoding {
        // Without a way out of the loop it takes many bytes at a time
        Encoding::Query => raw.iter().fold(false, |found, &byte| found | (byte == b'%') | (byte == b'+')),
        Encoding::Percent => raw.contains(&b'%'),
        Encoding::Plain => false,
    };
    if !is_written_otherwise {
        return valid(raw, arena);
    }
    let mut bytes = Vec::with_capacity_in(raw.len(), arena);
    match encoding {
        Encoding::Query => bytes.extend(percent::decoded_form(raw)),
        Encoding::Percent | Encoding::Plain => bytes.extend(percent::decoded(raw)),
    }
    valid(bytes.into_bump_slice(), arena)
}

fn valid<'a>(bytes: &'a [u8], arena: &'a Bump) -> &'a str {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text;
    }
    let mut text = String::with_capacity_in(bytes.len(), arena);
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            text.push(char::REPLACEMENT_CHARACTER);
        }
    }
    text.into_bump_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_decoded_once() {
        let arena = Bump::new();
        for (raw, encoding, expected) in [
            (&b"plain"[..], Encoding::Query, "plain"),
            (b"a+b%20c%2B", Encoding::Query, "a b c+"),
            (b"a+b%20c", Encoding::Percent, "a+b c"),
            (b"a+b%20c", Encoding::Plain, "a+b%20c"),
            (b"%2541", Encoding::Query, "%41"),
            (b"%C3%a9", Encoding::Percent, "\u{e9}"),
            (b"%", Encoding::Query, "%"),
            (b"%4", Encoding::Query, "%4"),
            (b"%zz%+", Encoding::Query, "%zz% "),
            (b"a%00b", Encoding::Query, "a\0b"),
            (b"%ff%C3(", Encoding::Query, "\u{fffd}\u{fffd}("),
            (b"\xe9t\xe9", Encoding::Plain, "\u{fffd}t\u{fffd}"),
            (b"", Encoding::Query, ""),
        ] {
            assert_eq!(decode(raw, encoding, &arena), expected, "{}", raw.escape_ascii());
        }
    }
}
