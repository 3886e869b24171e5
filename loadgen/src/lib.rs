//! Load that can be believed: an API description becomes requests, sent at the times a schedule names and
//! timed from those times.
//!
//! - [`scenario`] makes the requests before anything is sent;
//! - [`load`] says how many, how fast and for how long; [`rate`] and [`duration`] read it as users write it;
//! - [`schedule`] says when each request is due;
//! - [`drive`] sends; [`verify`] holds the answers against the description;
//! - [`record`] is what was seen; [`figures`] and [`percentile`] are what follows from it;
//! - [`search`] looks for the highest rate that holds; [`baseline`] compares runs with others;
//! - [`verdict`] holds a run against thresholds and asks whether the run itself can be believed;
//! - [`report`] writes it all down.

pub mod baseline;
mod decimal;
pub mod drive;
pub mod duration;
pub mod figures;
pub mod limits;
pub mod load;
mod number;
pub mod percentile;
mod random;
pub mod rate;
pub mod record;
pub mod report;
pub mod scenario;
pub mod schedule;
pub mod search;
pub mod verdict;
pub mod verify;
