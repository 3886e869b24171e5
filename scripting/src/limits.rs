//! What scripts and templates may cost at most. What a user may change is in [`Budgets`](crate::Budgets).

use std::time::Duration;

/// Operations of Rhai between two looks at the clock, less one: a mask. One operation can take milliseconds where a
/// text is large.
pub(crate) const CLOCK_MASK: u64 = 15;
/// Answers of the host's that a call gets at no cost in time and memory: they may have to be compiled first.
pub(crate) const LENT_ANSWERS: u32 = 8;
/// Bytes that a function of the host may handle without a look at the clock behind it.
pub(crate) const LIGHT_BYTES: usize = 4 << 10;
/// Values of JSON inside each other that are read or written; what is deeper is a fault.
pub const MAX_JSON_DEPTH: usize = 96;
/// Largest script, in bytes.
pub const MAX_SCRIPT_BYTES: usize = 1 << 20;
/// Most scripts of a library, those that are only imported among them.
pub const MAX_SCRIPTS: usize = 10_000;
/// Functions of one script.
pub const MAX_FUNCTIONS: usize = 1_000;
/// Scripts that one script may import, directly or through others.
pub const MAX_IMPORTS: usize = 64;
/// Field lines of an answer that a script makes.
pub const MAX_FIELDS: usize = 256;
/// Bytes of one field line that a script makes.
pub const MAX_FIELD_BYTES: usize = 8 << 10;
/// Bytes of what a script logs in one line; the rest is cut off.
pub const MAX_LOG_BYTES: usize = 4 << 10;
/// Loops of a script that a fault names.
pub(crate) const MAX_LOOPS_TOLD: usize = 8;
/// Bytes of a fault's message; the rest is cut off.
pub const MAX_MESSAGE_BYTES: usize = 1 << 10;
/// Longest delay of one answer that `sleep` may ask for.
pub const MAX_SLEEP: Duration = Duration::from_secs(60);
/// Entries that `state::list` gives at once.
pub const MAX_LISTED: usize = 1_000;
/// Bytes of a regular expression.
pub const MAX_PATTERN_BYTES: usize = 1 << 10;
/// Bytes of a regular expression when it is compiled.
pub const MAX_PATTERN_PROGRAM: usize = 64 << 10;
/// Regular expressions that a core keeps compiled.
pub const MAX_PATTERNS: usize = 256;
/// Bytes of a text in which a regular expression is searched.
pub const MAX_SEARCHED_BYTES: usize = 64 << 10;
