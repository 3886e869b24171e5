//! `--save-baseline`, `--baseline`, `--against`: runs held against other runs.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use anyhow::{Context, bail};
use clap::Args;
use mocker_loadgen::baseline::{self, Baseline, Comparison, Figures, Machine, pooled};
use mocker_loadgen::figures;
use mocker_loadgen::limits::MAX_RUNS;
use mocker_loadgen::load::Load;
use mocker_loadgen::record::Run;
use mocker_loadgen::verdict::Verdict;

use super::{LoadTest, Subject};
use crate::limits::{MAX_BASELINE, USUAL_RUNS};
use crate::load_test::{Target, host};
use crate::{talk, veil};

/// What runs are held against.
#[derive(Args)]
#[command(next_help_heading = "Comparison")]
pub(super) struct Comparing {
    /// Repeat the test so often; figures are joined [default: 1; 5 where runs are compared or saved]
    #[arg(long, value_name = "N", conflicts_with = "find_max")]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=MAX_RUNS as i64))]
    runs: Option<u32>,
    /// Write the figures of these runs into a file
    #[arg(long, value_name = "FILE", conflicts_with = "find_max")]
    save_baseline: Option<PathBuf>,
    /// Compare with the runs of such a file
    #[arg(long, value_name = "FILE", conflicts_with = "find_max", group = "reference")]
    baseline: Option<PathBuf>,
    /// Compare with another server: runs alternate between the two
    #[arg(long, value_name = "URL", conflicts_with = "find_max", group = "reference")]
    against: Option<String>,
    /// Fail when p99, p50, p99.9 or rps is worse by more than this, and not by chance
    #[arg(long, value_name = "PERCENT", default_value = "10%", requires = "reference")]
    #[arg(value_parser = baseline::parse_share)]
    max_regression: f64,
}

/// What these runs are compared with.
pub(super) enum Reference {
    /// Earlier runs
    File { name: String, baseline: Baseline },
    /// Another server
    Server { name: String, rival: Subject },
}

/// All runs of the target.
pub(super) struct Series {
    /// Joined into one
    pub(super) run: Run,
    /// Of each
    pub(super) figures: Vec<Figures>,
    pub(super) comparison: Option<Comparison>,
}

/// Runs of both sides.
#[derive(Default)]
struct Sides {
    runs: Vec<Run>,
    ours: Vec<Figures>,
    theirs: Vec<Figures>,
    is_interrupted: bool,
    is_over: bool,
    has_no_rival: bool,
}

impl Comparing {
    fn runs(&self) -> u32 {
        let is_one = self.save_baseline.is_none() && self.baseline.is_none() && self.against.is_none();
        self.runs.unwrap_or(if is_one { 1 } else { USUAL_RUNS })
    }
}

impl LoadTest {
    /// Reads what is compared with, and checks that it can be.
    pub(super) fn reference(&self, subject: &Subject, load: &Load) -> anyhow::Result<Option<Reference>> {
        let runs = self.comparing.runs() as usize;
        match (&self.comparing.baseline, &self.comparing.against) {
            (Some(path), _) => {
                let (name, baseline) = (path.display().to_string(), read(path)?);
                baseline.check_load(load).with_context(|| name.clone())?;
                baseline::check_runs(runs, baseline.runs().len())?;
                Ok(Some(Reference::File { name, baseline }))
            }
            (None, Some(url)) => {
                baseline::check_runs(runs, runs)?;
                Ok(Some(Reference::Server { name: veil::url(url), rival: self.rival(subject, url)? }))
            }
            (None, None) => Ok(None),
        }
    }

    /// The same requests for another server.
    fn rival(&self, subject: &Subject, url: &str) -> anyhow::Result<Subject> {
        let mut target = Target::parse(url, self.requests.trust())?;
        if subject.documents.is_empty() {
            if target.path == "/" {
                target.path.clone_from(&subject.target.path);
            }
            return self.one_request(target);
        }
        let (scenario, _) = self.scenario(&subject.documents, &target)?;
        let (scenario, documents) = (scenario.into(), Vec::new());
        Ok(Subject { scenario, target, spec: None, documents, verifier: None, _server: None })
    }

