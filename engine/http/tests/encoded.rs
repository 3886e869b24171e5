//! Percent-decoding and queries.
#![allow(clippy::unwrap_used)]

use mocker_http::percent::{BadEscape, decode, decode_form, is_encoded};
use mocker_http::query::pairs;
use proptest::prelude::*;

#[test]
fn decoding() {
    let decoded = |text: &str| {
        let mut out = Vec::new();
        decode(text.as_bytes(), &mut out).map(|()| String::from_utf8(out).unwrap())
    };
    let table =
        [("", Ok("")), ("a+b", Ok("a+b")), ("a%2Fb", Ok("a/b")), ("%41%c3%A9", Ok("Aé")), ("%00", Ok("\0"))];
    for (text, expected) in table {
        assert_eq!(decoded(text), expected.map(str::to_owned), "{text}");
    }
    for (text, at) in [("%", 0), ("a%", 1), ("ab%2", 2), ("%2x", 0), ("%x2", 0), ("%%41", 0), ("%41%+1", 3)] {
        assert_eq!(decoded(text), Err(BadEscape { at }), "{text}");
    }
    let mut out = Vec::new();
    decode_form(b"a+b%2Bc", &mut out).unwrap();
    assert_eq!(out, b"a b+c");
    assert!(is_encoded(b"a%2F") && !is_encoded(b"a+b"));
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
        let mut out = Vec::new();
        decode(encoded.as_bytes(), &mut out).unwrap();
        prop_assert_eq!(&out, &bytes);
        let _ = decode(&bytes, &mut out);
    }
}
