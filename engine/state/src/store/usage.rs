//! What the store tells of itself.

/// How much there is in a store, at about one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usage {
    /// Of memory: keys, values and what keeping them costs.
    pub bytes: usize,
    /// Beside the global one. Those that expired count until they are swept.
    pub scopes: usize,
    /// In all scopes, the engine's too. Those that expired count until they are swept.
    pub keys: usize,
    /// Operations refused since the start.
    pub refused: u64,
}

/// What is known of a scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScopeInfo {
    /// Empty for the global scope.
    pub name: Box<str>,
    /// The user's.
    pub keys: usize,
    /// Of memory, with what the engine keeps.
    pub bytes: usize,
    /// Milliseconds since it was last used; 0 for the global scope.
    pub idle: u64,
}
