//! Keys and values in scopes, for all cores at once.

mod change;
mod global;
mod keys;
mod ledger;
mod scopes;
mod table;
mod usage;

use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::limits::{SCOPES_TOLD, SHARDS};
use crate::padded::Padded;
use crate::{Limits, Number, Refusal, Value};
use change::Tables;
use global::Global;
pub use keys::Keys;
use ledger::Ledger;
use scopes::{Scopes, Visit};
pub use usage::{ScopeInfo, Usage};

/// The scope of all. It never expires.
pub const GLOBAL: &str = "";

/// Whose keys: those of one space are not seen in the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Space {
    /// Of scripts and templates.
    User,
    /// Of the engine: positions of sequences, states of scenarios.
    Engine,
}

/// State shared by all cores.
///
/// Each operation on one key is atomic, and is seen by every operation that begins after it has returned.
/// Times are milliseconds of one clock; where it goes backwards, things live longer.
pub struct Store {
    ledger: Ledger,
    global: Global,
    /// By the hash of the scope's name.
    shards: Box<[Shard]>,
    hasher: RandomState,
    /// Which shard a sweep begins with: none has to wait until others have nothing left.
    swept: AtomicUsize,
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.usage().fmt(f)
    }
}

type Shard = Padded<Scopes>;

impl Store {
    /// An empty store.
    pub fn new(limits: Limits) -> Store {
        Store {
            ledger: Ledger::new(limits),
            global: Global::default(),
            shards: (0..SHARDS).map(|_| Shard::default()).collect(),
            hasher: RandomState::new(),
            swept: AtomicUsize::new(0),
        }
    }

    /// What it is limited to.
    pub fn limits(&self) -> &Limits {
        self.ledger.limits()
    }

    /// The keys of the engine: no operation on the user's sees them, and [`Store::clear`] clears them too.
    pub fn engine(&self) -> Keys<'_> {
        self.space(Space::Engine)
    }

    /// The keys of a space.
    pub fn space(&self, space: Space) -> Keys<'_> {
        Keys { store: self, space }
    }
}

/// The user's keys; what each does is told at [`Keys`].
#[allow(missing_docs, clippy::missing_errors_doc)]
impl Store {
    pub fn get(&self, scope: &str, key: &str, now: u64) -> Option<Value> {
        self.space(Space::User).get(scope, key, now)
    }

    pub fn set(
        &self,
        scope: &str,
        key: &str,
        value: Value,
        ttl: Option<u64>,
        now: u64,
    ) -> Result<(), Refusal> {
        self.space(Space::User).set(scope, key, value, ttl, now)
    }

    pub fn delete(&self, scope: &str, key: &str, now: u64) -> bool {
        self.space(Space::User).delete(scope, key, now)
    }

    pub fn increment(
        &self,
        scope: &str,
        key: &str,
        by: impl Into<Number>,
        now: u64,
    ) -> Result<Value, Refusal> {
        self.space(Space::User).increment(scope, key, by, now)
    }

    pub fn compare_and_set(
        &self,
        scope: &str,
        key: &str,
        expected: Option<&Value>,
        new: Option<Value>,
        ttl: Option<u64>,
        now: u64,
    ) -> Result<bool, Refusal> {
        self.space(Space::User).compare_and_set(scope, key, expected, new, ttl, now)
    }

    pub fn append(&self, scope: &str, key: &str, value: Value, now: u64) -> Result<usize, Refusal> {
        self.space(Space::User).append(scope, key, value, now)
    }

    pub fn list(&self, scope: &str, prefix: &str, limit: usize, now: u64) -> Vec<(Box<str>, Value)> {
        self.space(Space::User).list(scope, prefix, limit, now)
    }
}

impl Store {
    /// Removes all keys of a scope at one moment, the engine's too; how many of the user's there were.
    pub fn clear(&self, scope: &str, now: u64) -> usize {
        if scope == GLOBAL {
            return self.global.clear(now, &self.ledger);
        }
        let visit = self.visit(scope, now);
        let garbage = self.shard(visit.hash).lock().clear(&visit);
        garbage.user_keys(now)
    }

    /// Removes keys that have expired, by themselves or with their scope; how many. Each of them, and each scope
    /// looked at, costs one of the budget. Writes do it too, a few at a time, so this is for what is not written to.
    pub fn sweep(&self, now: u64, mut budget: usize) -> usize {
        let first = self.swept.fetch_add(1, Ordering::Relaxed);
        let mut removed = 0;
        for index in (0..SHARDS).map(|step| first.wrapping_add(step) % SHARDS) {
            if budget == 0 {
                break;
            }
            let expired =
                self.global.shards()[index].lock().expire(now, budget, self.global.bounds(&self.ledger));
            budget -= expired;
            removed += expired;
            removed += self.shards[index].lock().sweep(now, &mut budget, &self.ledger, &self.hasher);
        }
        removed
    }

    /// How much there is.
    pub fn usage(&self) -> Usage {
        self.ledger.usage()
    }

    /// The global scope, if it has keys, and up to 1,000 others, by name.
    pub fn scopes(&self, now: u64) -> Vec<ScopeInfo> {
        let mut told = Vec::from_iter(self.global.tell(now));
        for shard in &self.shards {
            let room = (SCOPES_TOLD + 1).saturating_sub(told.len());
            told.extend(shard.lock().tell(now, room, &self.ledger));
        }
        told.sort_unstable_by(|left, right| left.name.cmp(&right.name));
        told
    }

    fn visit<'a>(&'a self, name: &'a str, now: u64) -> Visit<'a> {
        Visit { hash: self.hasher.hash_one(name), name, now, ledger: &self.ledger }
    }

    fn shard(&self, hash: u64) -> &Shard {
        &self.shards[hash as usize % SHARDS]
    }

    fn global_shard(&self, key: &str) -> &Padded<Tables> {
        self.global.shard(self.hasher.hash_one(key))
    }
}
