//! Entities made on demand, against an answer that is known to the byte, and lists of a hundred.

#![allow(clippy::unwrap_used, missing_docs)]

use std::fmt::Write;
use std::hint::black_box;
use std::net::SocketAddr;
use std::sync::Arc;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use mocker_engine::{Connection, Deployment, Publication, Settings, Worker};
use mocker_openapi::{Location, MemoryFetch, load};
use mocker_plan::{Options, Plan, WorldOptions};
use mocker_runtime::Service;

/// Twenty fields of an entity.
const FIELDS: [(&str, &str); 20] = [
    ("id", "{ type: integer }"),
    ("name", "{ type: string }"),
    ("email", "{ type: string, format: email }"),
    ("phone", "{ type: string }"),
    ("street", "{ type: string }"),
    ("city", "{ type: string }"),
    ("country", "{ type: string }"),
    ("postcode", "{ type: string }"),
    ("status", "{ type: string, enum: [active, blocked, new] }"),
    ("balance", "{ type: number, minimum: 0, multipleOf: 0.01 }"),
    ("orders", "{ type: integer, minimum: 0 }"),
    ("score", "{ type: number }"),
    ("created_at", "{ type: string, format: date-time }"),
    ("updated_at", "{ type: string, format: date-time }"),
    ("is_active", "{ type: boolean }"),
    ("token", "{ type: string, format: uuid }"),
    ("company", "{ type: string }"),
    ("website", "{ type: string, format: uri }"),
    ("locale", "{ type: string }"),
    ("note", "{ type: string }"),
];

fn document() -> String {
    let mut members = String::new();
    for (name, schema) in FIELDS {
        let _ = write!(members, "{name}: {schema}, ");
    }
    let answer = |schema: &str| {
        format!(
            "responses: {{ '200': {{ description: ok, content: {{ application/json: {{ schema: {schema} }} }} }} }}"
        )
    };
    let one = "{ $ref: '#/components/schemas/User' }";
    format!(
        "openapi: 3.1.0\ninfo: {{ title: T, version: '1' }}\npaths:\n  /users:\n    get: {{ {} }}\n  /users/{{id}}:\n    get: {{ parameters: [{{ name: id, in: path, required: true, schema: {{}} }}], {} }}\n  /alone:\n    get: {{ {} }}\ncomponents: {{ schemas: {{ User: {{ type: object, required: [id], properties: {{ {members} }} }} }} }}\n",
        answer(&format!("{{ type: array, items: {one} }}")),
        answer(one),
        answer(one),
    )
}

fn worker() -> (Worker, Connection) {
    let location = Location::File("users.yaml".into());
    let mut files = MemoryFetch::default().with(location.clone(), document());
    let document = load(location, &mut files).document.unwrap();
    let options = Options { world: Some(Arc::new(WorldOptions::default())), ..Options::default() };
    let (plan, _) = Plan::compile(&[Arc::new(document)], &options);
    let worker =
        Worker::new(Arc::new(Publication::new(Deployment::new(Arc::new(plan), Settings::default()))), 0);
    let connection = worker.open(SocketAddr::from(([127, 0, 0, 1], 1)));
    (worker, connection)
}

fn world(criterion: &mut Criterion) {
    let (worker, mut connection) = worker();
    let mut group = criterion.benchmark_group("world");
    for (name, target) in [
        ("precomputed", "/alone"),
        ("entity", "/users/7"),
        ("entity 1,000,000", "/users/1000000"),
        ("list of 100", "/users"),
    ] {
        let request = format!("GET {target} HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n\r\n");
        let mut output = Vec::new();
        let _ = worker.feed(&mut connection, request.as_bytes(), &mut output);
        match name {
            "list of 100" => group.throughput(Throughput::Bytes(output.len() as u64)),
            _ => group.throughput(Throughput::Elements(1)),
        };
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                output.clear();
                black_box(worker.feed(&mut connection, black_box(request.as_bytes()), &mut output))
            });
        });
    }
    group.finish();
}

criterion_group!(benches, world);
criterion_main!(benches);
