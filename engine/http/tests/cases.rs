//! The cases of `specs/http` without sockets: whole, byte by byte, and cut in two at every place.
#![allow(clippy::unwrap_used, dead_code, unreachable_pub)]

#[path = "../../../tests/http_edge/cases.rs"]
mod cases;
mod connection;

use std::path::Path;

use cases::{Answer, Case};
use connection::{Ending, Event, Seen, see};
use mocker_http::Limits;

fn load() -> Vec<Case> {
    let cases = cases::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../specs/http"));
    assert!(cases.len() >= 70, "only {} cases", cases.len());
    cases
}

/// Statuses that come from this crate; all others are given by the engine to requests that were accepted.
const REFUSALS: [&str; 7] = ["400", "413", "414", "417", "431", "501", "505"];

fn check(case: &Case, events: &[Event], ending: Ending) {
    let name = &case.name;
    let answers: Vec<&Answer> = case.answers().collect();
    assert_eq!(answers.len(), events.len(), "{name}: {events:?}");
    for (answer, event) in answers.iter().zip(events) {
        match event {
            Event::Continue => assert_eq!(answer.status, "100", "{name}"),
            Event::Refused(refusal) => assert!(answer.allows(refusal.status()), "{name}: {refusal:?}"),
            Event::Request(seen) => {
                let status = answer.status.as_str();
                assert!(!REFUSALS.contains(&status) && status != "100", "{name}: accepted {seen:?}");
                check_read(name, answer, seen);
            }
        }
    }
    let expected = match case.ending {
        cases::Ending::Open => Ending::Open,
        cases::Ending::Waiting => Ending::Waiting,
        cases::Ending::Closed => Ending::Closed,
    };
    assert_eq!(ending, expected, "{name}");
}

fn check_read(name: &str, answer: &Answer, seen: &Seen) {
    for (what, value) in &answer.read {
        let is = match what.as_str() {
            "method" => seen.method.as_bytes(),
            "path" => &seen.path,
            "query" => seen.query.as_deref().unwrap_or(b"(none)"),
            "authority" => seen.authority.as_deref().unwrap_or(b"(none)"),
            "body" => &seen.body,
            _ => panic!("{name}: unknown {what:?}"),
        };
        assert_eq!(is.escape_ascii().to_string(), value.escape_ascii().to_string(), "{name}: {what}");
    }
}

#[test]
fn whole() {
    for case in load() {
        let (events, ending) = see(Limits::default(), [&case.sent()[..]]);
        check(&case, &events, ending);
    }
}

#[test]
fn byte_by_byte() {
    for case in load() {
        let (events, ending) = see(Limits::default(), case.sent().chunks(1));
        check(&case, &events, ending);
    }
}

#[test]
fn cut_in_two_at_every_place() {
    for case in load() {
        let sent = case.sent();
        for at in (0..sent.len()).filter(|at| sent.len() < 4096 || at % 4099 == 0) {
            let (events, ending) = see(Limits::default(), [&sent[..at], &sent[at..]]);
            check(&case, &events, ending);
        }
    }
}
