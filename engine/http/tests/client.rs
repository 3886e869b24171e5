//! Answers as a client reads them, whole and split at every byte.
#![allow(clippy::unwrap_used)]

mod reader;

use mocker_http::Refusal;
use mocker_http::answer::{Answer, Fault, Framing, Head, Observer, Progress, Reader, Recall, Step, head};
use mocker_http::limits::MAX_RECALLED_HEAD;
use mocker_http::request::Slots;
use proptest::prelude::*;
use reader::read;

/// Reads the bytes whole, split in two at every place, and one by one; the result must always be the same.
fn at_every_split(bytes: &[u8], to_head: bool) -> Result<Option<(Answer, usize)>, Fault> {
    let whole = read([bytes], to_head);
    for at in 0..bytes.len() {
        assert_eq!(
            read([&bytes[..at], &bytes[at..]], to_head),
            whole,
            "split at {at} of {}",
            bytes.escape_ascii()
        );
    }
    assert_eq!(read(bytes.chunks(1), to_head), whole, "{}", bytes.escape_ascii());
    whole
}

fn answered(status: u16, keep_alive: bool, taken: usize) -> Result<Option<(Answer, usize)>, Fault> {
    Ok(Some((Answer { status, keep_alive }, taken)))
}

#[test]
fn answers_end_where_their_framing_says() {
    let rest = b"HTTP/1.1 500 next\r\n";
    let table: &[(&str, bool, u16, bool)] = &[
        ("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", false, 200, true),
        ("HTTP/1.1 200\r\ncontent-length:0\r\n\r\n", false, 200, true),
        ("HTTP/1.1 200 OK\r\nContent-Length: 3, 3\r\nContent-Length: 3\r\n\r\nabc", false, 200, true),
        ("HTTP/1.1 404 Not Found\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx", false, 404, false),
        ("HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx", false, 200, false),
        ("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\nx", false, 200, true),
        ("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", false, 204, true),
        ("HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n", false, 304, true),
        ("HTTP/1.1 200 OK\r\nContent-Length: 300\r\n\r\n", true, 200, true),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", true, 200, true),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;a=b\r\nab\r\n1\r\nc\r\n0\r\nX: y\r\n\r\n",
            false,
            200,
            true,
        ),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n0\r\n\r\n", false, 200, true),
        (
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: a\r\n\r\nHTTP/1.1 201 C\r\nContent-Length: 1\r\n\r\nx",
            false,
            201,
            true,
        ),
        ("HTTP/1.1 200 OK\nContent-Length: 1\n\nx", false, 200, true),
        ("HTTP/1.1 999 ?\r\nContent-Length: 1\r\n\r\nx", false, 999, true),
    ];
    for &(text, to_head, status, keep_alive) in table {
        let bytes = [text.as_bytes(), rest].concat();
        assert_eq!(at_every_split(&bytes, to_head), answered(status, keep_alive, text.len()), "{text}");
    }
}

#[test]
fn some_answers_end_with_their_connection() {
    for head in [
        "HTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, gzip\r\n\r\n",
    ] {
        let bytes = format!("{head}all of this");
        assert_eq!(at_every_split(bytes.as_bytes(), false), answered(200, false, bytes.len()), "{head}");
    }
}

