//! Base64 (RFC 4648, 4 and 5), read a byte at a time.

/// The bytes that `text` stands for, in the common alphabet or that of URLs, padded or not. `None` where it is
/// no Base64.
pub(super) fn decode(text: &[u8]) -> Option<impl Iterator<Item = u8>> {
    let padding = text.iter().rev().take(2).take_while(|&&byte| byte == b'=').count();
    let digits = &text[..text.len() - padding];
    let is_whole = digits.len() % 4 != 1 && (padding == 0 || text.len().is_multiple_of(4));
    if !is_whole || digits.iter().any(|&byte| value(byte).is_none()) {
        return None;
    }
    Some(digits.chunks(4).flat_map(|group| {
        let bits = group.iter().fold(0, |bits, &byte| bits << 6 | u32::from(value(byte).unwrap_or_default()));
        let bits = bits << (6 * (4 - group.len()));
        let [_, bytes @ ..] = bits.to_be_bytes();
        bytes.into_iter().take(group.len() * 6 / 8)
    }))
}

fn value(digit: u8) -> Option<u8> {
    match digit {
        b'A'..=b'Z' => Some(digit - b'A'),
        b'a'..=b'z' => Some(digit - b'a' + 26),
        b'0'..=b'9' => Some(digit - b'0' + 52),
        b'+' | b'-' => Some(62),
        b'/' | b'_' => Some(63),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn vectors_of_rfc_4648() {
        for (text, expected) in [
            ("", Some("")),
            ("Zg==", Some("f")),
            ("Zm8=", Some("fo")),
            ("Zm9v", Some("foo")),
            ("Zm9vYg==", Some("foob")),
            ("Zm9vYg", Some("foob")),
            ("Zm9vYmFy", Some("foobar")),
            ("Z", None),
            ("Zg=", None),
            ("Zg===", None),
            ("Z g=", None),
            ("a=bc", None),
            ("====", None),
        ] {
            let bytes = decode(text.as_bytes()).map(|bytes| String::from_utf8(bytes.collect()).unwrap());
            assert_eq!(bytes.as_deref(), expected, "{text}");
        }
        let urls: Vec<u8> = decode(b"-_8").unwrap().collect();
        assert_eq!(urls, decode(b"+/8=").unwrap().collect::<Vec<u8>>());
    }
}
