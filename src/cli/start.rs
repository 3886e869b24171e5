//! `mocker start`: serve documents.

use std::io::Write;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::bail;
use clap::{Args, ValueEnum};
use mocker_engine::Worker;
use mocker_openapi::Loaded;
use mocker_plan::{BasePath, Plan};
use mocker_runtime::{Config, DriverChoice, End, Running, Server, Timeouts, limits, resolve};
use mocker_source::{Diagnostic, Severity};

use super::behaviour::{Answers, Requests};
use crate::callbacks::Callbacks;
use crate::report::{self, Counts};
use crate::specs;

/// Serve API descriptions as a working API.
///
/// Documents are OpenAPI 3.x, Swagger 2.0 or Postman collections, in YAML or JSON.
/// Every operation answers: with the author's example where there is one, else with data made
/// from the schema. The same URL gives the same body until --fresh or another --seed.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  mocker start --spec openapi.yaml\n  mocker start --spec specs/ --port 3000 --fresh"
)]
pub(crate) struct Start {
    /// A file, a URL, a folder of documents, or `-` for standard input; repeat it to serve several together
    #[arg(short, long = "spec", value_name = "FILE", required_unless_present = "documents")]
    specs: Vec<String>,
    /// The same, without the flag
    #[arg(value_name = "FILE", conflicts_with = "specs")]
    documents: Vec<String>,
    /// Port to listen on; 0 takes a free one
    #[arg(short, long, default_value_t = 8080)]
    port: u16,
    /// Address or name to listen on, such as `localhost` or `::`
    #[arg(long, default_value = "0.0.0.0", value_name = "HOST")]
    host: String,
    /// Worker threads; the number of usable cores when not given
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=limits::MAX_THREADS as i64))]
    threads: Option<u32>,
    /// Where paths are reachable: `auto` (as written, and under the path of each server), `none`
    /// (as written), or under a prefix of yours
    #[arg(long, default_value = "auto", value_name = "auto|none|/PREFIX")]
    base_path: BasePath,
    /// How the kernel is asked
    #[arg(long, value_enum, default_value = "auto")]
    driver: Driver,
    /// Send no callbacks
    #[arg(long)]
    no_callbacks: bool,
    #[command(flatten)]
    answers: Answers,
    #[command(flatten)]
    requests: Requests,
    #[command(flatten)]
    limits: Limits,
}

#[derive(Clone, Copy, ValueEnum)]
pub(super) enum Driver {
    /// io_uring, or epoll where it is forbidden
    Auto,
    /// io_uring or nothing
    IoUring,
    /// epoll
    Epoll,
}

impl Driver {
    /// As the runtime knows it.
    pub(super) fn choice(self) -> DriverChoice {
        match self {
            Driver::Auto => DriverChoice::Auto,
            Driver::IoUring => DriverChoice::Uring,
            Driver::Epoll => DriverChoice::Epoll,
        }
    }
}

/// What clients may do.
#[derive(Args)]
#[command(next_help_heading = "Limits")]
struct Limits {
    /// Longest request head in bytes; longer ones get 431
    #[arg(long, default_value_t = 32 * 1024, value_name = "BYTES", value_parser = clap::value_parser!(u32).range(256..=1 << 20))]
    max_head_size: u32,
    /// Longest request target in bytes; longer ones get 414
    #[arg(long, default_value_t = 8 * 1024, value_name = "BYTES", value_parser = clap::value_parser!(u32).range(16..=1 << 20))]
    max_uri_size: u32,
    /// Longest request body in bytes; longer ones get 413
    #[arg(long, default_value_t = 10 << 20, value_name = "BYTES")]
    max_body_size: u64,
    /// Connections in all
    #[arg(long, default_value_t = 65_536, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    max_connections: u32,
    /// Connections of one client address; no limit when not given
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    max_connections_per_client: Option<u32>,
    /// Seconds a request head may take, from its first byte; then 408
    #[arg(long, default_value_t = 10.0, value_name = "SECONDS", value_parser = seconds)]
    head_timeout: f64,
    /// Seconds a request body may pause; then 408
    #[arg(long, default_value_t = 30.0, value_name = "SECONDS", value_parser = seconds)]
    body_timeout: f64,
    /// Seconds a client may take to read an answer
    #[arg(long, default_value_t = 30.0, value_name = "SECONDS", value_parser = seconds)]
    write_timeout: f64,
    /// Seconds a connection may be idle between requests
    #[arg(long, default_value_t = 75.0, value_name = "SECONDS", value_parser = seconds)]
    idle_timeout: f64,
    /// Seconds that requests in flight have to end after SIGINT or SIGTERM
    #[arg(long, default_value_t = 10.0, value_name = "SECONDS", value_parser = seconds)]
    drain_timeout: f64,
}

