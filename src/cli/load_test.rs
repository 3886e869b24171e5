//! `mocker load-test`: drive an API, and judge what it does.

use std::io::{self, IsTerminal, Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, SystemTime};

use anyhow::{Context, bail};
use clap::{Args, ValueEnum};
use mocker_loadgen::drive::{self, Progress, Trust};
use mocker_loadgen::load::{Arrival, Load, Model, Stage};
use mocker_loadgen::rate::{self, Rate};
use mocker_loadgen::record::{ErrorClass, Record, Run};
use mocker_loadgen::report::{self, Report, Style};
use mocker_loadgen::scenario::{self, Scenario, Selection, Spelt, Unmade, of_document, of_url};
use mocker_loadgen::verdict::{self, Bound, Conditions, Threshold, Verdict};
use mocker_loadgen::{duration, limits as most};
use mocker_openapi::Document;

use super::start::tell;
use crate::limits::MAX_REQUEST_BODY;
use crate::load_test::{Cores, Floor, OwnServer, Target, Throttling, host, measure, watch, write_all};
use crate::specs;

const EXAMPLES: &str = "Examples:
  mocker load-test openapi.yaml --self --rps 10k -d 30s --threshold \"p99<5ms\"
  mocker load-test openapi.yaml --target http://localhost:3000 --endpoint \"GET /pets=3\" --endpoint getPet
  mocker load-test http://localhost:3000/pets -c 128 -d 10s

Exit codes: 0 pass, 1 a threshold does not hold, 2 usage or document, 3 the run is invalid: the generator was the
limit, 4 nobody answers there, 130 interrupted.";

/// Drive an HTTP API and judge its answers.
///
/// With an API description, requests are made for every operation: of its examples, of what it allows at least and
/// at most, and of a seed. Latency counts from when a request was due, not from when there was time to send it.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct LoadTest {
    /// An API description (a file, a folder, `-`; with --target or --self a URL too), or the URL of one request
    #[arg(value_name = "SPEC|URL")]
    subject: String,
    /// The server that the description is about [default: http://127.0.0.1:8080]
    #[arg(long, value_name = "URL", conflicts_with = "own_server")]
    target: Option<String>,
    /// Start a server of our own for the description, on other cores
    #[arg(long = "self")]
    own_server: bool,
    #[command(flatten)]
    pace: Pace,
    #[command(flatten)]
    requests: Requests,
    #[command(flatten)]
    judging: Judging,
    #[command(flatten)]
    output: Output,
}

/// How many requests, how fast, for how long.
#[derive(Args)]
#[command(next_help_heading = "Load")]
struct Pace {
    /// Requests a second in all: `10k`, `600/m`; `max` sends as fast as answers come
    #[arg(long, value_name = "RATE", default_value = "max", value_parser = rate::parse)]
    rps: Rate,
    /// Rates one after the other, instead of --rps and --duration: `1k:30s,10k:1m`
    #[arg(long, value_name = "RATE:TIME,...", conflicts_with_all = ["rps", "duration"], value_parser = stages)]
    stages: Option<Stages>,
    /// How due times are spread: evenly, or as independent users come
    #[arg(long, value_enum, default_value = "uniform")]
    arrival: Spread,
    /// How long requests are sent [default: 10s]
    #[arg(short, long, value_name = "TIME", value_parser = duration::parse)]
    duration: Option<Duration>,
    /// End after so many requests
    #[arg(short = 'n', long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    requests: Option<u64>,
    /// Sent before, and left out of every figure
    #[arg(long, value_name = "TIME", default_value = "1s", value_parser = duration::parse)]
    warmup: Duration,
    /// Connections, and with one request on each: requests in flight at most
    #[arg(short, long, default_value_t = 64, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    concurrency: u32,
    /// Requests in flight on one connection
    #[arg(long, default_value_t = 1, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1024))]
    pipeline: u32,
    /// Sending threads [default: as the rate needs, at most half of the cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=most::MAX_THREADS as i64))]
    threads: Option<u32>,
    /// After which an answer counts as lost
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = duration::parse)]
    timeout: Duration,
    /// What values, arrivals and the order of operations are made from
    #[arg(long, default_value_t = 0, value_name = "N")]
    seed: u64,
}

