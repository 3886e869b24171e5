//! Judges values by a schema of the document, with a validator that is not ours.

use std::panic::{AssertUnwindSafe, catch_unwind};

use jsonschema::{ValidationError, ValidationOptions, Validator};
use mocker_schema::validate::Direction;
use serde_json::{Value, json};

use super::applied::applied;
use super::parts::Found;
use super::pieces::Pieces;
use super::reading::Reading;
use super::translate::standalone;
use crate::limits::MAX_PROOF_MESSAGE;

/// Where a value breaks its schema, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Broken {
    /// JSON pointer into the value
    pub(crate) pointer: String,
    pub(crate) message: String,
}

/// A value that obeys one way and not the other is not called right.
const AT_ODDS: &str = "the schema refuses the value in pieces, and takes it as a whole";

/// What one thread judges by.
pub(super) struct Judge<'t> {
    requests: Pieces<'t>,
    responses: Pieces<'t>,
}

impl<'t> Judge<'t> {
    pub(super) fn new() -> Judge<'t> {
        Judge { requests: Pieces::new(), responses: Pieces::new() }
    }

    /// The first of `values` that breaks the schema, with its number, and how. What obeys is dropped when it is judged, and
    /// none is asked for behind the first that breaks it.
    ///
    /// # Errors
    /// Why a value is none, or cannot be judged.
    pub(super) fn first_broken(
        &mut self,
        reading: Reading<'_, 't>,
        found: Found<'t>,
        values: impl Iterator<Item = Result<Value, String>>,
    ) -> Result<Option<(usize, Broken)>, Stop> {
        let (mut doubtful, mut is_refused) = (Vec::new(), false);
        for (number, value) in values.enumerate() {
            let value = value.map_err(Stop::NoValue)?;
            let said = self.pieces(reading).accept(reading, found, &value);
            if said != Some(true) {
                doubtful.push((number, value));
            }
            is_refused = said == Some(false);
            if is_refused {
                break;
            }
        }
        if doubtful.is_empty() {
            return Ok(None);
        }
        let (numbers, values): (Vec<usize>, Vec<Value>) = doubtful.into_iter().unzip();
        let judged = at_once(reading, found, &values).map_err(Stop::Unjudged)?;
        match numbers.into_iter().zip(judged).find_map(|(number, broken)| Some((number, broken?))) {
            None if is_refused => Err(Stop::Unjudged(AT_ODDS.to_owned())),
            first => Ok(first),
        }
    }

    /// How one value breaks the schema; `None` where it obeys.
    ///
    /// # Errors
    /// Why it cannot be judged.
    pub(super) fn broken(
        &mut self,
        reading: Reading<'_, 't>,
        found: Found<'t>,
        value: &Value,
    ) -> Result<Option<Broken>, String> {
        let said = self.pieces(reading).accept(reading, found, value);
        if said == Some(true) {
            return Ok(None);
        }
        let broken = at_once(reading, found, std::slice::from_ref(value))?.into_iter().flatten().next();
        if broken.is_none() && said == Some(false) { Err(AT_ODDS.to_owned()) } else { Ok(broken) }
    }

    fn pieces(&mut self, reading: Reading<'_, 't>) -> &mut Pieces<'t> {
        match reading.direction {
            Direction::Request => &mut self.requests,
            Direction::Response => &mut self.responses,
        }
    }
}

/// Why values were not judged to the end.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// What should be one is none
    NoValue(String),
    /// The validator cannot be asked
    Unjudged(String),
}

/// What is wrong with each of `values`, first fault first; `None` for those that obey. The schema is compiled in one, with all
/// that applies to the values.
///
/// # Errors
/// Why they cannot be judged.
pub(super) fn at_once<'t>(
    reading: Reading<'_, 't>,
    (schema, place): Found<'t>,
    values: &[Value],
) -> Result<Vec<Option<Broken>>, String> {
    let applied = applied(reading, schema, place, values);
    let mut document = applied
        .and_then(|applied| standalone(reading, &applied, schema, place))
        .map_err(|_| "the values meet more schemas than can be followed".to_owned())?;
    // A validator that fails on a schema must not end the proof of all others.
    let judged = catch_unwind(AssertUnwindSafe(|| by_schema(&mut document, values)));
    judged.unwrap_or_else(|_| Err("the validator gave up on the schema".to_owned()))
}

fn by_schema(document: &mut Value, values: &[Value]) -> Result<Vec<Option<Broken>>, String> {
    let validator = compiled(&options(), document)
        .map_err(|error| format!("the validator refuses the schema: {}", shortened(&error.to_string())))?;
    let judged = values.iter().map(|value| {
        let error = (!validator.is_valid(value)).then(|| validator.iter_errors(value).next()).flatten()?;
        Some(Broken { pointer: error.instance_path().to_string(), message: shortened(&error.to_string()) })
    });
    Ok(judged.collect())
}

/// A schema compiled, without the patterns that the validator does not understand.
pub(super) fn compiled(
    options: &ValidationOptions<'_>,
    document: &mut Value,
) -> Result<Validator, ValidationError<'static>> {
    options.build(document).or_else(|_| {
        drop_unread_patterns(document);
        options.build(document)
    })
}

/// How schemas are compiled.
pub(super) fn options() -> ValidationOptions<'static> {
    jsonschema::draft202012::options().should_validate_formats(true)
}

/// Leaves out every `pattern` and every name in `patternProperties` that the validator does not understand: authors
/// write what some engine takes (`[\\w-.]`) and no standard has. Values in `const` and `enum` stay as they are.
fn drop_unread_patterns(schema: &mut Value) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(drop_unread_patterns),
        Value::Object(members) => {
            members.retain(|keyword, value| keyword != "pattern" || value.as_str().is_none_or(is_read));
            if let Some(Value::Object(named)) = members.get_mut("patternProperties") {
                named.retain(|pattern, _| is_read(pattern));
            }
            for (keyword, value) in members {
                match (&**keyword, value) {
                    ("const" | "enum", _) => {}
                    (
                        "properties" | "patternProperties" | "dependentSchemas" | "$defs",
                        Value::Object(named),
                    ) => {
                        named.values_mut().for_each(drop_unread_patterns);
                    }
                    (_, value) => drop_unread_patterns(value),
                }
            }
        }
        _ => {}
    }
}

fn is_read(pattern: &str) -> bool {
    options().build(&json!({ "pattern": pattern })).is_ok()
}

/// A message that quotes no whole body.
fn shortened(message: &str) -> String {
    match message.char_indices().nth(MAX_PROOF_MESSAGE) {
        Some((end, _)) => format!("{}...", &message[..end]),
        None => message.to_owned(),
    }
}
