//! Time of the store's operations, alone and with another core at the same key.

#![allow(clippy::unwrap_used, missing_docs)]

use std::hint::black_box;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use criterion::{Criterion, criterion_group, criterion_main};
use mocker_state::{GLOBAL, Limits, Store, Value};

fn single(criterion: &mut Criterion) {
    let store = Store::new(Limits::default());
    for scope in [GLOBAL, "session"] {
        let name = if scope == GLOBAL { "global" } else { "scope" };
        for key in 0..1000 {
            store.set(scope, &format!("key {key}"), "some text".into(), None, 0).unwrap();
        }
        let object = Value::from_json(r#"{"id":1,"name":"Rex","tags":["a","b"]}"#);
        criterion.bench_function(&format!("{name} get"), |bencher| {
            bencher.iter(|| store.get(scope, black_box("key 500"), 0));
        });
        criterion.bench_function(&format!("{name} set"), |bencher| {
            bencher.iter(|| store.set(scope, black_box("key 500"), object.clone(), None, 0));
        });
        criterion.bench_function(&format!("{name} set with ttl"), |bencher| {
            let mut now = 0;
            bencher.iter(|| {
                now += 1;
                store.set(scope, black_box("key 501"), object.clone(), Some(1000), now)
            });
        });
        criterion.bench_function(&format!("{name} increment"), |bencher| {
            bencher.iter(|| store.increment(scope, black_box("n"), 1, 0));
        });
        criterion.bench_function(&format!("{name} list 10"), |bencher| {
            bencher.iter(|| store.list(scope, black_box("key 50"), 10, 0));
        });
    }
}

fn contended(criterion: &mut Criterion) {
    let store = Store::new(Limits::default());
    for (name, key) in [("same key", "n"), ("another key", "m")] {
        let done = AtomicBool::new(false);
        thread::scope(|threads| {
            threads.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    store.increment(GLOBAL, key, 1, 0).unwrap();
                }
            });
            criterion.bench_function(&format!("increment while another core does, {name}"), |bencher| {
                bencher.iter(|| store.increment(GLOBAL, black_box("n"), 1, 0));
            });
            done.store(true, Ordering::Relaxed);
        });
    }
}

fn append(criterion: &mut Criterion) {
    for (name, keeps) in [("append", false), ("append while a reader keeps what was", true)] {
        let limits = || Limits { value_bytes: usize::MAX, bytes: 1 << 30, ..Limits::default() };
        criterion.bench_function(&format!("{name}, 10,000 times"), |bencher| {
            bencher.iter(|| {
                let store = Store::new(limits());
                for number in 0..10_000_i64 {
                    let kept = keeps.then(|| store.get(GLOBAL, "l", 0));
                    store.append(GLOBAL, "l", number.into(), 0).unwrap();
                    drop(kept);
                }
            });
        });
    }
}

criterion_group!(benches, single, contended, append);
criterion_main!(benches);
