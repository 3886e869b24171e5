//! Percent-decoding (RFC 3986 section 2.1). Decode a path segment by segment, so that `%2F` stays inside its own.

/// A '%' that two hexadecimal digits do not follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadEscape {
    /// Where the '%' stands in the text.
    pub at: usize,
}

impl std::fmt::Display for BadEscape {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "the '%' at byte {} is not followed by two hexadecimal digits", self.at)
    }
}

impl std::error::Error for BadEscape {}

/// Whether there is anything to decode in a path segment.
#[inline]
pub fn is_encoded(text: &[u8]) -> bool {
    memchr::memchr(b'%', text).is_some()
}

/// Appends the decoded text to `out`. The result may be any bytes: check UTF-8 where text is meant.
///
/// # Errors
/// [`BadEscape`]; `out` then holds what came before it.
pub fn decode(text: &[u8], out: &mut Vec<u8>) -> Result<(), BadEscape> {
    decode_with(text, out, |byte| byte)
}

/// As [`decode`], and '+' is a space: for query strings and forms (WHATWG URL, `application/x-www-form-urlencoded`).
///
/// # Errors
/// As [`decode`].
pub fn decode_form(text: &[u8], out: &mut Vec<u8>) -> Result<(), BadEscape> {
    decode_with(text, out, |byte| if byte == b'+' { b' ' } else { byte })
}

fn decode_with(text: &[u8], out: &mut Vec<u8>, plain: impl Fn(u8) -> u8) -> Result<(), BadEscape> {
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        if byte == b'%' {
            out.push(escape(text, at).ok_or(BadEscape { at })?);
            at += 3;
        } else {
            out.push(plain(byte));
            at += 1;
        }
    }
    Ok(())
}

fn escape(text: &[u8], at: usize) -> Option<u8> {
    let digit = |at: usize| (*text.get(at)? as char).to_digit(16);
    Some((digit(at + 1)? << 4 | digit(at + 2)?) as u8)
}
