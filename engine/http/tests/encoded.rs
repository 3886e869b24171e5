//! Percent-decoding and queries.
#![allow(clippy::unwrap_used)]

use mocker_http::percent::{decoded, decoded_form};
use mocker_http::query::pairs;
use proptest::prelude::*;

#[test]
fn decoding() {
    for (text, expected) in [
        ("", ""),
        ("a+b", "a+b"),
        ("a%2Fb", "a/b"),
        ("%41%c3%A9", "Aé"),
        ("%00", "\0"),
        ("%", "%"),
        ("a%", "a%"),
        ("ab%2", "ab%2"),
        ("%2x%x2", "%2x%x2"),
        ("%%41", "%A"),
        ("%41%+1", "A%+1"),
    ] {
        assert_eq!(decoded(text.as_bytes()).collect::<Vec<u8>>(), expected.as_bytes(), "{text}");
    }
    assert_eq!(decoded_form(b"a+b%2Bc%+").collect::<Vec<u8>>(), b"a b+c% ");
}

#[test]
fn queries() {
    let read = |query: &str| {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        pairs(query.as_bytes()).map(|(name, value)| (text(name), text(value))).collect::<Vec<_>>()
    };
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(read(""), []);
    assert_eq!(read("&&"), []);
    assert_eq!(read("a=1&b=2&a=3"), [pair("a", "1"), pair("b", "2"), pair("a", "3")]);
    assert_eq!(read("a&b=&=c&d=e=f&"), [pair("a", ""), pair("b", ""), pair("", "c"), pair("d", "e=f")]);
    assert_eq!(read("x%26y=%3D+"), [pair("x%26y", "%3D+")]);
}

proptest! {
    #[test]
    fn what_is_encoded_is_decoded(bytes in prop::collection::vec(any::<u8>(), 0..50)) {
        let encoded: String = bytes.iter().map(|byte| format!("%{byte:02x}")).collect();
        prop_assert_eq!(decoded(encoded.as_bytes()).collect::<Vec<u8>>(), bytes);
    }
}
