//! An operation that scenarios strike, and how many of its requests have come.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use mocker_schema::generate::Key;

/// An operation that scenarios strike.
#[derive(Clone, Debug)]
pub(super) struct Exposed {
    /// As `GET /pets/{petId}`
    name: Box<str>,
    /// Scenarios by number, in order, each with what its chances here are a function of
    rules: Vec<(usize, Key)>,
    /// Requests without a scope of their own
    requests: Arc<AtomicU64>,
}

impl Exposed {
    pub(super) fn new(name: &str) -> Exposed {
        Exposed { name: name.into(), rules: Vec::new(), requests: Arc::default() }
    }

    pub(super) fn add(&mut self, scenario: usize, key: Key) {
        self.rules.push((scenario, key));
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn rules(&self) -> &[(usize, Key)] {
        &self.rules
    }

    /// Counts on where another has counted.
    pub(super) fn follow(&mut self, previous: &Exposed) {
        self.requests = Arc::clone(&previous.requests);
    }

    /// The number of the next request, from 0.
    pub(super) fn next(&self) -> u64 {
        self.requests.fetch_add(1, Relaxed)
    }
}
