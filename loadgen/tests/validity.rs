//! When a run can be believed, and what it comes to.
#![allow(clippy::unwrap_used, missing_docs)]

mod runs;

use std::time::Duration;

use mocker_loadgen::load::Load;
use mocker_loadgen::record::{ErrorClass, Run};
use mocker_loadgen::verdict::validity::{Reason, Warning};
use mocker_loadgen::verdict::{Conditions, Validity, Verdict, judge};
use runs::*;

/// A run of a thousand requests, each sent this late.
fn late(lag: u64) -> Run {
    let scenario = pets();
    let mut run = nothing(&scenario);
    for _ in 0..1_000 {
        answer(&mut run, 0, 0, 200, 300 * MICRO, lag);
    }
    run.elapsed = SECOND;
    run.in_flight = 0.3;
    run.most_in_flight = 64;
    run
}

/// Only so many of a thousand due requests were sent; the others waited for the server.
fn short(sent: u64) -> Run {
    let mut run = late(0);
    run.record.conn_wait.record_n(500 * MILLI, 900).unwrap();
    let counts = &mut run.record.counts;
    (counts.scheduled, counts.sent, counts.unsent) = (1_000, sent, 1_000 - sent);
    run
}

fn validity(run: &Run, load: &Load, thresholds: &[&str]) -> Validity {
    Validity::of(run, load, &bind(thresholds, &pets(), load, None), &Conditions::default())
}

#[test]
fn the_generator_may_be_late_by_a_part_of_the_tightest_threshold() {
    let cases: [(u64, &[&str], u64, bool); 9] = [
        (90, &[], 100, true),
        (110, &[], 100, false),
        (110, &["p99<5ms"], 250, true),
        (260, &["p99<5ms"], 250, false),
        (110, &["p99<5ms", "max<1ms"], 100, false),
        (400, &["window_p99<10ms"], 500, true),
        // The tightest counts, of one operation too.
        (110, &["p99<5ms", "p99{listPets}<1.5ms"], 100, false),
        // A lower bound limits no latency.
        (110, &["min>=5ms"], 100, false),
        (110, &["rps>10", "error_rate<1%"], 100, false),
    ];
    for (lag, thresholds, limit, valid) in cases {
        let validity = validity(&late(lag * MICRO), &open(1_000.0, 1), thresholds);
        assert_eq!(validity.lag_limit, limit * MICRO, "{lag} {thresholds:?}");
        assert_eq!(validity.is_valid(), valid, "{lag} {thresholds:?}: {:?}", validity.reasons);
        let is_late = matches!(validity.reasons[..], [Reason::Late { .. }]);
        assert_eq!(is_late, !valid, "{thresholds:?}");
    }
}

#[test]
fn a_closed_loop_has_no_schedule_to_miss() {
    let mut run = late(50 * MILLI);
    (run.record.counts.sent, run.most_in_flight) = (10, 1);
    let validity = validity(&run, &closed(1), &["p99<5s"]);
    assert_eq!((validity.lag, validity.is_valid()), (None, true));
}

