//! `mocker load-test`: drive an API, and judge what it does.

mod capacity;
mod comparing;
mod flags;

use std::io::{self, IsTerminal, Read, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, mpsc};
use std::time::{Duration, SystemTime};

use anyhow::{Context, bail};
use clap::Args;
use mocker_loadgen::baseline::Comparison;
use mocker_loadgen::drive::{self, Progress};
use mocker_loadgen::limits as most;
use mocker_loadgen::load::{Load, Model, Stage};
use mocker_loadgen::rate::Rate;
use mocker_loadgen::record::{ErrorClass, Record, Run};
use mocker_loadgen::report::{self, Report, Style};
use mocker_loadgen::scenario::{self, Scenario, Selection, Spelt, Unmade, of_document, of_url};
use mocker_loadgen::search::Found;
use mocker_loadgen::verdict::{self, Bound, Conditions, Judgement, Threshold, Verdict};
use mocker_loadgen::verify::Verifier;
use mocker_openapi::{Document, Location};

use self::capacity::Capacity;
use self::comparing::{Comparing, Series};
use self::flags::{Format, Judging, Output, Pace, Requests, Stages};
use crate::deployment::tell;
use crate::limits::MAX_REQUEST_BODY;
use crate::load_test::{
    Cores, Deprivation, Digests, Floor, OwnServer, Target, beside, host, measure, mixed, watch, write_all,
};
use crate::specs;
use crate::{talk, veil};

const EXAMPLES: &str = "Examples:
  mocker load-test openapi.yaml --self --rps 10k -d 30s --threshold \"p99<5ms\"
  mocker load-test openapi.yaml --target http://localhost:3000 --endpoint \"GET /pets=3\" --endpoint getPet
  mocker load-test http://localhost:3000/pets -c 128 -d 10s
  mocker load-test openapi.yaml --self --find-max --threshold \"p99<5ms\"
  mocker load-test openapi.yaml --target http://localhost:3000 --against http://localhost:3001

Exit codes: 0 pass, 1 a threshold does not hold, runs have got worse, or --verify found a wrong answer, 2 usage or
document, 3 the run is invalid: the generator was the limit, 4 nobody answers there, 130 interrupted.";

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
    capacity: Capacity,
    #[command(flatten)]
    comparing: Comparing,
    #[command(flatten)]
    output: Output,
}

/// What is sent, and to whom.
struct Subject {
    scenario: Arc<Scenario>,
    target: Target,
    spec: Option<report::Spec>,
    /// What the description says; nothing where only a URL was given
    documents: Vec<Arc<Document>>,
    /// Where answers are held against what the description says
    verifier: Option<Arc<Verifier>>,
    /// Ends with this
    _server: Option<OwnServer>,
}

/// A run, judged.
struct Trial {
    load: Load,
    run: Run,
    judgement: Judgement,
    conditions: Conditions,
    started_at: SystemTime,
}

impl Subject {
    fn report_target(&self) -> report::Target {
        report::Target { address: self.target.host.clone(), protocol: "http/1.1".to_owned() }
    }
}

