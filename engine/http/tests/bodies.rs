//! Decoding of bodies.
#![allow(clippy::unwrap_used)]

use mocker_http::body::{Body, Decoded};
use mocker_http::request::Framing;
use mocker_http::response::{begin_chunk, chunk, last_chunk};
use mocker_http::{Limits, Refusal};
use proptest::prelude::*;

fn limits(body: u64) -> Limits {
    Limits { body, ..Limits::default() }
}

#[test]
fn data_is_not_copied() {
    let mut body = Body::new(Framing::Chunked, &limits(10));
    let input = b"3\r\nabc\r\n2;x\r\nde\r\n0\r\n\r\nGET";
    assert_eq!(body.decode(input), Ok(Decoded { consumed: 6, data: 3..6, done: false }));
    assert_eq!(body.decode(&input[6..]), Ok(Decoded { consumed: 9, data: 7..9, done: false }));
    assert_eq!(body.decode(&input[15..]), Ok(Decoded { consumed: 7, data: 7..7, done: true }));
    assert!(body.is_done());
    assert_eq!(body.decode(b"GET"), Ok(Decoded { consumed: 0, data: 0..0, done: true }));
}

#[test]
fn a_length_is_counted_down() {
    let mut body = Body::new(Framing::Length(5), &limits(10));
    assert_eq!(body.decode(b""), Ok(Decoded { consumed: 0, data: 0..0, done: false }));
    assert_eq!(body.decode(b"abc"), Ok(Decoded { consumed: 3, data: 0..3, done: false }));
    assert_eq!(body.decode(b"defg"), Ok(Decoded { consumed: 2, data: 0..2, done: true }));
    assert!(Body::new(Framing::None, &limits(0)).is_done());
}

#[test]
fn the_limit_counts_all_chunks() {
    let verdict = |text: &[u8]| Body::new(Framing::Chunked, &limits(5)).collect(text, &mut Vec::new());
    assert_eq!(verdict(b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"), Ok((20, true)));
    assert_eq!(verdict(b"3\r\nabc\r\n3\r\n"), Err(Refusal::BodyTooLong));
}

#[test]
fn extras_have_one_limit_for_the_whole_body() {
    let chunk = format!("1;{}\r\na\r\n", "x".repeat(1023));
    let verdict = |times| {
        Body::new(Framing::Chunked, &Limits::default())
            .collect(chunk.repeat(times).as_bytes(), &mut Vec::new())
    };
    assert!(verdict(8).is_ok());
    assert_eq!(verdict(9), Err(Refusal::ChunkExtrasTooLong));
}

#[test]
fn an_empty_chunk_does_not_end_an_answer() {
    let mut out = b"head".to_vec();
    begin_chunk(&mut out).finish(&mut out);
    chunk(b"", &mut out);
    assert_eq!(out, b"head");
}

proptest! {
    #[test]
    fn chunks_round_trip(pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 0..10), split in 0usize..500) {
        let mut encoded = Vec::new();
        for piece in &pieces {
            chunk(piece, &mut encoded);
        }
        last_chunk(&mut encoded);
        let whole = encoded.len();
        encoded.extend_from_slice(b"next");
        let mut body = Body::new(Framing::Chunked, &Limits::default());
        let mut data = Vec::new();
        let split = split.min(whole);
        let (first, done) = body.collect(&encoded[..split], &mut data).unwrap();
        prop_assert_eq!((first, done), (split, split == whole));
        let (second, done) = body.collect(&encoded[split..], &mut data).unwrap();
        prop_assert_eq!((first + second, done), (whole, true));
        prop_assert_eq!(data, pieces.concat());
    }
}
