//! What a plugin that is built in adds to a request.

#![allow(clippy::unwrap_used, missing_docs)]

use std::hint::black_box;
use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use mocker_scripting::plugin::builtin::Kind;
use mocker_scripting::plugin::{Builtin, Files, Notes, Visit};
use mocker_scripting::{Request, RequestBuilder, Response};
use serde_json::{Value, json};

/// The keys of the tests.
struct Keys;

fn key(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/plugins/keys").join(name)).unwrap()
}

impl Files for Keys {
    fn read(&mut self, path: &str) -> Result<Vec<u8>, String> {
        Ok(key(path))
    }

    fn variable(&self, _: &str) -> Option<String> {
        None
    }
}

fn request(fields: &[(&str, &str)]) -> Request {
    let mut builder = RequestBuilder::new("GET", b"/pets/42", b"limit=5&tag=a");
    let usual = [("Host", "localhost:8080"), ("User-Agent", "curl/8.0"), ("Accept", "*/*")];
    for (name, value) in usual.iter().chain(fields) {
        builder.field(name, value.as_bytes());
    }
    builder.finish(b"")
}

fn bearer(algorithm: Algorithm, key: &EncodingKey) -> Request {
    let claims =
        json!({ "sub": "ann", "iss": "me", "aud": "pets", "exp": 4_000_000_000_u64, "scope": "read write" });
    let token = encode(&Header::new(algorithm), &claims, key).unwrap();
    request(&[("Authorization", &format!("Bearer {token}"))])
}

fn visit<'v>(now: i64) -> Visit<'v> {
    Visit {
        client: IpAddr::V4(Ipv4Addr::LOCALHOST),
        protocol: "HTTP/1.1",
        now,
        took: Duration::from_micros(20),
        operation: "GET /pets/{petId}",
        scopes: &[],
        notes: Notes::default(),
    }
}

fn before(criterion: &mut Criterion) {
    let strict = |key: &str, value: &str| json!({ key: value, "issuer": "me", "audience": "pets" });
    let hs256 = bearer(Algorithm::HS256, &EncodingKey::from_secret(b"secret"));
    let rs256 = bearer(Algorithm::RS256, &EncodingKey::from_rsa_pem(&key("rsa.private.pem")).unwrap());
    let es256 = bearer(Algorithm::ES256, &EncodingKey::from_ec_pem(&key("ec.private.pem")).unwrap());
    let page = ("Origin", "https://app.example.com");
    let cases: [(&str, Kind, Value, Request); 7] = [
        ("jwt HS256", Kind::Jwt, strict("secret", "secret"), hs256),
        ("jwt RS256", Kind::Jwt, strict("public_key", "rsa.pub.pem"), rs256),
        ("jwt ES256", Kind::Jwt, strict("public_key", "ec.pub.pem"), es256),
        ("api-key", Kind::ApiKey, json!({ "keys": ["a", "b", "c"] }), request(&[("X-API-Key", "b")])),
        (
            "basic",
            Kind::Basic,
            json!({ "users": { "ann": "x" } }),
            request(&[("Authorization", "Basic YW5uOng=")]),
        ),
        ("rate-limit", Kind::RateLimit, json!({ "limit": "1000000/s" }), request(&[])),
        ("cors", Kind::Cors, json!({ "origins": ["https://*.example.com"] }), request(&[page])),
    ];
    for (name, kind, config, request) in cases {
        let builtin = Builtin::configure(kind, &config, &mut Keys).unwrap();
        let mut now = 1_767_225_600_000;
        criterion.bench_function(&format!("before/{name}"), |bencher| {
            bencher.iter(|| {
                now += 1;
                black_box(builtin.before(&request, &visit(now)))
            });
        });
    }
}

fn after(criterion: &mut Criterion) {
    let request = request(&[("Origin", "https://app.example.com")]);
    let response = Response { status: 200, fields: Vec::new(), body: vec![b'a'; 512] };
    for (name, kind, config) in [
        ("logging common", Kind::Logging, json!({})),
        ("logging json", Kind::Logging, json!({ "format": "json", "headers": ["User-Agent"] })),
        ("cors", Kind::Cors, json!({ "origins": ["https://*.example.com"] })),
    ] {
        let builtin = Builtin::configure(kind, &config, &mut Keys).unwrap();
        let mut response = response.clone();
        criterion.bench_function(&format!("after/{name}"), |bencher| {
            bencher.iter(|| {
                response.fields.clear();
                black_box(builtin.after(&request, &visit(1_767_225_600_000), &mut response))
            });
        });
    }
}

fn configure(criterion: &mut Criterion) {
    criterion.bench_function("configure/jwt", |bencher| {
        let config = json!({ "jwks": "jwks.json", "issuer": "me" });
        bencher.iter(|| black_box(Builtin::configure(Kind::Jwt, &config, &mut Keys).unwrap()));
    });
}

criterion_group!(benches, before, after, configure);
criterion_main!(benches);
