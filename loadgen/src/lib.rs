//! Load that can be believed: an API description becomes requests, sent at the times a schedule names and
//! timed from those times.
//!
//! - [`scenario`] makes the requests before anything is sent;
//! - [`load`] says how many, how fast and for how long;
//! - [`schedule`] says when each request is due;
//! - [`drive`] sends;
//! - [`record`] is what was seen.

pub mod drive;
pub mod limits;
pub mod load;
mod random;
pub mod record;
pub mod scenario;
pub mod schedule;