    /// Makes all runs. Nothing where nobody answers at the other server.
    pub(super) fn series(
        &self,
        subject: &Subject,
        reference: Option<&Reference>,
        load: &Load,
        stopped: &AtomicBool,
    ) -> anyhow::Result<Option<Series>> {
        let rival = match reference {
            Some(Reference::Server { rival, .. }) => Some(rival),
            _ => None,
        };
        let mut sides = Sides::default();
        let runs = self.comparing.runs();
        for index in 0..runs {
            // A B, B A: what changes with time touches both sides alike.
            let is_ours_first = index % 2 == 0;
            for is_ours in [is_ours_first, !is_ours_first] {
                let Some(side) = (if is_ours { Some(subject) } else { rival }) else { continue };
                if !sides.is_over {
                    sides.take(self.drive(side, load, stopped)?, is_ours);
                    self.tell_of_run(&sides, is_ours, index + 1, runs);
                }
            }
        }
        if sides.has_no_rival {
            return Ok(None);
        }
        let is_whole = !sides.is_over;
        let mut run = pooled(sides.runs).context("nothing was sent")?;
        run.interrupted |= sides.is_interrupted;
        let comparison = reference
            .filter(|_| is_whole)
            .map(|other| self.compare(subject, load, other, &sides.ours, &sides.theirs));
        Ok(Some(Series { run, figures: sides.ours, comparison }))
    }

    fn compare(
        &self,
        subject: &Subject,
        load: &Load,
        reference: &Reference,
        ours: &[Figures],
        theirs: &[Figures],
    ) -> Comparison {
        let allowed = self.comparing.max_regression;
        match reference {
            Reference::Server { name, .. } => Comparison::of(name, ours, theirs, allowed, load.seed),
            Reference::File { name, baseline } => {
                let mut comparison = Comparison::of(name, ours, &baseline.runs(), allowed, load.seed);
                comparison.warnings.extend(baseline.warnings(&machine(), subject.scenario.operations.len()));
                comparison
            }
        }
    }

    fn tell_of_run(&self, sides: &Sides, is_ours: bool, index: u32, runs: u32) {
        let (whose, figures) =
            if is_ours { ("", sides.ours.last()) } else { (" of the other server", sides.theirs.last()) };
        if let Some(figures) = figures.filter(|_| runs > 1 && !self.output.no_tui) {
            let p99 = figures.p99.map_or("-".to_owned(), |value| format!("{:.2} ms", value / 1e6));
            talk::print(format_args!(
                "run {index} of {runs}{whose}: p99 {p99}, {:.1} answers/s",
                figures.rps
            ));
        }
    }

    /// Writes the figures, if they can be believed.
    pub(super) fn save(
        &self,
        subject: &Subject,
        load: &Load,
        figures: &[Figures],
        verdict: Verdict,
    ) -> anyhow::Result<()> {
        let Some(path) = &self.comparing.save_baseline else { return Ok(()) };
        let name = path.display();
        if !matches!(verdict, Verdict::Pass | Verdict::Fail) {
            talk::print(format_args!("warning: {name} is not written: the test is {}", verdict.name()));
            return Ok(());
        }
        let operations = subject.scenario.operations.len();
        let version = env!("CARGO_PKG_VERSION");
        let baseline =
            Baseline::of(&veil::urls(&self.subject), operations, machine(), load, figures, version);
        let mut text = Vec::new();
        baseline.write(&mut text)?;
        std::fs::write(path, text).with_context(|| format!("cannot write {name}"))?;
        talk::print(format_args!("Wrote {name}: {} runs", figures.len()));
        Ok(())
    }
}

impl Sides {
    fn take(&mut self, run: Run, is_ours: bool) {
        let is_unreachable = figures::is_unreachable(&run.record.counts);
        self.is_interrupted |= run.interrupted;
        self.is_over = run.interrupted || is_unreachable;
        let of_run = Figures::of(&run);
        if is_ours {
            self.ours.push(of_run);
            self.runs.push(run);
        } else {
            self.theirs.push(of_run);
            self.has_no_rival |= is_unreachable;
        }
    }
}

fn machine() -> Machine {
    let host = host(true);
    Machine { cpus: host.cpus, kernel: host.kernel }
}

fn read(path: &Path) -> anyhow::Result<Baseline> {
    let name = path.display();
    let file = File::open(path).with_context(|| format!("cannot read the baseline {name}"))?;
    let mut bytes = Vec::new();
    file.take(MAX_BASELINE + 1)
        .read_to_end(&mut bytes)
        .with_context(|| format!("cannot read the baseline {name}"))?;
    if bytes.len() as u64 > MAX_BASELINE {
        bail!("{name}: a baseline has at most {MAX_BASELINE} bytes");
    }
    Baseline::read(&bytes).with_context(|| name.to_string())
}
