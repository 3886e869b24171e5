//! What a server sees depends on the bytes alone, not on how they were cut on their way; and nothing panics.
#![allow(clippy::unwrap_used, dead_code, unreachable_pub)]

mod connection;

use connection::{Connection, Ending, Event, see};
use mocker_http::Limits;
use proptest::prelude::*;

/// Small, so that generated input reaches every limit.
const LIMITS: Limits = Limits { head: 160, target: 24, fields: 6, body: 40 };

/// Pieces of requests, good and bad, of which a few make a hostile stream.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    let text = prop::sample::select(vec![
        "GET /a?b=c HTTP/1.1\r\n",
        "POST /a HTTP/1.1\r\n",
        "GET /a HTTP/1.0\r\n",
        "OPTIONS * HTTP/1.1\r\n",
        "GET http://h/a HTTP/1.1\r\n",
        "GET /aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa HTTP/1.1\r\n",
        "GET /a HTTP/2.0\r\n",
        "Host: h\r\n",
        "Host: h\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost: h\r\n\r\n",
        "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc",
        "POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n",
        "Content-Length: 3\r\n",
        "Content-Length: 41\r\n",
        "Transfer-Encoding: chunked\r\n",
        "Connection: close\r\n",
        "Expect: 100-continue\r\n",
        "X: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n",
        "X : a\r\n",
        "X: a\n",
        " folded\r\n",
        "\r\n",
        "\n",
        "\r",
        " ",
        "abc",
        "3\r\nabc\r\n",
        "3;x=y\r\nabc\r\n",
        "0\r\n\r\n",
        "0\r\nX: y\r\n\r\n",
        "29\r\n",
        "ffffffffffffffff\r\n",
        "\0",
    ]);
    prop_oneof![
        12 => text.prop_map(|text| text.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..12),
    ]
}

fn stream() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(piece(), 0..12).prop_map(|pieces| pieces.concat())
}

fn cut<'a>(bytes: &'a [u8], lengths: &[usize]) -> Vec<&'a [u8]> {
    let mut rest = bytes;
    let mut pieces = Vec::new();
    for length in lengths {
        let (piece, behind) = rest.split_at((*length).min(rest.len()));
        pieces.push(piece);
        rest = behind;
    }
    pieces.push(rest);
    pieces
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_split_is_seen_alike(bytes in stream(), lengths in prop::collection::vec(0usize..40, 0..20)) {
        let whole = see(LIMITS, [&bytes[..]]);
        prop_assert_eq!(&see(LIMITS, cut(&bytes, &lengths)), &whole);
        prop_assert_eq!(&see(LIMITS, bytes.chunks(1)), &whole);
    }

    #[test]
    fn random_bytes_do_no_harm(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let whole = see(LIMITS, [&bytes[..]]);
        prop_assert_eq!(see(LIMITS, bytes.chunks(1)), whole);
    }

    #[test]
    fn pipelined_requests_are_cut_in_order(bodies in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 1..8),
                                           chunked in any::<u8>()) {
        let mut bytes = Vec::new();
        for (index, body) in bodies.iter().enumerate() {
            write_request(index, body, chunked >> (index % 8) & 1 == 1, &mut bytes);
        }
        let (events, ending) = see(LIMITS, [&bytes[..]]);
        prop_assert_eq!(ending, Ending::Open);
        prop_assert_eq!(events.len(), bodies.len());
        for (index, (event, body)) in events.iter().zip(&bodies).enumerate() {
            let Event::Request(seen) = event else { panic!("{event:?}") };
            let path = format!("/{index}").into_bytes();
            prop_assert_eq!(&seen.path, &path);
            prop_assert_eq!(&seen.body, body);
        }
    }
}

fn write_request(index: usize, body: &[u8], chunked: bool, out: &mut Vec<u8>) {
    out.extend_from_slice(format!("POST /{index} HTTP/1.1\r\nHost: h\r\n").as_bytes());
    if !chunked {
        out.extend_from_slice(format!("Content-Length: {}\r\n\r\n", body.len()).as_bytes());
        return out.extend_from_slice(body);
    }
    out.extend_from_slice(b"Transfer-Encoding: chunked\r\n\r\n");
    for piece in body.chunks(7) {
        mocker_http::response::chunk(piece, out);
    }
    mocker_http::response::last_chunk(out);
}

/// A head of a single line that never ends is looked at byte by byte without being parsed each time.
#[test]
fn a_slow_head_is_not_parsed_at_every_byte() {
    let limits = Limits { head: 8 << 20, target: 8 << 20, ..Limits::default() };
    let mut connection = Connection::new(limits);
    connection.receive(b"GET /");
    let block = [b'a'; 64];
    for _ in 0..(4 << 20) / block.len() {
        connection.receive(&block);
    }
    connection.receive(b" HTTP/1.1\r\nHost: h\r\n\r\n");
    assert!(matches!(&connection.events[..], [Event::Request(seen)] if seen.path.len() == (4 << 20) + 1));
}
