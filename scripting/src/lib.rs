//! Where the document ends and the user goes on: scripts and templates, and what the host gives to them.
//!
//! A [`Request`] is what both see of a request, a [`Response`] what they make or change, a [`Context`] what the
//! host lends them for one request. Neither reads files, opens sockets or starts processes.

pub mod context;
mod fault;
pub mod host;
pub mod metrics;
pub mod plugin;
mod request;
mod response;

pub use context::{Answers, Context};
pub use fault::Fault;
pub use request::{Request, RequestBuilder};
pub use response::Response;
