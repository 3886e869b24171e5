//! `mocker explain`: what becomes of a request, and why, without a server.

mod account;
mod alternatives;
mod body;
mod report;
mod request;
mod steps;

use std::io::Write;
use std::net::Ipv4Addr;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use mocker_engine::{Publication, Worker};

use self::account::Explained;
use self::request::Asked;
use super::flags::Flags;
use super::format::Format;
use super::{FAULTY, UNUSABLE, config};
use crate::soundness::Soundness;
use crate::{behaviours, deployment, talk};

const EXAMPLES: &str = "Examples:
  mocker explain GET /pets/7 --spec openapi.yaml
  mocker explain POST /pets -H 'X-Key: 1' -d '{\"name\": \"Rex\"}' --spec openapi.yaml
  mocker explain GET http://127.0.0.1:8080/pets?limit=5 --config mocker.yaml --format json

Exit codes: 0 an operation answers, 1 no operation has the request, 2 usage, or nothing to serve.";

/// Explain what becomes of a request: which operation, which steps, which answer, and why not the others.
///
/// Everything is read and compiled as by `mocker start` with the same flags, but nothing is served: plugins are not
/// begun, state is empty, and chaos is told of but does not strike. `-d` is --data, as of curl; --dynamic has no short.
#[derive(Args)]
#[command(after_help = EXAMPLES, mut_arg("--dynamic", |argument| argument.short(None)))]
pub(crate) struct Explain {
    /// The method, as `GET`
    #[arg(value_name = "METHOD")]
    method: String,
    /// The path with its query, or a whole URL
    #[arg(value_name = "URL")]
    url: String,
    /// A header field, any number of times
    #[arg(short = 'H', long = "header", value_name = "NAME: VALUE")]
    headers: Vec<String>,
    /// The body, or a file with it; JSON where no Content-Type is given
    #[arg(short, long, value_name = "BODY|@FILE")]
    data: Option<String>,
    /// Text for people or JSON for machines
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    #[command(flatten)]
    flags: Flags,
}

impl Explain {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let asked = Asked::of(&self.method, &self.url, &self.headers, self.data.as_deref())?;
        let configured = self.flags.load()?;
        config::tell(&configured);
        let Some(configuration) = &configured.configuration else { return Ok(ExitCode::from(UNUSABLE)) };
        let store = Arc::new(behaviours::store(&configuration.state));
        let (mut seen, nothing) = (configured.seen.clone(), Soundness::default());
        let mut say = |severity, line: &str| talk::fault(severity, line);
        let built = deployment::build(&configured, configuration, store, &nothing, &mut seen, &mut say)?;
        let is_chaos_on = built.deployment.behaviours.chaos.is_master_on();
        built.deployment.behaviours.chaos.switch_master(false);
        let publication = Arc::new(Publication::new(built.deployment));
        let account =
            Worker::new(Arc::clone(&publication), 0).account(&asked.bytes, Ipv4Addr::LOCALHOST.into());
        let (_, deployment) = publication.current();
        let explained = Explained {
            asked: &asked,
            account: &account,
            deployment: &deployment,
            origins: &built.origins,
            is_chaos_on,
        };
        let report = explained.report();
        let text = match self.format {
            Format::Text => report.text(),
            Format::Json => format!("{:#}\n", report.json()),
        };
        // Whoever stops reading has seen enough; the exit code still tells.
        let _ = std::io::stdout().write_all(text.as_bytes());
        Ok(if explained.is_answered() { ExitCode::SUCCESS } else { ExitCode::from(FAULTY) })
    }
}
