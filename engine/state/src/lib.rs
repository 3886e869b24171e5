//! State that outlives a request: keys and JSON values in scopes, atomic across cores, bounded in memory.
//!
//! A [`Store`] is shared by all cores (`Arc<Store>`). It has no clock: each operation is told the time.
//! [`Counter`]s and [`Histogram`]s belong to one thread each; whoever reads them sums.

#![forbid(unsafe_code)]

mod bucket;
mod counter;
mod histogram;
mod limits;
mod number;
mod padded;
mod refusal;
mod store;
mod value;

pub use bucket::{Allowance, Buckets, Rate};
pub use counter::Counter;
pub use histogram::{Distribution, Histogram};
pub use limits::Limits;
pub use number::Number;
pub use refusal::Refusal;
pub use store::{GLOBAL, Keys, ScopeInfo, Space, Store, Usage};
pub use value::{Invalid, Kind, Value};
