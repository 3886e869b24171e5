//! `specs`: what is served.

use crate::config::shape::{Field, Flag, Shape};

pub(super) const FIELD: Field = Field::new(
    "specs",
    Shape::List(&Shape::Document),
    "API descriptions to serve together: each a file, a URL, a folder of documents, or `-` for standard input",
)
.flags(&[Flag::Value("--spec -s", "FILE")])
.example("specs:\n  - openapi.yaml");
