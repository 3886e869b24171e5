//! Faults and delays on purpose: who meets which, how often, and what switches do.

#![allow(clippy::unwrap_used)]

mod harness;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use mocker_engine::behaviour::Behaviours;
use mocker_engine::chaos::{Chaos, Effect, ErrorAnswer, Kind, Latency, Mode, Scenario, Schedule};
use mocker_engine::metrics::{Answered, Ending};
use mocker_engine::{Connection, Deployment, Publication, Worker};
use mocker_runtime::{Next, Service, Step};

const SPEC: &str = r#"{"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {
    "/a": {"get": {"responses": {"200": {"description": "d", "content": {"text/plain": {"example": "of a"}}}}}},
    "/b": {"get": {"responses": {"200": {"description": "d", "content": {"text/plain": {"example": "of b"}}}}}}
}}"#;

fn error(name: &str, status: u16, schedule: Schedule) -> Scenario {
    let effect = Effect::Error(ErrorAnswer { status, ..ErrorAnswer::default() });
    Scenario { name: name.into(), effect, scopes: Box::new([]), schedule, is_enabled: true }
}

fn of(kind: Kind) -> Scenario {
    Scenario { effect: kind.usual(), ..error(kind.name(), 500, Schedule::default()) }
}

fn with_probability(name: &str, status: u16, probability: f64) -> Scenario {
    error(name, status, Schedule { probability, ..Schedule::default() })
}

/// Scenarios that strike `GET /a`.
fn chaos(seed: u64, scenarios: Vec<Scenario>) -> Chaos {
    let mut chaos = Chaos::new(seed, true, true);
    for scenario in scenarios {
        chaos.add(scenario, [(0, "GET /a")].into_iter());
    }
    chaos
}

fn published(chaos: Chaos) -> Arc<Publication> {
    let behaviours = Behaviours { chaos: Arc::new(chaos), ..Behaviours::default() };
    Arc::new(Publication::new(Deployment { behaviours, ..harness::deployment(SPEC) }))
}

/// One worker and a connection.
struct Side {
    worker: Worker,
    connection: Connection,
}

impl Side {
    fn new(publication: &Arc<Publication>, number: usize) -> Side {
        let worker = Worker::new(Arc::clone(publication), number);
        let connection = worker.open(SocketAddr::from(([127, 0, 0, 1], 1)));
        Side { worker, connection }
    }

    fn feed(&mut self, input: &str) -> (String, Step) {
        let mut output = Vec::new();
        let step = self.worker.feed(&mut self.connection, input.as_bytes(), &mut output);
        (String::from_utf8_lossy(&output).into_owned(), step)
    }

    fn ask(&mut self, path: &str, fields: &str) -> (String, Step) {
        self.feed(&format!("GET {path} HTTP/1.1\r\nHost: a\r\n{fields}\r\n"))
    }

    fn status(&mut self, path: &str, fields: &str) -> u16 {
        let (answer, _) = self.ask(path, fields);
        answer[9..12].parse().unwrap_or_else(|_| panic!("{answer}"))
    }
}

#[test]
fn the_nth_request_meets_the_same_fate_on_any_worker_in_any_order() {
    let scenarios = || vec![with_probability("some", 503, 0.3), with_probability("others", 429, 0.2)];
    let fates = |seed, sides: usize, fields: [&str; 2]| -> Vec<Vec<u16>> {
        let publication = published(chaos(seed, scenarios()));
        let mut sides: Vec<Side> = (0..sides).map(|number| Side::new(&publication, number)).collect();
        let count = sides.len();
        let mut found = vec![Vec::new(), Vec::new()];
        for number in 0..400 {
            let which = number % 2;
            found[which].push(sides[(number / 3) % count].status("/a", fields[which]));
        }
        found
    };
    let scopes = ["X-Mocker-Session: one\r\n", "X-Mocker-Session: two\r\n"];
    let expected = fates(7, 1, scopes);
    assert_eq!(fates(7, 3, scopes), expected, "other workers");
    assert_ne!(expected[0], expected[1], "each scope has chances of its own");
    assert_ne!(fates(8, 1, scopes), expected, "another seed");
    let shared = fates(7, 1, ["", ""]);
    assert_eq!(fates(7, 4, ["", ""]), shared);
    for found in &expected {
        let struck = |status| found.iter().filter(|&&found| found == status).count();
        // 0.3 and 0.7 times 0.2 of 200; four standard deviations are 26 and 20.
        assert!((34..=86).contains(&struck(503)) && (8..=48).contains(&struck(429)), "{found:?}");
    }
}

