//! What one file may cost.

/// Size of a file, bytes. The largest public API descriptions are about 13 MB.
pub const MAX_FILE_BYTES: usize = 64 << 20;

/// Nesting of arrays and objects, after aliases are expanded. What reads the tree may recurse this deep.
pub const MAX_DEPTH: usize = 500;

/// Values of one file, after aliases are expanded.
pub const MAX_NODES: usize = 8_000_000;

/// Values that the aliases and merge keys of one file may add to what is written in it.
pub const MAX_ALIAS_NODES: usize = 1_000_000;

/// `%TAG` directives of one file; the scanner compares each with all before it.
pub const MAX_TAG_DIRECTIVES: usize = 100;

/// Diagnostics reported for one file; what comes after is only counted.
pub const MAX_DIAGNOSTICS: usize = 1_000;

/// Members above which an object's keys are indexed.
pub(crate) const INDEX_ABOVE: usize = 16;
