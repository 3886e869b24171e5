//! The scopes of one shard.

use std::collections::BTreeSet;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

use hashbrown::HashTable;

use super::ScopeInfo;
use super::change::{Bounds, Change, Garbage, Tables};
use super::ledger::Ledger;
use crate::Refusal;
use crate::value::allocated;

#[derive(Default)]
pub(super) struct Scopes {
    table: HashTable<Scope>,
    /// When each scope is to be looked at: not later than it, or one of its keys, may have expired.
    due: BTreeSet<(u64, Arc<str>)>,
    /// Of scopes that expired: they go a few keys at a time.
    expired: Vec<Tables>,
}

struct Scope {
    hash: u64,
    name: Arc<str>,
    tables: Tables,
    /// Last use, milliseconds.
    used: u64,
    /// Its place in [`Scopes::due`].
    due: u64,
}

/// Which scope, at what time, under which bounds.
#[derive(Clone, Copy)]
pub(super) struct Visit<'a> {
    pub(super) hash: u64,
    pub(super) name: &'a str,
    pub(super) now: u64,
    pub(super) ledger: &'a Ledger,
}

impl Visit<'_> {
    pub(super) fn bounds(&self) -> Bounds<'_> {
        Bounds { ledger: self.ledger, keys: None }
    }

    fn idle(&self) -> u64 {
        self.ledger.limits().scope_idle
    }
}

impl Scope {
    fn expired(&self, visit: &Visit) -> bool {
        visit.now.saturating_sub(self.used) >= visit.idle()
    }

    fn bytes(name: &str) -> usize {
        // A slot of the hash table (7/8 to 7/16 full), the name, its place in the queue.
        size_of::<Scope>() * 3 / 2 + allocated(16 + name.len()) + size_of::<(u64, Arc<str>)>() * 7 / 4
    }
}

impl Scopes {
    fn find(&mut self, visit: &Visit) -> Option<&mut Scope> {
        self.table.find_mut(visit.hash, |scope| &*scope.name == visit.name)
    }

    /// Reads the tables of a scope that is there; this is a use of it.
    pub(super) fn read<R>(&mut self, visit: &Visit, read: impl FnOnce(&Tables) -> R) -> Option<R> {
        let scope = self.find(visit)?;
        if scope.expired(visit) {
            self.expire(visit);
            return None;
        }
        scope.used = scope.used.max(visit.now);
        Some(read(&scope.tables))
    }

    /// Changes the tables of a scope; one that is not there is made if `create`, else nothing happens.
    /// A scope without keys is none.
    pub(super) fn write<R>(
        &mut self,
        visit: &Visit,
        create: bool,
        write: impl FnOnce(&mut Tables) -> Result<R, Refusal>,
    ) -> Result<Option<R>, Refusal> {
        let expired = self.find(visit).map(|scope| scope.expired(visit));
        if expired == Some(true) {
            self.expire(visit);
        }
        if expired != Some(false) && create {
            self.insert(visit)?;
        }
        let Some(scope) = self.find(visit) else { return Ok(None) };
        scope.used = scope.used.max(visit.now);
        let result = write(&mut scope.tables);
        if scope.tables.is_empty() {
            self.remove(visit);
        } else {
            let due = scope.tables.deadline();
            if due < scope.due {
                let before = (std::mem::replace(&mut scope.due, due), Arc::clone(&scope.name));
                self.due.remove(&before);
                self.due.insert((due, before.1));
            }
        }
        result.map(Some)
    }

    fn insert(&mut self, visit: &Visit) -> Result<(), Refusal> {
        visit.ledger.add_scope(Scope::bytes(visit.name))?;
        let name: Arc<str> = visit.name.into();
        let due = visit.now.saturating_add(visit.idle());
        self.due.insert((due, Arc::clone(&name)));
        let scope = Scope { hash: visit.hash, name, tables: Tables::default(), used: visit.now, due };
        self.table.insert_unique(visit.hash, scope, |scope| scope.hash);
        Ok(())
    }

