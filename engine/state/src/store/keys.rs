//! The operations on keys.

use super::change::{Bounds, Change, Garbage, Tables};
use super::table::{Entry, NEVER};
use super::{GLOBAL, Space, Store};
use crate::limits::{LISTED, SWEPT_BEFORE_A_REFUSAL, SWEPT_BY_A_WRITE};
use crate::{Number, Refusal, Value};

/// The keys of one space of a [`Store`]. `now` is in milliseconds, as is time to live.
#[derive(Clone, Copy)]
pub struct Keys<'a> {
    pub(super) store: &'a Store,
    pub(super) space: Space,
}

/// Which key, when.
#[derive(Clone, Copy)]
struct At<'a> {
    scope: &'a str,
    key: &'a str,
    now: u64,
}

/// What an operation decides when it has seen the entry: the change, if any, and the answer.
type Decision<'a, R> = Result<(Option<Change<'a>>, R), Refusal>;

impl Keys<'_> {
    /// The value, if there is one.
    pub fn get(&self, scope: &str, key: &str, now: u64) -> Option<Value> {
        let read = |tables: &Tables| Some(tables.of(self.space).get(key, now)?.value.clone());
        if scope == GLOBAL {
            return read(&self.store.global_shard(key).lock());
        }
        let visit = self.store.visit(scope, now);
        self.store.shard(visit.hash).lock().read(&visit, read)?
    }

    /// Puts a value in place of what was, for `ttl` milliseconds or until it is deleted.
    ///
    /// # Errors
    ///
    /// For want of room, and where key or value are too long.
    pub fn set(
        &self,
        scope: &str,
        key: &str,
        value: Value,
        ttl: Option<u64>,
        now: u64,
    ) -> Result<(), Refusal> {
        let (space, expires) = (self.space, expires(ttl, now));
        self.counted(|| {
            self.check_value(value.text_bytes())?;
            self.change(At { scope, key, now }, true, |_| {
                Ok((Some(Change::Put { space, key, value: value.clone(), expires }), ()))
            })
        })
    }

    /// Removes a key; was it there?
    pub fn delete(&self, scope: &str, key: &str, now: u64) -> bool {
        let space = self.space;
        let removed = self.change(At { scope, key, now }, false, |entry| {
            Ok((Some(Change::Remove { space, key }), entry.is_some()))
        });
        removed.unwrap_or(false)
    }

    /// Adds to a number, and gives the sum; what is not there is 0. The time to live stays.
    ///
    /// # Errors
    ///
    /// [`Refusal::NotANumber`], [`Refusal::Overflow`], and those of [`Keys::set`].
    pub fn increment(
        &self,
        scope: &str,
        key: &str,
        by: impl Into<Number>,
        now: u64,
    ) -> Result<Value, Refusal> {
        let (space, by) = (self.space, by.into());
        self.counted(|| {
            self.change(At { scope, key, now }, true, |entry| {
                let (held, expires) = match entry {
                    None => (Number::Integer(0), NEVER),
                    Some(Entry { value, expires }) => {
                        let found = value.describe();
                        (value.as_number().ok_or(Refusal::NotANumber { found })?, *expires)
                    }
                };
                let value = Value::from(held.plus(by)?);
                Ok((Some(Change::Put { space, key, value: value.clone(), expires }), value))
            })
        })
    }

    /// Puts `new`, or deletes for `None`, if what is there equals `expected` (`None`: nothing is there), by the
    /// meaning in JSON; was it so?
    ///
    /// # Errors
    ///
    /// Those of [`Keys::set`].
    pub fn compare_and_set(
        &self,
        scope: &str,
        key: &str,
        expected: Option<&Value>,
        new: Option<Value>,
        ttl: Option<u64>,
        now: u64,
    ) -> Result<bool, Refusal> {
        let (space, at) = (self.space, At { scope, key, now });
        let change = || match &new {
            None => Change::Remove { space, key },
            Some(value) => Change::Put { space, key, value: value.clone(), expires: expires(ttl, now) },
        };
        self.counted(|| {
            self.check_value(new.as_ref().map_or(0, Value::text_bytes))?;
            match expected {
                Some(expected) if expected.is_structured() => self.swap_structured(at, expected, change),
                expected => self.change(at, expected.is_none() && new.is_some(), |entry| {
                    let equal = entry.map(|entry| &entry.value) == expected;
                    Ok((equal.then(change), equal))
                }),
            }
        })
    }

    /// Arrays and objects are compared while nothing is locked, and the change is made if the value is still the
    /// very one that was compared. Who tries again does so because another has succeeded.
    fn swap_structured<'c>(
        &self,
        at: At,
        expected: &Value,
        change: impl Fn() -> Change<'c>,
    ) -> Result<bool, Refusal> {
        loop {
            let Some(seen) = self.get(at.scope, at.key, at.now).filter(|seen| seen == expected) else {
                return Ok(false);
            };
            let changed = self.change(at, false, |entry| {
                let same = entry.is_some_and(|entry| entry.value.is_same(&seen));
                Ok((same.then(&change), same))
            })?;
            if changed {
                return Ok(true);
            }
        }
    }

    /// Appends to an array, and gives its new length; what is not there is an empty array. The time to live stays.
    /// The time it takes does not depend on the length, save for the first element appended to a value that was set.
    ///
    /// # Errors
    ///
    /// [`Refusal::NotAnArray`], [`Refusal::TooDeep`], and those of [`Keys::set`].
    pub fn append(&self, scope: &str, key: &str, value: Value, now: u64) -> Result<usize, Refusal> {
        let (space, json) = (self.space, value.to_json());
        self.counted(|| {
            self.check_value(json.len())?;
            self.change(At { scope, key, now }, true, |entry| {
                let Some(Entry { value: array, .. }) = entry else {
                    let empty = Value::empty_array();
                    empty.check_append(&value)?;
                    self.check_value(empty.grown(json.len()).text_bytes())?;
                    let first = empty.with(&json, value.depth());
                    return Ok((Some(Change::Put { space, key, value: first, expires: NEVER }), 1));
                };
                array.check_append(&value)?;
                self.check_value(array.grown(json.len()).text_bytes())?;
                let length = array.array_len().unwrap_or_default() + 1;
                Ok((Some(Change::Push { space, key, json: &json, depth: value.depth() }), length))
            })
        })
    }

    /// Up to `limit` keys, and not more than 10,000, that begin with `prefix`, with their values, in order of the
    /// keys (by bytes).
    ///
    /// Of one scope they are as they were at one moment; of the global scope each is as it was at some moment
    /// during the call, and a key that was there all the while is not left out for one that comes after it.
    pub fn list(&self, scope: &str, prefix: &str, limit: usize, now: u64) -> Vec<(Box<str>, Value)> {
        let limit = limit.min(LISTED);
        let read = |tables: &Tables| -> Vec<_> {
            let entries = tables.of(self.space).list(prefix, now).take(limit);
            entries.map(|(key, value)| (key.clone(), value.clone())).collect()
        };
        let mut found = if scope == GLOBAL {
            self.store.global.shards().iter().flat_map(|shard| read(&shard.lock())).collect()
        } else {
            let visit = self.store.visit(scope, now);
            self.store.shard(visit.hash).lock().read(&visit, read).unwrap_or_default()
        };
        found.sort_unstable_by(|(left, _), (right, _)| left.cmp(right));
        found.truncate(limit);
        found.into_iter().map(|(key, value)| (Box::from(&*key), value)).collect()
    }

    fn check_value(&self, bytes: usize) -> Result<(), Refusal> {
        let limit = self.store.limits().value_bytes;
        if bytes > limit { Err(Refusal::ValueTooLong { bytes, limit }) } else { Ok(()) }
    }

    fn check_names(&self, at: At) -> Result<(), Refusal> {
        let limit = self.store.limits().key_bytes;
        if at.key.len() > limit {
            return Err(Refusal::KeyTooLong { bytes: at.key.len(), limit });
        }
        if at.scope.len() > limit {
            return Err(Refusal::ScopeTooLong { bytes: at.scope.len(), limit });
        }
        Ok(())
    }

    fn counted<R>(&self, operation: impl FnOnce() -> Result<R, Refusal>) -> Result<R, Refusal> {
        operation().inspect_err(|_| self.store.ledger.refuse())
    }

    /// Decides on a change and makes it, as one step. What expired does not stand in the way: it is swept, and
    /// the step is tried again, before it is refused for want of room.
    fn change<'c, R>(
        &self,
        at: At,
        create: bool,
        decide: impl Fn(Option<&Entry>) -> Decision<'c, R>,
    ) -> Result<R, Refusal> {
        self.check_names(at)?;
        let absent = || decide(None).map(|(_, answer)| answer);
        let attempt = || match at.scope {
            GLOBAL => self.change_global(at, &decide),
            _ => self.change_scoped(at, create, &decide)?.map_or_else(absent, Ok),
        };
        match attempt() {
            Err(refusal) if refusal.is_full() && self.store.sweep(at.now, SWEPT_BEFORE_A_REFUSAL) > 0 => {
                attempt()
            }
            result => result,
        }
    }

    fn change_global<'c, R>(
        &self,
        at: At,
        decide: &impl Fn(Option<&Entry>) -> Decision<'c, R>,
    ) -> Result<R, Refusal> {
        let bounds = self.store.global.bounds(&self.store.ledger);
        let mut tables = self.store.global_shard(at.key).lock();
        let done = self.step(&mut tables, at, bounds, decide)?;
        tables.expire(at.now, SWEPT_BY_A_WRITE, bounds);
        drop(tables);
        let (_garbage, answer) = done;
        Ok(answer)
    }

    fn change_scoped<'c, R>(
        &self,
        at: At,
        create: bool,
        decide: &impl Fn(Option<&Entry>) -> Decision<'c, R>,
    ) -> Result<Option<R>, Refusal> {
        let visit = self.store.visit(at.scope, at.now);
        let mut scopes = self.store.shard(visit.hash).lock();
        let done = scopes.write(&visit, create, |tables| self.step(tables, at, visit.bounds(), decide))?;
        let mut budget = SWEPT_BY_A_WRITE;
        scopes.sweep(at.now, &mut budget, &self.store.ledger, &self.store.hasher);
        drop(scopes);
        Ok(done.map(|(_garbage, answer)| answer))
    }

    fn step<'c, R>(
        &self,
        tables: &mut Tables,
        at: At,
        bounds: Bounds,
        decide: &impl Fn(Option<&Entry>) -> Decision<'c, R>,
    ) -> Result<(Garbage, R), Refusal> {
        let (change, answer) = decide(tables.of(self.space).get(at.key, at.now))?;
        let garbage = change.map_or(Ok(Garbage::Nothing), |change| tables.apply(change, bounds))?;
        Ok((garbage, answer))
    }
}

fn expires(ttl: Option<u64>, now: u64) -> u64 {
    ttl.map_or(NEVER, |ttl| now.saturating_add(ttl))
}
