//! What comes of loading: fixtures, real documents, files in memory, hostile text.
#![allow(clippy::unwrap_used)]

mod corpus;
mod disk;
mod files;
mod fixtures;
mod hostile;
mod model;
mod swagger2;
mod version32;
