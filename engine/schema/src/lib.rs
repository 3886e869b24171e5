//! Schemas compiled once, read twice: as a validator and as a generator.
//!
//! [`lower`] brings every dialect to the arena of [`node`]; [`validate`] judges values by
//! it; [`generate`] makes values from it. Nothing here does I/O or knows OpenAPI documents.

pub mod format;
pub mod generate;
pub mod limits;
pub mod lower;
pub mod node;
pub mod pattern;
pub mod sample;
pub mod validate;

pub use node::{Schema, SchemaId, Schemas, Types};
