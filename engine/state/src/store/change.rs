//! Every change of state: one list of them, done in one place.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use super::Space;
use super::ledger::{Ledger, take};
use super::table::{Entry, Table, entry_bytes, node_bytes};
use crate::{Refusal, Value};

/// What becomes of a key.
pub(super) enum Change<'a> {
    /// The value is there until `expires`.
    Put {
        value: Value,
        expires: u64,
    },
    /// The array there gets one more element, given as JSON.
    Push {
        json: &'a str,
        depth: u8,
    },
    Remove,
}

/// Tables of a scope, or of one shard of the global scope.
#[derive(Default)]
pub(super) struct Tables {
    pub(super) user: Table,
    pub(super) engine: Table,
    /// Taken from the ledger for what is in the tables.
    pub(super) bytes: usize,
}

/// What bounds the tables: counts that others share.
#[derive(Clone, Copy)]
pub(super) struct Bounds<'a> {
    pub(super) ledger: &'a Ledger,
    /// Keys of the space in all shards of the scope, where it has several.
    pub(super) keys: Option<&'a AtomicUsize>,
}

/// What was there, to be dropped when nothing is locked any more.
pub(super) type Garbage = Option<Entry>;

impl Tables {
    pub(super) fn of(&self, space: Space) -> &Table {
        match space {
            Space::User => &self.user,
            Space::Engine => &self.engine,
        }
    }

    fn of_mut(&mut self, space: Space) -> &mut Table {
        match space {
            Space::User => &mut self.user,
            Space::Engine => &mut self.engine,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.keys() == 0
    }

    pub(super) fn keys(&self) -> usize {
        self.user.len() + self.engine.len()
    }

    /// When the first key expires.
    pub(super) fn deadline(&self) -> u64 {
        self.user.deadline().min(self.engine.deadline())
    }

    /// Does a change: the one place where keys and values change.
    ///
    /// # Errors
    ///
    /// [`Refusal::Full`], [`Refusal::TooManyKeys`]; then nothing has changed.
    pub(super) fn apply(
        &mut self,
        space: Space,
        key: &str,
        change: Change,
        bounds: Bounds,
    ) -> Result<Garbage, Refusal> {
        match change {
            Change::Put { value, expires } => self.put(space, key, Entry { value, expires }, bounds),
            Change::Push { json, depth } => self.push(space, key, json, depth, bounds).map(|()| None),
            Change::Remove => Ok(self.remove(space, key, bounds)),
        }
    }

    fn put(&mut self, space: Space, key: &str, entry: Entry, bounds: Bounds) -> Result<Garbage, Refusal> {
        let after = entry_bytes(key.len(), entry.value.heap_bytes(), entry.expires);
        let table = self.of(space);
        if let Some(old) = table.entry(key) {
            let before = entry_bytes(key.len(), old.value.heap_bytes(), old.expires);
            self.resize(before, after, bounds)?;
            return Ok(self.of_mut(space).replace(key, entry));
        }
        let (len, nodes) = (table.len(), node_bytes(table.len() + 1) - node_bytes(table.len()));
        bounds.take_key(len)?;
        self.resize(0, after + nodes, bounds).inspect_err(|_| bounds.drop_keys(1))?;
        self.of_mut(space).insert(key, entry);
        bounds.ledger.add_key();
        Ok(None)
    }

    fn push(
        &mut self,
        space: Space,
        key: &str,
        json: &str,
        depth: u8,
        bounds: Bounds,
    ) -> Result<(), Refusal> {
        let Some(entry) = self.of(space).entry(key) else { return Ok(()) };
        let (before, after) = (entry.value.heap_bytes(), entry.value.grown(json.len()).heap_bytes());
        self.resize(before, after, bounds)?;
        if let Some(entry) = self.of_mut(space).entry_mut(key) {
            entry.value.push(json, depth);
        }
        Ok(())
    }

    fn remove(&mut self, space: Space, key: &str, bounds: Bounds) -> Garbage {
        let table = self.of_mut(space);
        let old = table.remove(key)?;
        let nodes = node_bytes(table.len() + 1) - node_bytes(table.len());
        let bytes = nodes + entry_bytes(key.len(), old.value.heap_bytes(), old.expires);
        self.bytes -= bytes;
        bounds.ledger.release(bytes);
        bounds.ledger.drop_keys(1);
        bounds.drop_keys(1);
        Some(old)
    }

    fn resize(&mut self, before: usize, after: usize, bounds: Bounds) -> Result<(), Refusal> {
        bounds.ledger.resize(before, after)?;
        self.bytes = self.bytes + after - before;
        Ok(())
    }

    /// Tells the counts that the keys of a space are gone, as the tables are.
    pub(super) fn give_back(&self, space: Space, bounds: Bounds) {
        bounds.ledger.drop_keys(self.of(space).len());
        bounds.drop_keys(self.of(space).len());
    }

    /// Removes up to `budget` keys that have expired; how many.
    pub(super) fn expire(&mut self, space: Space, now: u64, budget: usize, bounds: Bounds) -> usize {
        let mut removed = 0;
        while removed < budget {
            let Some(key) = self.of(space).expired(now) else { break };
            self.remove(space, &key, bounds);
            removed += 1;
        }
        removed
    }
}

impl Bounds<'_> {
    /// Room for one more key beside `len` others in the table.
    fn take_key(self, len: usize) -> Result<(), Refusal> {
        let limit = self.ledger.limits().keys;
        let fits = self.keys.map_or(len < limit, |keys| take(keys, 1, limit));
        if fits { Ok(()) } else { Err(Refusal::TooManyKeys { limit }) }
    }

    fn drop_keys(self, count: usize) {
        if let Some(keys) = self.keys {
            keys.fetch_sub(count, Relaxed);
        }
    }
}