#[test]
fn what_cannot_be_trusted_is_a_fault() {
    let table: &[(&str, Fault)] = &[
        ("GARBAGE", Fault::NotHttp),
        ("\r\nHTTP/1.1 200 OK\r\n\r\n", Fault::NotHttp),
        ("HTTP/2 200 OK\r\n\r\n", Fault::NotHttp),
        ("HTTP/1.2 200 OK\r\n\r\n", Fault::NotHttp),
        ("HTTP/1.1 20 OK\r\n\r\n", Fault::NotHttp),
        ("HTTP/1.1 099 OK\r\n\r\n", Fault::NotHttp),
        ("HTTP/1.1 200 OK\r\nno colon\r\n\r\n", Fault::NotHttp),
        ("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", Fault::ContentLength),
        ("HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\n", Fault::ContentLength),
        ("HTTP/1.1 200 OK\r\nContent-Length: 1x\r\n\r\n", Fault::ContentLength),
        ("HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n", Fault::ContentLength),
        ("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx", Fault::ContentLength),
        ("HTTP/1.1 200 OK\r\nContent-Length: 1, 2\r\n\r\nxx", Fault::ContentLength),
        ("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n", Fault::ContentLength),
        ("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999\r\n\r\n", Fault::Body(Refusal::BodyTooLong)),
        ("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", Fault::TwoLengths),
        ("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", Fault::TransferEncodingVersion),
        ("HTTP/1.1 101 Switching\r\n\r\n", Fault::Upgrade),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n", Fault::Body(Refusal::ChunkSize)),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
            Fault::Body(Refusal::BodyTooLong),
        ),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n11111111111111111\r\n",
            Fault::Body(Refusal::ChunkSize),
        ),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc", Fault::Body(Refusal::ChunkEnd)),
    ];
    for &(text, fault) in table {
        assert_eq!(at_every_split(text.as_bytes(), false), Err(fault), "{text}");
    }
}

#[test]
fn heads_and_interim_answers_have_limits() {
    let long = format!("HTTP/1.1 200 OK\r\nX: {}", "x".repeat(mocker_http::limits::MAX_ANSWER_HEAD));
    assert_eq!(read([long.as_bytes()], false), Err(Fault::HeadTooLong));
    let many = format!("HTTP/1.1 200 OK\r\n{}", "A: b\r\n".repeat(mocker_http::limits::MAX_FIELDS + 1));
    assert_eq!(at_every_split(many.as_bytes(), false), Err(Fault::TooManyFields));
    let interim = "HTTP/1.1 100 Continue\r\n\r\n".repeat(17);
    assert_eq!(at_every_split(interim.as_bytes(), false), Err(Fault::TooManyInterim));
}

#[test]
fn an_end_says_whether_anything_had_come() {
    let reader = Reader::new();
    assert_eq!(reader.end(false), Err(Fault::NoAnswer));
    assert_eq!(reader.end(true), Err(Fault::Incomplete));
    let mut reader = Reader::new();
    reader.feed(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nx").unwrap();
    assert_eq!(reader.end(false), Err(Fault::Incomplete));
}

/// What an observer saw.
#[derive(Default)]
struct Seen {
    heads: Vec<u16>,
    body: Vec<u8>,
}

impl Observer for Seen {
    fn head(&mut self, head: &Head<'_>) {
        self.heads.push(head.status);
    }

    fn data(&mut self, data: &[u8]) {
        self.body.extend_from_slice(data);
    }
}

#[test]
fn an_observer_sees_heads_and_bodies_however_they_come() {
    for (bytes, status, body) in [
        ("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", 200, "abc"),
        ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404 No\r\nContent-Length: 2\r\n\r\nno", 404, "no"),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nT: 1\r\n\r\n",
            200,
            "abcde",
        ),
        ("HTTP/1.1 204 None\r\n\r\n", 204, ""),
    ] {
        for size in [1, 2, 7, bytes.len()] {
            let (mut reader, mut seen, mut input) = (Reader::new(), Seen::default(), Vec::new());
            for piece in bytes.as_bytes().chunks(size) {
                input.extend_from_slice(piece);
                let step = reader.feed_to(&input, &mut seen).unwrap();
                input.drain(..step.consumed);
            }
            assert_eq!((seen.heads, &seen.body[..]), (vec![status], body.as_bytes()), "{bytes:?} by {size}");
        }
    }
}

/// Feeds `input` to a reader of the next answer.
fn recalled(recall: &mut Recall, input: &[u8], to_head: bool, observer: &mut impl Observer) -> Step {
    let mut reader = Reader::new();
    reader.begin(to_head);
    reader.feed_recalling(input, observer, recall).unwrap()
}

