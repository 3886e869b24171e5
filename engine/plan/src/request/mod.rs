//! What a request must be: its parameters, its credentials, its body, each compiled once an operation.

pub mod body;
mod coerce;
mod fault;
mod mode;
mod parameters;
mod rules;
mod security;
mod text;
mod value;
pub mod violations;

pub use coerce::coerce;
pub(crate) use coerce::whole_number;
pub use fault::{Fault, Part, Severity};
pub use mode::Mode;
pub(crate) use parameters::NO_PARAMETERS;
pub use parameters::{Parameters, Sent};
pub use rules::Rules;
pub use security::{Denied, Forbidden, Security, Unauthorized};
pub use value::Value;
