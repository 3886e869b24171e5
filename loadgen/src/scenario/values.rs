//! Values of schemas: what the author wrote, else what the generator makes.

use std::collections::HashMap;
use std::rc::Rc;

use mocker_openapi::model::{Example, ExampleValue};
use mocker_schema::generate::{Key, Options, Program};
use mocker_schema::limits::REFERENCE_CHAIN;
use mocker_schema::validate::Direction;
use mocker_schema::{Schema, SchemaId, Schemas};
use serde_json::Value;

use crate::limits::MAX_AUTHORED;

/// A compiled schema, or why nothing can obey it.
type Compiled = Result<Rc<Program>, Rc<str>>;

/// Values of one document's schemas. What is compiled is kept: parameters share schemas.
pub(super) struct Values<'d> {
    pub(super) schemas: &'d Schemas,
    programs: HashMap<(SchemaId, bool), Compiled>,
}

impl<'d> Values<'d> {
    pub(super) fn new(schemas: &'d Schemas) -> Self {
        Values { schemas, programs: HashMap::new() }
    }

    /// The value of `key`; a word where no schema says what.
    pub(super) fn generated(
        &mut self,
        schema: Option<SchemaId>,
        fills: bool,
        key: Key,
    ) -> Result<Value, Rc<str>> {
        let Some(schema) = schema else { return Ok(word(key)) };
        let schemas = self.schemas;
        let compiled = self
            .programs
            .entry((schema, fills))
            .or_insert_with(|| compile(schemas, schema, fills).map(Rc::new));
        let value = compiled.as_ref().map_err(Rc::clone)?.value(key);
        match self.is_valid(Some(schema), &value) {
            true => Ok(value),
            false => Err("no value of its schema was found".into()),
        }
    }

    /// Whether a request can have the value.
    pub(super) fn is_valid(&self, schema: Option<SchemaId>, value: &Value) -> bool {
        schema.is_none_or(|schema| self.schemas.is_valid(schema, value, Direction::Request))
    }

    /// The author's values that obey: `examples`, then what the schema names: examples, default, `enum`.
    pub(super) fn authored<'e>(
        &self,
        examples: impl Iterator<Item = &'e Example>,
        schema: Option<SchemaId>,
    ) -> Vec<Value> {
        let mut values: Vec<Value> = Vec::new();
        let written = examples.filter_map(|example| match &example.value {
            ExampleValue::Json(text) => serde_json::from_str(text).ok(),
            _ => None,
        });
        for value in written.chain(schema.into_iter().flat_map(|schema| self.named(schema))) {
            if values.len() == MAX_AUTHORED {
                break;
            }
            if !values.contains(&value) && self.is_valid(schema, &value) {
                values.push(value);
            }
        }
        values
    }

    /// The values that a schema names.
    fn named(&self, schema: SchemaId) -> impl Iterator<Item = Value> {
        let along = std::iter::successors(Some(&self.schemas[schema]), |schema| {
            schema.reference.map(|next| &self.schemas[next])
        });
        let of = |schema: &'d Schema| {
            let notes = schema.notes.iter();
            let noted = notes.flat_map(|notes| notes.examples.iter().chain(&notes.default));
            noted.chain(schema.values.iter().flatten()).take(MAX_AUTHORED).cloned()
        };
        along.take(REFERENCE_CHAIN).flat_map(of)
    }
}

/// What writes values of `schema` into requests.
pub(super) fn compile(schemas: &Schemas, schema: SchemaId, fills: bool) -> Result<Program, Rc<str>> {
    let options = Options::new(Direction::Request, fills);
    let program = Program::compile(schemas, schema, &options);
    program.map_err(|unsatisfiable| format!("nothing obeys its schema: {}", unsatisfiable.reason).into())
}

/// Some text.
fn word(key: Key) -> Value {
    const WORDS: [&str; 8] = ["alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel"];
    WORDS[(key.with(b"word").0 % WORDS.len() as u64) as usize].into()
}
