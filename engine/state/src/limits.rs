//! How much the store may hold.

/// Limits of a [`crate::Store`].
#[derive(Debug, Clone)]
pub struct Limits {
    /// Of the whole store, in bytes: keys, values and what keeping them costs.
    pub bytes: usize,
    /// Of one value, in bytes of its JSON text (of a string: of its content).
    pub value_bytes: usize,
    /// Of one key, and of the name of a scope, in bytes.
    pub key_bytes: usize,
    /// Keys of one scope, the user's and the engine's each.
    pub keys: usize,
    /// Scopes beside the global one.
    pub scopes: usize,
    /// A scope is forgotten after so many milliseconds without use. The global scope never is.
    pub scope_idle: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            bytes: 256 << 20,
            value_bytes: 1 << 20,
            key_bytes: 1 << 10,
            keys: 100_000,
            scopes: 100_000,
            scope_idle: 60 * 60 * 1000,
        }
    }
}

/// Depth of a value: what `serde_json` reads back, which stops at 128.
pub(crate) const DEPTH: u8 = 127;
/// Locks that scopes, and the keys of the global scope, are spread over.
pub(crate) const SHARDS: usize = 64;
/// Expired keys, and scopes, that one write looks at besides its own work.
pub(crate) const SWEPT_BY_A_WRITE: usize = 4;
/// Expired keys, and scopes, looked at before a write is refused for want of room.
pub(crate) const SWEPT_BEFORE_A_REFUSAL: usize = 10_000;
/// Keys that one list tells.
pub(crate) const LISTED: usize = 10_000;
/// Scopes that [`crate::Store::scopes`] tells.
pub(crate) const SCOPES_TOLD: usize = 1000;
/// Bytes that an array collects before they are sealed, never to be copied again.
pub(crate) const TAIL_BYTES: usize = 8 << 10;
