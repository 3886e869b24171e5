//! JSON to values of Rhai and back, without a step between.

mod read;
mod write;

pub(crate) use read::{from_value, parse};
pub(crate) use write::{to_text, write};

/// A value as a tree, for functions that work on those.
///
/// # Errors
/// As [`write`].
pub(crate) fn to_value(value: &rhai::Dynamic) -> Result<serde_json::Value, String> {
    serde_json::from_str(&to_text(value)?).map_err(|error| error.to_string())
}
