//! The way of a request from received bytes to the bytes of its answer, without sockets: alone and pipelined, written
//! and generated bodies, counted and not.

#![allow(clippy::unwrap_used, missing_docs)]

use std::hint::black_box;
use std::net::SocketAddr;
use std::sync::Arc;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use mocker_engine::{Connection, Deployment, Publication, Settings, Worker};
use mocker_openapi::{Location, MemoryFetch, load};
use mocker_plan::{Options, Plan};
use mocker_runtime::Service;

const DOCUMENT: &str = include_str!("../../benches/side-by-side/customer.yaml");
/// Requests that come at once; each piece is answered whole.
const DEPTHS: [usize; 2] = [1, 16];

fn worker(is_counting: bool) -> (Worker, Connection) {
    let location = Location::File("customer.yaml".into());
    let mut files = MemoryFetch::default().with(location.clone(), DOCUMENT);
    let document = load(location, &mut files).document.unwrap();
    let (plan, _) = Plan::compile(&[Arc::new(document)], &Options::default());
    let publication = Publication::new(Deployment::new(Arc::new(plan), Settings::default()));
    let publication = if is_counting { publication.counting() } else { publication };
    let worker = Worker::new(Arc::new(publication), 0);
    let connection = worker.open(SocketAddr::from(([127, 0, 0, 1], 1)));
    (worker, connection)
}

fn feed(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("feed");
    for (is_counting, counted) in [(false, "uncounted"), (true, "counted")] {
        let (worker, mut connection) = worker(is_counting);
        for target in ["/written", "/generated"] {
            let request = format!("GET {target} HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n\r\n");
            for depth in DEPTHS {
                let input = request.repeat(depth);
                let mut output = Vec::new();
                group.throughput(Throughput::Elements(depth as u64));
                group.bench_function(format!("{counted}{target}/{depth}"), |bencher| {
                    bencher.iter(|| {
                        output.clear();
                        black_box(worker.feed(&mut connection, black_box(input.as_bytes()), &mut output))
                    });
                });
            }
        }
    }
    group.finish();
}

criterion_group!(benches, feed);
criterion_main!(benches);
