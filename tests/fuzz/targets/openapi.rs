//! Any bytes, read as a document: loading, judging and compiling end, and never panic.

#![no_main]

use std::sync::Arc;

use libfuzzer_sys::fuzz_target;
use mocker_openapi::{Location, MemoryFetch, load};
use mocker_plan::{BasePath, Options, Plan, check};

fuzz_target!(|bytes: &[u8]| {
    let root = Location::File("openapi.yaml".into());
    let mut files = MemoryFetch::default().with(root.clone(), bytes);
    let Some(document) = load(root, &mut files).document else { return };
    check::document(&document);
    let options = Options { seed: 1, is_fresh: false, base_path: BasePath::Auto };
    Plan::compile(&[Arc::new(document)], &options);
});
