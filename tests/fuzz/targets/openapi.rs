//! Any bytes, read as a document: loading, judging and compiling end, and never panic.

#![no_main]

use std::sync::Arc;

use libfuzzer_sys::fuzz_target;
use mocker_openapi::{Location, MemoryFetch, load};
use mocker_plan::{Options, Plan, check};

/// The YAML scanner panics on some texts; the loader catches that and reports it. libFuzzer's hook would take
/// it for a crash before anything could be caught.
fn forgive_the_scanner() {
    let crash = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if !info.location().is_some_and(|location| location.file().contains("libyaml-safer")) {
            crash(info);
        }
    }));
}

fuzz_target!(init: forgive_the_scanner(), |bytes: &[u8]| {
    let root = Location::File("openapi.yaml".into());
    let mut files = MemoryFetch::default().with(root.clone(), bytes);
    let Some(document) = load(root, &mut files).document else { return };
    check::document(&document);
    let options = Options { seed: 1, ..Options::default() };
    Plan::compile(&[Arc::new(document)], &options);
});
