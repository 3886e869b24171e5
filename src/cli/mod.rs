//! The command line: one file a command.

pub(crate) mod behaviour;
mod check;
mod completion;
pub(crate) mod config;
mod daemon;
mod edit;
mod explain;
mod flags;
mod format;
mod load_test;
mod remote;
pub(crate) mod rereading;
mod script;
mod start;
mod version;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::{talk, veil};

/// The command failed on what it was asked to judge: `check` found errors.
const FAULTY: u8 = 1;
/// The command could not be carried out: usage, a missing file, a port that is taken.
const UNUSABLE: u8 = 2;
/// No server answers where one was expected.
const UNREACHABLE: u8 = 4;

/// Turns an API description into a working API.
#[derive(Parser)]
#[command(name = "mocker", version = version::LINE, arg_required_else_help = true, max_term_width = 110)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Start(start::Start),
    Check(check::Check),
    Explain(Box<explain::Explain>),
    Config(config::Config),
    LoadTest(Box<load_test::LoadTest>),
    Script(script::Script),
    Status(remote::status::Status),
    Reload(remote::reload::Reload),
    Stop(remote::stop::Stop),
    Chaos(remote::chaos::Chaos),
    Daemon(daemon::Daemon),
    Completion(completion::Completion),
    #[command(hide = true)]
    Candidates(completion::Candidates),
    Version(version::Version),
}

impl Cli {
    /// Carries out the command; the code is the process's exit code.
    pub(crate) fn run(self) -> ExitCode {
        let done = match self.command {
            Command::Start(command) => command.run(),
            Command::Check(command) => command.run(),
            Command::Explain(command) => command.run(),
            Command::Config(command) => command.run(),
            Command::LoadTest(command) => command.run(),
            Command::Script(command) => command.run(),
            Command::Status(command) => command.run(),
            Command::Reload(command) => command.run(),
            Command::Stop(command) => command.run(),
            Command::Chaos(command) => command.run(),
            Command::Daemon(command) => command.run(),
            Command::Completion(command) => command.run(),
            Command::Candidates(command) => command.run(),
            Command::Version(command) => command.run(),
        };
        done.unwrap_or_else(|error| {
            talk::error(veil::urls(&format!("error: {error:#}")));
            ExitCode::from(if remote::is_unreachable(&error) { UNREACHABLE } else { UNUSABLE })
        })
    }
}
