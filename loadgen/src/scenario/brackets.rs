//! Names with brackets, as style `deepObject` writes what is inside an object: `item[price]`, and as is the custom
//! beyond what OpenAPI says, `items[0][price]`.

use serde_json::Value;

use super::text::{Unwritable, scalar};
use crate::limits::MAX_BRACKETS;

/// Appends the pairs of what is inside `value`, neither names nor values encoded.
pub(super) fn pairs(name: &str, value: &Value, out: &mut Vec<(String, String)>) -> Result<(), Unwritable> {
    pairs_within(name.to_owned(), value, MAX_BRACKETS, out)
}

fn pairs_within(
    name: String,
    value: &Value,
    levels: usize,
    out: &mut Vec<(String, String)>,
) -> Result<(), Unwritable> {
    let below = levels.checked_sub(1);
    match (value, below) {
        (Value::Object(members), Some(below)) => members.iter().try_for_each(|(member, value)| {
            // A bracket in a name would end it
            match member.is_empty() || member.contains(['[', ']']) {
                true => Err("a name with brackets in it cannot stand in brackets"),
                false => pairs_within(format!("{name}[{member}]"), value, below, out),
            }
        }),
        (Value::Array(items), Some(below)) => items
            .iter()
            .enumerate()
            .try_for_each(|(index, item)| pairs_within(format!("{name}[{index}]"), item, below, out)),
        (Value::Object(_) | Value::Array(_), None) => Err("it is nested too deep"),
        (single, _) => {
            out.push((name, scalar(single)?.into_owned()));
            Ok(())
        }
    }
}
