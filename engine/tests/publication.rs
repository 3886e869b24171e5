//! What is published reaches connections that are open, and no request sees two plans.

#![allow(clippy::unwrap_used)]

mod harness;

use std::net::SocketAddr;
use std::sync::Arc;

use mocker_engine::{Deployment, Publication, Worker};
use mocker_runtime::Service;

fn deployment(answer: &str) -> Deployment {
    let text = format!(
        r#"{{"openapi": "3.1.0", "info": {{"title": "T", "version": "1"}}, "paths": {{"/a": {{"post": {{
            "requestBody": {{"content": {{"text/plain": {{}}}}}},
            "responses": {{"200": {{"description": "d", "content": {{"text/plain": {{"example": "{answer}"}}}}}}}}
        }}}}}}}}"#
    );
    harness::deployment(&text)
}

/// The last line of what is answered to a piece of a request.
fn feed(worker: &Worker, connection: &mut mocker_engine::Connection, input: &str) -> String {
    let mut output = Vec::new();
    let step = worker.feed(connection, input.as_bytes(), &mut output);
    assert_eq!(step.consumed, input.len());
    String::from_utf8(output).unwrap().lines().last().unwrap_or_default().to_owned()
}

#[test]
fn requests_that_begin_after_a_publication_see_it_and_those_before_do_not() {
    let publication = Arc::new(Publication::new(deployment("old")));
    let worker = Worker::new(Arc::clone(&publication), 0);
    let peer = SocketAddr::from(([127, 0, 0, 1], 1));
    let (mut kept, mut begun) = (worker.open(peer), worker.open(peer));
    let whole = "POST /a HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nhi";
    let (head, body) = whole.split_at(whole.len() - 1);
    assert_eq!(feed(&worker, &mut kept, whole), "old");
    assert_eq!(feed(&worker, &mut begun, head), "");
    assert_eq!(publication.publish(deployment("new")), 1);
    assert_eq!(feed(&worker, &mut kept, whole), "new");
    assert_eq!(feed(&worker, &mut begun, body), "old");
    assert_eq!(feed(&worker, &mut begun, whole), "new");
    assert_eq!(publication.current().0, 1);
}

#[test]
fn what_nobody_serves_any_more_is_let_go() {
    for publication in [Publication::new(deployment("old")), Publication::new(deployment("old")).counting()] {
        let publication = Arc::new(publication);
        let old = Arc::downgrade(&publication.current().1);
        let worker = Worker::new(Arc::clone(&publication), 0);
        let mut connection = worker.open(SocketAddr::from(([127, 0, 0, 1], 1)));
        let request = "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n";
        feed(&worker, &mut connection, request);
        publication.publish(deployment("new"));
        publication.let_go();
        assert!(old.upgrade().is_some(), "the worker serves it");
        // Nobody asks it anything, but time passes.
        worker.tick();
        assert!(old.upgrade().is_some(), "the worker does not take it apart");
        publication.let_go();
        assert!(old.upgrade().is_none(), "nobody has it any more");
    }
}
