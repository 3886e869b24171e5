//! Every change of state: one list of them, done in one place.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use super::Space;
use super::ledger::{Ledger, take};
use super::table::{Entry, Table, node_bytes};
use crate::{Refusal, Value};

/// What becomes of the tables of a scope. What expires is no change: it follows from what was put.
pub(super) enum Change<'a> {
    /// The value is there until `expires`.
    Put {
        space: Space,
        key: &'a str,
        value: Value,
        expires: u64,
    },
    /// The array there gets one more element, given as JSON.
    Push {
        space: Space,
        key: &'a str,
        json: &'a str,
        depth: u8,
    },
    Remove {
        space: Space,
        key: &'a str,
    },
    /// Nothing is left, in no space.
    Clear,
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
    /// Keys in all shards of the scope, by space, where it has several.
    pub(super) keys: Option<&'a [AtomicUsize; 2]>,
}

/// What was there, to be dropped when nothing is locked any more.
pub(super) enum Garbage {
    Nothing,
    Entry { _old: Entry },
    Tables(Box<Tables>),
}

impl Tables {
    pub(super) fn of(&self, space: Space) -> &Table {
        match space {
            Space::User => &self.user,
            Space::Engine => &self.engine,
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
    pub(super) fn apply(&mut self, change: Change, bounds: Bounds) -> Result<Garbage, Refusal> {
        match change {
            Change::Put { space, key, value, expires } => {
                self.put(space, key, Entry { value, expires }, bounds)
            }
            Change::Push { space, key, json, depth } => self.push(space, key, json, depth, bounds),
            Change::Remove { space, key } => Ok(self.remove(space, key, bounds)),
            Change::Clear => Ok(self.clear(bounds)),
        }
    }

    /// The tables by themselves, so that an entry can be held while bytes are counted.
    fn split(&mut self, space: Space) -> (&mut Table, &mut usize) {
        match space {
            Space::User => (&mut self.user, &mut self.bytes),
            Space::Engine => (&mut self.engine, &mut self.bytes),
        }
    }

    fn put(&mut self, space: Space, key: &str, entry: Entry, bounds: Bounds) -> Result<Garbage, Refusal> {
        let (table, bytes) = self.split(space);
        let (len, deadlines) = (table.len(), table.deadlines());
        let after = entry.bytes(key.len());
        if let Some(old) = table.entry_mut(key) {
            let before = old.bytes(key.len()) + node_bytes(len, deadlines);
            let after = after + node_bytes(len, deadlines + entry.deadlines() - old.deadlines());
            bounds.resize(bytes, before, after)?;
            if old.expires == entry.expires {
                return Ok(garbage(Some(std::mem::replace(old, entry))));
            }
            return Ok(garbage(table.replace(key, entry)));
        }
        let nodes = node_bytes(len + 1, deadlines + entry.deadlines()) - node_bytes(len, deadlines);
        bounds.take_key(space, len)?;
        bounds.resize(bytes, 0, after + nodes).inspect_err(|_| bounds.drop_keys(space, 1))?;
        table.insert(key, entry);
        bounds.ledger.add_key();
        Ok(Garbage::Nothing)
    }

    fn push(
        &mut self,
        space: Space,
        key: &str,
        json: &str,
        depth: u8,
        bounds: Bounds,
    ) -> Result<Garbage, Refusal> {
        let (table, bytes) = self.split(space);
        if let Some(entry) = table.entry_mut(key) {
            let after = entry.value.grown(json.len()).heap_bytes();
            bounds.resize(bytes, entry.value.heap_bytes(), after)?;
            entry.value.push(json, depth);
        }
        Ok(Garbage::Nothing)
    }

    fn remove(&mut self, space: Space, key: &str, bounds: Bounds) -> Garbage {
        let (table, held) = self.split(space);
        let Some(old) = table.remove(key) else { return Garbage::Nothing };
        let (len, deadlines) = (table.len(), table.deadlines());
        let nodes = node_bytes(len + 1, deadlines + old.deadlines()) - node_bytes(len, deadlines);
        let bytes = nodes + old.bytes(key.len());
        *held -= bytes;
        bounds.ledger.release(bytes);
        bounds.drop_keys(space, 1);
        bounds.ledger.drop_keys(1);
        garbage(Some(old))
    }

    fn clear(&mut self, bounds: Bounds) -> Garbage {
        let taken = std::mem::take(self);
        for space in [Space::User, Space::Engine] {
            bounds.drop_keys(space, taken.of(space).len());
        }
        bounds.ledger.drop_keys(taken.keys());
        bounds.ledger.release(taken.bytes);
        Garbage::Tables(Box::new(taken))
    }

    /// Removes up to `budget` keys that have expired; how many.
    pub(super) fn expire(&mut self, now: u64, budget: usize, bounds: Bounds) -> usize {
        self.drain(budget, bounds, |table| table.expired(now))
    }

    /// Removes up to `budget` keys of any kind; how many.
    pub(super) fn dismantle(&mut self, budget: usize, bounds: Bounds) -> usize {
        self.drain(budget, bounds, Table::first)
    }

    fn drain(&mut self, budget: usize, bounds: Bounds, next: impl Fn(&Table) -> Option<Arc<str>>) -> usize {
        let mut removed = 0;
        for space in [Space::User, Space::Engine] {
            while removed < budget {
                let Some(key) = next(self.of(space)) else { break };
                self.remove(space, &key, bounds);
                removed += 1;
            }
        }
        removed
    }
}

impl Garbage {
    /// How many keys of the user had not expired when the tables were cleared.
    pub(super) fn user_keys(&self, now: u64) -> usize {
        match self {
            Garbage::Tables(tables) => tables.user.live(now),
            Garbage::Nothing | Garbage::Entry { .. } => 0,
        }
    }
}

fn garbage(old: Option<Entry>) -> Garbage {
    old.map_or(Garbage::Nothing, |old| Garbage::Entry { _old: old })
}

impl Bounds<'_> {
    /// Room for one more key beside `len` others in the table.
    fn take_key(self, space: Space, len: usize) -> Result<(), Refusal> {
        let limit = self.ledger.limits().keys;
        let fits = self.keys.map_or(len < limit, |keys| take(&keys[space as usize], 1, limit));
        if fits { Ok(()) } else { Err(Refusal::TooManyKeys { limit }) }
    }

    /// What was taken for the tables becomes more or less.
    fn resize(self, held: &mut usize, before: usize, after: usize) -> Result<(), Refusal> {
        self.ledger.resize(before, after)?;
        *held = *held + after - before;
        Ok(())
    }

    fn drop_keys(self, space: Space, count: usize) {
        if let Some(keys) = self.keys {
            keys[space as usize].fetch_sub(count, Relaxed);
        }
    }
}
