//! Judges values by a schema of the document, with a validator that is not ours.

use std::panic::{AssertUnwindSafe, catch_unwind};

use jsonschema::{ValidationError, Validator};
use mocker_source::Node;
use serde_json::{Value, json};

use super::applied::applied;
use super::reading::{Place, Reading};
use super::translate::standalone;
use crate::limits::MAX_PROOF_MESSAGE;

/// Where a value breaks its schema, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Broken {
    /// JSON pointer into the value
    pub(crate) pointer: String,
    pub(crate) message: String,
}

/// What is wrong with each of `values`, first fault first; `None` for those that obey.
///
/// # Errors
/// Why they cannot be judged.
pub(super) fn judge<'t>(
    reading: Reading<'_, 't>,
    (schema, place): (Node<'t>, Place),
    values: &[Value],
) -> Result<Vec<Option<Broken>>, String> {
    let applied = applied(reading, schema, place, values)
        .map_err(|_| "the values meet more schemas than can be followed".to_owned())?;
    let mut document = standalone(reading, &applied, schema, place);
    // A validator that fails on a schema must not end the proof of all others.
    let judged = catch_unwind(AssertUnwindSafe(|| by_schema(&mut document, values)));
    judged.unwrap_or_else(|_| Err("the validator gave up on the schema".to_owned()))
}

fn by_schema(document: &mut Value, values: &[Value]) -> Result<Vec<Option<Broken>>, String> {
    let validator = compiled(document).or_else(|_| {
        drop_unread_patterns(document);
        compiled(document)
    });
    let validator = validator
        .map_err(|error| format!("the validator refuses the schema: {}", shortened(&error.to_string())))?;
    let judged = values.iter().map(|value| {
        let error = (!validator.is_valid(value)).then(|| validator.iter_errors(value).next()).flatten()?;
        Some(Broken { pointer: error.instance_path().to_string(), message: shortened(&error.to_string()) })
    });
    Ok(judged.collect())
}

fn compiled(document: &Value) -> Result<Validator, ValidationError<'static>> {
    jsonschema::draft202012::options().should_validate_formats(true).build(document)
}

/// Leaves out every `pattern` and every name in `patternProperties` that the validator does not understand: authors
/// write what some engine takes (`[\\w-.]`) and no standard has.
fn drop_unread_patterns(schema: &mut Value) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(drop_unread_patterns),
        Value::Object(members) => {
            members.retain(|keyword, value| keyword != "pattern" || value.as_str().is_none_or(is_read));
            if let Some(Value::Object(named)) = members.get_mut("patternProperties") {
                named.retain(|pattern, _| is_read(pattern));
            }
            members.values_mut().for_each(drop_unread_patterns);
        }
        _ => {}
    }
}

fn is_read(pattern: &str) -> bool {
    compiled(&json!({ "pattern": pattern })).is_ok()
}

/// A message that quotes no whole body.
fn shortened(message: &str) -> String {
    match message.char_indices().nth(MAX_PROOF_MESSAGE) {
        Some((end, _)) => format!("{}...", &message[..end]),
        None => message.to_owned(),
    }
}
