//! The scope of all: its keys are spread over shards, as every core writes to it.

use std::sync::atomic::AtomicUsize;

use super::ScopeInfo;
use super::change::{Bounds, Change, Tables};
use super::ledger::Ledger;
use crate::limits::SHARDS;
use crate::padded::Padded;

pub(super) struct Global {
    /// By the hash of the key.
    shards: Box<[Padded<Tables>]>,
    /// By space.
    keys: [AtomicUsize; 2],
}

impl Default for Global {
    fn default() -> Self {
        Global { shards: (0..SHARDS).map(|_| Padded::default()).collect(), keys: Default::default() }
    }
}

impl Global {
    pub(super) fn shard(&self, hash: u64) -> &Padded<Tables> {
        &self.shards[hash as usize % SHARDS]
    }

    pub(super) fn shards(&self) -> &[Padded<Tables>] {
        &self.shards
    }

    pub(super) fn bounds<'a>(&'a self, ledger: &'a Ledger) -> Bounds<'a> {
        Bounds { ledger, keys: Some(&self.keys) }
    }

    /// Everything at one moment: all shards are locked together, in their order. How many of the user's keys
    /// there were.
    pub(super) fn clear(&self, now: u64, ledger: &Ledger) -> usize {
        let mut locked: Vec<_> = self.shards.iter().map(Padded::lock).collect();
        let garbage: Vec<_> =
            locked.iter_mut().map(|tables| tables.apply(Change::Clear, self.bounds(ledger))).collect();
        drop(locked);
        garbage.iter().flatten().map(|garbage| garbage.user_keys(now)).sum()
    }

    /// What is known of it, if it has keys.
    pub(super) fn tell(&self, now: u64) -> Option<ScopeInfo> {
        let mut told = ScopeInfo { name: Box::default(), keys: 0, bytes: 0, idle: 0 };
        for shard in &self.shards {
            let tables = shard.lock();
            told.keys += tables.user.live(now);
            told.bytes += tables.bytes;
        }
        (told.bytes > 0).then_some(told)
    }
}
