//! Programs for the response side of a document.

use mocker_schema::generate::{Key, Options, Program, Unsatisfiable};
use mocker_schema::validate::Direction;
use mocker_schema::{SchemaId, Schemas};
use serde_json::Value;

/// Compiles what writes response values of `schema`.
///
/// # Errors
/// When nothing can obey the schema.
pub(crate) fn program(schemas: &Schemas, schema: SchemaId) -> Result<Program, Unsatisfiable> {
    Program::compile(schemas, schema, &Options { direction: Direction::Response, fill_optional: true })
}

/// One value of `schema`; `None` when nothing can obey it.
pub(crate) fn value(schemas: &Schemas, schema: SchemaId, key: Key) -> Option<Value> {
    let mut text = Vec::new();
    program(schemas, schema).ok()?.write(key, &mut text);
    serde_json::from_slice(&text).ok()
}
