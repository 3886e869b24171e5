//! URLs and messages of callbacks.

use std::sync::Arc;

use mocker_http::Limits;
use mocker_http::request::{Head, Progress, Slots, head};
use mocker_openapi::{Document, Location, MemoryFetch, load};
use mocker_schema::generate::Key;
use proptest::prelude::*;

use super::{Call, Heard};
use crate::request::Sent;
use crate::route::{Captures, Outcome, Request};
use crate::{Options, Plan, Sampling};

const ANSWER: &[u8] =
    b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nLocation: /orders/7\r\n\r\n\
                        {\"id\":7,\"links\":[{\"self\":\"http://c/7\"}],\"none\":null}";

fn document(callbacks: &str) -> Arc<Document> {
    let text = format!(
        "openapi: 3.1.0\ninfo: {{ title: T, version: '1' }}\npaths:\n  '/orders/{{id}}':\n    post:\n      \
         parameters: [{{ name: id, in: path, required: true, schema: {{ type: string }} }}]\n      \
         responses: {{ '201': {{ description: made }} }}\n      callbacks:\n{callbacks}"
    );
    let location = Location::File("api.yaml".into());
    let loaded = load(location.clone(), &mut MemoryFetch::default().with(location, text));
    assert!(loaded.diagnostics.is_empty(), "{:#?}", loaded.diagnostics);
    Arc::new(loaded.document.expect("a document"))
}

/// One callback of this URL.
fn to(url: &str) -> Arc<Document> {
    document(&format!(
        "        paid:\n          '{}':\n            post: {{ responses: {{ '200': {{ description: taken }} }} }}\n",
        url.replace('\'', "''")
    ))
}

/// What is sent when `request` was answered by [`ANSWER`].
fn calls(document: &Arc<Document>, options: &Options, request: &[u8], key: Key) -> Vec<Call> {
    let (plan, _) = Plan::compile(std::slice::from_ref(document), options);
    let mut slots = Slots::new();
    let head: Head<'_> = head(request, &mut Progress::default(), &Limits::default(), &mut slots)
        .expect("a head")
        .expect("all of it");
    let mut captures = Captures::new();
    let query = head.target.query.unwrap_or_default();
    let asked = Request { method: b"POST", path: head.target.path, query };
    let Outcome::Operation(matched) = plan.find(&asked, &|_| None, &mut captures) else { panic!("no route") };
    let operation = plan.operation(matched.operation);
    let names = plan.names(matched);
    let sent = Sent { captures: &captures, names, path: head.target.path, query, fields: &head.fields };
    let content_type = head.fields.find("content-type");
    let heard = Heard {
        is_secure: head.fields.find("x-came-by") == Some(b"https"),
        method: head.method_name,
        authority: b"test:80",
        sent,
        content_type,
    };
    let callbacks = operation.callbacks().expect("callbacks");
    let mut pending = callbacks.hear(&heard);
    callbacks.hear_body(&mut pending, &request[head.len..]);
    assert!(!pending.awaits_body());
    callbacks.calls(&pending, ANSWER, key)
}

/// The URL, or why there is none.
fn url(template: &str, request: &str) -> String {
    let mut calls = calls(&to(template), &Options::default(), request.as_bytes(), Key(0));
    match calls.remove(0) {
        Ok(job) => job.url,
        Err(unsent) => format!("{}: {}", unsent.name, unsent.reason),
    }
}

fn posted(content_type: &str, body: &str) -> String {
    format!(
        "POST /orders/a%20b?callbackUrl=http%3A%2F%2Fq%2Fx&e=1%262+3 HTTP/1.1\r\nHost: test:80\r\nX-Url: http://h/x\r\n\
         Content-Type: {content_type}\r\nx-many: 1\r\nX-Many: 2\r\n\r\n{body}"
    )
}

#[test]
fn urls() {
    let json =
        posted("application/json", r#"{"url":"http://b:1/x?y=1","a/b":{"~":[null,true,"é z"]},"n":5}"#);
    for (template, expected) in [
        ("$request.body#/url", "http://b:1/x?y=1"),
        ("{$request.body#/url}&n={$request.body#/n}", "http://b:1/x?y=1&n=5"),
        ("$request.query.callbackUrl", "http://q/x"),
        ("$request.header.x-url", "http://h/x"),
        ("http://a/{$request.header.X-MANY}", "http://a/1,%202"),
        ("http://a/{$request.path.id}/{$method}/{$statusCode}", "http://a/a%20b/POST/201"),
        ("http://a?e={$request.query.e}&u={$request.query.callbackUrl}", "http://a?e=1%262%203&u=http://q/x"),
        ("http://a?t={$request.body#/a~1b/~0/2}", "http://a?t=%C3%A9%20z"),
        ("http://a?t={$request.body#/a~1b/~0/1}", "http://a?t=true"),
        ("http://a?t={$request.body#/a~1b}", "http://a?t=%7B%22~%22:%5Bnull,true,%22%C3%A9%20z%22%5D%7D"),
        ("{$url}", "http://test:80/orders/a%20b?callbackUrl=http%3A%2F%2Fq%2Fx&e=1%262+3"),
        ("http://a{$response.header.location}", "http://a/orders/7"),
        ("$response.body#/links/0/self", "http://c/7"),
        ("http://a?{$response.body#/id}", "http://a?7"),
        ("$request.body#/gone", "paid: the request has no $request.body#/gone"),
        ("$request.body#/a~1b/~0/0", "paid: the request has no $request.body#/a~1b/~0/0"),
        ("$request.query.gone", "paid: the request has no $request.query.gone"),
        ("$request.path.gone", "paid: the request has no $request.path.gone"),
        ("$response.body#/none", "paid: the answer has no $response.body#/none"),
        ("$response.header.Gone", "paid: the answer has no $response.header.Gone"),
    ] {
        assert_eq!(url(template, &json), expected, "{template}");
    }
}

#[test]
fn urls_have_the_scheme_that_the_request_came_by() {
    let request = "POST /orders/a HTTP/1.1\r\nHost: test:80\r\nX-Came-By: https\r\n\r\n";
    assert_eq!(url("{$url}", request), "https://test:80/orders/a");
}

#[test]
fn bodies_that_are_no_json() {
    let form = posted("application/x-www-form-urlencoded", "url=http%3A%2F%2Ff%2F&b=1");
    assert_eq!(url("$request.body#/url", &form), "http://f/");
    assert_eq!(url("$request.body", &posted("text/plain", " http://t/\n")), "http://t/");
    for (content_type, body) in [("text/plain", "x"), ("application/json", "{"), ("application/json", "")] {
        let told = url("$request.body#/url", &posted(content_type, body));
        assert_eq!(told, "paid: the request has no $request.body#/url", "{body}");
    }
    assert_eq!(
        url("$request.body", &posted("text/plain", &format!("http://a/{}", "x".repeat(8192)))),
        "paid: its URL would be longer than 8192 bytes"
    );
}

const MESSAGES: &str = "        paid:
          http://a/{$request.header.Gone}: { post: { responses: { '200': { description: taken } } } }
          http://b/{$method}:
            post:
              parameters:
              - { name: X-Event, in: header, example: order paid, schema: { type: string } }
              - { name: X-Kind, in: header, schema: { enum: [a] } }
              - { name: Host, in: header, schema: { type: string } }
              - { name: Content-Length, in: header, schema: { type: integer } }
              - { name: q, in: query, schema: { type: string } }
              requestBody:
                content:
                  application/vnd.pay+json:
                    schema:
                      type: object
                      required: [id, secret]
                      properties:
                        id: { type: integer, minimum: 1, maximum: 100000 }
                        hidden: { type: string, readOnly: true }
                        secret: { const: s, writeOnly: true }
              responses: { '204': { description: taken }, 4XX: { description: not } }
            put:
              requestBody: { content: { text/plain: { example: as written } } }
              responses: { default: { description: any } }
";

#[test]
fn messages() {
    let document = document(MESSAGES);
    let request = posted("application/json", "{}");
    let of = |options: &Options, key| calls(&document, options, request.as_bytes(), key);
    let calls = of(&Options::default(), Key(1));
    let [unsent, post, put] = &calls[..] else { panic!("three calls") };
    assert!(unsent.is_err());
    let (post, put) = (post.as_ref().expect("sent"), put.as_ref().expect("sent"));
    assert_eq!((&*post.method, post.url.as_str(), &*put.method), ("POST", "http://b/POST", "PUT"));
    let fields: Vec<(&str, &str)> = post
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), std::str::from_utf8(value).expect("text")))
        .collect();
    assert_eq!(
        fields,
        [("Content-Type", "application/vnd.pay+json"), ("X-Event", "order paid"), ("X-Kind", "a")]
    );
    let body: serde_json::Value =
        serde_json::from_slice(post.body.as_deref().expect("a body")).expect("JSON");
    assert!(body["id"].is_u64() && body["secret"] == "s" && body.get("hidden").is_none(), "{body}");
    assert_eq!(put.body.as_deref(), Some(&b"as written"[..]));

    assert_eq!(of(&Options::default(), Key(1)), calls);
    assert_ne!(of(&Options::default(), Key(2))[1], calls[1]);
    let is_static = Options { sampling: Sampling::Static, ..Options::default() };
    let sampled = of(&is_static, Key(1))[1].clone().expect("sent");
    assert_eq!(sampled.body.as_deref(), Some(&br#"{"id":1,"secret":"s"}"#[..]));

    let described = |status| (post.describes(status), put.describes(status));
    assert_eq!([204, 404, 200].map(described), [(true, true), (true, true), (false, true)]);
}

proptest! {
    #[test]
    fn no_request_breaks_it(body in "\\PC{0,40}|[\\[\\]{}\":,a-z0-9~/&=%+]{0,60}", query in "[a-z=&%+0-9~]{0,30}") {
        let request = format!(
            "POST /orders/%2?{query} HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n\r\n{body}"
        );
        for template in ["http://a?{$request.body#/a}", "$request.body", "http://a/{$request.query.a}", "{$url}"] {
            let url = url(template, &request);
            prop_assert!(url.starts_with("paid: ") || url.bytes().all(|byte| byte.is_ascii_graphic()), "{url}");
        }
    }
}
