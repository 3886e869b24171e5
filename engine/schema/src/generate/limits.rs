//! Bounds of generation: whatever a schema says, compiling and writing stay small.

/// Containers deeper than this hold only what is required; the first that fits the budget wins.
pub const FULL_DEPTHS: [usize; 4] = [5, 3, 2, 1];
/// Values in a body, above which it is made again, shallower.
pub const VALUES_OF_BODY: usize = 2_000;
/// Nesting of containers and of combined schemas beyond which nothing is generated.
pub const DEPTH: usize = 64;
/// How often the same schema may stand inside itself before it is left out.
pub const RECURSION: usize = 2;
/// Schema nodes compiled in one attempt at a body.
pub const FUEL: usize = 30_000;
/// Schemas looked through, by `$ref` and `allOf`, to see types and properties of one without deciding anything.
pub const SIGHT: usize = 64;
/// Combinations of branches tried for one schema.
pub const ATTEMPTS: usize = 48;
/// Values made and judged where construction alone does not prove validity.
pub const SAMPLES: u64 = 64;
/// Schemas entered in all while one compile judges what it made; then it counts as not obeying.
pub const JUDGEMENT: u64 = 2_000_000;
/// Verified values kept for such a schema.
pub const KEPT: usize = 48;
/// Bytes of verified values kept for one such schema (at least one is kept).
pub const KEPT_BYTES: usize = 64 * 1024;
/// Values of an `enum` that are considered.
pub const VALUES: usize = 64;
/// Rows that have to be left for the members of an object to be drawn from the same; with fewer each is drawn alone.
pub const ROWS_LEFT: usize = 4;
/// Elements of an array that a schema can demand.
pub const ITEMS: u64 = 10_000;
/// Entries that `minProperties` can demand.
pub const ENTRIES: u64 = 1_000;
/// Characters that `minLength` can demand.
pub const CHARACTERS: u64 = 256 * 1024;
/// Bytes of an example that others are made after.
pub const CODE: usize = 256;
/// Bytes of the example body that a compile tries out; more is refused.
pub const BODY: usize = 2 * 1024 * 1024;