#[test]
fn what_was_not_sent_counts_only_if_the_generator_is_to_blame() {
    let not_sent = |sent| vec![Reason::NotSent { sent, scheduled: 1_000 }];
    let busy = |run: &mut Run, share| {
        run.threads = vec![mocker_loadgen::record::Thread { busy: share, ..Default::default() }];
    };
    type Change<'c> = &'c dyn Fn(&mut Run);
    let cases: [(&str, u64, Change<'_>, Vec<Reason>); 7] = [
        ("the server was slow", 500, &|_| {}, vec![]),
        ("just enough", 999, &|run| run.record.counts.missed = 1, vec![]),
        ("the generator came too late", 998, &|run| run.record.counts.missed = 2, not_sent(998)),
        ("a thread had no time", 500, &|run| busy(run, 0.97), not_sent(500)),
        ("a thread was busy", 500, &|run| busy(run, 0.85), vec![]),
        (
            "the server refused connections",
            500,
            &|run| {
                run.most_in_flight = 3;
                fail(run, 0, 0, ErrorClass::Connect);
            },
            vec![],
        ),
        (
            "ports ran out",
            1_000,
            &|run| run.record.counts.exhausted = 2,
            vec![Reason::Exhausted { times: 2 }],
        ),
    ];
    for (name, sent, change, expected) in cases {
        let mut run = short(sent);
        change(&mut run);
        assert_eq!(validity(&run, &open(1_000.0, 1), &[]).reasons, expected, "{name}");
    }
}

#[test]
fn exhaustion_ends_a_closed_loop_too() {
    let mut run = late(0);
    run.record.counts.exhausted = 1;
    assert_eq!(validity(&run, &closed(1), &[]).reasons, [Reason::Exhausted { times: 1 }]);
}

#[test]
fn circumstances_are_told() {
    let load = open(1_000.0, 1);
    let mut run = late(0);
    run.threads =
        [0.5, 0.91].map(|busy| mocker_loadgen::record::Thread { busy, ..Default::default() }).to_vec();
    (run.opened, run.not_opened) = (12, Some("Connection refused (os error 111)".to_owned()));
    let stolen = Duration::from_nanos(run.elapsed) / 8;
    let conditions =
        Conditions { floor: None, shared_cpus: vec![2, 3], throttled: Duration::from_millis(120), stolen };
    let validity = Validity::of(&run, &load, &[], &conditions);
    assert!(validity.is_valid());
    let told: Vec<String> = validity.warnings.iter().map(ToString::to_string).collect();
    let expected = [
        "only 12 of 64 connections could be made before the first request: Connection refused (os error 111)",
        "thread 1 of the generator was busy 91 % of the time",
        "generator and server share the CPUs 2, 3: each slows the other",
        "the generator's control group was throttled for 120 ms",
        &format!(
            "the hypervisor gave this machine's CPUs to others for {} ms (12.5 % of the run): latencies contain it",
            stolen.as_millis()
        ),
    ];
    assert_eq!(told, expected);
    let conditions =
        Conditions { stolen: Duration::from_nanos(run.elapsed / 1_001), ..Conditions::default() };
    let told = Validity::of(&run, &load, &[], &conditions).warnings;
    assert!(!told.iter().any(|warning| matches!(warning, Warning::Stolen { .. })), "{told:?}");
    let headroom = validity.headroom.unwrap();
    assert!((headroom - 1.0 / 0.91).abs() < 1e-9, "{headroom}");
}

#[test]
fn fewer_connections_than_asked_for_are_told() {
    for (opened, is_told) in [(0, false), (1, true), (63, true), (64, false)] {
        let mut run = late(0);
        run.opened = opened;
        let warnings = validity(&run, &open(1_000.0, 1), &[]).warnings;
        let fewer = Warning::FewerConnections { opened, asked: 64, reason: None };
        assert_eq!(warnings, if is_told { vec![fewer] } else { vec![] }, "{opened}");
    }
}

#[test]
fn littles_law_is_looked_at() {
    // 1,000/s of 0.3 ms each are 0.3 in flight.
    let cases = [
        (0.3, true),
        (0.312, true),
        (0.288, true),
        (0.32, false),
        (0.28, false),
        (0.0, false),
        (f64::NAN, true),
    ];
    for (in_flight, holds) in cases {
        let mut run = late(0);
        run.in_flight = in_flight;
        let warnings = validity(&run, &open(1_000.0, 1), &[]).warnings;
        assert_eq!(warnings.is_empty(), holds, "{in_flight}: {warnings:?}");
        assert!(holds || matches!(warnings[0], Warning::Little { .. }));
    }
}

#[test]
fn a_verdict_has_its_exit_code() {
    type Change<'c> = &'c dyn Fn(&mut Run);
    let unreachable = |run: &mut Run| {
        *run = nothing(&pets());
        run.record.seconds.push(Default::default());
        fail(run, 0, 0, ErrorClass::Connect);
    };
    let cases: [(&str, Change<'_>, bool, Verdict, u8); 10] = [
        ("p99<5ms", &|_| {}, false, Verdict::Pass, 0),
        ("p99<200us", &|_| {}, false, Verdict::Fail, 1),
        ("p99<5ms", &|_| {}, true, Verdict::Fail, 1),
        ("p99<5ms", &|run| fail(run, 0, 0, ErrorClass::Schema), false, Verdict::Fail, 1),
        ("p99<5ms", &|run| fail(run, 0, 0, ErrorClass::Status), false, Verdict::Pass, 0),
        ("p99<200us", &|run| run.record.counts.exhausted = 1, false, Verdict::Invalid, 3),
        ("p99<5ms", &unreachable, false, Verdict::Unreachable, 4),
        ("p99<200us", &|run| run.interrupted = true, false, Verdict::Interrupted, 130),
        (
            "p99<5ms",
            &|run| {
                run.record.counts.exhausted = 1;
                run.interrupted = true;
            },
            false,
            Verdict::Interrupted,
            130,
        ),
        ("errors<=0", &|run| *run = nothing(&pets()), false, Verdict::Invalid, 3),
    ];
    for (threshold, change, regressed, verdict, code) in cases {
        let mut run = late(0);
        change(&mut run);
        let load = open(1_000.0, 1);
        let bounds = bind(&[threshold], &pets(), &load, None);
        let judgement = judge(&run, &load, &bounds, &Conditions::default(), regressed);
        assert_eq!((judgement.verdict, judgement.verdict.exit_code()), (verdict, code), "{threshold}");
    }
}
