//! Scenarios: what is made of a document, and what of it a server takes.

#![allow(clippy::unwrap_used, clippy::print_stderr, missing_docs)]

mod corpus;
mod documents;
mod expected;
mod forms;
mod mix;
mod requests;
mod seeds;
mod select;
mod server;
mod styles;
