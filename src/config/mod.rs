//! The configuration: a file, `MOCKER_*` variables and flags. Nothing else reads either.
//!
//! What there is to configure stands in tables ([`shape`]), one file a section ([`section`]); [`load()`] gives a typed
//! [`Configuration`] and tells of every fault.

#[cfg(test)]
mod blessed;
mod check;
mod describe;
mod file;
mod grammar;
mod inputs;
mod load;
mod nearest;
#[cfg(test)]
mod page;
mod read;
mod scalar;
mod schema;
// Scripts, responses, scenarios and plugins are checked here, and served where there is something to serve them.
pub(crate) mod section;
mod setting;
pub(crate) mod shape;
mod show;
mod values;
mod variables;

pub(crate) use describe::described;
pub(crate) use file::fresh;
pub(crate) use inputs::{NAMES, found};
pub(crate) use load::{Environment, Given, Loaded, Request, load};
pub(crate) use scalar::Scalar;
pub(crate) use schema::schema;
pub(crate) use section::Configuration;
pub(crate) use setting::{Setting, settings};
pub(crate) use show::{Row, rows};
