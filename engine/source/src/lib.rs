//! Text to values that remember where they stood.
//!
//! [`parse`] turns YAML 1.2 or JSON into a [`Tree`], [`parse_toml`] TOML; [`Node`] is a cursor into it that
//! knows its line and column; [`Diagnostic`] is how every layer above reports a fault.
//! Nothing here does I/O.

mod builder;
mod decode;
mod diagnostic;
mod json;
pub mod limits;
mod lines;
mod node;
mod number;
mod parse;
mod pointer;
mod scalar;
mod toml;
mod tree;
mod yaml;

pub use diagnostic::{Diagnostic, Severity};
pub use node::Node;
pub use parse::{parse, parse_toml};
pub use pointer::{escape_token, unescape_token};
pub use tree::{FileId, Kind, NodeId, Position, Tree};