#[test]
fn heads_like_the_one_before_say_the_same() {
    let ok =
        |length: usize| format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{}", "x".repeat(length));
    let answers = [
        (ok(3), false),
        (ok(3), false),
        (ok(30), false),
        (ok(3), false),
        (ok(3), true),
        ("HTTP/1.1 100 Continue\r\n\r\n".to_owned() + &ok(3), false),
        ("HTTP/1.1 204 No\r\n\r\n".to_owned(), false),
        ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_owned(), false),
        (ok(0), false),
        (ok(0), false),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n".to_owned(), false),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n".to_owned(), false),
    ];
    let mut recall = Recall::default();
    for (bytes, to_head) in &answers {
        let expected = recalled(&mut Recall::default(), bytes.as_bytes(), *to_head, &mut ());
        assert!(expected.answer.is_some(), "{bytes}");
        let got = recalled(&mut recall, bytes.as_bytes(), *to_head, &mut ());
        assert_eq!(got, expected, "{bytes}");
    }
}

#[test]
fn a_head_that_is_recalled_may_come_in_pieces() {
    let bytes = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc";
    for at in 0..bytes.len() {
        let mut recall = Recall::default();
        for _ in 0..3 {
            let mut reader = Reader::new();
            let first = reader.feed_recalling(&bytes[..at], &mut (), &mut recall).unwrap();
            let second = reader.feed_recalling(&bytes[first.consumed..], &mut (), &mut recall).unwrap();
            let answer = Answer { status: 200, keep_alive: true };
            assert_eq!(
                (first.consumed + second.consumed, second.answer),
                (bytes.len(), Some(answer)),
                "{at}"
            );
        }
    }
}

#[test]
fn who_wants_heads_sees_each() {
    let bytes = b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na";
    let (mut recall, mut seen) = (Recall::default(), Seen::default());
    for _ in 0..3 {
        recalled(&mut recall, bytes, false, &mut ());
        recalled(&mut recall, bytes, false, &mut seen);
    }
    assert_eq!((seen.heads, &seen.body[..]), (vec![200; 3], &b"aaa"[..]));
}

#[test]
fn long_heads_are_read_every_time() {
    for length in [MAX_RECALLED_HEAD - 1, MAX_RECALLED_HEAD, MAX_RECALLED_HEAD + 1] {
        let (start, end) = ("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nA: ", "\r\n\r\n");
        let filler = "a".repeat(length - start.len() - end.len());
        let bytes = format!("{start}{filler}{end}x");
        let mut recall = Recall::default();
        for _ in 0..2 {
            assert_eq!(recalled(&mut recall, bytes.as_bytes(), false, &mut ()).consumed, length + 1);
        }
        let kept = format!("{recall:?}").contains("status: 200");
        assert_eq!(kept, length <= MAX_RECALLED_HEAD, "{length}");
    }
}

#[test]
fn a_head_shows_its_fields() {
    let (bytes, mut slots) =
        (b"HTTP/1.1 200 OK\r\nServer-Timing: app;dur=1\r\nContent-Length: 2\r\n\r\nab", Slots::new());
    let head = head(bytes, false, &mut Progress::default(), &mut slots).unwrap().unwrap();
    assert_eq!((head.status, head.framing, head.len), (200, Framing::Length(2), bytes.len() - 2));
    assert_eq!(head.fields.find("server-timing"), Some(&b"app;dur=1"[..]));
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_panic(
        start in prop::sample::select(vec!["", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"]),
        bytes in prop::collection::vec(prop::sample::select(b"HTP/1.0 2:;aAf\r\n\x00\xff,-".to_vec()), 0..200),
        at in 0usize..200,
        to_head: bool,
    ) {
        let bytes = [start.as_bytes(), &bytes].concat();
        let at = at.min(bytes.len());
        prop_assert_eq!(read([&bytes[..]], to_head), read([&bytes[..at], &bytes[at..]], to_head));
    }
}
