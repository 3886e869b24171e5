//! JSON to values of Rhai and back, without a step between.

mod read;
mod write;

pub(crate) use read::{from_value, parse};
pub(crate) use write::{to_text, write};
