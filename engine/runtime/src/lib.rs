//! Workers: one pinned monoio thread a core, each with its own listener, ring, buffers and
//! deadlines. Knows sockets and time, not HTTP: what bytes mean is the [`Service`]'s.
//!
//! ```no_run
//! # fn serve<S: mocker_runtime::Service>(service: fn(usize) -> S) -> Result<(), Box<dyn std::error::Error>> {
//! let bound = mocker_runtime::Server::bind(mocker_runtime::Config::default())?;
//! let running = bound.start(service)?;
//! println!("serving {:?} with {}", running.addresses(), running.driver());
//! let report = running.wait();
//! # Ok(())
//! # }
//! ```
//!
//! [`client`] is the other side: threads that send.

mod acceptor;
mod admission;
mod affinity;
mod background;
mod bell;
mod buffers;
pub mod client;
mod config;
mod connection;
mod counters;
mod handle;
mod layer;
pub mod limits;
mod listener;
mod pace;
mod pauses;
mod process;
mod resident;
mod rest;
mod ring;
mod server;
mod service;
mod shared;
mod socket;
mod sweeper;
mod ticks;
mod timer;
pub mod tls;
mod worker;

pub use background::in_background;
pub use config::{Config, DriverChoice, Pin, Timeouts};
pub use counters::Snapshot;
pub use handle::Handle;
pub use listener::{BindError, resolve};
pub use process::{Process, leave_session};
pub use resident::{FilePages, release_file_pages, release_free_memory};
pub use ring::{Driver, RingMode};
pub use server::{Bound, End, RunReport, Running, Server, StartError};
pub use service::{Next, Service, Step, Wait};
pub use timer::now;
