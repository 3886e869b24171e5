//! Due times: exact, in order, shared out among threads.
#![allow(clippy::unwrap_used)]

use std::time::Duration;

use mocker_loadgen::{
    load::{Arrival, Stage},
    schedule::{Due, Schedule},
};
use proptest::prelude::*;

const ZERO: u64 = 1_000_000_000_000;

fn stage(rate: f64, milliseconds: u64) -> Stage {
    Stage { rate, duration: Duration::from_millis(milliseconds) }
}

fn schedule(stages: &[Stage]) -> Schedule {
    Schedule::new(stages, Duration::ZERO, None, Arrival::Uniform, 1)
}

fn offsets(schedule: &Schedule, thread: usize, threads: usize) -> Vec<i64> {
    schedule.of_thread(thread, threads, ZERO).map(|due| due.at as i64 - ZERO as i64).collect()
}

#[test]
fn gaps_are_equal_and_threads_interleave() {
    let schedule = schedule(&[stage(4.0, 2_000)]);
    assert_eq!(schedule.total(), 8);
    let ms = |list: [i64; 4]| list.map(|at| at * 1_000_000).to_vec();
    assert_eq!(offsets(&schedule, 0, 2), ms([0, 500, 1_000, 1_500]));
    assert_eq!(offsets(&schedule, 1, 2), ms([250, 750, 1_250, 1_750]));
}

#[test]
fn stages_follow_each_other_and_the_warm_up_goes_before() {
    let stages = [stage(2.0, 1_000), stage(0.0, 500), stage(10.0, 300)];
    let schedule = Schedule::new(&stages, Duration::from_secs(1), None, Arrival::Uniform, 1);
    let due: Vec<i64> = offsets(&schedule, 0, 1).iter().map(|at| at / 1_000_000).collect();
    assert_eq!(due, [-1_000, -500, 0, 500, 1_500, 1_600, 1_700]);
    let numbers: Vec<u64> = schedule.of_thread(0, 1, ZERO).map(|due| due.number).collect();
    assert_eq!(numbers, [0, 1, 0, 1, 2, 3, 4]);
    assert_eq!(schedule.length(), 1_800_000_000);
}

#[test]
fn a_number_of_requests_ends_it_early() {
    let stages = [stage(2.0, 1_000), stage(10.0, 1_000)];
    for (requests, length) in [(1, 500), (2, 1_000), (5, 1_300), (12, 2_000), (99, 2_000)] {
        let schedule = Schedule::new(&stages, Duration::ZERO, Some(requests), Arrival::Uniform, 1);
        let sent: usize = (0..3).map(|thread| offsets(&schedule, thread, 3).len()).sum();
        assert_eq!(sent as u64, requests.min(12));
        assert_eq!(schedule.length(), length * 1_000_000, "{requests}");
    }
}

#[test]
fn an_hour_does_not_drift() {
    let rate = 33_333.3;
    let schedule = schedule(&[stage(rate, 3_600_000)]);
    assert_eq!(schedule.total(), 119_999_880);
    let mut times = schedule.of_thread(6, 7, ZERO);
    let last = times.by_ref().nth(1_000_000).unwrap();
    assert_eq!(last.number, 7_000_006);
    assert_eq!(last.at - ZERO, 7_000_006_u64 * 10_000_000_000 / 333_333);
}

#[test]
fn poisson_arrivals_are_their_seeds_and_have_the_rate() {
    let poisson = |seed, thread| {
        let stages = [stage(20_000.0, 2_000), stage(10_000.0, 1_000)];
        let schedule = Schedule::new(&stages, Duration::ZERO, None, Arrival::Poisson, seed);
        schedule.of_thread(thread, 2, ZERO).collect::<Vec<Due>>()
    };
    assert_eq!(poisson(1, 0), poisson(1, 0));
    assert_ne!(poisson(1, 0), poisson(2, 0));
    assert_ne!(
        poisson(1, 0).iter().map(|due| due.at).collect::<Vec<_>>(),
        poisson(1, 1).iter().map(|due| due.at).collect::<Vec<_>>()
    );
    let due = poisson(7, 1);
    let early = due.iter().filter(|due| due.at < ZERO + 2_000_000_000).count() as f64;
    // Five standard deviations of a count are five times its root.
    assert!((early - 20_000.0).abs() < 5.0 * 20_000_f64.sqrt(), "{early}");
    assert!((due.len() as f64 - early - 5_000.0).abs() < 5.0 * 5_000_f64.sqrt());
    // The variance of exponential gaps is the square of their mean.
    let gaps: Vec<f64> = due[..20_000].windows(2).map(|pair| (pair[1].at - pair[0].at) as f64).collect();
    let mean = gaps.iter().sum::<f64>() / gaps.len() as f64;
    let variance = gaps.iter().map(|gap| (gap - mean).powi(2)).sum::<f64>() / gaps.len() as f64;
    assert!((variance.sqrt() / mean - 1.0).abs() < 0.05, "{}", variance.sqrt() / mean);
}

#[test]
fn poisson_arrivals_are_as_often_more_as_they_are_fewer() {
    let stages = [stage(1_000.0, 1_000)];
    let count = |seed| {
        let schedule = Schedule::new(&stages, Duration::ZERO, None, Arrival::Poisson, seed);
        offsets(&schedule, 0, 1).len()
    };
    let more = (0..100).filter(|&seed| count(seed) > 1_000).count();
    assert!((25..75).contains(&more), "{more}");
    let schedule = Schedule::new(&stages, Duration::ZERO, Some(10), Arrival::Poisson, 1);
    assert_eq!(offsets(&schedule, 0, 1).len(), 10);
}

proptest! {
    #[test]
    fn counts_are_exact_and_times_are_in_order(
        rates in prop::collection::vec(0.1f64..5_000.0, 1..4),
        durations in prop::collection::vec(1u64..400, 4),
        threads in 1usize..6,
        poisson: bool,
        warmup in 0u64..50,
    ) {
        let stages: Vec<Stage> = rates.iter().zip(&durations).map(|(&rate, &length)| stage(rate, length)).collect();
        let arrival = if poisson { Arrival::Poisson } else { Arrival::Uniform };
        let schedule = Schedule::new(&stages, Duration::from_millis(warmup), None, arrival, 3);
        let mut all = Vec::new();
        for thread in 0..threads {
            let own: Vec<Due> = schedule.of_thread(thread, threads, ZERO).collect();
            prop_assert!(own.is_sorted_by_key(|due| due.at));
            prop_assert!(own.iter().all(|due| due.number % threads as u64 == thread as u64));
            all.extend(own);
        }
        let end = ZERO + schedule.length();
        prop_assert!(all.iter().all(|due| due.at >= ZERO - warmup * 1_000_000 && due.at < end));
        if !poisson {
            let mut measured: Vec<Due> = all.into_iter().filter(|due| due.at >= ZERO).collect();
            measured.sort_by_key(|due| due.number);
            prop_assert!(measured.is_sorted_by_key(|due| due.at));
            prop_assert!(measured.iter().enumerate().all(|(index, due)| due.number == index as u64));
            let mut start = ZERO;
            for stage in &stages {
                let stop = start + stage.duration.as_nanos() as u64;
                let count = measured.iter().filter(|due| (start..stop).contains(&due.at)).count();
                prop_assert!((count as f64 - stage.rate * stage.duration.as_secs_f64()).abs() <= 1.0);
                start = stop;
            }
        }
    }
}
