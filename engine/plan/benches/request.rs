//! Time of judging a valid request.

#![allow(clippy::unwrap_used, missing_docs)]

use std::hint::black_box;

use bumpalo::Bump;
use criterion::{Criterion, criterion_group, criterion_main};
use mocker_http::Limits;
use mocker_http::request::{Progress, Slots, head};
use mocker_openapi::{Location, MemoryFetch, load};
use mocker_plan::request::{Parameters, Security, Sent};
use mocker_plan::route::Captures;

const DOCUMENT: &str = "openapi: 3.1.0
info: { title: T, version: '1' }
security: [{ token: [] }]
paths:
  /a:
    get:
      parameters:
      - { name: limit, in: query, schema: { type: integer, minimum: 1, maximum: 100 } }
      - { name: sort, in: query, schema: { type: string, enum: [created, updated, pushed] } }
      - { name: tags, in: query, schema: { type: array, maxItems: 5, items: { type: string, maxLength: 20 } } }
      - { name: since, in: query, required: true, schema: { type: string, format: date-time } }
      responses: { '204': { description: none } }
components:
  securitySchemes: { token: { type: http, scheme: bearer } }
";

fn request(criterion: &mut Criterion) {
    let location = Location::File("/api.yaml".into());
    let loaded = load(location.clone(), &mut MemoryFetch::default().with(location, DOCUMENT));
    let document = loaded.document.unwrap();
    let parameters = Parameters::compile(&document, &document.operations[0]);
    let security = Security::compile(&document, &document.operations[0], false);
    let input =
        b"GET /a?limit=50&sort=updated&tags=one&tags=two%20three&since=2019-08-24T14:15:22Z HTTP/1.1\r\n\
                  Host: localhost\r\nAccept: */*\r\nAuthorization: Bearer abc\r\n\r\n";
    let mut slots = Slots::new();
    let head = head(input, &mut Progress::default(), &Limits::default(), &mut slots).unwrap().unwrap();
    let query = head.target.query.unwrap();
    let captures = Captures::new();
    let mut arena = Bump::new();
    let mut faults = Vec::new();
    criterion.bench_function("request/parameters", |bencher| {
        bencher.iter(|| {
            arena.reset();
            let path = head.target.path;
            let sent = Sent { captures: &captures, names: &[], path, query, fields: &head.fields };
            parameters.judge(&document.schemas, black_box(&sent), &arena, &mut faults);
        });
    });
    assert!(faults.is_empty(), "{faults:?}");
    criterion.bench_function("request/security", |bencher| {
        bencher.iter(|| security.check(black_box(&head.fields), query, &arena));
    });
}

criterion_group!(benches, request);
criterion_main!(benches);