/// What is sent.
#[derive(Args)]
#[command(next_help_heading = "Requests")]
struct Requests {
    /// Only these operations: "GET /pets/{id}", an operationId, with `*` for anything; `=3` behind it is a weight
    #[arg(long = "endpoint", value_name = "PATTERN[=WEIGHT]")]
    endpoints: Vec<String>,
    /// All but these operations
    #[arg(long = "exclude-endpoint", value_name = "PATTERN")]
    excluded: Vec<String>,
    /// A field of every request, in place of what we would write under its name
    #[arg(short = 'H', long = "header", value_name = "NAME: VALUE", value_parser = scenario::field)]
    headers: Vec<(String, String)>,
    /// Method, where only a URL is given [default: GET, with --body POST]
    #[arg(short = 'X', long, value_name = "METHOD")]
    method: Option<String>,
    /// File with the body, where only a URL is given
    #[arg(long, value_name = "FILE")]
    body: Option<PathBuf>,
    /// Take any certificate of an https target
    #[arg(long)]
    insecure: bool,
}

/// What must hold.
#[derive(Args)]
#[command(next_help_heading = "Verdict")]
struct Judging {
    /// What must hold: "p99<5ms", "p99{GET /pets}<3ms", "rps>=99.9%", "error_rate<0.1%", "window_p99<10ms"
    #[arg(long = "threshold", value_name = "EXPRESSION", value_parser = Threshold::parse)]
    thresholds: Vec<Threshold>,
    /// Measure first what the generator itself takes, and refuse thresholds below three times that
    #[arg(long)]
    calibrate: bool,
}

/// What is told.
#[derive(Args)]
#[command(next_help_heading = "Output")]
struct Output {
    /// What standard output gets
    #[arg(short, long, value_enum, default_value = "text")]
    output: Format,
    /// Write summary.json, latency.hgrm, intervals.hlog, timeseries.csv and report.html into this folder
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Show nothing while the test lasts
    #[arg(long)]
    no_tui: bool,
    /// A line for every operation, not only for the ten with the most requests
    #[arg(long)]
    all_endpoints: bool,
}

#[derive(Clone)]
struct Stages(Vec<Stage>);

#[derive(Clone, Copy, ValueEnum)]
enum Spread {
    /// Equal gaps
    Uniform,
    /// Random gaps
    Poisson,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Format {
    /// A summary for people
    Text,
    /// summary.json
    Json,
    /// A table of operations
    Csv,
    /// Nothing: the exit code tells
    Quiet,
}

impl Requests {
    fn trust(&self) -> Trust {
        if self.insecure { Trust::Anybody } else { Trust::Roots }
    }
}

fn stages(text: &str) -> Result<Stages, rate::Fault> {
    rate::parse_stages(text).map(Stages)
}

/// What is sent, and to whom.
struct Subject {
    scenario: Arc<Scenario>,
    target: Target,
    spec: Option<report::Spec>,
    /// Ends with this
    _server: Option<OwnServer>,
}

impl LoadTest {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let cores = Cores::share(self.own_server);
        let load = self.load(&cores);
        let subject = self.subject(&cores)?;
        let floor = self.judging.calibrate.then(|| calibrate(&load, &cores)).transpose()?;
        let bind = |threshold: &Threshold| Bound::new(threshold.clone(), &subject.scenario, &load, floor);
        let bounds = self.judging.thresholds.iter().map(bind).collect::<Result<Vec<Bound>, _>>()?;
        let target = report::Target { address: subject.target.host.clone(), protocol: "http/1.1".to_owned() };
        if self.output.output == Format::Text || !self.output.no_tui {
            eprintln!("{}", report::heading(&subject.scenario, &load, &target, subject.spec.as_ref()));
        }
        let throttling = Throttling::since_now();
        let started_at = SystemTime::now();
        let run = self.drive(&subject, &load)?;
        let conditions = Conditions { floor, shared_cpus: cores.shared(), throttled: throttling.elapsed() };
        let judgement = verdict::judge(&run, &load, &bounds, &conditions, false);
        let report = Report {
            run: &run,
            scenario: &subject.scenario,
            load: &load,
            judgement: &judgement,
            conditions: &conditions,
            target: &target,
            spec: subject.spec.as_ref(),
            host: &host(subject.target.is_here()),
            verification: None,
            started_at,
            version: env!("CARGO_PKG_VERSION"),
        };
        self.output.write(&report)?;
        Ok(ExitCode::from(judgement.verdict.exit_code()))
    }

