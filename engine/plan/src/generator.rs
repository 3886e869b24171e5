//! Values of messages, made from their schemas.

use std::sync::Arc;

use mocker_schema::generate::{self, Key, Program};
use mocker_schema::validate::Direction;
use mocker_schema::{SchemaId, Schemas, sample};
use serde_json::Value;

use crate::options::Options;

/// Compiles what writes values of `schema`; where nothing can obey it, what comes nearest.
pub(crate) fn program(
    schemas: &Schemas,
    schema: SchemaId,
    options: &Options,
    how: &generate::Options,
) -> Arc<Program> {
    match &options.programs {
        Some(programs) => programs.get(schemas, schema, how),
        None => Arc::new(Program::nearest(schemas, schema, how)),
    }
}

/// The plain sample of `schema`; where that would be too large, what the generator makes. Responses have properties
/// that are only written, as Prism's have.
pub(crate) fn sample(schemas: &Schemas, schema: SchemaId, options: &Options, direction: Direction) -> Value {
    let how = sample::Options { direction, withhold: direction == Direction::Request };
    sample::sample(schemas, schema, how).unwrap_or_else(|sample::TooComplex| {
        program(schemas, schema, options, &options.generation(direction)).value(Key(0))
    })
}