/// Who has written down what a seed brings finds it again in the next version.
#[test]
fn a_seed_means_the_same_in_every_version() {
    let mut side = Side::new(&published(chaos(7, vec![with_probability("some", 503, 0.3)])), 0);
    let struck = (0..40).filter(|_| side.status("/a", "") == 503).collect::<Vec<_>>();
    assert_eq!(struck, [1, 3, 6, 10, 15, 19, 24, 29, 30, 31, 36, 39]);
}

#[test]
fn probability_turns_and_scopes_say_who_is_struck() {
    let every = |every| error("e", 500, Schedule { every, ..Schedule::default() });
    let scoped = Scenario { scopes: Box::new(["vip".into()]), ..every(1) };
    let local = Scenario { scopes: Box::new(["127.0.0.1".into()]), ..every(1) };
    let vip = "X-Mocker-Session: vip\r\n";
    for (scenario, fields, expected) in [
        (with_probability("p", 500, 0.0), "", [200; 6]),
        (with_probability("p", 500, 1.0), "", [500; 6]),
        (every(3), "", [200, 200, 500, 200, 200, 500]),
        (scoped.clone(), "", [200; 6]),
        (scoped, vip, [500; 6]),
        (local.clone(), "", [500; 6]),
        (local, vip, [200; 6]),
    ] {
        let text = format!("{scenario:?}");
        let mut side = Side::new(&published(chaos(0, vec![scenario])), 0);
        assert_eq!([(); 6].map(|()| side.status("/a", fields)), expected, "{text}");
        assert_eq!(side.status("/b", fields), 200, "the scenario is about another operation");
    }
}

#[test]
fn schedules_begin_when_the_scenario_is_switched_on() {
    let hour = Duration::from_secs(3_600);
    for (from, lasting, expected) in
        [(hour, None, 200), (Duration::ZERO, Some(hour), 500), (Duration::ZERO, Some(Duration::ZERO), 200)]
    {
        let schedule = Schedule { from, lasting, ..Schedule::default() };
        let publication = published(chaos(0, vec![error("e", 500, schedule)]));
        assert_eq!(Side::new(&publication, 0).status("/a", ""), expected, "{schedule:?}");
    }
}

#[test]
fn switches_are_turned_while_requests_come() {
    let off = Scenario { is_enabled: false, ..error("slow", 500, Schedule::default()) };
    let publication = published(chaos(0, vec![off, error("rare", 503, Schedule::default())]));
    let chaos = Arc::clone(&publication.current().1.behaviours.chaos);
    let mut side = Side::new(&publication, 0);
    assert_eq!(chaos.names().collect::<Vec<_>>(), ["slow", "rare"]);
    assert_eq!((chaos.is_on("slow"), chaos.is_on("rare"), chaos.is_on("x")), (Some(false), Some(true), None));
    assert_eq!(side.status("/a", ""), 503);
    chaos.switch("slow", true).unwrap();
    assert_eq!(side.status("/a", ""), 500);
    assert!(chaos.switch("x", true).unwrap_err().to_string().contains("`x`"));
    chaos.switch_master(false);
    assert_eq!((chaos.is_master_on(), side.status("/a", "X-Mocker-Fault: error\r\n")), (false, 200));
    chaos.switch_master(true);
    chaos.switch("slow", false).unwrap();
    assert_eq!(side.status("/a", ""), 503);
    let counts: Vec<_> =
        chaos.statuses().map(|status| (status.name, status.struck, status.on_for.is_some())).collect();
    assert_eq!(counts, [("slow", 1, false), ("rare", 2, true)]);
}