impl LoadTest {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let cores = Cores::share(self.own_server);
        self.capacity.check(&self.judging.thresholds)?;
        let subject = self.subject(&cores)?;
        let stopped = interruption()?;
        if self.capacity.find_max {
            return self.find_max(&subject, &cores, &stopped);
        }
        let load = self.load(&cores);
        let reference = self.reference(&subject, &load)?;
        let floor = self.floor(&load, &cores)?;
        let bounds = self.bounds(&subject, &load, floor)?;
        self.announce(&subject, &load);
        let deprivation = Deprivation::since_now();
        let started_at = SystemTime::now();
        let series = self.series(&subject, reference.as_ref(), &load, &stopped)?;
        let Some(Series { run, figures, comparison }) = series else {
            return Ok(ExitCode::from(Verdict::Unreachable.exit_code()));
        };
        let conditions = Conditions {
            floor,
            shared_cpus: cores.shared(),
            throttled: deprivation.throttled(),
            stolen: deprivation.stolen(),
        };
        let has_regressed = comparison.as_ref().is_some_and(Comparison::has_regressed);
        let judgement = verdict::judge(&run, &load, &bounds, &conditions, has_regressed);
        self.save(&subject, &load, &figures, judgement.verdict)?;
        let trial = Trial { load, run, judgement, conditions, started_at };
        self.report(&subject, &trial, comparison.as_ref(), None)
    }

    fn floor(&self, load: &Load, cores: &Cores) -> anyhow::Result<Option<Duration>> {
        self.judging.calibrate.then(|| calibrate(load, cores)).transpose()
    }

    fn bounds(&self, subject: &Subject, load: &Load, floor: Option<Duration>) -> anyhow::Result<Vec<Bound>> {
        let bind = |threshold: &Threshold| Bound::new(threshold.clone(), &subject.scenario, load, floor);
        Ok(self.judging.thresholds.iter().map(bind).collect::<Result<Vec<Bound>, _>>()?)
    }

    /// Says what will be sent.
    fn announce(&self, subject: &Subject, load: &Load) {
        if self.output.output == Format::Text || !self.output.no_tui {
            let target = subject.report_target();
            talk::print(report::heading(&subject.scenario, load, &target, subject.spec.as_ref()));
        }
    }

    fn report(
        &self,
        subject: &Subject,
        trial: &Trial,
        comparison: Option<&Comparison>,
        search: Option<&Found>,
    ) -> anyhow::Result<ExitCode> {
        let report = Report {
            run: &trial.run,
            scenario: &subject.scenario,
            load: &trial.load,
            judgement: &trial.judgement,
            conditions: &trial.conditions,
            target: &subject.report_target(),
            spec: subject.spec.as_ref(),
            host: &host(subject.target.is_here()),
            comparison,
            search,
            started_at: trial.started_at,
            version: env!("CARGO_PKG_VERSION"),
        };
        self.output.write(&report)?;
        Ok(ExitCode::from(trial.judgement.verdict.exit_code()))
    }

    fn load(&self, cores: &Cores) -> Load {
        let pace = &self.pace;
        // With a number of requests, the time is no limit unless it is given.
        let usual = if pace.requests.is_some() { most::LONGEST_DURATION } else { USUAL_DURATION };
        let duration = pace.duration.unwrap_or(Duration::from_secs(usual));
        let arrival = pace.arrival.into();
        let model = match (&pace.stages, pace.rps) {
            (Some(Stages(stages)), _) => Model::Open { stages: stages.clone(), arrival },
            (None, Rate::PerSecond(rate)) => Model::Open { stages: vec![Stage { rate, duration }], arrival },
            (None, Rate::Max) => Model::Closed { duration },
        };
        self.load_of(model, cores)
    }

    fn load_of(&self, model: Model, cores: &Cores) -> Load {
        let pace = &self.pace;
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
            server_timing: self.requests.server_timing,
            driver: pace.driver.choice(),
        }
    }

    fn subject(&self, cores: &Cores) -> anyhow::Result<Subject> {
        let is_url = self.subject.starts_with("http://") || self.subject.starts_with("https://");
        if is_url && self.target.is_none() && !self.own_server {
            return self.one_request(Target::parse(&self.subject, self.requests.trust())?);
        }
        if self.requests.method.is_some() || self.requests.body.is_some() {
            bail!("--method and --body are for a URL; `{}` says itself what is sent", self.subject);
        }
        let mut digests = Digests::default();
        let note = |location: &Location, bytes: &[u8]| digests.note(location, bytes);
        let loaded = specs::load_noting(std::slice::from_ref(&self.subject), note)?;
        let spec = digests.spec(&self.subject, &loaded);
        loaded.iter().for_each(|loaded| tell(loaded, &mut |severity, line| talk::fault(severity, line)));
        talk::flush();
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
        let (scenario, unmade) = self.scenario(&documents, &target)?;
        for Unmade { operation, reason } in &unmade {
            talk::print(format_args!("warning: {operation}: {reason}"));
        }
        let mode = self.judging.verify.mode();
        let verifier = mode.map(|mode| Arc::new(Verifier::new(&documents, &scenario, mode)));
        let (scenario, spec) = (Arc::new(scenario), Some(spec));
        Ok(Subject { scenario, target, spec, documents, verifier, _server: server })
    }

    fn one_request(&self, target: Target) -> anyhow::Result<Subject> {
        if self.requests.mix.is_some() {
            bail!("--mix is for an API description: requests to one URL have no shares");
        }
        if self.judging.verify.mode().is_some() {
            bail!("--verify needs an API description; with it, a URL is the --target");
        }
        let body = self.requests.body.as_deref().map(read_body).transpose()?;
        let usual = if body.is_some() { "POST" } else { "GET" };
        let spelt = Spelt {
            method: self.requests.method.as_deref().unwrap_or(usual),
            target: &target.path,
            host: &target.host,
            user_agent: &scenario::Options::default().user_agent,
            headers: &self.requests.fields(),
            body: body.as_deref(),
        };
        let mut scenario = of_url(&spelt)?;
        // It is sent as it is, and named without what is secret in it.
        scenario.operations.iter_mut().for_each(|operation| operation.path = veil::url(&operation.path));
        Ok(Subject {
            scenario: Arc::new(scenario),
            target,
            spec: None,
            documents: Vec::new(),
            verifier: None,
            _server: None,
        })
    }

    /// Requests of all documents, of the operations that were asked for; and what cannot be made.
    fn scenario(
        &self,
        documents: &[Arc<Document>],
        target: &Target,
    ) -> anyhow::Result<(Scenario, Vec<Unmade>)> {
        let selection = Selection::parse(&self.requests.endpoints, &self.requests.excluded)?;
        let options = scenario::Options {
            host: target.host.clone(),
            base_path: target.base_path().to_owned(),
            seed: self.pace.seed,
            headers: self.requests.fields(),
            ..scenario::Options::default()
        };
        let (mut whole, mut unmade) = (Scenario::default(), Vec::new());
        for (index, document) in documents.iter().enumerate() {
            let (scenario, reasons) =
                of_document(document, &scenario::Options { document: index, ..options.clone() });
            whole.operations.extend(scenario.operations);
            unmade.extend(reasons);
        }
        if whole.operations.is_empty() {
            bail!(
                "there is nothing to send: {} has no operation that a request can be made for",
                self.subject
            );
        }
        let selected = whole.select(&selection)?;
        let scenario = match &self.requests.mix {
            Some(recording) => mixed(selected, &selection, recording, documents, target.base_path())?,
            None => selected,
        };
        Ok((scenario, unmade))
    }

    /// Sends. A target that cannot be reached is a run too, in which nothing came.
    fn drive(&self, subject: &Subject, load: &Load, stopped: &AtomicBool) -> anyhow::Result<Run> {
        let (reports, seconds) = mpsc::channel();
        let progress = &Progress::new(load.threads, Some(reports));
        let is_shown = !self.output.no_tui;
        let show = move |is_over: &AtomicBool| watch(progress, &seconds, load, is_shown, stopped, is_over);
        let (scenario, verifier) = (Arc::clone(&subject.scenario), subject.verifier.clone());
        let outcome = beside(show, || drive::run(scenario, load, &subject.target.server, verifier, progress));
        match outcome {
            Err(drive::Fault::Unreachable { address, reason }) => {
                let hint = if reason.contains("certificate") { " (--insecure takes any)" } else { "" };
                talk::print(format_args!("error: cannot connect to {address}: {reason}{hint}"));
                Ok(unreachable(subject.scenario.operations.len(), load))
            }
            outcome => Ok(outcome?),
        }
    }
}

fn read_body(path: &Path) -> anyhow::Result<Vec<u8>> {
    let mut body = Vec::new();
    let file = std::fs::File::open(path);
    file.and_then(|file| file.take(MAX_REQUEST_BODY + 1).read_to_end(&mut body))
        .with_context(|| format!("cannot read the body from {}", path.display()))?;
    if body.len() as u64 > MAX_REQUEST_BODY {
        bail!("{} is longer than a body may be, {MAX_REQUEST_BODY} bytes", path.display());
    }
    Ok(body)
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
    Run {
        record,
        elapsed: 0,
        in_flight: 0.0,
        most_in_flight: 0,
        opened: 0,
        not_opened: None,
        threads: Vec::new(),
        interrupted: false,
        verification: None,
    }
}

fn calibrate(load: &Load, cores: &Cores) -> anyhow::Result<Duration> {
    let Floor { p99, most } = measure(load, cores)?;
    talk::print(format_args!("floor p99 {:.3} ms, at most {most:.0} requests/s", p99.as_secs_f64() * 1e3));
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
            talk::print(write_all(report, folder)?);
        }
        // Whoever stops reading has seen enough; the exit code still tells.
        let _ = io::stdout().write_all(&text);
        Ok(())
    }
}