fn seconds(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(seconds) if (0.01..=86_400.0).contains(&seconds) => Ok(seconds),
        _ => Err("give seconds between 0.01 and 86400".to_owned()),
    }
}

impl Start {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let started = Instant::now();
        let specs = if self.specs.is_empty() { &self.documents } else { &self.specs };
        let addresses = resolve(&self.host, self.port)?;
        let plan = Arc::new(self.plan(specs)?);
        let bound = Server::bind(self.config(addresses))?;
        let (shared, threads) = (Arc::clone(&plan), bound.threads());
        let settings = self.requests.settings(self.limits.http());
        let callbacks = plan.has_callbacks() && !self.no_callbacks;
        let callbacks = callbacks.then(Callbacks::start).transpose()?;
        let outbox = callbacks.as_ref().map(Callbacks::outbox);
        let running = bound.start(move |worker| {
            Worker::new(Arc::clone(&shared), settings.clone(), worker).with_outbox(outbox.clone())
        })?;
        let line = started_line(&plan, &running, threads, started.elapsed());
        // Served all the same when nobody reads standard output.
        let _ = writeln!(std::io::stdout(), "{line}");
        let end = running.wait().end;
        if let (Some(callbacks), true) = (callbacks, end != End::Forced) {
            callbacks.finish(Duration::from_secs_f64(self.limits.drain_timeout));
        }
        Ok(match end {
            End::Drained | End::DeadlinePassed => ExitCode::SUCCESS,
            End::Forced | End::Failed => ExitCode::FAILURE,
        })
    }

    fn plan(&self, specs: &[String]) -> anyhow::Result<Plan> {
        let loaded = specs::load_all(specs)?;
        loaded.iter().for_each(tell);
        let names: Vec<String> = loaded.iter().map(report::root).collect();
        let documents: Vec<_> =
            loaded.into_iter().filter_map(|loaded| loaded.document).map(Arc::new).collect();
        if documents.is_empty() {
            bail!("nothing to serve: {} is no API description that can be read", names.join(", "));
        }
        let options = self.answers.options(self.base_path.clone(), &self.requests);
        let (plan, clashes) = Plan::compile(&documents, &options);
        for clash in clashes {
            eprintln!("warning: {clash}");
        }
        Ok(plan)
    }

    fn config(&self, addresses: Vec<SocketAddr>) -> Config {
        let duration = Duration::from_secs_f64;
        let limits = &self.limits;
        Config {
            addresses,
            threads: self.threads.map(|threads| threads as usize),
            driver: self.driver.choice(),
            max_connections: limits.max_connections as usize,
            max_connections_per_client: limits.max_connections_per_client.map(|limit| limit as usize),
            timeouts: Timeouts {
                head: duration(limits.head_timeout),
                body: duration(limits.body_timeout),
                write: duration(limits.write_timeout),
                idle: duration(limits.idle_timeout),
                drain: duration(limits.drain_timeout),
                ..Timeouts::default()
            },
            ..Config::default()
        }
    }
}

impl Limits {
    fn http(&self) -> mocker_http::Limits {
        mocker_http::Limits {
            head: self.max_head_size as usize,
            target: self.max_uri_size as usize,
            body: self.max_body_size,
            ..mocker_http::Limits::default()
        }
    }
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
