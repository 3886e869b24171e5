//! Programs for the response side of a document.

use mocker_schema::generate::{Options, Program};
use mocker_schema::validate::Direction;
use mocker_schema::{SchemaId, Schemas};

/// Compiles what writes response values of `schema`; where nothing can obey it, what comes nearest.
pub(crate) fn program(schemas: &Schemas, schema: SchemaId) -> Program {
    let options = Options { direction: Direction::Response, fill_optional: true };
    Program::compile(schemas, schema, &options)
        .unwrap_or_else(|_| Program::approximate(schemas, schema, &options))
}
