//! What stands in a parsed head.
#![allow(clippy::unwrap_used)]

use mocker_http::request::{Framing, Head, Known, Method, Progress, Slots, Version, head, list};
use mocker_http::{Limits, Refusal};

fn parse<R>(input: &str, check: impl FnOnce(Head<'_>) -> R) -> R {
    let mut slots = Slots::new();
    check(head(input.as_bytes(), &mut Progress::default(), &Limits::default(), &mut slots).unwrap().unwrap())
}

#[test]
fn a_whole_head() {
    let text = "PUT /pets/7?dry=1 HTTP/1.1\r\nHost: h:80\r\nContent-Length: 4\r\nX-Tag: one \r\n\r\nbody";
    parse(text, |head| {
        assert_eq!((head.method, head.method_name, head.version), (Method::Put, "PUT", Version::Http11));
        assert_eq!((head.target.path, head.target.query), (&b"/pets/7"[..], Some(&b"dry=1"[..])));
        assert_eq!(head.framing, Framing::Length(4));
        assert_eq!(head.fields.find("x-tag"), Some(&b"one"[..]));
        assert_eq!(head.fields.find("x-other"), None);
        assert!(head.keep_alive && !head.expect_continue);
        assert_eq!(&text[head.len..], "body");
        let names: Vec<&str> = head.fields.iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["Host", "Content-Length", "X-Tag"]);
    });
}

#[test]
fn every_method() {
    let named = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "QUERY"];
    for name in named {
        let text = format!("{name} / HTTP/1.1\r\nHost: h\r\n\r\n");
        parse(&text, |head| assert!(head.method != Method::Other && head.method_name == name));
    }
    for name in ["get", "PURGE", "M-SEARCH", "GETS"] {
        let text = format!("{name} / HTTP/1.1\r\nHost: h\r\n\r\n");
        parse(&text, |head| assert_eq!((head.method, head.method_name), (Method::Other, name)));
    }
}

#[test]
fn well_known_fields_are_recognised_in_any_case() {
    let names = [
        ("Host", Known::Host),
        ("Connection", Known::Connection),
        ("Content-Length", Known::ContentLength),
        ("Transfer-Encoding", Known::TransferEncoding),
        ("Expect", Known::Expect),
        ("Accept", Known::Accept),
        ("Accept-Encoding", Known::AcceptEncoding),
        ("Content-Type", Known::ContentType),
        ("Content-Encoding", Known::ContentEncoding),
        ("Prefer", Known::Prefer),
        ("Authorization", Known::Authorization),
        ("Cookie", Known::Cookie),
        ("Origin", Known::Origin),
        ("If-None-Match", Known::IfNoneMatch),
        ("Access-Control-Request-Method", Known::AccessControlRequestMethod),
        ("Access-Control-Request-Headers", Known::AccessControlRequestHeaders),
    ];
    for (name, known) in names {
        for spelled in [name.to_owned(), name.to_lowercase(), name.to_uppercase()] {
            assert_eq!(Known::of(spelled.as_bytes()), Some(known), "{spelled}");
        }
        for other in
            [format!("{}~", &name[..name.len() - 1]), format!("{name}s"), name.replace('-', "_") + "_"]
        {
            assert_eq!(Known::of(other.as_bytes()), None, "{other}");
        }
    }
    assert_eq!(Known::of(b"content_type"), None);
}

#[test]
fn values_spread_over_lines() {
    let text = "GET / HTTP/1.1\r\nHost: h\r\nAccept: a/b\r\nX: y\r\naccept: c/d, e/f\r\n\r\n";
    parse(text, |head| {
        assert_eq!(head.fields.get(Known::Accept), Some(&b"a/b"[..]));
        assert!(head.fields.is_repeated(Known::Accept) && !head.fields.is_repeated(Known::Host));
        let all: Vec<&[u8]> = head.fields.all(Known::Accept).flat_map(list).collect();
        assert_eq!(all, [&b"a/b"[..], b"c/d", b"e/f"]);
        assert_eq!(head.fields.all(Known::Cookie).count(), 0);
        assert_eq!(head.fields.all(Known::Host).count(), 1);
    });
}

#[test]
fn limits_at_their_edges() {
    let limits = Limits { head: 60, target: 10, fields: 2, body: 5 };
    let verdict = |text: &str| {
        let mut slots = Slots::new();
        head(text.as_bytes(), &mut Progress::default(), &limits, &mut slots).map(|head| head.is_some())
    };
    assert_eq!(verdict("GET /123456789 HTTP/1.1\r\nHost: h\r\n\r\n"), Ok(true));
    assert_eq!(verdict("GET /1234567890 HTTP/1.1\r\nHost: h\r\n\r\n"), Err(Refusal::TargetTooLong));
    assert_eq!(verdict("GET / HTTP/1.1\r\nHost: h\r\nA: b\r\n\r\n"), Ok(true));
    assert_eq!(verdict("GET / HTTP/1.1\r\nHost: h\r\nA: b\r\nA: b\r\n\r\n"), Err(Refusal::TooManyFields));
    let of_bytes =
        |bytes: usize| format!("GET / HTTP/1.1\r\nHost: h\r\nA: {}\r\n\r\n", "a".repeat(bytes - 32));
    assert_eq!(verdict(&of_bytes(60)), Ok(true));
    assert_eq!(verdict(&of_bytes(61)), Err(Refusal::HeadTooLong));
    assert_eq!(verdict(&of_bytes(61)[..59]), Ok(false));
    assert_eq!(verdict(&of_bytes(61)[..60]), Err(Refusal::HeadTooLong));
    assert_eq!(verdict("GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\n"), Ok(true));
    assert_eq!(verdict("GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\n\r\n"), Err(Refusal::BodyTooLong));
    let method = "M".repeat(33);
    assert_eq!(verdict(&format!("{method} / HTTP/1.1\r\nHost: h\r\n\r\n")), Err(Refusal::MethodTooLong));
    assert_eq!(verdict(&format!("{} / HTTP/1.1\r\nHost:\r\n\r\n", &method[..32])), Ok(true));
}

#[test]
fn more_fields_are_never_allowed_than_there_are_slots() {
    let limits = Limits { fields: usize::MAX, ..Limits::default() };
    let text = format!("GET / HTTP/1.1\r\nHost: h\r\n{}\r\n", "A: b\r\n".repeat(128));
    let mut slots = Slots::new();
    let verdict = head(text.as_bytes(), &mut Progress::default(), &limits, &mut slots).map(|_| ());
    assert_eq!(verdict, Err(Refusal::TooManyFields));
}

#[test]
fn every_refusal_says_why() {
    for refusal in [Refusal::RequestLine, Refusal::HostMissing, Refusal::BodyTooLong, Refusal::Connect] {
        assert!((400..600).contains(&refusal.status()) && refusal.to_string().ends_with('.'), "{refusal:?}");
    }
}
