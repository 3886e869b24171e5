//! `--find-max`: the highest rate at which every threshold holds.

use std::process::ExitCode;
use std::sync::atomic::AtomicBool;
use std::thread;
use std::time::{Duration, SystemTime};

use anyhow::{Context, bail};
use clap::Args;
use mocker_loadgen::duration::{self, Written};
use mocker_loadgen::limits::CONFIRMATION_TIMES;
use mocker_loadgen::load::{Load, Model, Stage};
use mocker_loadgen::rate::{self, Rate};
use mocker_loadgen::search::{self, Found, Probe, Search, Step};
use mocker_loadgen::verdict::threshold::{Limit, Metric};
use mocker_loadgen::verdict::{Conditions, Threshold};

use super::{LoadTest, Subject, Trial};
use crate::limits::COOL_DOWN;
use crate::load_test::{Cores, Deprivation};
use crate::talk;

/// How much the server takes.
#[derive(Args)]
#[command(next_help_heading = "Capacity")]
pub(super) struct Capacity {
    /// Look for the highest rate at which every --threshold holds: doubled, bisected, confirmed by a longer run
    #[arg(long, conflicts_with_all = ["rps", "stages", "duration", "requests"])]
    pub(super) find_max: bool,
    /// The rate to begin with
    #[arg(long, value_name = "RATE", default_value = "100", requires = "find_max", value_parser = lowest)]
    from: f64,
    /// How long each rate is held; the winner three times as long
    #[arg(long, value_name = "TIME", default_value = "3s", requires = "find_max", value_parser = duration::parse)]
    probe: Duration,
}

fn lowest(text: &str) -> Result<f64, String> {
    match rate::parse(text) {
        Ok(Rate::PerSecond(rate)) => Ok(rate),
        Ok(Rate::Max) => Err("a search begins at a rate: write `100`".to_owned()),
        Err(fault) => Err(fault.to_string()),
    }
}

impl Capacity {
    /// Whether the thresholds say when a rate holds.
    pub(super) fn check(&self, thresholds: &[Threshold]) -> anyhow::Result<()> {
        if !self.find_max {
            return Ok(());
        }
        if thresholds.is_empty() {
            bail!(
                "--find-max must know what has to hold: give --threshold \"p99<5ms\", \
                 --threshold \"error_rate<0.1%\" or both"
            );
        }
        if self.probe.is_zero() {
            bail!("--probe must be longer than nothing: write `3s`");
        }
        let of_one_rate = thresholds.iter().find(|threshold| {
            let is_least = !threshold.comparison.is_upper_bound();
            threshold.metric == Metric::Rps && matches!(threshold.limit, Limit::PerSecond(_)) && is_least
        });
        match of_one_rate {
            Some(threshold) => {
                bail!("`{threshold}` is about one rate, --find-max tries many: write `rps>=99.9%`")
            }
            None => Ok(()),
        }
    }
}

impl LoadTest {
    /// Probes rates until the highest that holds is known; reports the last run, and the search before it.
    pub(super) fn find_max(
        &self,
        subject: &Subject,
        cores: &Cores,
        stopped: &AtomicBool,
    ) -> anyhow::Result<ExitCode> {
        let Capacity { from, probe, .. } = self.capacity;
        let first = self.probe_load(from, probe, cores);
        let floor = self.floor(&first, cores)?;
        self.announce(subject, &first);
        let mut search = Search::new(from);
        let (mut probes, mut last) = (Vec::new(), None);
        while let Some((rate, is_confirmation)) = due(&search) {
            if last.is_some() {
                thread::sleep(COOL_DOWN.min(probe));
            }
            let length = if is_confirmation { probe * CONFIRMATION_TIMES } else { probe };
            let load = self.probe_load(rate, length, cores);
            let trial = self.trial(subject, load, floor, cores, stopped)?;
            let probe = Probe::of(&trial.run, &trial.load, &trial.judgement, is_confirmation);
            let finding = probe.finding();
            self.tell_of(&probe);
            probes.push(probe);
            last = Some(trial);
            match finding {
                Some(finding) => search.take(finding),
                None => break,
            }
        }
        let last = last.context("nothing was probed")?;
        let found = Found { outcome: search.abandoned(), probes };
        self.report(subject, &last, None, Some(&found))
    }

    fn probe_load(&self, rate: f64, duration: Duration, cores: &Cores) -> Load {
        let stages = vec![Stage { rate, duration }];
        self.load_of(Model::Open { stages, arrival: self.pace.arrival.into() }, cores)
    }

    fn trial(
        &self,
        subject: &Subject,
        load: Load,
        floor: Option<Duration>,
        cores: &Cores,
        stopped: &AtomicBool,
    ) -> anyhow::Result<Trial> {
        let bounds = self.bounds(subject, &load, floor)?;
        let deprivation = Deprivation::since_now();
        let started_at = SystemTime::now();
        let run = self.drive(subject, &load, stopped)?;
        let conditions = Conditions {
            floor,
            shared_cpus: cores.shared(),
            throttled: deprivation.throttled(),
            stolen: deprivation.stolen(),
        };
        let judgement = search::judge(&run, &load, &bounds, &conditions);
        Ok(Trial { load, run, judgement, conditions, started_at })
    }

    fn tell_of(&self, probe: &Probe) {
        if !self.output.no_tui {
            let milliseconds = |value: u64| format!("{:.2} ms", value as f64 / 1e6);
            talk::print(format_args!(
                "{:>12.1}/s for {}  p99 {}  errors {}  {}",
                probe.rate,
                Written(probe.duration),
                probe.p99.map_or("-".to_owned(), milliseconds),
                probe.errors,
                probe.verdict.name()
            ));
        }
    }
}

/// The rate to measure, and whether to confirm it.
fn due(search: &Search) -> Option<(f64, bool)> {
    match search.step() {
        Step::Probe(rate) => Some((rate, false)),
        Step::Confirm(rate) => Some((rate, true)),
        Step::Over(_) => None,
    }
}
