//! `mocker start`: serve documents.

use std::ffi::OsString;
use std::io::Write;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::bail;
use clap::Args;
use mocker_control::Address;
use mocker_engine::Worker;
use mocker_engine::chaos::{Chaos, Fidelity};
use mocker_plan::Plan;
use mocker_runtime::{
    Bound, Config, End, FilePages, Running, Server, in_background, release_free_memory, resolve,
};

use super::flags::Flags;
use super::rereading::Rereading;
use super::{behaviour, config};
use crate::access_log;
use crate::callbacks::Callbacks;
use crate::config::section::logging::Logging;
use crate::config::{Configuration, Given, Loaded, rows};
use crate::control::{History, Live};
use crate::daemon::notice;
use crate::deployment::{self, Built};
use crate::fetch::{self, STANDARD_INPUT};
use crate::limits::RELOAD_PATIENCE;
use crate::metrics::Sources;
use crate::reload::{Fixed, Reload};
use crate::serving::Serving;
use crate::sightings::Sightings;
use crate::soundness::Soundness;
use crate::talk::Starting;
use crate::tls::{self, Tls};
use crate::watch::{Change, watch};
use crate::{behaviours, control, report, talk};

/// Serve API descriptions as a working API.
///
/// Documents are OpenAPI 3.x, Swagger 2.0 or Postman collections, in YAML or JSON.
/// Every operation answers: with the author's example where there is one, else with data made
/// from the schema. The same URL gives the same body until --fresh or another --seed. Flags go before MOCKER_*
/// variables, these before mocker.yaml; `mocker config show` tells what holds.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  mocker start --spec openapi.yaml\n  mocker start --spec specs/ --port 3000 --fresh\n  mocker start --config mocker.yaml\n\nExit codes: 0 the server was ended, 1 it failed or was ended by force, 2 usage, nothing to serve, or a port that is taken."
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
        let reading = self.reading();
        let (configured, starting) = configure(&reading)?;
        let Some(configuration) = &configured.configuration else {
            return Ok(ExitCode::from(super::UNUSABLE));
        };
        let server = &configuration.server;
        let store = Arc::new(behaviours::store(&configuration.state));
        let (mut seen, nothing) = (configured.seen.clone(), Soundness::default());
        let mut say = |severity, line: &str| talk::fault(severity, line);
        let Built { deployment, record, .. } =
            deployment::build(&configured, configuration, Arc::clone(&store), &nothing, &mut seen, &mut say)?;
        let tls = Tls::begin(&server.tls, &server.host, &mut seen)?;
        let plan = Arc::clone(&deployment.plan);
        let bound = bind(configuration, tls.as_ref())?;
        let admin = control::bind(&configuration.admin)?;
        let threads = bound.threads();
        let serving = Arc::new(Serving::begin(deployment, configuration.metrics.is_enabled)?);
        let served = serving.publication();
        let access_log = access_log::start(&configuration.logging, served.access())?;
        let admin_address = admin.as_ref().map(|admin| admin.address().clone());
        // A document that is reloaded may have callbacks where the first one had none.
        let callbacks =
            server.sends_callbacks.then(|| Callbacks::start(admin_address.as_ref())).transpose()?;
        let outbox = callbacks.as_ref().map(Callbacks::outbox);
        let running = bound
            .start(move |worker| Worker::new(Arc::clone(&served), worker).with_outbox(outbox.clone()))?;
        let history = Arc::new(History::default());
        history.hold(rows(&configured), &[]);
        let (is_secure, described) = (tls.is_some(), tls.as_ref().and_then(Tls::described));
        let mut reload = Reload {
            load: move || reading.load(),
            serving: Arc::clone(&serving),
            store: Arc::clone(&store),
            started: Fixed::of(configuration),
            record,
            fingerprints: None,
            access_log: access_log.orders(),
            tls,
            identity: server.tls.identity.clone(),
            history: Arc::clone(&history),
        };
        let again = move |change: &Change, seen: &mut Sightings| {
            in_background(RELOAD_PATIENCE, || reload.again(change, seen))
        };
        fetch::refuse_pipes();
        let asking = watch(seen, server.is_watching, again, rest(&serving))?;
        let publication = serving.publication();
        let handle = running.handle();
        let connections = move || handle.counters();
        let metrics = Sources::new(Arc::clone(&publication), Arc::clone(&store), connections, started);
        let orders = access_log.orders();
        let live = Live { started, publication, store, history, asking, metrics, is_secure, orders };
        let _admin = admin.map(|admin| admin.start(&running, live)).transpose()?;
        starting.into_iter().for_each(Starting::serves);
        chaos_line(&serving.publication().current().1.behaviours.chaos).iter().for_each(talk::tell);
        let line =
            StartLine { plan: &plan, running: &running, threads, admin: admin_address, is_secure, described };
        let line = line.text(started.elapsed());
        // Served all the same when nobody reads standard output.
        let _ = writeln!(std::io::stdout(), "{line}");
        // What compiled the documents is not needed to serve them; where it stays, it only costs memory.
        let _ = mocker_runtime::release_file_pages();
        release_free_memory();
        notice::ready(&line);
        let end = running.wait().end;
        drop(access_log);
        Ok(finish(end, &serving, callbacks, server.drain_timeout))
    }

    /// What starts the same server elsewhere.
    ///
    /// # Errors
    /// Where a document is standard input, which is nobody else's.
    pub(super) fn arguments(&self) -> anyhow::Result<Vec<OsString>> {
        let named =
            self.flags.given.iter().filter(|given| given.path == "specs").flat_map(|given| &given.texts);
        if named.chain(&self.documents).any(|document| document == STANDARD_INPUT) {
            bail!("a daemon has no standard input: name a file");
        }
        let mut arguments = self.flags.arguments();
        if !self.documents.is_empty() {
            arguments.push("--".into());
            arguments.extend(self.documents.iter().map(OsString::from));
        }
        Ok(arguments)
    }

    /// Reads the effective settings.
    fn reading(&self) -> Rereading {
        let mut flags = self.flags.clone();
        if !self.documents.is_empty() {
            let (path, texts) = ("specs".to_owned(), self.documents.clone());
            flags.given.push(Given { path, flag: "FILE", texts });
        }
        Rereading::new(flags)
    }
}

