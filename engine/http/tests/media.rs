//! Media types and their negotiation.
#![allow(clippy::unwrap_used)]

use mocker_http::media::{MediaName, negotiate, negotiate_lines};
use proptest::prelude::*;

fn names(offered: &[&str]) -> Vec<MediaName> {
    offered.iter().map(|text| MediaName::parse(text).unwrap_or_else(|| panic!("{text}"))).collect()
}

fn chosen<'o>(accept: &str, offered: &[&'o str]) -> Option<&'o str> {
    negotiate(accept.as_bytes(), names(offered).iter()).map(|index| offered[index])
}

const JSON: &str = "application/json";
const XML: &str = "application/xml";
const VENDOR: &str = "application/vnd.x+json";
const JSON_2: &str = "application/json; version=2";

#[test]
fn negotiation() {
    let table: &[(&str, &[&str], Option<&str>)] = &[
        ("*/*", &[XML, JSON], Some(XML)),
        ("application/json", &[XML, JSON], Some(JSON)),
        ("APPLICATION/Json", &[XML, JSON], Some(JSON)),
        ("text/html", &[XML, JSON], None),
        ("text/html, */*;q=0.1", &[XML, JSON], Some(XML)),
        ("application/*", &["text/plain", JSON], Some(JSON)),
        // Quality stands above everything.
        ("application/json;q=0.5, application/xml;q=0.6", &[JSON, XML], Some(XML)),
        ("application/json;q=0.5, */*;q=0.6", &[JSON, XML], Some(XML)),
        ("application/json; q=1.000, application/xml; Q=0.999", &[XML, JSON], Some(JSON)),
        ("application/json;q=.5, application/xml;q=0.4", &[XML, JSON], Some(JSON)),
        // At equal quality what is named stands above ranges, then the offer's order counts.
        ("application/json, */*", &[XML, JSON], Some(JSON)),
        ("application/json, application/*", &[XML, JSON], Some(JSON)),
        ("application/xml, application/json", &[JSON, XML], Some(JSON)),
        // 0 means never, and the most specific element decides.
        ("application/json;q=0", &[JSON], None),
        ("application/json;q=0, */*", &[JSON, XML], Some(XML)),
        ("*/*;q=0", &[JSON], None),
        ("*/*;q=0, application/json", &[XML, JSON], Some(JSON)),
        // A suffix belongs to the name.
        ("application/json", &[VENDOR], None),
        ("application/vnd.x+json", &[JSON, VENDOR], Some(VENDOR)),
        ("application/xml", &["application/*+json"], None),
        // Parameters.
        ("application/json", &[JSON_2], Some(JSON_2)),
        ("application/json;version=2", &[JSON, JSON_2], Some(JSON_2)),
        ("application/json;version=\"2\"", &[JSON, JSON_2], Some(JSON_2)),
        ("application/json;version=3", &[JSON], Some(JSON)),
        ("application/json;charset=utf-8", &[XML, JSON], Some(JSON)),
        (
            "application/json;CHARSET=UTF-8",
            &["application/json; charset=utf-8"],
            Some("application/json; charset=utf-8"),
        ),
        ("text/plain;a=\"x,y;z\";q=0.1, application/xml;q=0.2", &["text/plain", XML], Some(XML)),
        // Ranges in documents.
        ("text/plain", &["text/*"], Some("text/*")),
        ("text/plain", &["*/*"], Some("*/*")),
        ("text/plain", &["image/*"], None),
        ("text/*", &["*/*"], Some("*/*")),
        ("text/plain", &["*/*", "text/plain"], Some("*/*")),
        // What cannot be read is left out.
        ("", &[JSON], Some(JSON)),
        (",,;;=,/", &[JSON], Some(JSON)),
        ("json, application/xml", &[JSON, XML], Some(XML)),
        ("application/json;q=x, application/xml", &[JSON, XML], Some(XML)),
        ("application/json;q=2, application/xml", &[JSON, XML], Some(XML)),
        ("*/json, application/xml", &[JSON, XML], Some(XML)),
        ("*/*", &[], None),
        ("", &[], None),
    ];
    for (accept, offered, expected) in table {
        assert_eq!(chosen(accept, offered), *expected, "{accept} of {offered:?}");
    }
}

#[test]
fn a_browsers_accept() {
    let accept = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8";
    assert_eq!(chosen(accept, &[JSON, XML]), Some(XML));
    assert_eq!(chosen(accept, &[JSON]), Some(JSON));
}

#[test]
fn several_lines_are_one_list() {
    let lines = [&b"text/html"[..], b"application/json"];
    assert_eq!(negotiate_lines(lines.into_iter(), names(&[XML, JSON]).iter()), Some(1));
}

#[test]
fn elements_beyond_the_limit_are_not_looked_at() {
    let accept = |before: usize| "a/b,".repeat(before) + JSON;
    assert_eq!(chosen(&accept(63), &[JSON]), Some(JSON));
    assert_eq!(chosen(&accept(64), &[JSON]), None);
}

#[test]
fn content_types_and_what_they_fit() {
    let fits = |offered: &str, sent: &str| MediaName::parse(offered).unwrap().fits(sent.as_bytes());
    assert!(fits(JSON, "application/json; charset=utf-8") > fits("application/*", "application/json"));
    assert!(fits("application/*", JSON) > fits("*/*", JSON));
    assert!(fits(JSON_2, "Application/JSON;version=2") > fits(JSON, "application/json;version=2"));
    assert!(fits(JSON, JSON) > fits(JSON_2, JSON));
    assert_eq!(fits(JSON, VENDOR), None);
    for garbage in ["", "json", "*/*", "application/*", "a/b/c", "application /json"] {
        assert_eq!(fits("*/*", garbage), None, "{garbage}");
    }
}

#[test]
fn names_that_are_none() {
    for text in ["", "json", "/", "a/", "/b", "*/b", "a b/c", "a/b c"] {
        assert_eq!(MediaName::parse(text), None, "{text}");
    }
    let name = MediaName::parse(" Text/HTML ; Charset=\"a\\\"b\" ").unwrap();
    assert_eq!((name.kind(), name.subtype(), name.is_range()), ("text", "html", false));
}

proptest! {
    #[test]
    fn garbage_does_no_harm(accept in "[a-z*/;=,q0-9.\" \\\\]{0,60}", raw in prop::collection::vec(any::<u8>(), 0..60)) {
        let offered = names(&[JSON, "text/*", JSON_2]);
        for bytes in [accept.as_bytes(), &raw] {
            prop_assert!(negotiate(bytes, offered.iter()).is_none_or(|index| index < 3));
            let _ = offered[2].fits(bytes);
        }
    }

    /// An offer that the client names alone is what it gets.
    #[test]
    fn what_is_named_is_chosen(kinds in prop::collection::hash_set("[a-z]{1,4}/[a-z+.]{1,6}", 1..6), pick in any::<prop::sample::Index>()) {
        let kinds: Vec<String> = kinds.into_iter().collect();
        let offered: Vec<MediaName> = kinds.iter().map(|kind| MediaName::parse(kind).unwrap()).collect();
        let index = pick.index(kinds.len());
        prop_assert_eq!(negotiate(kinds[index].as_bytes(), offered.iter()), Some(index));
    }
}
