//! What the control plane asks of the server.

use std::sync::Arc;

use mocker_state::Store;
use thiserror::Error;
use tokio::sync::Semaphore;

use crate::limits::MAX_RELOADS_WAITING;
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
    pub(crate) server: Arc<dyn Server>,
    pub(crate) chaos: Arc<dyn Chaos>,
    pub(crate) store: Arc<Store>,
    /// Places of those who wait for everything to be read again
    pub(crate) reloads: Arc<Semaphore>,
}

impl Plane {
    /// A server, its scenarios of faults, and what it remembers.
    pub fn new(server: Arc<dyn Server>, chaos: Arc<dyn Chaos>, store: Arc<Store>) -> Plane {
        Plane { server, chaos, store, reloads: Arc::new(Semaphore::new(MAX_RELOADS_WAITING)) }
    }
}

/// A server of which nothing is asked but the time and, by its function, to read everything again.
#[cfg(test)]
pub(crate) struct Double<R>(pub(crate) R);

#[cfg(test)]
impl<R: Fn() -> Reload + Send + Sync + 'static> Server for Double<R> {
    fn now(&self) -> u64 {
        1
    }

    fn reload(&self) -> Reload {
        (self.0)()
    }

    fn status(&self) -> Status {
        unreachable!()
    }

    fn checks(&self) -> Vec<Check> {
        unreachable!()
    }

    fn operations(&self) -> Vec<Operation> {
        unreachable!()
    }

    fn settings(&self) -> Vec<(String, Setting)> {
        unreachable!()
    }

    fn stop(&self) {
        unreachable!()
    }

    fn log_level(&self) -> &'static str {
        unreachable!()
    }

    fn set_log_level(&self, _: &str) -> bool {
        unreachable!()
    }

    fn metrics(&self) -> String {
        unreachable!()
    }
}
