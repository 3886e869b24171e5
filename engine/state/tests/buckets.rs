//! Token buckets under a given clock.

#![allow(clippy::unwrap_used)]

use std::num::{NonZeroU32, NonZeroU64};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use mocker_state::{Allowance, Buckets, Rate};
use proptest::prelude::*;

fn rate(count: u32, period: u64, burst: u32) -> Rate {
    Rate {
        count: NonZeroU32::new(count).unwrap(),
        period: NonZeroU64::new(period).unwrap(),
        burst: NonZeroU32::new(burst).unwrap(),
    }
}

#[test]
fn tokens_are_taken_and_come_back() {
    let buckets = Buckets::new(1000);
    let minutely = rate(6, 60_000, 3);
    // (now, cost) -> (allowed, remaining, reset, retry_after); one token comes every ten seconds.
    let cases = [
        (0, 1, (true, 2, 10, 0)),
        (0, 1, (true, 1, 20, 0)),
        (1, 0, (true, 1, 20, 0)),
        (1, 2, (false, 1, 20, 10)),
        (1, 1, (true, 0, 30, 0)),
        (1, 1, (false, 0, 30, 10)),
        (9_000, 1, (false, 0, 21, 1)),
        (9_999, 1, (false, 0, 21, 1)),
        (10_000, 1, (true, 0, 30, 0)),
        (10_000, 4, (false, 0, 30, 30)),
        (40_000, 4, (false, 3, 0, 1)),
        (99_000, 3, (true, 0, 30, 0)),
        (50_000, 1, (false, 0, 30, 10)),
    ];
    for (now, cost, (allowed, remaining, reset, retry_after)) in cases {
        let expected = Allowance { allowed, limit: 3, remaining, reset, retry_after };
        assert_eq!(buckets.take("client", cost, minutely, now), expected, "{cost} at {now}");
    }
    assert_eq!(buckets.take("another", 1, minutely, 0).remaining, 2);
    assert_eq!(buckets.take(&("client", "getPet"), 1, minutely, 0).remaining, 2);
}

#[test]
fn a_rate_may_change() {
    let buckets = Buckets::new(1000);
    for _ in 0..100 {
        assert!(buckets.take("k", 1, rate(100, 60_000, 100), 0).allowed);
    }
    let stricter = buckets.take("k", 1, rate(1, 1000, 2), 0);
    assert_eq!(stricter, Allowance { allowed: false, limit: 2, remaining: 0, reset: 2, retry_after: 1 });
}

#[test]
fn rates_of_any_size_are_kept() {
    for (count, period, burst) in [(1, u64::MAX, u32::MAX), (u32::MAX, 1, 1), (u32::MAX, u64::MAX, u32::MAX)]
    {
        let buckets = Buckets::new(1);
        for now in [0, 1, u64::MAX] {
            let allowance = buckets.take("k", 1, rate(count, period, burst), now);
            assert!(allowance.remaining <= burst);
        }
    }
}

#[test]
fn full_buckets_make_room_and_else_the_fullest() {
    let buckets = Buckets::new(640);
    let hourly = rate(10, 3_600_000, 10);
    for _ in 0..10 {
        buckets.take("exhausted", 1, hourly, 0);
    }
    for key in 0..100_000 {
        buckets.take(&key, 1, hourly, 0);
    }
    assert_eq!(buckets.len(), 640);
    assert!(!buckets.take("exhausted", 1, hourly, 0).allowed);
    // What was never taken from needs no room.
    let unused = Buckets::new(640);
    unused.take("k", 0, hourly, 0);
    assert!(unused.is_empty());
}

#[test]
fn no_token_is_taken_twice() {
    let buckets = Buckets::new(1000);
    let allowed = AtomicU32::new(0);
    thread::scope(|threads| {
        for _ in 0..4 {
            threads.spawn(|| {
                for now in 0..10_000 {
                    let taken = buckets.take("k", 1, rate(1, 1_000_000, 5_000), now % 7).allowed;
                    allowed.fetch_add(u32::from(taken), Ordering::Relaxed);
                }
            });
        }
    });
    assert_eq!(allowed.into_inner(), 5_000);
}

proptest! {
    /// Against a bucket that counts tokens, in units of which `period` make one.
    #[test]
    fn a_bucket_does_what_counting_does(
        count in prop::sample::select(vec![1_u32, 2, 8, 64]),
        period in 1..5000_u64,
        burst in 1..20_u32,
        calls in prop::collection::vec((0..2000_u64, 0..5_u32), 1..60),
    ) {
        let buckets = Buckets::new(10);
        let (mut now, full) = (0, u64::from(burst) * period);
        let mut held = full;
        for (step, cost) in calls {
            now += step;
            held = full.min(held + step * u64::from(count));
            let price = u64::from(cost) * period;
            let allowed = price <= held;
            if allowed {
                held -= price;
            }
            let allowance = buckets.take("k", cost, rate(count, period, burst), now);
            prop_assert_eq!(allowance.allowed, allowed);
            prop_assert_eq!(u64::from(allowance.remaining), held / period);
            prop_assert_eq!(allowance.reset, (full - held).div_ceil(u64::from(count) * 1000));
            if !allowed && cost <= burst {
                prop_assert_eq!(allowance.retry_after, (price - held).div_ceil(u64::from(count) * 1000));
            }
        }
    }
}