    fn load(&self, cores: &Cores) -> Load {
        let pace = &self.pace;
        // With a number of requests, the time is no limit unless it is given.
        let usual = if pace.requests.is_some() { most::LONGEST_DURATION } else { USUAL_DURATION };
        let duration = pace.duration.unwrap_or(Duration::from_secs(usual));
        let arrival = match pace.arrival {
            Spread::Uniform => Arrival::Uniform,
            Spread::Poisson => Arrival::Poisson,
        };
        let model = match (&pace.stages, pace.rps) {
            (Some(Stages(stages)), _) => Model::Open { stages: stages.clone(), arrival },
            (None, Rate::PerSecond(rate)) => Model::Open { stages: vec![Stage { rate, duration }], arrival },
            (None, Rate::Max) => Model::Closed { duration },
        };
        let highest = match &model {
            Model::Closed { .. } => None,
            Model::Open { stages, .. } => stages.iter().map(|stage| stage.rate).reduce(f64::max),
        };
        let threads = pace.threads.map_or_else(|| cores.threads(highest), |threads| threads as usize);
        Load {
            model,
            warmup: pace.warmup,
            requests: pace.requests,
            concurrency: pace.concurrency as usize,
            threads: threads.min(pace.concurrency as usize),
            cpus: if self.own_server { cores.generator.clone() } else { Vec::new() },
            pipeline: pace.pipeline as usize,
            timeout: pace.timeout,
            seed: pace.seed,
        }
    }

    fn subject(&self, cores: &Cores) -> anyhow::Result<Subject> {
        let is_url = self.subject.starts_with("http://") || self.subject.starts_with("https://");
        if is_url && self.target.is_none() && !self.own_server {
            return self.one_request();
        }
        if self.requests.method.is_some() || self.requests.body.is_some() {
            bail!("--method and --body are for a URL; `{}` says itself what is sent", self.subject);
        }
        let loaded = specs::load_all(std::slice::from_ref(&self.subject))?;
        loaded.iter().for_each(tell);
        let documents: Vec<Arc<Document>> =
            loaded.into_iter().filter_map(|loaded| loaded.document).map(Arc::new).collect();
        let server = match self.own_server {
            true => Some(OwnServer::start(&documents, &cores.server)?),
            false => None,
        };
        let target = match &server {
            Some(server) => Target::of(server.address()),
            None => Target::parse(self.target.as_deref().unwrap_or(USUAL_TARGET), self.requests.trust())?,
        };
        let scenario = self.scenario(&documents, &target)?;
        let spec = report::Spec { path: self.subject.clone(), sha256: None };
        Ok(Subject { scenario: Arc::new(scenario), target, spec: Some(spec), _server: server })
    }

    fn one_request(&self) -> anyhow::Result<Subject> {
        let target = Target::parse(&self.subject, self.requests.trust())?;
        let body = self.requests.body.as_ref().map(|path| {
            let mut body = Vec::new();
            let file = std::fs::File::open(path);
            file.and_then(|file| file.take(MAX_REQUEST_BODY).read_to_end(&mut body))
                .with_context(|| format!("cannot read the body from {}", path.display()))
                .map(|_| body)
        });
        let body = body.transpose()?;
        let usual = if body.is_some() { "POST" } else { "GET" };
        let spelt = Spelt {
            method: self.requests.method.as_deref().unwrap_or(usual),
            target: &target.path,
            host: &target.host,
            user_agent: &scenario::Options::default().user_agent,
            headers: &self.requests.headers,
            body: body.as_deref(),
        };
        let scenario = Arc::new(of_url(&spelt)?);
        Ok(Subject { scenario, target, spec: None, _server: None })
    }

