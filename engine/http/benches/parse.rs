//! What it costs to read a request and to write a prepared answer.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use mocker_http::Limits;
use mocker_http::request::{Progress, Slots, head};
use mocker_http::response::{DateCache, Prepared, Sending};

const PLAIN: &[u8] =
    b"GET /pets/42 HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nUser-Agent: bench\r\nAccept: */*\r\n\r\n";

const BROWSER: &[u8] = b"GET /pets?limit=20&tag=small HTTP/1.1\r\n\
    Host: localhost:8080\r\n\
    Connection: keep-alive\r\n\
    Cache-Control: max-age=0\r\n\
    Upgrade-Insecure-Requests: 1\r\n\
    User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36\r\n\
    Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8\r\n\
    Sec-Fetch-Site: none\r\n\
    Sec-Fetch-Mode: navigate\r\n\
    Accept-Encoding: gzip, deflate, br\r\n\
    Accept-Language: en-GB,en;q=0.9\r\n\
    Cookie: session=0123456789abcdef0123456789abcdef; theme=dark\r\n\r\n";

/// Reads all requests in a buffer; gives how many there were.
fn read(mut input: &[u8], limits: &Limits) -> usize {
    let mut progress = Progress::default();
    let mut count = 0;
    while !input.is_empty() {
        let mut slots = Slots::new();
        let head = head(input, &mut progress, limits, &mut slots).expect("accepted").expect("whole");
        black_box(&head);
        input = &input[head.len..];
        count += 1;
    }
    count
}

fn requests(criterion: &mut Criterion) {
    let limits = Limits::default();
    let mut group = criterion.benchmark_group("parse");
    for (name, input) in
        [("plain", PLAIN.to_vec()), ("browser", BROWSER.to_vec()), ("pipelined-16", PLAIN.repeat(16))]
    {
        group.throughput(Throughput::Bytes(input.len() as u64));
        group.bench_function(name, |bencher| bencher.iter(|| read(black_box(&input), &limits)));
    }
}

fn answers(criterion: &mut Criterion) {
    let fields = [("Content-Type", &b"application/json"[..])];
    let prepared = Prepared::new(200, fields, b"", &[b'x'; 600]);
    let date = DateCache::new(784_111_777);
    let mut out = Vec::with_capacity(4096);
    criterion.bench_function("write/prepared-600", |bencher| {
        bencher.iter(|| {
            out.clear();
            prepared.append(Sending::plain(&date), black_box(&mut out));
        });
    });
}

criterion_group!(benches, requests, answers);
criterion_main!(benches);
