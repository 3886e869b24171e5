//! Characters of addresses (RFC 3986): what clients may write raw and URIs may not have is percent-encoded.

use mocker_http::percent::unit;

/// A part of a path or query as URIs have it (sections 3.3 and 3.4); what is encoded already stays so.
pub(super) fn encoded(part: &[u8]) -> String {
    let mut text = String::with_capacity(part.len());
    let mut at = 0;
    while at < part.len() {
        let width = unit(part, at).width;
        match width == 3 || is_allowed(part[at]) {
            true => text.extend(part[at..at + width].iter().map(|byte| char::from(*byte))),
            false => text.push_str(&format!("%{:02X}", part[at])),
        }
        at += width;
    }
    text
}

/// A name or value of a query.
pub(super) fn value_of(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match is_allowed(byte) && !matches!(byte, b'&' | b'=' | b'+') {
            true => encoded.push(char::from(byte)),
            false => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

/// `pchar`, `/` and `?`
fn is_allowed(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/?".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_uris_may_not_have_is_encoded() {
        for (raw, expected) in [
            ("name=rex&page=2", "name=rex&page=2"),
            ("a=%41&b=100%", "a=%41&b=100%25"),
            ("page[size]=2", "page%5Bsize%5D=2"),
            ("a=<b>\"|^`{}\\#", "a=%3Cb%3E%22%7C%5E%60%7B%7D%5C%23"),
            ("a=é ", "a=%C3%A9%20"),
        ] {
            assert_eq!(encoded(raw.as_bytes()), expected);
        }
        assert_eq!(value_of("a&b=c+d"), "a%26b%3Dc%2Bd");
    }
}
