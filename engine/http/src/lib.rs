//! HTTP/1.1 as pure functions over bytes: no sockets, no clock, no allocation of its own.
//!
//! - [`request`] cuts request heads out of a buffer and refuses every shape that two parsers could read differently;
//! - [`body`] decodes bodies as they arrive, in place;
//! - [`answer`] is the client's side: it reads the answers of a connection;
//! - [`response`] writes answers: heads, precomputed heads, chunks, dates;
//! - [`percent`], [`query`], [`prefer`], [`media`] and [`language`] read what stands inside targets and fields.
//!
//! The rules are those of RFC 9110 (semantics) and RFC 9112 (HTTP/1.1); docstrings name the section.

pub mod answer;
pub mod body;
pub mod language;
pub mod limits;
pub mod media;
pub mod percent;
pub mod prefer;
pub mod query;
pub mod refusal;
pub mod request;
pub mod response;
pub mod server_timing;

pub use limits::Limits;
pub use refusal::Refusal;
