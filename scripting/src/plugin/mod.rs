//! Plugins: what runs around every answer, with a configuration of its own.
//!
//! A plugin is a folder with a `plugin.yaml`, its [`Manifest`], and scripts; or it is built in, a [`Builtin`]. Either
//! way its configuration is described by a JSON Schema, and checked against it. Nothing here reads files or knows the
//! time.

pub mod builtin;
mod configuration;
mod defaults;
mod files;
pub mod limits;
mod manifest;
mod misconfiguration;
mod refusal;
mod version;
mod visit;

pub use builtin::Builtin;
pub use configuration::Configuration;
pub use files::Files;
pub use manifest::{HookFile, Manifest};
pub use misconfiguration::Misconfiguration;
pub use visit::{Notes, Verdict, Visit};
