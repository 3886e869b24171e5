//! What the control plane asks of the server.

use std::sync::Arc;

use mocker_state::Store;
use thiserror::Error;

use crate::model::{Check, Operation, Reload, Setting, Status, Switches};

/// A server that is looked at and told what to do. All but [`Server::reload`] return without waiting.
pub trait Server: Send + Sync + 'static {
    /// What it is, and how it is.
    fn status(&self) -> Status;
    /// How it is, looked at now.
    fn checks(&self) -> Vec<Check>;
    /// Everything that is served.
    fn operations(&self) -> Vec<Operation>;
    /// Every setting by path.
    fn settings(&self) -> Vec<(String, Setting)>;
    /// Reads everything again, and serves it where it is sound. Blocks.
    fn reload(&self) -> Reload;
    /// Ends the server as SIGTERM does; asked again, nothing more happens.
    fn stop(&self);
    /// The last level of its own talk that is told: `error`, `warn`, `info`, `debug` or `trace`.
    fn log_level(&self) -> &'static str;
    /// Tells up to this level from now on; whether there is one of that name.
    fn set_log_level(&self, level: &str) -> bool;
    /// Counters, in the text format of OpenMetrics 1.0, which Prometheus reads.
    fn metrics(&self) -> String;
    /// Milliseconds since 1970, of the clock that the state goes by.
    fn now(&self) -> u64;
}

/// Scenarios of faults, which are switched while the server runs.
pub trait Chaos: Send + Sync + 'static {
    /// All, in the order of the configuration.
    fn switches(&self) -> Switches;
    /// Switches one, or all for `None`.
    ///
    /// # Errors
    /// [`NoSuchScenario`]
    fn switch(&self, name: Option<&str>, on: bool) -> Result<(), NoSuchScenario>;
}

/// No scenario has that name.
#[derive(Debug, PartialEq, Eq, Error)]
#[error("no such scenario: `{0}`")]
pub struct NoSuchScenario(pub String);

/// A server without scenarios of faults.
#[derive(Debug)]
pub struct NoChaos;

impl Chaos for NoChaos {
    fn switches(&self) -> Switches {
        Switches::default()
    }

    fn switch(&self, name: Option<&str>, _on: bool) -> Result<(), NoSuchScenario> {
        name.map_or(Ok(()), |name| Err(NoSuchScenario(name.to_owned())))
    }
}

/// Everything that the Admin API is about.
#[derive(Clone)]
pub struct Plane {
    /// The server
    pub server: Arc<dyn Server>,
    /// Its scenarios of faults
    pub chaos: Arc<dyn Chaos>,
    /// What it remembers
    pub store: Arc<Store>,
}
