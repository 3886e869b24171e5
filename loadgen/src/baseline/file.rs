//! What `--save-baseline` writes and `--baseline` reads.

use std::io::{self, Write};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Fault, Figures};
use crate::figures;
use crate::limits::MAX_RUNS;
use crate::load::{Arrival, Load, Model};

/// Grows when a key changes its meaning or goes.
const SCHEMA_VERSION: u32 = 1;

/// Runs to compare others with, and what they are of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Baseline {
    schema_version: u32,
    mocker_version: String,
    /// The description, or the URL of one request
    pub subject: String,
    /// How many operations were asked
    pub operations: usize,
    host: Machine,
    load: Conduct,
    runs: Vec<Saved>,
}

/// The machine that runs were made on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Machine {
    /// That the generator may use
    pub cpus: usize,
    /// `6.8.0`
    pub kernel: String,
}

/// What must be the same for runs to be comparable.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Conduct {
    model: String,
    arrival: Option<String>,
    rps: Option<f64>,
    stages: Vec<(f64, f64)>,
    duration_s: f64,
    warmup_s: f64,
    requests: Option<u64>,
    concurrency: usize,
    pipeline: usize,
    timeout_s: f64,
    seed: u64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Saved {
    p50_us: Option<f64>,
    p99_us: Option<f64>,
    p999_us: Option<f64>,
    rps: f64,
    error_rate: f64,
}

impl Baseline {
    /// Of runs of a load.
    pub fn of(
        subject: &str,
        operations: usize,
        machine: Machine,
        load: &Load,
        runs: &[Figures],
        version: &str,
    ) -> Baseline {
        Baseline {
            schema_version: SCHEMA_VERSION,
            mocker_version: version.to_owned(),
            subject: subject.to_owned(),
            operations,
            host: machine,
            load: Conduct::of(load),
            runs: runs.iter().map(Saved::of).collect(),
        }
    }

    /// Reads what [`Baseline::write`] wrote.
    ///
    /// # Errors
    /// [`Fault::Shape`] says what is wrong with it.
    pub fn read(bytes: &[u8]) -> Result<Baseline, Fault> {
        let shape = |error: serde_json::Error| Fault::Shape(error.to_string());
        let value: Value = serde_json::from_slice(bytes).map_err(shape)?;
        match value.get("schema_version").and_then(Value::as_u64) {
            Some(version) if version == u64::from(SCHEMA_VERSION) => {}
            Some(version) => {
                return Err(Fault::Shape(format!(
                    "its schema_version is {version}, not {SCHEMA_VERSION}: make it anew with --save-baseline"
                )));
            }
            None => return Err(Fault::Shape("it has no schema_version".to_owned())),
        }
        let baseline: Baseline = serde_json::from_value(value).map_err(shape)?;
        if !(1..=MAX_RUNS).contains(&baseline.runs.len()) {
            let runs = baseline.runs.len();
            return Err(Fault::Shape(format!("it has {runs} runs, there can be 1 to {MAX_RUNS}")));
        }
        match baseline.runs.iter().all(Saved::is_possible) {
            true => Ok(baseline),
            false => Err(Fault::Shape("it has figures below zero".to_owned())),
        }
    }

    /// Writes JSON.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut *out, self)?;
        writeln!(out)
    }

    /// Its runs.
    pub fn runs(&self) -> Vec<Figures> {
        self.runs.iter().map(Saved::figures).collect()
    }

    /// Checks that it was made under the same load.
    ///
    /// # Errors
    /// [`Fault::OtherLoad`] names every difference.
    pub fn check_load(&self, load: &Load) -> Result<(), Fault> {
        let differences = self.load.differences(&Conduct::of(load));
        if differences.is_empty() { Ok(()) } else { Err(Fault::OtherLoad(differences)) }
    }

    /// What else is not the same and may have touched the figures.
    pub fn warnings(&self, machine: &Machine, operations: usize) -> Vec<String> {
        let mut warnings = Vec::new();
        if *machine != self.host {
            warnings.push(format!(
                "the baseline was made on another machine: {} CPUs and kernel {}, here {} and {}; --against compares on one",
                self.host.cpus, self.host.kernel, machine.cpus, machine.kernel
            ));
        }
        if operations != self.operations {
            warnings.push(format!(
                "the baseline asked {} operations of {}, these runs {operations}",
                self.operations, self.subject
            ));
        }
        warnings
    }
}

impl Conduct {
    /// Of a load. Threads are left out: they follow from the machine.
    pub fn of(load: &Load) -> Conduct {
        let (model, arrival, stages) = match &load.model {
            Model::Closed { .. } => ("closed", None, &[][..]),
            Model::Open { stages, arrival: Arrival::Uniform } => ("open", Some("uniform"), &stages[..]),
            Model::Open { stages, arrival: Arrival::Poisson } => ("open", Some("poisson"), &stages[..]),
        };
        Conduct {
            model: model.to_owned(),
            arrival: arrival.map(str::to_owned),
            rps: figures::target_rate(load),
            stages: stages.iter().map(|stage| (stage.rate, stage.duration.as_secs_f64())).collect(),
            duration_s: load.model.duration().as_secs_f64(),
            warmup_s: load.warmup.as_secs_f64(),
            requests: load.requests,
            concurrency: load.concurrency,
            pipeline: load.pipeline,
            timeout_s: load.timeout.as_secs_f64(),
            seed: load.seed,
        }
    }

