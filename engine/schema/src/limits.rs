//! Bounds of everything that a document or a message could make large.

/// Schema nodes of one arena; what a document has beyond them is not constrained (an error is reported).
pub const NODES: usize = 2_000_000;

/// Diagnostics one lowering keeps; one more says that there were others.
pub const DIAGNOSTICS: usize = 10_000;

/// References followed from one to the next (`a -> b -> c`) before giving up.
pub const REFERENCE_CHAIN: usize = 100;

/// Schemas entered inside one another while one value is judged: nesting of the value times
/// the schemas that stand over each level of it.
pub const VALIDATION_DEPTH: u32 = 1_000;

/// Schemas entered in all while one value is judged; `allOf` of `allOf` doubles at each level.
pub const VALIDATION_STEPS: u32 = 5_000_000;

/// Violations listed for one value at most.
pub const VIOLATIONS: usize = 1_000;

/// Bytes of their texts, beyond which no more are listed: names of the value's members are among them.
pub const VIOLATION_BYTES: usize = 1024 * 1024;

/// Arrays up to this length are searched for duplicates pair by pair, longer ones by hash; so are members of
/// objects when they are compared.
pub const PAIRWISE_ITEMS: usize = 16;

/// Bytes a compiled pattern may take.
pub const PATTERN_BYTES: usize = 10 << 20;

/// Nesting of groups in a pattern.
pub const PATTERN_NESTING: u32 = 100;

/// Steps back a pattern with look-around may take on one string; beyond, it matches.
pub const PATTERN_BACKTRACKS: usize = 100_000;

/// Schemas entered for one sample; one with more is refused.
pub const SAMPLE_NODES: usize = 2_500;

/// Schemas entered in all until the search for one sample takes no other branches any more.
pub const SAMPLE_WORK: usize = 4 * SAMPLE_NODES;

/// Containers of a sample inside one another; what lies deeper is left empty.
pub const SAMPLE_DEPTH: usize = 15;

/// Schemas entered inside one another for one sample, combined ones included.
pub const SAMPLE_NESTING: usize = 96;

/// Branches, and author's values, tried for one schema of a sample.
pub const SAMPLE_BRANCHES: usize = 8;

/// Schemas of one sample for which the generator is asked.
pub const SAMPLE_REPAIRS: usize = 32;
