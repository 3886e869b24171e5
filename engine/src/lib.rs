//! The data plane: bytes in, answers out, by the plan. Joins `http`, `plan` and `runtime`.

pub mod access;
mod account;
pub mod behaviour;
mod callbacks;
pub mod chaos;
mod connection;
mod cors;
mod crowd;
mod dispatch;
mod draw;
mod facts;
mod judge;
pub mod limits;
pub mod metrics;
mod outbox;
mod preferences;
mod problem;
mod publication;
mod scratch;
mod settings;
mod timing;
mod worker;

pub use account::{Account, Source};
pub use connection::Connection;
pub use outbox::{Inbox, Outbox, outbox};
pub use publication::{Deployment, Publication};
pub use settings::Settings;
pub use worker::Worker;
