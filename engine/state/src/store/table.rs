//! The keys of one space in one scope, or in one shard of the global scope.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::sync::Arc;

use crate::Value;
use crate::value::allocated;

/// When what has no time to live expires.
pub(super) const NEVER: u64 = u64::MAX;

pub(super) struct Entry {
    pub(super) value: Value,
    /// Milliseconds; from then on the entry is not there.
    pub(super) expires: u64,
}

/// Keys in order, and those that expire by when they do.
#[derive(Default)]
pub(super) struct Table {
    entries: BTreeMap<Arc<str>, Entry>,
    deadlines: BTreeSet<(u64, Arc<str>)>,
}

impl Table {
    /// The entry, unless it has expired.
    pub(super) fn get(&self, key: &str, now: u64) -> Option<&Entry> {
        self.entries.get(key).filter(|entry| now < entry.expires)
    }

    /// The entry, expired or not.
    pub(super) fn entry_mut(&mut self, key: &str) -> Option<&mut Entry> {
        self.entries.get_mut(key)
    }

    pub(super) fn insert(&mut self, key: &str, entry: Entry) {
        let key: Arc<str> = key.into();
        if entry.expires != NEVER {
            self.deadlines.insert((entry.expires, Arc::clone(&key)));
        }
        self.entries.insert(key, entry);
    }

    /// Puts another entry under a key that is there, which expires at another time; the one that was.
    pub(super) fn replace(&mut self, key: &str, entry: Entry) -> Option<Entry> {
        let expires = entry.expires;
        let old = std::mem::replace(self.entries.get_mut(key)?, entry);
        let (key, _) = self.entries.get_key_value(key)?;
        let before = (old.expires, Arc::clone(key));
        self.deadlines.remove(&before);
        if expires != NEVER {
            self.deadlines.insert((expires, before.1));
        }
        Some(old)
    }

    pub(super) fn remove(&mut self, key: &str) -> Option<Entry> {
        let (key, entry) = self.entries.remove_entry(key)?;
        if entry.expires != NEVER {
            self.deadlines.remove(&(entry.expires, key));
        }
        Some(entry)
    }

    /// A key that has expired.
    pub(super) fn expired(&self, now: u64) -> Option<Arc<str>> {
        let (expires, key) = self.deadlines.first()?;
        (*expires <= now).then(|| Arc::clone(key))
    }

    /// A key, if there is one.
    pub(super) fn first(&self) -> Option<Arc<str>> {
        self.entries.first_key_value().map(|(key, _)| Arc::clone(key))
    }

    /// When the first key expires.
    pub(super) fn deadline(&self) -> u64 {
        self.deadlines.first().map_or(NEVER, |(expires, _)| *expires)
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn deadlines(&self) -> usize {
        self.deadlines.len()
    }

    /// How many have not expired.
    pub(super) fn live(&self, now: u64) -> usize {
        self.len() - self.deadlines.iter().take_while(|(expires, _)| *expires <= now).count()
    }

    /// Entries whose keys begin with `prefix`, in order of the keys.
    pub(super) fn list(&self, prefix: &str, now: u64) -> impl Iterator<Item = (&Arc<str>, &Value)> {
        self.entries
            .range::<str, _>((Bound::Included(prefix), Bound::Unbounded))
            .take_while(move |(key, _)| key.starts_with(prefix))
            .filter(move |(_, entry)| now < entry.expires)
            .map(|(key, entry)| (key, &entry.value))
    }
}

impl Entry {
    /// Bytes that the entry takes beside its share of the nodes.
    pub(super) fn bytes(&self, key: usize) -> usize {
        allocated(16 + key) + self.value.heap_bytes()
    }

    /// 1 if it expires, else 0: its deadlines.
    pub(super) fn deadlines(&self) -> usize {
        usize::from(self.expires != NEVER)
    }
}

/// Bytes that the nodes of a table take.
pub(super) fn node_bytes(entries: usize, deadlines: usize) -> usize {
    nodes::<(Arc<str>, Entry)>(entries) + nodes::<(u64, Arc<str>)>(deadlines)
}

/// Of a B-tree: the first leaf has room for 11 (`std::collections::btree_map`), later ones are half full to full,
/// and some stand above others.
const fn nodes<T>(len: usize) -> usize {
    let leaf = allocated(16 + 11 * size_of::<T>());
    match len {
        0 => 0,
        1..=11 => leaf,
        more => leaf + (more - 11) * (size_of::<T>() * 7 / 4 + 16),
    }
}
