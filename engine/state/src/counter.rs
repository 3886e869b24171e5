//! Numbers that one thread counts and others read.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// One number, written by one thread, read by any.
#[derive(Debug, Default)]
pub struct Counter(AtomicU64);

impl Counter {
    /// Adds to it. Only the thread that it belongs to may do so: with one writer a load and a store are enough, and
    /// cheaper than an atomic addition.
    #[inline]
    pub fn add(&self, more: u64) {
        self.0.store(self.0.load(Relaxed).wrapping_add(more), Relaxed);
    }

    /// What it is now.
    pub fn get(&self) -> u64 {
        self.0.load(Relaxed)
    }
}
