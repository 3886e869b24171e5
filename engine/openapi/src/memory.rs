//! Files that are already in memory: for tests, for documents that arrive otherwise.

use std::collections::HashMap;

use crate::{Fetch, FetchError, Location};

/// A [`Fetch`] over a table.
#[derive(Clone, Debug, Default)]
pub struct MemoryFetch {
    files: HashMap<Location, Vec<u8>>,
}

impl MemoryFetch {
    /// The same with one more file (or another text for one).
    #[must_use]
    pub fn with(mut self, location: Location, text: impl Into<Vec<u8>>) -> Self {
        self.add(location, text);
        self
    }

    /// Takes one more file (or another text for one).
    pub fn add(&mut self, location: Location, text: impl Into<Vec<u8>>) {
        self.files.insert(location.normalized(), text.into());
    }
}

impl Fetch for MemoryFetch {
    fn fetch(&mut self, location: &Location) -> Result<Vec<u8>, FetchError> {
        self.files.get(location).cloned().ok_or_else(|| FetchError { reason: "no such file".to_owned() })
    }
}
