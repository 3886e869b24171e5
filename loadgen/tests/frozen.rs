//! A server that stands still once, held against what an exact simulation says of it.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod server;

use std::{
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

use mocker_loadgen::percentile::Percentile;
use mocker_loadgen::verdict::{Conditions, Validity};
use server::{OK, drive, milliseconds, open, serve};

const RATE: f64 = 1_000.0;
const SECONDS: f64 = 3.0;
/// The request before whose answer the server freezes.
const FREEZES_AT: usize = 1_000;
/// Answers behind the freeze over which its rate is taken: they are due before it ends.
const DRAINED: usize = 200;

/// What the server saw of itself.
#[derive(Clone, Copy, Default)]
struct Clock {
    answers: usize,
    froze: Duration,
    thawed: Option<Instant>,
    /// Seconds that one answer took while there were always more to give
    each: f64,
}

/// Answers one request after the other, and stands still once.
fn frozen(clock: &Mutex<Clock>) {
    let mut clock = clock.lock().unwrap();
    clock.answers += 1;
    if clock.answers == FREEZES_AT {
        let begun = Instant::now();
        thread::sleep(milliseconds(500));
        (clock.froze, clock.thawed) = (begun.elapsed(), Some(Instant::now()));
    }
    if let (Some(thawed), true) = (clock.thawed, clock.answers == FREEZES_AT + DRAINED) {
        clock.each = thawed.elapsed().as_secs_f64() / DRAINED as f64;
    }
}

/// Response times in milliseconds, in order: requests are due at equal gaps and answered in turn.
fn simulated(froze: f64, each: f64) -> Vec<f64> {
    let mut free = 0.0_f64;
    let mut times = Vec::new();
    for number in 0..(RATE * SECONDS) as usize {
        let due = number as f64 / RATE;
        free = free.max(due) + if number + 1 == FREEZES_AT { froze } else { 0.0 } + each;
        times.push((free - due) * 1e3);
    }
    times.sort_by(f64::total_cmp);
    times
}

#[test]
fn the_simulation_knows_what_is_known() {
    // Of 3,000 requests 500 are due while it stands still: one in a hundred waits for more than 470 ms.
    let times = simulated(0.5, 0.0);
    for (rank, expected) in [(3_000, 500.0), (2_970, 470.0), (2_700, 200.0), (2_501, 1.0), (2_500, 0.0)] {
        assert!((times[rank - 1] - expected).abs() < 1e-6, "{rank}: {}", times[rank - 1]);
    }
}

#[test]
fn a_freeze_is_measured_as_it_is_computed() {
    let mut valid = 0;
    let mut seen = String::new();
    for _ in 0..3 {
        let clock = Arc::new(Mutex::new(Clock::default()));
        let shared = Arc::clone(&clock);
        let address = serve(move |_, mut peer| {
            while peer.read() {
                frozen(&shared);
                peer.write(OK);
            }
        });
        let load = open(RATE, (SECONDS * 1e3) as u64, 64);
        let run = drive(&load, address);
        if !Validity::of(&run, &load, &[], &Conditions::default()).is_valid() {
            continue;
        }
        valid += 1;
        let Clock { froze, each, .. } = *clock.lock().unwrap();
        let times = simulated(froze.as_secs_f64(), each);
        let off: Vec<String> = [Percentile::parse("90"), Percentile::parse("95"), Percentile::parse("99")]
            .into_iter()
            .flatten()
            .filter_map(|percentile| {
                let computed = times[percentile.rank(times.len() as u64) as usize - 1];
                let measured = percentile.of(&run.record.response)? as f64 / 1e6;
                let is_off = (measured / computed - 1.0).abs() > 0.1;
                is_off.then(|| format!("{percentile}: computed {computed:.1} ms, measured {measured:.1} ms"))
            })
            .collect();
        if off.is_empty() {
            return;
        }
        seen = off.join("; ");
    }
    match valid {
        0 => eprintln!("SKIPPED: the machine was too busy for a valid run"),
        _ => panic!("{seen}"),
    }
}
