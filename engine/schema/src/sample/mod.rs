//! One fixed value of a schema, as plain as can be: `"string"`, `0`, `user@example.com`. It is what users of
//! Prism see where a document has no example (`@stoplight/json-schema-sampler`), but for values that would
//! break their own schema: those are replaced by such as obey.
//!
//! [`walk`] goes through the schema and judges each value, [`scalar`] has strings and numbers, [`uuid`] those
//! of format `uuid`, [`join`] lays the samples of `allOf` over one another.

mod join;
mod scalar;
mod uuid;
mod walk;

use serde_json::Value;

use crate::validate::Direction;
use crate::{SchemaId, Schemas, limits};

/// How samples are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Which way the message goes; it decides what the schema requires
    pub direction: Direction,
    /// Whether properties that do not travel that way (`readOnly` in a request, `writeOnly` in a response) are
    /// left out. Prism leaves them in.
    pub withhold: bool,
}

/// The schema asks for more than a sample may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a sample of the schema has more than {} parts or {} bytes",
    limits::SAMPLE_NODES,
    crate::generate::limits::BODY
)]
pub struct TooComplex;

/// The sample of schema `id`. It obeys the schema whenever the [generator](crate::generate) finds a value that
/// does; where nothing can obey, it is something of the schema's shape.
///
/// # Errors
/// [`TooComplex`], beyond [`limits::SAMPLE_NODES`] or [`BODY`](crate::generate::limits::BODY).
pub fn sample(schemas: &Schemas, id: SchemaId, options: Options) -> Result<Value, TooComplex> {
    walk::Sampler::new(schemas, options).root(id)
}
