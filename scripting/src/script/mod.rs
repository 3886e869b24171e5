//! Scripts in Rhai: what they see, what they may call, and what they may use up.
//!
//! [`Scripts`] belong to one core: values of Rhai are not `Send`. Each core compiles what it runs out of one shared
//! [`Library`](crate::Library).

mod answer;
mod budgets;
mod call;
mod check;
mod engine;
mod error;
mod host;
mod imports;
pub(crate) mod json;
mod loops;
mod meter;
mod objects;
mod reference;

pub use budgets::Budgets;
pub use call::{Before, Scripts};
pub(crate) use check::checked;
pub use host::Log;
pub use meter::{Clock, Heap};
pub use reference::reference;
