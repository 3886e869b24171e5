//! Chance that repeats: numbers that are a function of a key.

use mocker_schema::generate::Key;

/// From 0 to less than 1.
pub(crate) fn fraction(key: Key) -> f64 {
    // The upper 53 bits are as many as a float holds.
    (key.with(b"fraction").0 >> 11) as f64 / (1_u64 << 53) as f64
}
