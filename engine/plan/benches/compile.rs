//! From a document to a plan: a small one of ours, and large real ones where they are at hand.

#![allow(clippy::unwrap_used, missing_docs)]

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use mocker_openapi::{Fetch, FetchError, Location, load};
use mocker_plan::{Options, Plan};

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

fn compile(criterion: &mut Criterion) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let options = Options { seed: 0, ..Options::default() };
    for name in [
        "specs/petstore/openapi.yaml",
        "../shared/corpus/github.json",
        "../shared/corpus/kubernetes-2.0.json",
    ] {
        let path = root.join(name);
        if !path.exists() {
            continue;
        }
        let location = Location::File(path);
        let short = name.rsplit('/').next().unwrap_or(name);
        criterion.bench_function(&format!("load {short}"), |bencher| {
            bencher.iter(|| black_box(load(location.clone(), &mut Disk)));
        });
        let document = Arc::new(load(location, &mut Disk).document.unwrap());
        criterion.bench_function(&format!("compile {short}"), |bencher| {
            bencher.iter(|| black_box(Plan::compile(std::slice::from_ref(&document), &options)));
        });
    }
}

criterion_group!(benches, compile);
criterion_main!(benches);
