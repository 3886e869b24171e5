//! The `mocker` command: turns an API description into a working API.

// A closed standard error must not end a command with a panic: see `talk`.
#![warn(clippy::print_stderr)]

mod access_log;
mod behaviours;
mod callbacks;
mod cli;
mod config;
mod control;
mod daemon;
mod deployment;
mod fetch;
mod fingerprint;
mod limits;
mod load_test;
mod memory;
mod metrics;
mod opening;
mod prove;
mod reload;
mod report;
mod serving;
mod sightings;
mod soundness;
mod specs;
mod talk;
mod tls;
mod veil;
mod watch;

use std::process::ExitCode;

use clap::Parser;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    keep_caught_panics_quiet();
    let code = cli::Cli::parse().run();
    talk::flush();
    code
}

/// The YAML scanner panics on some faulty texts, and sorting where a script's comparison is at odds with itself. Both are
/// caught and reported with their place: a panic message before it would only frighten.
fn keep_caught_panics_quiet() {
    let print = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let is_caught = |file: &str| file.contains("libyaml-safer") || file.contains("/slice/sort/");
        if !info.location().is_some_and(|location| is_caught(location.file())) {
            print(info);
        }
    }));
}
