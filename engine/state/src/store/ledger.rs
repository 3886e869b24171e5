//! What the store holds, counted where all cores see it.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};

use crate::{Limits, Refusal};

/// Counts of the whole store. What is taken is given back when what it was taken for goes.
#[repr(align(128))]
pub(super) struct Ledger {
    limits: Limits,
    bytes: AtomicUsize,
    keys: AtomicUsize,
    scopes: AtomicUsize,
    refused: AtomicU64,
}

/// Takes from what is left under `limit`.
pub(super) fn take(count: &AtomicUsize, more: usize, limit: usize) -> bool {
    let fits = |held: usize| held.checked_add(more).filter(|sum| *sum <= limit);
    count.fetch_update(Relaxed, Relaxed, fits).is_ok()
}

impl Ledger {
    pub(super) fn new(limits: Limits) -> Ledger {
        Ledger {
            limits,
            bytes: AtomicUsize::new(0),
            keys: AtomicUsize::new(0),
            scopes: AtomicUsize::new(0),
            refused: AtomicU64::new(0),
        }
    }

    pub(super) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Takes the difference of two sizes, or gives it back.
    pub(super) fn resize(&self, before: usize, after: usize) -> Result<(), Refusal> {
        if after < before {
            self.bytes.fetch_sub(before - after, Relaxed);
        } else if after > before && !take(&self.bytes, after - before, self.limits.bytes) {
            return Err(Refusal::Full { limit: self.limits.bytes });
        }
        Ok(())
    }

    pub(super) fn release(&self, bytes: usize) {
        self.bytes.fetch_sub(bytes, Relaxed);
    }

    pub(super) fn add_key(&self) {
        self.keys.fetch_add(1, Relaxed);
    }

    pub(super) fn drop_keys(&self, keys: usize) {
        self.keys.fetch_sub(keys, Relaxed);
    }

    pub(super) fn add_scope(&self, bytes: usize) -> Result<(), Refusal> {
        if !take(&self.scopes, 1, self.limits.scopes) {
            return Err(Refusal::TooManyScopes { limit: self.limits.scopes });
        }
        self.resize(0, bytes).inspect_err(|_| {
            self.scopes.fetch_sub(1, Relaxed);
        })
    }

    pub(super) fn drop_scope(&self, bytes: usize) {
        self.scopes.fetch_sub(1, Relaxed);
        self.release(bytes);
    }

    pub(super) fn refuse(&self) {
        self.refused.fetch_add(1, Relaxed);
    }

    pub(super) fn usage(&self) -> super::Usage {
        super::Usage {
            bytes: self.bytes.load(Relaxed),
            scopes: self.scopes.load(Relaxed),
            keys: self.keys.load(Relaxed),
            refused: self.refused.load(Relaxed),
        }
    }
}
