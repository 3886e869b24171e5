//! Every limit of the engine that no user sets, by name.

/// Operations that scripts may lead one request to, the first included.
pub(crate) const MAX_ROUNDS: usize = 8;