    /// `concurrency was 32 and is 64`.
    fn differences(&self, now: &Conduct) -> Vec<String> {
        let (Ok(Value::Object(before)), Ok(Value::Object(now))) =
            (serde_json::to_value(self), serde_json::to_value(now))
        else {
            return Vec::new();
        };
        let differs = |(key, value): (&String, &Value)| {
            let now = now.get(key)?;
            (now != value).then(|| format!("{key} was {value} and is {now}"))
        };
        before.iter().filter_map(differs).collect()
    }
}

impl Saved {
    fn of(figures: &Figures) -> Saved {
        let microseconds = |value: Option<f64>| value.map(|value| value / 1e3);
        Saved {
            p50_us: microseconds(figures.p50),
            p99_us: microseconds(figures.p99),
            p999_us: microseconds(figures.p999),
            rps: figures.rps,
            error_rate: figures.error_rate,
        }
    }

    fn figures(&self) -> Figures {
        let nanoseconds = |value: Option<f64>| value.map(|value| value * 1e3);
        Figures {
            p50: nanoseconds(self.p50_us),
            p99: nanoseconds(self.p99_us),
            p999: nanoseconds(self.p999_us),
            rps: self.rps,
            error_rate: self.error_rate,
        }
    }

    fn is_possible(&self) -> bool {
        let optional = [self.p50_us, self.p99_us, self.p999_us];
        let mut all = optional.into_iter().flatten().chain([self.rps, self.error_rate]);
        all.all(|value| value.is_finite() && value >= 0.0)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::load::Stage;

    fn load(rate: f64, concurrency: usize) -> Load {
        let stage = Stage { rate, duration: Duration::from_millis(1_500) };
        Load {
            model: Model::Open { stages: vec![stage], arrival: Arrival::Uniform },
            warmup: Duration::from_millis(200),
            requests: None,
            concurrency,
            threads: 1,
            cpus: Vec::new(),
            pipeline: 1,
            timeout: Duration::from_secs(5),
            server_timing: false,
            driver: Default::default(),
            seed: 0,
        }
    }

    fn machine(cpus: usize) -> Machine {
        Machine { cpus, kernel: "6.8.0".to_owned() }
    }

    fn baseline() -> Baseline {
        let run =
            Figures { p50: Some(310e3), p99: Some(1_930e3), p999: None, rps: 10_499.75, error_rate: 0.001 };
        Baseline::of("petstore.yaml", 12, machine(8), &load(10_500.0, 64), &[run; 5], "0.1.0")
    }

    fn written(baseline: &Baseline) -> String {
        let mut out = Vec::new();
        baseline.write(&mut out).expect("memory");
        String::from_utf8(out).expect("JSON")
    }

    #[test]
    fn what_is_written_is_read_back() {
        let read = Baseline::read(written(&baseline()).as_bytes()).expect("a baseline");
        assert_eq!(read, baseline());
        assert_eq!(read.runs().len(), 5);
        assert_eq!(read.runs()[0].p99, Some(1_930e3));
        read.check_load(&load(10_500.0, 64)).expect("the same load");
    }

    #[test]
    fn another_load_is_refused() {
        let said = baseline().check_load(&load(10_000.0, 32)).expect_err("another load").to_string();
        for part in ["rps was 10500.0 and is 10000.0", "concurrency was 64 and is 32"] {
            assert!(said.contains(part), "{said}");
        }
    }

    #[test]
    fn another_machine_is_told() {
        assert_eq!(baseline().warnings(&machine(8), 12), Vec::<String>::new());
        assert!(baseline().warnings(&machine(2), 12)[0].contains("another machine: 8 CPUs"));
        assert!(baseline().warnings(&machine(8), 11)[0].contains("12 operations of petstore.yaml"));
    }

    #[test]
    fn what_is_no_baseline_is_told() {
        let good = written(&baseline());
        let cases = [
            ("".to_owned(), "EOF"),
            ("{}".to_owned(), "no schema_version"),
            (good.replace("\"schema_version\": 1", "\"schema_version\": 2"), "make it anew"),
            (good.replace("\"concurrency\"", "\"connections\""), "concurrency"),
            (good.replace("1930.0", "-1930.0"), "below zero"),
            ("[".repeat(100_000), "recursion"),
        ];
        for (text, expected) in cases {
            let said = Baseline::read(text.as_bytes()).expect_err("no baseline").to_string();
            assert!(said.contains(expected), "{said}");
        }
        let mut many = baseline();
        many.runs = vec![many.runs[0].clone(); MAX_RUNS + 1];
        let said = Baseline::read(written(&many).as_bytes()).expect_err("too many runs").to_string();
        assert!(said.contains("31 runs"), "{said}");
    }
}
