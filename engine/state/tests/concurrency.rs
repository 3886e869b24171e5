//! Many threads at once: nothing is lost, and who was answered sees what it did.

#![allow(clippy::unwrap_used)]

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use mocker_state::{GLOBAL, Limits, Store, Value};

const THREADS: i64 = 4;
const EACH: i64 = 50_000;

#[test]
fn no_increment_and_no_swap_is_lost() {
    for scope in [GLOBAL, "a session"] {
        let store = Store::new(Limits::default());
        thread::scope(|threads| {
            for _ in 0..THREADS {
                threads.spawn(|| {
                    for turn in 0..EACH {
                        if turn % 2 == 0 {
                            store.increment(scope, "n", 1, 0).unwrap();
                        } else {
                            add_by_swap(&store, scope, "n");
                        }
                    }
                });
            }
        });
        assert_eq!(store.get(scope, "n", 0).unwrap().as_i64(), Some(THREADS * EACH));
    }
}

/// Reads, adds one, and writes if nobody else has; again until it is so.
fn add_by_swap(store: &Store, scope: &str, key: &str) {
    loop {
        let held = store.get(scope, key, 0);
        let next = held.as_ref().map_or(0, |value| value.as_i64().unwrap()) + 1;
        if store.compare_and_set(scope, key, held.as_ref(), Some(next.into()), None, 0).unwrap() {
            return;
        }
    }
}

#[test]
fn structured_values_are_swapped_by_one_at_a_time() {
    const SWAPS: i64 = 2_000;
    let store = Store::new(Limits::default());
    let object = |n: i64| Value::from_json(format!(r#"{{"n":{n},"same":true}}"#));
    store.set(GLOBAL, "o", object(0), None, 0).unwrap();
    thread::scope(|threads| {
        for _ in 0..THREADS {
            threads.spawn(|| {
                let mut done = 0;
                while done < SWAPS {
                    let held = store.get(GLOBAL, "o", 0).unwrap();
                    let next = object(held.to_tree()["n"].as_i64().unwrap() + 1);
                    let swapped =
                        store.compare_and_set(GLOBAL, "o", Some(&held), Some(next), None, 0).unwrap();
                    done += i64::from(swapped);
                }
            });
        }
    });
    assert_eq!(store.get(GLOBAL, "o", 0), Some(object(THREADS * SWAPS)));
}

#[test]
fn appended_elements_are_all_there_once() {
    const APPENDS: i64 = 5_000;
    let store = Store::new(Limits::default());
    thread::scope(|threads| {
        for thread in 0..THREADS {
            let store = &store;
            threads.spawn(move || {
                let mut length = 0;
                for number in 0..APPENDS {
                    let now = store.append("s", "l", (thread * APPENDS + number).into(), 0).unwrap();
                    assert!(now > length, "lengths grow");
                    length = now;
                    assert!(store.get("s", "l", 0).unwrap().array_len().unwrap() >= length);
                }
            });
        }
    });
    let tree = store.get("s", "l", 0).unwrap().to_tree();
    let mut found: Vec<i64> =
        tree.as_array().unwrap().iter().map(|number| number.as_i64().unwrap()).collect();
    found.sort_unstable();
    assert_eq!(found, Vec::from_iter(0..THREADS * APPENDS));
}

/// One thread counts up and tells by another key what it has done; who reads the second and then the first sees
/// no less. Meanwhile others fill the same shards, sweep, list and clear.
#[test]
fn who_was_answered_is_seen_by_all() {
    let store = Store::new(Limits { scope_idle: 50, ..Limits::default() });
    let done = AtomicBool::new(false);
    thread::scope(|threads| {
        threads.spawn(|| {
            for now in 0..EACH {
                store.set(GLOBAL, "first", now.into(), None, 0).unwrap();
                assert_eq!(store.get(GLOBAL, "first", 0), Some(now.into()));
                store.set("a session", "second", now.into(), None, 0).unwrap();
            }
            done.store(true, Ordering::Release);
        });
        threads.spawn(|| {
            while !done.load(Ordering::Acquire) {
                let second = store.get("a session", "second", 0).map_or(-1, |value| value.as_i64().unwrap());
                let first = store.get(GLOBAL, "first", 0).map_or(-1, |value| value.as_i64().unwrap());
                assert!(first >= second, "{first} {second}");
            }
        });
        threads.spawn(|| {
            let mut turn = 0_u64;
            while !done.load(Ordering::Acquire) {
                turn += 1;
                let key = format!("noise {}", turn % 100);
                store.set(GLOBAL, &key, key.as_str().into(), Some(turn % 5), 0).unwrap();
                store.append(&key, "l", turn.to_string().into(), 0).unwrap();
                assert!(
                    store.list(GLOBAL, "", 1000, 0).iter().any(|(key, _)| &**key == "first") || turn < 1000
                );
                store.clear(&key, 0);
                store.sweep(3, 10);
            }
        });
    });
    assert_eq!(store.get(GLOBAL, "first", 0), Some((EACH - 1).into()));
}

#[test]
fn limits_hold_among_threads() {
    let store = Store::new(Limits { keys: 100, scopes: 100, bytes: 1 << 20, ..Limits::default() });
    thread::scope(|threads| {
        for thread in 0..THREADS {
            let store = &store;
            threads.spawn(move || {
                for number in 0..1000 {
                    let name = format!("{thread}-{number}");
                    let _ = store.set(GLOBAL, &name, 1.into(), None, 0);
                    let _ = store.set(&name, "k", "x".repeat(2000).into(), None, 0);
                    let usage = store.usage();
                    assert!(usage.bytes <= 1 << 20 && usage.scopes <= 100 && usage.keys <= 200, "{usage:?}");
                }
            });
        }
    });
    assert_eq!((store.usage().keys, store.usage().scopes), (200, 100));
    assert_eq!(store.usage().refused, 8000 - 200);
    for scope in store.scopes(0) {
        store.clear(&scope.name, 0);
    }
    assert_eq!((store.usage().bytes, store.usage().keys, store.usage().scopes), (0, 0, 0));
}
