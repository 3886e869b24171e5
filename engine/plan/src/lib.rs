//! The plan: documents compiled to what a request needs, and nothing else.
//!
//! [`Plan::compile`] builds the routes; [`Operation`] chooses and writes answers. A plan is
//! immutable but for what is compiled when first asked for: answers, rules of requests, callbacks.

mod agreement;
mod answer;
mod base_path;
pub mod body;
pub mod callback;
pub mod check;
mod choice;
mod compile;
mod composition;
mod generator;
mod header;
mod language;
pub mod limits;
mod matching;
pub mod media;
mod operation;
mod options;
mod reply;
pub mod request;
pub mod resources;
pub mod route;
mod selector;
mod source;
mod variants;
mod world;

pub use agreement::Fact;
pub use answer::{SHARED_WITH_ANYBODY, without};
pub use base_path::BasePath;
pub use choice::{Choice, Responses, usual};
pub use compile::{Clash, Plan};
pub use language::Language;
pub use matching::Match;
pub use mocker_openapi::model;
pub use operation::{Alternative, Operation, Ready, method_name};
pub use options::{Options, Sampling, UnknownIds, WorldOptions};
pub use reply::{Reply, Unanswerable, Wish};
pub use selector::{EmptySelector, Form, Selector};
pub use variants::preferred;
pub use world::{Asked, Asking};
