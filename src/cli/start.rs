//! `mocker start`: serve documents.

use std::io::Write;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::bail;
use clap::Args;
use mocker_engine::{Deployment, Publication, Worker};
use mocker_openapi::Loaded;
use mocker_plan::Plan;
use mocker_runtime::{End, Running, Server, resolve};
use mocker_source::{Diagnostic, Severity};

use super::behaviour;
use super::config::tell as tell_configuration;
use super::flags::Flags;
use crate::callbacks::Callbacks;
use crate::config::{self, Configuration, Given};
use crate::report::{self, Counts};
use crate::specs;

/// Serve API descriptions as a working API.
///
/// Documents are OpenAPI 3.x, Swagger 2.0 or Postman collections, in YAML or JSON.
/// Every operation answers: with the author's example where there is one, else with data made
/// from the schema. The same URL gives the same body until --fresh or another --seed. Flags go before MOCKER_*
/// variables, these before mocker.yaml; `mocker config show` tells what holds.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  mocker start --spec openapi.yaml\n  mocker start --spec specs/ --port 3000 --fresh\n  mocker start --config mocker.yaml"
)]
pub(crate) struct Start {
    /// A file, a URL, a folder of documents, or `-` for standard input, without the flag
    #[arg(value_name = "FILE", conflicts_with = "--spec")]
    documents: Vec<String>,
    #[command(flatten)]
    flags: Flags,
}

impl Start {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let started = Instant::now();
        let loaded = self.settings()?;
        tell_configuration(&loaded);
        let Some(configuration) = &loaded.configuration else { return Ok(ExitCode::from(super::UNUSABLE)) };
        let server = &configuration.server;
        let addresses = resolve(&server.host, server.port)?;
        let plan = Arc::new(compiled(configuration)?);
        let bound = Server::bind(behaviour::runtime(configuration, addresses))?;
        let threads = bound.threads();
        let settings = behaviour::settings(configuration);
        let publication = Arc::new(Publication::new(Deployment::new(Arc::clone(&plan), settings)));
        let callbacks = plan.has_callbacks() && server.sends_callbacks;
        let callbacks = callbacks.then(Callbacks::start).transpose()?;
        let outbox = callbacks.as_ref().map(Callbacks::outbox);
        let running = bound
            .start(move |worker| Worker::new(Arc::clone(&publication), worker).with_outbox(outbox.clone()))?;
        let line = started_line(&plan, &running, threads, started.elapsed());
        // Served all the same when nobody reads standard output.
        let _ = writeln!(std::io::stdout(), "{line}");
        let end = running.wait().end;
        if let (Some(callbacks), true) = (callbacks, end != End::Forced) {
            callbacks.finish(server.drain_timeout);
        }
        Ok(match end {
            End::Drained | End::DeadlinePassed => ExitCode::SUCCESS,
            End::Forced | End::Failed => ExitCode::FAILURE,
        })
    }

    /// Flags, variables and the file, put together.
    fn settings(&self) -> anyhow::Result<config::Loaded> {
        let mut flags = self.flags.clone();
        if !self.documents.is_empty() {
            let (path, texts) = ("specs".to_owned(), self.documents.clone());
            flags.given.push(Given { path, flag: "FILE", texts });
        }
        flags.load()
    }
}

fn compiled(configuration: &Configuration) -> anyhow::Result<Plan> {
    if configuration.specs.is_empty() {
        bail!("nothing to serve: give `--spec FILE`, or name documents under `specs` in mocker.yaml");
    }
    let loaded = specs::load_all(&configuration.specs)?;
    loaded.iter().for_each(tell);
    let names: Vec<String> = loaded.iter().map(report::root).collect();
    let documents: Vec<_> = loaded.into_iter().filter_map(|loaded| loaded.document).map(Arc::new).collect();
    if documents.is_empty() {
        bail!("nothing to serve: {} is no API description that can be read", names.join(", "));
    }
    let (plan, clashes) = Plan::compile(&documents, &behaviour::options(configuration));
    for clash in clashes {
        eprintln!("warning: {clash}");
    }
    Ok(plan)
}

/// Errors in full; warnings as a number, for documents of others have hundreds, unless they say why
/// nothing is served.
pub(super) fn tell(loaded: &Loaded) {
    let serves = loaded.document.as_ref().is_some_and(|document| !document.operations.is_empty());
    let is_told = |diagnostic: &&Diagnostic| !serves || diagnostic.severity == Severity::Error;
    for diagnostic in loaded.diagnostics.iter().filter(is_told) {
        eprintln!("{}", report::text(loaded, diagnostic));
    }
    let warnings = Counts::of(loaded.diagnostics.iter()).warnings;
    if warnings > 0 && serves {
        let file = report::root(loaded);
        eprintln!("{file}: {}; `mocker check {file}` lists them", report::counted(warnings, "warning"));
    }
}

fn started_line(plan: &Plan, running: &Running, threads: usize, took: Duration) -> String {
    format!(
        "mocker {} listening on {}: {} of {}, {}, {}, ready in {:.0} ms",
        env!("CARGO_PKG_VERSION"),
        named(running.addresses()),
        report::counted(plan.len(), "operation"),
        report::counted(plan.documents(), "document"),
        running.driver(),
        report::counted(threads, "core"),
        took.as_secs_f64() * 1e3,
    )
}

/// Every address as clients write it.
fn named(addresses: &[SocketAddr]) -> String {
    let addresses: Vec<String> = addresses.iter().map(|address| format!("http://{address}")).collect();
    addresses.join(" and ")
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn every_address_is_named() {
        let addresses = [([127, 0, 0, 1], 8080).into(), ([0, 0, 0, 0, 0, 0, 0, 1], 8081).into()];
        assert_eq!(named(&addresses), "http://127.0.0.1:8080 and http://[::1]:8081");
        assert_eq!(named(&addresses[..1]), "http://127.0.0.1:8080");
    }
}
