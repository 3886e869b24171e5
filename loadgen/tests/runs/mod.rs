//! Runs made by hand: what they saw is known to the nanosecond.
#![allow(dead_code, clippy::unwrap_used)]

use std::time::{Duration, SystemTime};

use mocker_loadgen::baseline::Comparison;
use mocker_loadgen::figures;
use mocker_loadgen::load::{Arrival, Load, Model, Stage};
use mocker_loadgen::record::{ErrorClass, Record, Run, Thread};
use mocker_loadgen::report::{Host, Report, Spec, SpecFile, Style, Target};
use mocker_loadgen::scenario::{Operation, Request, Scenario};
use mocker_loadgen::search::Found;
use mocker_loadgen::verdict::{Bound, Conditions, Judgement, Threshold, judge};

pub(crate) const SECOND: u64 = 1_000_000_000;
pub(crate) const MILLI: u64 = 1_000_000;
pub(crate) const MICRO: u64 = 1_000;

pub(crate) fn operation(id: &str, method: &str, path: &str, weight: f64) -> Operation {
    let request =
        Request { bytes: format!("{method} {path} HTTP/1.1\r\n\r\n").into_bytes().into(), is_head: false };
    Operation {
        id: (!id.is_empty()).then(|| id.to_owned()),
        method: method.to_owned(),
        path: path.to_owned(),
        weight,
        requests: vec![request],
        origin: None,
        expected: Vec::new(),
    }
}

pub(crate) fn pets() -> Scenario {
    Scenario {
        operations: vec![
            operation("listPets", "GET", "/pets", 5.0),
            operation("addPet", "POST", "/pets", 1.0),
            operation("findPet", "GET", "/pets/{id}", 4.0),
        ],
    }
}

pub(crate) fn open(rate: f64, seconds: u64) -> Load {
    let stage = Stage { rate, duration: Duration::from_secs(seconds) };
    Load {
        model: Model::Open { stages: vec![stage], arrival: Arrival::Uniform },
        warmup: Duration::from_secs(5),
        requests: None,
        concurrency: 64,
        threads: 2,
        cpus: Vec::new(),
        pipeline: 1,
        timeout: Duration::from_secs(5),
        seed: 42,
        server_timing: false,
        driver: Default::default(),
    }
}

pub(crate) fn closed(seconds: u64) -> Load {
    Load { model: Model::Closed { duration: Duration::from_secs(seconds) }, ..open(1.0, seconds) }
}