    /// Requests of all documents, of the operations that were asked for; tells what cannot be made.
    fn scenario(&self, documents: &[Arc<Document>], target: &Target) -> anyhow::Result<Scenario> {
        let selection = Selection::parse(&self.requests.endpoints, &self.requests.excluded)?;
        let options = scenario::Options {
            host: target.host.clone(),
            base_path: target.base_path().to_owned(),
            seed: self.pace.seed,
            headers: self.requests.headers.clone(),
            ..scenario::Options::default()
        };
        let (mut whole, mut unmade) = (Scenario::default(), Vec::new());
        for document in documents {
            let (scenario, reasons) = of_document(document, &options);
            whole.operations.extend(scenario.operations);
            unmade.extend(reasons);
        }
        for Unmade { operation, reason } in &unmade {
            eprintln!("warning: {operation}: {reason}");
        }
        if whole.operations.is_empty() {
            bail!(
                "there is nothing to send: {} has no operation that a request can be made for",
                self.subject
            );
        }
        Ok(whole.select(&selection)?)
    }

    /// Sends. A target that cannot be reached is a run too, in which nothing came.
    fn drive(&self, subject: &Subject, load: &Load) -> anyhow::Result<Run> {
        let (reports, seconds) = mpsc::channel();
        let progress = Arc::new(Progress::new(load.threads, Some(reports)));
        let stopped = interruption()?;
        let is_over = Arc::new(AtomicBool::new(false));
        let outcome = thread::scope(|scope| {
            let (shown, over) = (Arc::clone(&progress), Arc::clone(&is_over));
            scope.spawn(move || watch(&shown, &seconds, load, !self.output.no_tui, &stopped, &over));
            let outcome = drive::run(Arc::clone(&subject.scenario), load, &subject.target.server, &progress);
            is_over.store(true, Ordering::Relaxed);
            outcome
        });
        match outcome {
            Err(drive::Fault::Unreachable { address, reason }) => {
                let hint = if reason.contains("certificate") { " (--insecure takes any)" } else { "" };
                eprintln!("error: cannot connect to {address}: {reason}{hint}");
                Ok(unreachable(subject.scenario.operations.len(), load))
            }
            outcome => Ok(outcome?),
        }
    }
}

/// How long requests are sent where nobody says, in seconds.
const USUAL_DURATION: u64 = 10;

/// Where `mocker start` listens.
const USUAL_TARGET: &str = "http://127.0.0.1:8080";

/// The first Ctrl-C ends the run and has it reported, the second ends the process.
fn interruption() -> anyhow::Result<Arc<AtomicBool>> {
    let stopped = Arc::new(AtomicBool::new(false));
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        let code = Verdict::Interrupted.exit_code().into();
        signal_hook::flag::register_conditional_shutdown(signal, code, Arc::clone(&stopped))?;
        signal_hook::flag::register(signal, Arc::clone(&stopped))?;
    }
    Ok(stopped)
}

/// A run in which no connection could be made.
fn unreachable(operations: usize, load: &Load) -> Run {
    let mut record = Record::new(operations);
    record.counts.errors.insert(ErrorClass::Connect, load.concurrency as u64);
    Run { record, elapsed: 0, in_flight: 0.0, most_in_flight: 0, threads: Vec::new(), interrupted: false }
}

fn calibrate(load: &Load, cores: &Cores) -> anyhow::Result<Duration> {
    let Floor { p99, most } = measure(load, cores)?;
    eprintln!("floor p99 {:.3} ms, at most {most:.0} requests/s", p99.as_secs_f64() * 1e3);
    Ok(p99)
}

impl Output {
    fn write(&self, report: &Report<'_>) -> anyhow::Result<()> {
        let mut text = Vec::new();
        let is_terminal = io::stdout().is_terminal();
        let has_colors = is_terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        let style = Style { color: has_colors, bars: is_terminal, all_operations: self.all_endpoints };
        match self.output {
            Format::Text => report.write_text(&mut text, style)?,
            Format::Json => report.write_json(&mut text)?,
            Format::Csv => report.write_csv(&mut text)?,
            Format::Quiet => {}
        }
        if let Some(folder) = &self.out {
            eprintln!("{}", write_all(report, folder)?);
        }
        // Whoever stops reading has seen enough; the exit code still tells.
        let _ = io::stdout().write_all(&text);
        Ok(())
    }
}
