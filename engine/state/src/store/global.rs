//! The scope of all: its keys are spread over shards, as every core writes to it.

use std::sync::atomic::AtomicUsize;

use super::change::{Bounds, Tables};
use super::ledger::Ledger;
use super::{Padded, ScopeInfo, Space};
use crate::limits::SHARDS;

pub(super) struct Global {
    /// By the hash of the key.
    shards: Box<[Padded<Tables>]>,
    user_keys: AtomicUsize,
    engine_keys: AtomicUsize,
}

impl Default for Global {
    fn default() -> Self {
        Global {
            shards: (0..SHARDS).map(|_| Padded::default()).collect(),
            user_keys: AtomicUsize::new(0),
            engine_keys: AtomicUsize::new(0),
        }
    }
}

impl Global {
    pub(super) fn shard(&self, hash: u64) -> &Padded<Tables> {
        &self.shards[hash as usize % SHARDS]
    }

    pub(super) fn shards(&self) -> &[Padded<Tables>] {
        &self.shards
    }

    pub(super) fn bounds<'a>(&'a self, space: Space, ledger: &'a Ledger) -> Bounds<'a> {
        let keys = match space {
            Space::User => &self.user_keys,
            Space::Engine => &self.engine_keys,
        };
        Bounds { ledger, keys: Some(keys) }
    }

    /// Removes expired keys of one shard.
    pub(super) fn expire(&self, tables: &mut Tables, now: u64, budget: usize, ledger: &Ledger) -> usize {
        let user = tables.expire(Space::User, now, budget, self.bounds(Space::User, ledger));
        user + tables.expire(Space::Engine, now, budget - user, self.bounds(Space::Engine, ledger))
    }

    /// Everything at one moment: all shards are locked together, in their order.
    pub(super) fn clear(&self, ledger: &Ledger) -> Vec<Tables> {
        let mut locked: Vec<_> = self.shards.iter().map(Padded::lock).collect();
        let taken: Vec<Tables> = locked.iter_mut().map(|tables| std::mem::take(&mut **tables)).collect();
        for tables in &taken {
            tables.give_back(Space::User, self.bounds(Space::User, ledger));
            tables.give_back(Space::Engine, self.bounds(Space::Engine, ledger));
        }
        ledger.release(taken.iter().map(|tables| tables.bytes).sum());
        taken
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
