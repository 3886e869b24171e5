//! One world: what lists say of entities and what reads say of them, pages, filters, parents, references.

#![allow(clippy::unwrap_used, clippy::print_stderr, missing_docs)]

mod actions;
mod client;
mod corpus;
mod documents;
mod envelopes;
mod existence;
mod following;
mod identities;
mod pages;
mod parents;
mod random;
mod searches;
mod writes;
mod written;