/// Reads the settings, and tells what is wrong with them. Where nobody says how lines are to be, they are held until it is known what
/// comes of the start.
fn configure(reading: &Rereading) -> anyhow::Result<(Loaded, Option<Starting>)> {
    let configured = reading.load()?;
    let Logging { level, is_json, asks_for_json, .. } = Logging::read(&configured.values);
    talk::configure(&level, is_json);
    let starting = (is_json && !asks_for_json).then(Starting::begin);
    config::tell(&configured);
    Ok((configured, starting))
}

/// What is done where there is nothing to do.
fn rest(serving: &Serving) -> impl FnMut() + Send + 'static {
    let publication = serving.publication();
    let mut pages = FilePages::default();
    move || {
        publication.let_go();
        if pages.look() {
            release_free_memory();
        }
    }
}

/// Binds the data port.
fn bind(configuration: &Configuration, tls: Option<&Tls>) -> anyhow::Result<Bound> {
    let addresses = resolve(&configuration.server.host, configuration.server.port)?;
    let plain = behaviour::runtime(configuration, addresses);
    Ok(Server::bind(Config { tls: tls.map(Tls::credentials), ..plain })?)
}

/// Ends what goes on behind a server that has ended. Callbacks that wait have so much time.
fn finish(end: End, serving: &Serving, callbacks: Option<Callbacks>, time: Duration) -> ExitCode {
    serving.end();
    delays_line(&serving.publication().fidelity()).iter().for_each(talk::tell);
    if let (Some(callbacks), true) = (callbacks, end != End::Forced) {
        callbacks.finish(time);
    }
    match end {
        End::Drained | End::DeadlinePassed => ExitCode::SUCCESS,
        End::Forced | End::Failed => ExitCode::FAILURE,
    }
}

/// What is told once the server answers.
struct StartLine<'s> {
    plan: &'s Plan,
    running: &'s Running,
    threads: usize,
    admin: Option<Address>,
    is_secure: bool,
    /// The certificate that clients cannot know
    described: Option<String>,
}

impl StartLine<'_> {
    fn text(&self, took: Duration) -> String {
        let admin = self.admin.as_ref().map(|address| format!(", admin on {address}")).unwrap_or_default();
        let certificate = self.described.as_ref().map(|what| format!(", {what}")).unwrap_or_default();
        format!(
            "mocker {} listening on {}: {} of {}, {}, {}{admin}{certificate}, ready in {:.0} ms",
            env!("CARGO_PKG_VERSION"),
            named(self.running.addresses(), self.is_secure),
            report::counted(self.plan.len(), "operation"),
            report::counted(self.plan.documents(), "document"),
            self.running.driver(),
            report::counted(self.threads, "core"),
            took.as_secs_f64() * 1e3,
        )
    }
}

/// What strikes on purpose, so that nobody looks for the fault elsewhere.
fn chaos_line(chaos: &Chaos) -> Option<String> {
    let names = chaos.names().filter(|name| chaos.is_on(name) == Some(true));
    let on: Vec<String> = names.map(str::to_owned).collect();
    let is_told = chaos.is_master_on() && !on.is_empty();
    is_told.then(|| format!("chaos is on: {}", crate::reload::listed(&on)))
}

/// How late delayed answers were, where there were any.
fn delays_line(fidelity: &Fidelity) -> Option<String> {
    let Fidelity { count, p50, p99, max, .. } = *fidelity;
    let microseconds = |nanoseconds: u64| nanoseconds as f64 / 1e3;
    let [p50, p99, max] = [p50, p99, max].map(microseconds);
    let answers = report::counted(count as usize, "answer");
    (count > 0).then(|| {
        format!("{answers} waited as asked, and were late by {p50:.0} µs (p50), {p99:.0} µs (p99), {max:.0} µs at most")
    })
}

/// Every address as clients write it.
fn named(addresses: &[SocketAddr], is_secure: bool) -> String {
    let addresses: Vec<String> = addresses.iter().map(|address| tls::url(address, is_secure)).collect();
    addresses.join(" and ")
}

#[cfg(test)]
mod tests {
    use super::{Fidelity, delays_line, named};

    #[test]
    fn every_address_is_named() {
        let addresses = [([127, 0, 0, 1], 8080).into(), ([0, 0, 0, 0, 0, 0, 0, 1], 8081).into()];
        assert_eq!(named(&addresses, false), "http://127.0.0.1:8080 and http://[::1]:8081");
        assert_eq!(named(&addresses[..1], true), "https://127.0.0.1:8080");
    }

    #[test]
    fn who_delayed_nothing_hears_nothing_of_delays() {
        assert_eq!(delays_line(&Fidelity::default()), None);
        let fidelity = Fidelity { count: 2, sum: 1_700_000, p50: 200_400, p99: 1_500_000, max: 1_500_000 };
        let line = "2 answers waited as asked, and were late by 200 µs (p50), 1500 µs (p99), 1500 µs at most";
        assert_eq!(delays_line(&fidelity).as_deref(), Some(line));
    }
}
