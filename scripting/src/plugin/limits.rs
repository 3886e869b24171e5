//! How large plugins, their configurations and what they read of a request may be.

/// Bytes of a `plugin.yaml`
pub const MANIFEST_BYTES: usize = 1 << 20;

/// Characters of a plugin's name
pub const NAME_LENGTH: usize = 64;

/// Characters of a version
pub const VERSION_LENGTH: usize = 128;

/// Nesting of a configuration to which defaults are added
pub const DEFAULTS_DEPTH: usize = 64;

/// Schemas entered while defaults are added to one configuration
pub const DEFAULTS_STEPS: usize = 100_000;

/// Faults told of one configuration
pub const FAULTS: usize = 100;

/// Keys that tokens may be signed with: a token that names none is tried with each
pub const TOKEN_KEYS: usize = 32;

/// Bytes of a file with keys or a secret
pub const KEY_FILE_BYTES: usize = 1 << 20;

/// Bytes of a token
pub const TOKEN_BYTES: usize = 16 << 10;

/// API keys, and users, of one plugin: each is compared with what a request brings
pub const SECRETS: usize = 1_000;

/// Bytes of the credentials that a request brings to `api-key` and `basic`
pub const CREDENTIAL_BYTES: usize = 4 << 10;

/// Clients, keys and operations whose requests one `rate-limit` counts at once
pub const BUCKETS: usize = 100_000;

/// Origins of one `cors`
pub const ORIGINS: usize = 1_000;

/// Bytes of a logged value: of the target, of each header; the rest is cut off
pub const LOGGED_BYTES: usize = 1 << 10;
