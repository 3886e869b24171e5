//! Every limit of the engine that no user sets, by name.

/// Statuses that are counted apart for each operation.
pub(crate) const STATUSES: usize = 12;

/// Operations that scripts may lead one request to, the first included.
pub(crate) const MAX_ROUNDS: usize = 8;
