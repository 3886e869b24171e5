//! What comes of loading: real documents, files in memory, hostile text.
#![allow(clippy::unwrap_used)]

mod callbacks;
mod corpus;
mod disk;
mod files;
mod hostile;
mod model;
mod postman;
mod swagger2;
mod version32;
mod written;
