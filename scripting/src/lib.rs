//! Where the document ends and the user goes on: scripts and templates, and what the host gives to them.
//!
//! A [`Request`] is what both see of a request, a [`Response`] what they make or change, a [`Context`] what the
//! host lends them for one request. Neither reads files, opens sockets or starts processes.

pub mod context;
mod fault;
pub mod host;
mod imported;
mod library;
pub mod limits;
pub mod metrics;
pub mod plugin;
mod request;
mod response;
pub mod script;
pub mod template;

pub use context::{Answers, Context};
pub use fault::{Fault, FaultKind};
pub use imported::{Imported, imported};
pub use library::{Hook, Library, ScriptId, Source};
pub use request::{Request, RequestBuilder};
pub use response::Response;
pub use script::{Before, Budgets, Scripts};
pub use template::{TemplateId, Templates};