    /// Clears a scope; what was in it, if it had not expired.
    pub(super) fn clear(&mut self, visit: &Visit) -> Garbage {
        match self.find(visit).map(|scope| scope.expired(visit)) {
            None => Garbage::Nothing,
            Some(true) => {
                self.expire(visit);
                Garbage::Nothing
            }
            Some(false) => {
                let cleared = self.write(visit, false, |tables| tables.apply(Change::Clear, visit.bounds()));
                cleared.ok().flatten().unwrap_or(Garbage::Nothing)
            }
        }
    }

    fn expire(&mut self, visit: &Visit) {
        let expired = self.remove(visit);
        self.expired.extend(expired);
    }

    /// Forgets a scope; what was in it.
    fn remove(&mut self, visit: &Visit) -> Option<Tables> {
        let found = self.table.find_entry(visit.hash, |scope| &*scope.name == visit.name).ok()?;
        let (scope, _) = found.remove();
        self.shrink();
        visit.ledger.drop_scope(Scope::bytes(&scope.name));
        self.due.remove(&(scope.due, scope.name));
        Some(scope.tables)
    }

    fn shrink(&mut self) {
        if self.table.len() < self.table.capacity() / 8 {
            self.table.shrink_to(self.table.len() * 2, |scope| scope.hash);
        }
    }

    /// Removes keys that have expired; how many. Each of them, and each scope looked at, costs one of the budget.
    pub(super) fn sweep(
        &mut self,
        now: u64,
        budget: &mut usize,
        ledger: &Ledger,
        hasher: &RandomState,
    ) -> usize {
        let mut removed = self.dismantle(budget, ledger);
        while *budget > 0 && self.due.first().is_some_and(|(due, _)| *due <= now) {
            let Some((_, name)) = self.due.pop_first() else { break };
            *budget -= 1;
            let visit = Visit { hash: hasher.hash_one(&*name), name: &name, now, ledger };
            removed += self.look_at(&visit, budget);
        }
        removed
    }

    /// A scope that is due: it goes, or its expired keys do, and it is due later.
    fn look_at(&mut self, visit: &Visit, budget: &mut usize) -> usize {
        let Some(scope) = self.find(visit) else { return 0 };
        if scope.expired(visit) {
            self.expire(visit);
            return self.dismantle(budget, visit.ledger);
        }
        let removed = scope.tables.expire(visit.now, *budget, visit.bounds());
        *budget -= removed;
        scope.due = scope.tables.deadline().min(scope.used.saturating_add(visit.idle()));
        if scope.tables.is_empty() {
            self.remove(visit);
            return removed;
        }
        let place = (scope.due, Arc::clone(&scope.name));
        self.due.insert(place);
        removed
    }

    /// Removes keys of scopes that have expired; how many.
    fn dismantle(&mut self, budget: &mut usize, ledger: &Ledger) -> usize {
        let mut removed = 0;
        while *budget > 0 {
            let Some(tables) = self.expired.last_mut() else { break };
            let some = tables.dismantle(*budget, Bounds { ledger, keys: None });
            *budget -= some;
            removed += some;
            if tables.is_empty() {
                self.expired.pop();
            }
        }
        if self.expired.is_empty() {
            self.expired = Vec::new();
        }
        removed
    }

    /// Up to `most` scopes that have not expired.
    pub(super) fn tell(&self, now: u64, most: usize, ledger: &Ledger) -> Vec<ScopeInfo> {
        let visit = Visit { hash: 0, name: "", now, ledger };
        let live = self.table.iter().filter(|scope| !scope.expired(&visit));
        live.take(most)
            .map(|scope| ScopeInfo {
                name: scope.name.as_ref().into(),
                keys: scope.tables.user.live(now),
                bytes: Scope::bytes(&scope.name) + scope.tables.bytes,
                idle: now.saturating_sub(scope.used),
            })
            .collect()
    }
}
