//! State that outlives a request: keys and JSON values in scopes, atomic across cores, bounded in memory.
//!
//! A [`Store`] is shared by all cores (`Arc<Store>`). It has no clock: each operation is told the time.

#![forbid(unsafe_code)]

mod bucket;
mod limits;
mod number;
mod padded;
mod refusal;
mod store;
mod value;

pub use bucket::{Allowance, Buckets, Rate};
pub use limits::Limits;
pub use number::Number;
pub use refusal::Refusal;
pub use store::{GLOBAL, Keys, ScopeInfo, Space, Store, Usage};
pub use value::{Invalid, Kind, Value};
