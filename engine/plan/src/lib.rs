//! The plan: documents compiled to what a request needs, and nothing else.
//!
//! [`Plan::compile`] builds the routes; [`Operation`] chooses and writes answers. A plan is
//! immutable but for answers that are compiled when first asked for.

mod answer;
mod base_path;
mod body;
pub mod check;
mod choice;
mod compile;
mod generator;
mod header;
pub mod limits;
pub mod media;
mod operation;
pub mod request;
pub mod route;
mod variant;

pub use answer::Sending;
pub use base_path::BasePath;
pub use compile::{Clash, Options, Plan};
pub use operation::{Operation, method_name};