#[test]
fn switches_and_counts_outlive_a_deployment() {
    let enabled = |name: &str, is_enabled| Scenario { is_enabled, ..with_probability(name, 500, 0.5) };
    let first = chaos(0, vec![enabled("hand", true), enabled("file", true), enabled("gone", true)]);
    first.switch("hand", false).unwrap();
    let fates = |chaos: &Chaos| {
        let publication = published(chaos.clone());
        let mut side = Side::new(&publication, 0);
        (0..40).map(|_| side.status("/a", "")).collect::<Vec<_>>()
    };
    let before = fates(&first);
    let mut second = chaos(0, vec![enabled("new", false), enabled("hand", true), enabled("file", true)]);
    second.follow(&first);
    assert_eq!((second.is_on("hand"), second.is_on("new")), (Some(false), Some(false)));
    let struck = |chaos: &Chaos| chaos.statuses().map(|status| status.struck).sum::<u64>();
    assert!(struck(&second) > 0, "counts go on");
    assert_ne!(fates(&second), before, "the sequence goes on");
    let mut third = chaos(0, vec![enabled("hand", true), enabled("file", false)]);
    third.follow(&second);
    assert_eq!(
        (third.is_on("hand"), third.is_on("file")),
        (Some(false), Some(false)),
        "the file was changed"
    );
    assert_eq!(second.is_on("file"), Some(false), "there is one switch of a name");
    let mut fourth = Chaos::new(0, false, false);
    fourth.follow(&third);
    assert!(!fourth.is_master_on());
    fourth.switch_master(true);
    let mut fifth = Chaos::new(0, false, false);
    fifth.follow(&fourth);
    assert!(fifth.is_master_on());
}

#[test]
fn requests_ask_for_faults_where_they_may() {
    let mut side = Side::new(&published(chaos(0, Vec::new())), 0);
    assert_eq!(side.status("/b", "X-Mocker-Fault: error\r\n"), 500);
    let (answer, _) = side.ask("/b", "x-mocker-fault: garbige\r\n");
    assert!(answer.starts_with("HTTP/1.1 400 ") && answer.contains("malformed-chunk"), "{answer}");
    assert_eq!(side.status("/b", "X-Mocker-Delay: soon\r\n"), 400);
    let (answer, step) = side.ask("/b", "X-Mocker-Delay: 20ms\r\n");
    let Next::Pause(time) = step.next else { panic!("{step:?}") };
    assert!(answer.is_empty() && time <= Duration::from_millis(20), "{time:?}");
    let mut strict = Side::new(&published(Chaos::new(0, true, false)), 0);
    assert_eq!(strict.status("/b", "X-Mocker-Fault: error\r\n"), 200);
}

#[test]
fn a_delay_is_waited_for_and_measured() {
    let slow = |mode| Scenario {
        effect: Effect::Latency(Latency::Fixed(Duration::from_millis(3)), mode),
        ..error("slow", 500, Schedule::default())
    };
    for mode in [Mode::Add, Mode::Set] {
        let publication = published(chaos(0, vec![slow(mode)]));
        let mut side = Side::new(&publication, 0);
        let (answer, step) = side.ask("/a", "Prefer: server-timing\r\n");
        let Next::Pause(time) = step.next else { panic!("{step:?}") };
        assert!(answer.is_empty() && time <= Duration::from_millis(3), "{answer} {time:?}");
        let (answer, step) = side.feed("");
        assert!(answer.ends_with("of a") && answer.contains(", inj;dur="), "{answer}");
        assert!(matches!(step.next, Next::Receive(_)));
        assert_eq!(publication.fidelity().count, 1);
    }
}

