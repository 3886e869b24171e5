//! The control plane: the Admin API of a running server, on a thread and a runtime of its own, and its client.
//!
//! What it asks of a server stands in [`Server`] and [`Chaos`]; the `mocker` command joins them to the data plane, of
//! which this crate knows nothing.
//!
//! ```no_run
//! # fn run(listener: mocker_control::Listener, plane: mocker_control::Plane) -> std::io::Result<()> {
//! let gate = mocker_control::Gate::new(listener.host(), &[], None);
//! let serving = mocker_control::start(listener, plane, gate)?;
//! # Ok(())
//! # }
//! ```

#![forbid(unsafe_code)]

mod address;
mod client;
mod connection;
mod document;
mod gate;
mod limits;
mod listener;
mod model;
mod patience;
mod plane;
mod problem;
mod routes;
mod scope;
mod token;

pub use address::{Address, AddressFault};
pub use client::{Answer, Client, ClientError};
pub use connection::{Serving, start};
pub use gate::{CALLBACK, Gate};
pub use listener::Listener;
pub use model::{
    Added, Check, Condition, Health, Operation, Reload, Scenario, Setting, Stage, Status, Switches,
};
pub use plane::{Chaos, NoChaos, NoSuchScenario, Plane, Server};
pub use routes::routes;
pub use token::Token;
