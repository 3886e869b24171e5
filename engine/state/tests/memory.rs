//! What the store says it takes, held against what the process takes.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used)]

use std::process::Command;

use mocker_state::{GLOBAL, Limits, Store, Value};

/// The store says between 85 % and 125 % of what the process has grown by.
const TOLERANCE: std::ops::Range<f64> = 0.85..1.25;

/// Resident memory of the process, in bytes (`/proc/self/statm`, pages of 4 KiB).
fn resident() -> usize {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap();
    statm.split(' ').nth(1).unwrap().parse::<usize>().unwrap() * 4096
}

fn limits() -> Limits {
    Limits { bytes: 1 << 30, keys: 1_000_000, scopes: 1_000_000, ..Limits::default() }
}

type Fill = fn(&Store);

const FILLS: [(&str, Fill); 6] = [
    ("many scopes of one key", |store| {
        for scope in 0..50_000 {
            store.increment(&format!("session {scope}"), "n", 1, 0).unwrap();
        }
    }),
    ("keys in order", |store| {
        for key in 0..100_000 {
            store.set("s", &format!("{key:06}"), 1.into(), None, 0).unwrap();
        }
    }),
    ("keys of the global scope, that expire", |store| {
        for key in 0..100_000 {
            store.set(GLOBAL, &format!("key {key}"), "a text of some length".into(), Some(key), 0).unwrap();
        }
    }),
    ("large values", |store| {
        for key in 0..500 {
            store.set("s", &format!("{key}"), "x".repeat(100_000).into(), None, 0).unwrap();
        }
    }),
    ("small arrays that grow", |store| {
        for turn in 0..5 {
            for key in 0..25_000 {
                store.append("s", &format!("{key}"), turn.into(), 0).unwrap();
            }
        }
    }),
    ("large arrays that grow", |store| {
        for key in 0..50 {
            for turn in 0..5_000 {
                store.append("s", &format!("{key}"), Value::from(turn), 0).unwrap();
            }
        }
    }),
];

/// In the child: which of the fills it measures.
const WHICH: &str = "MOCKER_STATE_FILL";

/// A process of its own for each, as memory that was given back once is taken again unseen.
#[test]
fn what_it_says_is_what_it_takes() {
    if let Ok(which) = std::env::var(WHICH) {
        return measure(FILLS[which.parse::<usize>().unwrap()]);
    }
    for index in 0..FILLS.len() {
        let mut child = Command::new(std::env::current_exe().unwrap());
        child.args(["--exact", "what_it_says_is_what_it_takes", "--nocapture"]);
        let output = child.env(WHICH, index.to_string()).output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{text}");
        println!("{}", text.lines().find(|line| line.contains("says")).unwrap_or_default());
    }
}

fn measure((name, fill): (&str, Fill)) {
    let store = Store::new(limits());
    let before = resident();
    fill(&store);
    let (grown, said) = (resident() - before, store.usage().bytes);
    let ratio = said as f64 / grown as f64;
    println!("{name}: says {said}, takes {grown}, {ratio:.2}");
    assert!(TOLERANCE.contains(&ratio), "{name}: {ratio:.2}");

    store.clear(GLOBAL, 0);
    store.sweep(u64::MAX - 1, usize::MAX);
    assert_eq!((store.usage().bytes, store.usage().keys), (0, 0));
}