/// Nothing happened at all.
pub(crate) fn nothing(scenario: &Scenario) -> Run {
    Run {
        record: Record::new(scenario.operations.len()),
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

/// One answered request.
pub(crate) fn answer(run: &mut Run, operation: usize, second: usize, status: u16, service: u64, wait: u64) {
    let record = &mut run.record;
    record.response.record(service + wait).unwrap();
    record.service.record(service).unwrap();
    record.first_byte.record(service * 9 / 10).unwrap();
    record.sched_lag.record(wait).unwrap();
    record.counts.scheduled += 1;
    record.counts.sent += 1;
    record.counts.completed += 1;
    record.counts.received += 200;
    *record.counts.statuses.entry(status).or_default() += 1;
    let part = record.operations[operation].get_or_insert_default();
    part.response.record(service + wait).unwrap();
    *part.statuses.entry(status).or_default() += 1;
    while record.seconds.len() <= second {
        record.seconds.push(Default::default());
    }
    record.seconds[second].sent += 1;
    record.seconds[second].response.record(service + wait).unwrap();
    if status >= 400 {
        fail(run, operation, second, ErrorClass::Status);
    }
}

/// One error more.
pub(crate) fn fail(run: &mut Run, operation: usize, second: usize, class: ErrorClass) {
    let record = &mut run.record;
    *record.counts.errors.entry(class).or_default() += 1;
    let part = record.operations[operation].get_or_insert_default();
    *part.errors.entry(class).or_default() += 1;
    record.seconds[second].errors += 1;
}

/// 3 s at 1,000/s: service times of 300 us, every 50th 1.5 ms, in the second second every 20th 2.5 ms; sent 10 us late.
pub(crate) fn steady(scenario: &Scenario) -> Run {
    let mut run = nothing(scenario);
    for index in 0..3_000_usize {
        let second = index / 1_000;
        let service = match index {
            _ if second == 1 && index % 20 == 0 => 2_500 * MICRO,
            _ if index % 50 == 0 => 1_500 * MICRO,
            _ => 300 * MICRO + index as u64 % 100 * MICRO,
        };
        let operation = [0, 0, 0, 0, 0, 1, 2, 2, 2, 2][index % 10];
        let status = if operation == 1 { 201 } else { 200 };
        answer(&mut run, operation, second, status, service, 10 * MICRO);
    }
    for connection in 0..64 {
        run.record.connect.record(200 * MICRO + connection * MICRO).unwrap();
    }
    for _ in 0..3_000 {
        run.record.conn_wait.record(0).unwrap();
    }
    run.record.counts.warmup = 5_000;
    run.elapsed = 3 * SECOND;
    (run.most_in_flight, run.opened) = (4, 64);
    run.in_flight = figures::per_second(3_000, &run) * run.record.service.mean() / 1e9;
    run.threads = vec![
        Thread { cpu: Some(0), busy: 0.31, cpu_time: 2 * SECOND, preempted: 3 },
        Thread { cpu: Some(1), busy: 0.4, cpu_time: 2 * SECOND, preempted: 0 },
    ];
    run
}

pub(crate) fn bind(texts: &[&str], scenario: &Scenario, load: &Load, floor: Option<Duration>) -> Vec<Bound> {
    let bound = |text: &&str| Bound::new(Threshold::parse(text).unwrap(), scenario, load, floor).unwrap();
    texts.iter().map(bound).collect()
}

/// A run with all that a report needs.
pub(crate) struct Story {
    pub(crate) scenario: Scenario,
    pub(crate) load: Load,
    pub(crate) run: Run,
    pub(crate) thresholds: Vec<&'static str>,
    pub(crate) conditions: Conditions,
    pub(crate) comparison: Option<Comparison>,
    pub(crate) search: Option<Found>,
    pub(crate) style: Style,
}

impl Story {
    pub(crate) fn new(scenario: Scenario, load: Load, run: Run) -> Story {
        let (conditions, style) = (Conditions::default(), Style::default());
        Story {
            scenario,
            load,
            run,
            thresholds: Vec::new(),
            conditions,
            comparison: None,
            search: None,
            style,
        }
    }

    pub(crate) fn judgement(&self) -> Judgement {
        let bounds = bind(&self.thresholds, &self.scenario, &self.load, self.conditions.floor);
        let has_regressed = self.comparison.as_ref().is_some_and(Comparison::has_regressed);
        judge(&self.run, &self.load, &bounds, &self.conditions, has_regressed)
    }

    /// Gives the report to what needs it.
    pub(crate) fn tell<T>(&self, listen: impl FnOnce(&Report<'_>) -> T) -> T {
        let judgement = self.judgement();
        let target = Target { address: "127.0.0.1:8080".to_owned(), protocol: "http/1.1".to_owned() };
        let files = [("petstore.yaml", "ab12"), ("schemas/pet.yaml", "cd34")]
            .map(|(path, sha256)| SpecFile { path: path.to_owned(), sha256: sha256.to_owned() });
        let spec =
            Spec { path: "petstore.yaml".to_owned(), sha256: Some("ab12".to_owned()), files: files.into() };
        let host = Host { cpus: 8, kernel: "6.8.0".to_owned(), same_host: true };
        listen(&Report {
            run: &self.run,
            scenario: &self.scenario,
            load: &self.load,
            judgement: &judgement,
            conditions: &self.conditions,
            target: &target,
            spec: Some(&spec),
            host: &host,
            comparison: self.comparison.as_ref(),
            search: self.search.as_ref(),
            started_at: SystemTime::UNIX_EPOCH + Duration::from_secs(1_782_907_200),
            version: "0.1.0",
        })
    }
}