#[test]
fn faults_end_connections_each_in_its_way() {
    let next = |kind, input: &str| {
        let mut side = Side::new(&published(chaos(0, vec![of(kind)])), 0);
        let (answer, step) = side.feed(input);
        (answer, step.next, side)
    };
    let request = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n";
    assert_eq!(next(Kind::Reset, request).1, Next::Abort);
    let (answer, step, _) = next(Kind::Empty, request);
    assert_eq!((answer.as_str(), step), ("", Next::Close));
    for (kind, end) in [
        (Kind::Truncate, "\r\n\r\nof"),
        (Kind::WrongLength, "\r\n\r\nof a"),
        (Kind::MalformedChunk, "size\r\n a"),
        (Kind::Garbage, ""),
    ] {
        let (answer, step, _) = next(kind, request);
        assert!(!answer.is_empty() && answer.ends_with(end), "{kind:?} {answer:?}");
        assert_eq!(step, Next::Close, "{kind:?}");
        assert_eq!(kind == Kind::Garbage, !answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    }
    let (answer, step, mut side) = next(Kind::Timeout, request);
    assert_eq!((answer.as_str(), matches!(step, Next::Receive(_))), ("", true));
    assert_eq!(side.ask("/b", "").0, "", "nothing is answered any more");
    let (answer, step, mut side) = next(Kind::SlowAccept, request);
    assert_eq!((answer.as_str(), matches!(step, Next::Pause(_))), ("", true));
    assert!(side.feed(request).0.ends_with("of a"), "it is looked at now");
    assert!(side.feed(request).0.ends_with("of a"), "once a connection");
}

#[test]
fn slow_answers_come_in_pieces() {
    let pieces = |kind| {
        let mut side = Side::new(&published(chaos(0, vec![of(kind)])), 0);
        let (first, step) = side.ask("/a", "");
        (first, step.next)
    };
    let (first, next) = pieces(Kind::Dribble);
    assert!(first.starts_with("HTTP/1.1 200") && !first.contains("of a"), "{first}");
    assert!(matches!(next, Next::Pause(time) if time <= Duration::from_millis(250)), "{next:?}");
    let (first, next) = pieces(Kind::Bandwidth);
    assert_eq!(first, "", "the first piece takes its time too");
    assert!(matches!(next, Next::Pause(time) if time <= Duration::from_millis(20)), "{next:?}");
}

#[test]
fn struck_requests_are_counted_by_scenario_whatever_becomes_of_them() {
    let kinds =
        [Kind::Error, Kind::Timeout, Kind::Reset, Kind::Empty, Kind::Garbage, Kind::Truncate, Kind::Latency];
    for kind in kinds {
        let behaviours = Behaviours { chaos: Arc::new(chaos(1, vec![of(kind)])), ..Behaviours::default() };
        let served = Deployment { behaviours, ..harness::deployment(SPEC) };
        let publication = Arc::new(Publication::new(served).counting());
        let mut side = Side::new(&publication, 0);
        side.feed("GET /a HTTP/1.1\r\nHost: a\r\n\r\n");
        let report = publication.metrics().unwrap().report();
        let endings: Vec<_> = report.routes.values().flat_map(|route| &route.endings).collect();
        let answered = match kind {
            // It waits.
            Kind::Latency => {
                assert!(endings.is_empty(), "{endings:?}");
                continue;
            }
            Kind::Error => Answered::Status(500),
            Kind::Truncate => Answered::Status(200),
            _ => Answered::Nothing,
        };
        assert_eq!(endings, [(&Ending { answered, scenario: kind.name().into() }, &1)]);
    }
}

#[test]
fn chaos_counts_scopes_without_filling_the_users_state() {
    let publication =
        published(chaos(1, vec![error("never", 500, Schedule { probability: 0.0, ..Schedule::default() })]));
    let mut side = Side::new(&publication, 0);
    for scope in 0..100 {
        side.feed(&format!("GET /a HTTP/1.1\r\nHost: a\r\nX-Mocker-Session: {scope}\r\n\r\n"));
    }
    let store = Arc::clone(&publication.current().1.behaviours.store);
    assert_eq!((store.usage().scopes, store.usage().keys), (0, 0));
}
