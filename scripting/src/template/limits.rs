//! How much a template may be and do. What a request may use is in [`Budgets`](super::Budgets).

/// Bytes of one template
pub const SOURCE_BYTES: usize = 1024 * 1024;

/// Nesting of parentheses and brackets in one tag, and of arrays and objects in a template that is a JSON value
pub const NESTING: usize = 100;

/// Operators, filters and members in a row, which the compiler takes one inside the other
pub const OPERATORS: usize = 200;

/// `elif` in one template
pub const ELIFS: usize = 200;

/// Nesting of a value that is printed
pub const PRINTED_DEPTH: usize = 100;

/// Bytes of one text that an operator or filter makes
pub const TEXT_BYTES: usize = 2 * 1024 * 1024;

/// Elements of a list that `range` or `+` makes
pub const LIST_LENGTH: usize = 10_000;

/// Keys that `state.list` gives at once
pub const LISTED_KEYS: usize = 1_000;

/// Bytes of text between two tags from which on they count when they are kept, not printed
pub(super) const COUNTED_TEXT: usize = 256;

/// Bytes of an expression that a fault quotes; the rest is cut off
pub(super) const QUOTED_BYTES: usize = 80;
