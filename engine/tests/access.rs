//! What is written down of answers, for the access log.

#![allow(clippy::unwrap_used)]

mod harness;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use mocker_engine::access::{Entry, entries};
use mocker_engine::limits::{MAX_LOGGED_FIELD, MAX_LOGGED_TARGET};
use mocker_engine::{Publication, Worker};
use mocker_http::request::Version;
use mocker_runtime::{Service, Wait};

const SPEC: &str = r#"{"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {"/a/{id}": {
    "get": {"responses": {"200": {"description": "d", "content": {"text/plain": {"example": "of a"}}}}},
    "post": {"requestBody": {"content": {"text/plain": {}}}, "responses": {"204": {"description": "d"}}}}}}"#;

fn publication() -> Arc<Publication> {
    Arc::new(Publication::new(harness::deployment(SPEC)))
}

fn written(publication: &Publication) -> Vec<u8> {
    let mut bytes = Vec::new();
    publication.access().opened().iter_mut().for_each(|reader| reader.read(&mut bytes));
    bytes
}

fn client() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 1))
}

fn said<'e>(entry: &Entry<'e>) -> (&'e [u8], &'e [u8], &'e [u8], Option<u16>, u64) {
    (entry.method, entry.target, entry.route, entry.status, entry.bytes)
}

/// Feeds these bytes, each after the other, and gives what is written down of them.
fn fed(pieces: &[&[u8]]) -> Vec<u8> {
    let publication = publication();
    publication.access().switch(true);
    let worker = Worker::new(Arc::clone(&publication), 0);
    let mut connection = worker.open(client());
    for piece in pieces {
        worker.feed(&mut connection, piece, &mut Vec::new());
    }
    written(&publication)
}

#[test]
fn requests_of_one_read_are_told_in_their_order_and_share_the_time() {
    let bytes = fed(&[b"GET /a/1?b=c HTTP/1.1\r\nHost: a\r\nReferer: r\r\nuser-agent: u\r\n\r\n\
        HEAD /a/2 HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.0\r\n\r\n"]);
    let told: Vec<Entry> = entries(&bytes).collect();
    assert_eq!(told.len(), 3);
    assert_eq!(said(&told[0]), (&b"GET"[..], &b"/a/1?b=c"[..], &b"/a/{id}"[..], Some(200), 4));
    assert_eq!(said(&told[1]), (&b"HEAD"[..], &b"/a/2"[..], &b"/a/{id}"[..], Some(200), 0));
    let (method, target, route, status, _) = said(&told[2]);
    assert_eq!((method, target, route, status), (&b"GET"[..], &b"/b"[..], &b""[..], Some(404)));
    assert_eq!((told[0].referer, told[0].agent, told[0].client), (&b"r"[..], &b"u"[..], client().ip()));
    assert_eq!((told[1].version, told[2].version), (Some(Version::Http11), Some(Version::Http10)));
    assert!(told[0].took > Duration::ZERO && told.iter().all(|entry| entry.took == told[0].took));
    assert!(told[0].time > 1_700_000_000_000_000_000);
}

#[test]
fn a_head_is_remembered_until_its_body_is_there() {
    let head = b"POST /a/1 HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 1\r\n\r\n";
    let bytes = fed(&[head, b"xGET /a/2 HTTP/1.1\r\nHost: a\r\n\r\n"]);
    let told: Vec<_> = entries(&bytes).map(|entry| (entry.target, entry.status)).collect();
    assert_eq!(told, [(&b"/a/1"[..], Some(204)), (b"/a/2", Some(200))]);
}

#[test]
fn what_is_no_request_has_no_head() {
    let bytes = fed(&[b"GET /a/1 HTTP/1.1\r\nHost: a\r\n\r\n", b"nonsense\r\n\r\n"]);
    let told: Vec<_> = entries(&bytes).map(|entry| (entry.method, entry.version, entry.status)).collect();
    assert_eq!(told, [(&b"GET"[..], Some(Version::Http11), Some(200)), (b"", None, Some(400))]);
}

#[test]
fn texts_are_cut_at_their_limits() {
    let request = |target: usize, field: usize| {
        let (target, field) = ("t".repeat(target - 1), "f".repeat(field));
        format!("GET /{target} HTTP/1.1\r\nHost: a\r\nReferer: {field}\r\nUser-Agent: {field}\r\n\r\n")
    };
    for more in [0, 1] {
        let bytes = fed(&[request(MAX_LOGGED_TARGET + more, MAX_LOGGED_FIELD + more).as_bytes()]);
        let entry = entries(&bytes).next().unwrap();
        let lengths = (entry.target.len(), entry.referer.len(), entry.agent.len());
        assert_eq!(lengths, (MAX_LOGGED_TARGET, MAX_LOGGED_FIELD, MAX_LOGGED_FIELD));
    }
}

#[test]
fn who_was_too_slow_is_told_with_the_head_where_it_came() {
    for (piece, wait, target) in [
        (&b"GET /a"[..], Wait::Head, &b""[..]),
        (b"POST /a/1 HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n", Wait::Body, b"/a/1"),
    ] {
        let publication = publication();
        publication.access().switch(true);
        let worker = Worker::new(Arc::clone(&publication), 0);
        let mut connection = worker.open(client());
        worker.feed(&mut connection, piece, &mut Vec::new());
        worker.expire(&mut connection, wait, &mut Vec::new());
        let bytes = written(&publication);
        let told: Vec<_> = entries(&bytes).map(|entry| (entry.target, entry.status)).collect();
        assert_eq!(told, [(target, Some(408))]);
    }
}

#[test]
fn nothing_is_written_down_where_nobody_wants_it() {
    let publication = publication();
    let worker = Worker::new(Arc::clone(&publication), 0);
    let mut connection = worker.open(client());
    for (is_on, expected) in [(false, 0), (true, 1), (false, 0)] {
        publication.access().switch(is_on);
        worker.feed(&mut connection, b"GET /a/1 HTTP/1.1\r\nHost: a\r\n\r\n", &mut Vec::new());
        let bytes = written(&publication);
        assert_eq!(entries(&bytes).count(), expected);
    }
}
