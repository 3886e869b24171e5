//! What is counted of requests, by workers that count alone.

#![allow(clippy::unwrap_used)]

mod harness;

use std::net::SocketAddr;
use std::sync::Arc;

use mocker_engine::metrics::{Answered, Ending, Report, RouteName, RouteReport};
use mocker_engine::{Connection, Deployment, Publication, Worker};
use mocker_runtime::{Service, Wait};

fn deployment(path: &str) -> Deployment {
    let text = format!(
        r#"{{"openapi": "3.1.0", "info": {{"title": "T", "version": "1"}}, "paths": {{"{path}": {{
            "get": {{"responses": {{"200": {{"description": "d"}}}}}},
            "post": {{
                "requestBody": {{"required": true, "content": {{"text/plain": {{}}}}}},
                "responses": {{"201": {{"description": "d", "content": {{"text/plain": {{"example": "made"}}}}}}}}
            }}}}}}}}"#
    );
    harness::deployment(&text)
}

fn feed(worker: &Worker, connection: &mut Connection, input: &str) -> usize {
    let mut output = Vec::new();
    let step = worker.feed(connection, input.as_bytes(), &mut output);
    assert_eq!(step.consumed, input.len());
    output.len()
}

fn get(target: &str) -> String {
    format!("GET {target} HTTP/1.1\r\nHost: a\r\n\r\n")
}

fn with(status: u16) -> Ending {
    Ending { answered: Answered::Status(status), scenario: "".into() }
}

fn route<'r>(report: &'r Report, method: &str, template: &str) -> &'r RouteReport {
    report.routes.get(&RouteName { method: method.into(), template: template.into() }).unwrap()
}

#[test]
fn workers_count_alone_and_deployments_that_went_count_on() {
    let publication = Arc::new(Publication::new(deployment("/a/{id}")).counting());
    let workers = [0, 1].map(|number| Worker::new(Arc::clone(&publication), number));
    let peer = SocketAddr::from(([127, 0, 0, 1], 1));
    let [mut first, mut second] = workers.each_ref().map(|worker| worker.open(peer));
    let mut sent = 0;
    for number in 0..3 {
        // Ten thousand addresses are one route.
        sent += feed(&workers[0], &mut first, &get(&format!("/a/{number}")).repeat(4));
        sent += feed(&workers[1], &mut second, &get("/a/x"));
    }
    let report = publication.metrics().unwrap().report();
    let counted = route(&report, "GET", "/a/{id}");
    assert_eq!(counted.endings.iter().collect::<Vec<_>>(), [(&with(200), &15)]);
    assert_eq!((counted.durations.count(), counted.sent.sum), (15, sent as u64));
    let post = "POST /a/1 HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\n";
    feed(&workers[0], &mut first, &format!("{post}hel"));
    publication.publish(deployment("/b"));
    feed(&workers[0], &mut first, "lo");
    for target in ["/b", "/a/1", "/nowhere", "*"] {
        feed(&workers[0], &mut first, &get(target));
        feed(&workers[1], &mut second, &get(target));
    }
    feed(&workers[0], &mut first, &post.replace("/a/1", "/b").replace(" 5", " 0"));
    let report = publication.metrics().unwrap().report();
    assert_eq!(route(&report, "GET", "/a/{id}").endings[&with(200)], 15);
    let posted = route(&report, "POST", "/a/{id}");
    assert_eq!((posted.endings[&with(201)], posted.received.sum, posted.durations.count()), (1, 5, 1));
    assert_eq!(route(&report, "GET", "/b").endings[&with(200)], 2);
    assert_eq!(route(&report, "POST", "/b").endings.values().sum::<u64>(), 1);
    assert_eq!(route(&report, "GET", "").endings[&with(404)], 4);
    assert_eq!(report.routes.len(), 6, "{:?}", report.routes.keys());
}

#[test]
fn what_is_no_request_is_counted_too() {
    let publication = Arc::new(Publication::new(deployment("/a")).counting());
    let worker = Worker::new(Arc::clone(&publication), 0);
    let mut connection = worker.open(SocketAddr::from(([127, 0, 0, 1], 1)));
    feed(&worker, &mut connection, "no request\r\n\r\n");
    let report = publication.metrics().unwrap().report();
    assert_eq!(route(&report, "OTHER", "").endings[&with(400)], 1);
}

#[test]
fn what_breaks_off_in_the_body_is_the_operations() {
    let publication = Arc::new(Publication::new(deployment("/a/{id}")).counting());
    let worker = Worker::new(Arc::clone(&publication), 0);
    let chunked = "POST /a/1 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n";
    let mut connection = worker.open(SocketAddr::from(([127, 0, 0, 1], 1)));
    feed(&worker, &mut connection, &format!("{chunked}nonsense\r\n"));
    let mut connection = worker.open(SocketAddr::from(([127, 0, 0, 1], 1)));
    feed(&worker, &mut connection, chunked);
    worker.expire(&mut connection, Wait::Body, &mut Vec::new());
    let report = publication.metrics().unwrap().report();
    let posted = route(&report, "POST", "/a/{id}");
    assert_eq!((posted.endings[&with(400)], posted.endings[&with(408)]), (1, 1));
    assert_eq!((posted.received.sum, report.routes.len()), (4, 1), "{:?}", report.routes.keys());
}

#[test]
fn nothing_is_counted_where_nobody_asks() {
    let publication = Arc::new(Publication::new(deployment("/a")));
    let worker = Worker::new(Arc::clone(&publication), 0);
    let mut connection = worker.open(SocketAddr::from(([127, 0, 0, 1], 1)));
    feed(&worker, &mut connection, &get("/a"));
    assert!(publication.metrics().is_none());
}
