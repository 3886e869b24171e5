//! How many requests are being answered at a time, of all workers together. Counted only where that has a limit.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// Those that are being answered.
#[derive(Clone, Default)]
pub(crate) struct Crowd(Arc<AtomicUsize>);

/// A request among them, until it is dropped.
pub(crate) struct Place(Crowd);

impl Crowd {
    /// A place for one more, unless there are `limit` already.
    pub(crate) fn enter(&self, limit: usize) -> Option<Place> {
        let more = |count: usize| (count < limit).then_some(count + 1);
        self.0.fetch_update(Relaxed, Relaxed, more).ok().map(|_| Place(self.clone()))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_is_exact_at_its_edge() {
        let crowd = Crowd::default();
        let places = [crowd.enter(2), crowd.enter(2)];
        assert!(places.iter().all(Option::is_some) && crowd.enter(2).is_none());
        drop(places);
        assert!(crowd.enter(1).is_some());
    }
}
