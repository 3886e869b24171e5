//! The `mocker` command: turns an API description into a working API.

mod cli;
mod fetch;
mod report;
mod specs;

use std::process::ExitCode;

use clap::Parser;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cli::Cli::parse().run()
}
