//! What a request must be: its parameters, its credentials, its body, each compiled once an operation.

pub mod body;
mod coerce;
mod fault;
mod value;

pub use coerce::coerce;
pub use fault::{Fault, Part, Severity};
pub use value::Value;
