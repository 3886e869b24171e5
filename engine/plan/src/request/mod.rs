//! What a request must be: its parameters, its credentials, its body, each compiled once an operation.

mod fault;
mod value;

pub use fault::{Fault, Part, Severity};
pub use value::Value;
