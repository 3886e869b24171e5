//! Token buckets: how often something may be done.

use std::hash::{BuildHasher, Hash, RandomState};
use std::num::{NonZeroU32, NonZeroU64};

use hashbrown::HashTable;

use crate::limits::SHARDS;
use crate::padded::Padded;

/// How often something may be done: a bucket that holds `burst` tokens and gets `count` more in every `period`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// Tokens in a period.
    pub count: NonZeroU32,
    /// Milliseconds.
    pub period: NonZeroU64,
    /// Tokens of a full bucket.
    pub burst: NonZeroU32,
}

/// What a bucket says: `RateLimit-*` (draft-ietf-httpapi-ratelimit-headers) and `Retry-After` (RFC 9110, 10.2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// Were there tokens enough? They have been taken then, else none has.
    pub allowed: bool,
    /// Tokens of a full bucket.
    pub limit: u32,
    /// Whole tokens left.
    pub remaining: u32,
    /// Seconds until the bucket is full, rounded up.
    pub reset: u64,
    /// Seconds until there are tokens enough, rounded up; 0 when allowed. What costs more than a full bucket holds
    /// is never allowed; then it is the time until the bucket is full, and at least 1.
    pub retry_after: u64,
}

/// Buckets by key, for all cores, in bounded memory: of a key only a hash is kept.
///
/// A bucket that is full again is as one that was never used, and makes room when room is needed. Where none is
/// full, the fullest does.
pub struct Buckets {
    shards: Box<[Padded<HashTable<Bucket>>]>,
    /// Of one shard.
    most: usize,
    place: RandomState,
    identity: RandomState,
}

struct Bucket {
    hash: u64,
    identity: u64,
    /// When it is full again, in [`TICKS`].
    full_at: u64,
}

/// Of a millisecond: fine enough for a million tokens a second.
const TICKS: u64 = 1 << 20;

impl Buckets {
    /// Room for about `most` keys that are in use.
    pub fn new(most: usize) -> Buckets {
        Buckets {
            shards: (0..SHARDS).map(|_| Padded::default()).collect(),
            most: most.div_ceil(SHARDS).max(1),
            place: RandomState::new(),
            identity: RandomState::new(),
        }
    }

    /// Takes `cost` tokens from the bucket of `key`, if it has as many. `now` is in milliseconds. The rate of a
    /// key may be another the next time.
    pub fn take(&self, key: &(impl Hash + ?Sized), cost: u32, rate: Rate, now: u64) -> Allowance {
        let (hash, identity) = (self.place.hash_one(key), self.identity.hash_one(key));
        let pace = Pace::of(rate, now);
        let mut buckets = self.shards[hash as usize % SHARDS].lock();
        if let Some(bucket) =
            buckets.find_mut(hash, |bucket| bucket.hash == hash && bucket.identity == identity)
        {
            let (allowance, full_at) = pace.take(bucket.full_at, cost);
            bucket.full_at = full_at;
            return allowance;
        }
        let (allowance, full_at) = pace.take(pace.now, cost);
        if full_at > pace.now {
            make_room(&mut buckets, self.most, pace.now);
            buckets.insert_unique(hash, Bucket { hash, identity, full_at }, |bucket| bucket.hash);
        }
        allowance
    }

    /// Buckets that are kept; some may be full again.
    pub fn len(&self) -> usize {
        self.shards.iter().map(|shard| shard.lock().len()).sum()
    }

    /// Is none kept?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

fn make_room(buckets: &mut HashTable<Bucket>, most: usize, now: u64) {
    if buckets.len() < most {
        return;
    }
    buckets.retain(|bucket| bucket.full_at > now);
    if buckets.len() < most {
        return;
    }
    let fullest = buckets.iter().min_by_key(|bucket| bucket.full_at);
    let Some((hash, identity)) = fullest.map(|bucket| (bucket.hash, bucket.identity)) else { return };
    if let Ok(entry) = buckets.find_entry(hash, |bucket| bucket.hash == hash && bucket.identity == identity) {
        entry.remove();
    }
}

/// A rate and a moment, in ticks. A bucket is told by when it is full again (the generic cell rate algorithm,
/// ITU-T I.371, annex A): what it lacks is the time until then.
struct Pace {
    now: u64,
    /// In which one token comes.
    interval: u64,
    /// In which an empty bucket fills.
    span: u64,
    burst: u32,
}

impl Pace {
    fn of(rate: Rate, now: u64) -> Pace {
        let interval = (rate.period.get().saturating_mul(TICKS) / u64::from(rate.count.get())).max(1);
        Pace {
            now: now.saturating_mul(TICKS),
            interval,
            span: interval.saturating_mul(u64::from(rate.burst.get())),
            burst: rate.burst.get(),
        }
    }

    /// What the bucket says, and when it is full from now on.
    fn take(&self, full_at: u64, cost: u32) -> (Allowance, u64) {
        // A rate that changed, or a clock that went back, empties it at most.
        let lacks = full_at.saturating_sub(self.now).min(self.span);
        let price = self.interval.saturating_mul(u64::from(cost));
        let after = lacks.saturating_add(price);
        let allowed = after <= self.span;
        let lacks = if allowed { after } else { lacks };
        let wait = if cost > self.burst { lacks.max(1) } else { after.saturating_sub(self.span) };
        let allowance = Allowance {
            allowed,
            limit: self.burst,
            remaining: u32::try_from((self.span - lacks) / self.interval).unwrap_or(self.burst),
            reset: seconds(lacks),
            retry_after: if allowed { 0 } else { seconds(wait) },
        };
        (allowance, self.now.saturating_add(lacks))
    }
}

/// Rounded up.
fn seconds(ticks: u64) -> u64 {
    ticks.div_ceil(TICKS * 1000)
}
