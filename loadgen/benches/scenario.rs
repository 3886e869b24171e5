//! From a document to requests that are ready to send, and from a recording to their weights: a small document of
//! ours, and a large real one where it is at hand.

#![allow(clippy::print_stderr, clippy::unwrap_used, missing_docs)]

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use mocker_loadgen::scenario::{Mix, Options, of_document};
use mocker_openapi::{Document, Fetch, FetchError, Location, load};

/// Lines of the recording.
const LINES: u64 = 100_000;

struct Disk;

impl Fetch for Disk {
    fn fetch(&mut self, location: &Location) -> Result<Vec<u8>, FetchError> {
        match location {
            Location::File(path) => {
                std::fs::read(path).map_err(|error| FetchError { reason: error.to_string() })
            }
            Location::Url(url) => Err(FetchError { reason: format!("no network for {url}") }),
        }
    }
}

fn document(path: &Path) -> Arc<Document> {
    Arc::new(load(Location::File(path.to_owned()), &mut Disk).document.unwrap())
}

/// Most memory that this process has had so far, as the kernel writes it: `150000 kB`.
fn most_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or_else(|| "unknown".to_owned(), |most| most.trim().to_owned())
}

/// What a user waits for before the first request, once: the memory of a process that has done nothing else.
fn ready_to_send(name: &str, path: &Path) {
    let start = Instant::now();
    let document = document(path);
    let (scenario, _) = of_document(&document, &Options::default());
    let requests: usize = scenario.operations.iter().map(|operation| operation.requests.len()).sum();
    eprintln!(
        "{name}: {requests} requests of {} operations ready in {:.2} s, at most {}",
        scenario.operations.len(),
        start.elapsed().as_secs_f64(),
        most_memory()
    );
}

fn scenario(criterion: &mut Criterion) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for name in ["../shared/corpus/github.json", "specs/petstore/openapi.yaml"] {
        let (short, path) = (name.rsplit('/').next().unwrap_or(name), root.join(name));
        if !path.exists() {
            eprintln!("SKIPPED: there is no {}", path.display());
            continue;
        }
        ready_to_send(short, &path);
        let document = document(&path);
        criterion.bench_function(&format!("scenario of {short}"), |bencher| {
            bencher.iter(|| black_box(of_document(&document, &Options::default())));
        });
    }
}

fn mix(criterion: &mut Criterion) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let documents = [document(&root.join("specs/petstore/openapi.yaml"))];
    let line = |index| {
        let path = format!("/v1/pets{}", if index % 3 == 0 { format!("/{index}") } else { String::new() });
        format!(
            "203.0.113.7 - - [14/Mar/2026:09:26:03 +0000] \"GET {path} HTTP/1.1\" 200 312 \"-\" \"app/3.2\"\n"
        )
    };
    let log: String = (0..LINES).map(line).collect();
    let mut group = criterion.benchmark_group("mix");
    group.sample_size(10).throughput(Throughput::Elements(LINES));
    group.bench_function("access log", |bencher| {
        bencher.iter(|| black_box(Mix::read(log.as_bytes(), &documents, "").unwrap()));
    });
    group.finish();
}

criterion_group!(benches, scenario, mix);
criterion_main!(benches);
