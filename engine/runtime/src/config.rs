//! What a server is told before it starts.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use crate::{limits, service::Wait, tls::Credentials};

/// How a server listens, and what it allows. `Config::default()` serves 0.0.0.0:8080 on all cores.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where to listen. Port 0 takes a free one; further addresses with port 0 take the same.
    pub addresses: Vec<SocketAddr>,
    /// Worker threads; `None` is one for each CPU that this process may use.
    pub threads: Option<usize>,
    /// How workers wait for sockets.
    pub driver: DriverChoice,
    /// Whether workers are bound to CPUs.
    pub pin: Pin,
    /// Connections the kernel queues for each listener.
    pub backlog: u32,
    /// Whether other processes that say the same may listen on the same addresses; the kernel deals connections out.
    pub shares_port: bool,
    /// Connections served at once; more are closed as they come.
    pub max_connections: usize,
    /// The same for one client address; `None` is no limit.
    pub max_connections_per_client: Option<usize>,
    /// Unconsumed bytes that a connection may hold.
    pub max_input: usize,
    /// With these all connections are TLS; without, none.
    pub tls: Option<Arc<Credentials>>,
    /// How long things may take.
    pub timeouts: Timeouts,
    /// Whether SIGINT and SIGTERM end the server: the first drains, the second ends at once.
    pub signals: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            addresses: vec![SocketAddr::from(([0, 0, 0, 0], 8080))],
            threads: None,
            driver: DriverChoice::Auto,
            pin: Pin::Auto,
            backlog: limits::DEFAULT_BACKLOG,
            shares_port: false,
            max_connections: limits::DEFAULT_MAX_CONNECTIONS,
            max_connections_per_client: None,
            max_input: limits::DEFAULT_MAX_INPUT,
            tls: None,
            timeouts: Timeouts::default(),
            signals: true,
        }
    }
}

/// Deadlines of a connection and of the server. They are looked at on each tick, so they hold to
/// within about [`READ_GENERATIONS`](limits::READ_GENERATIONS) ticks, never early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// Between requests.
    pub idle: Duration,
    /// For each message of a TLS handshake.
    pub handshake: Duration,
    /// For a whole request head.
    pub head: Duration,
    /// For a whole request body.
    pub body: Duration,
    /// For a client to take any byte of an answer.
    pub write: Duration,
    /// For a client to close after we did.
    pub close: Duration,
    /// For requests in flight when the server ends.
    pub drain: Duration,
    /// How often deadlines are looked at and the service is told the time goes on.
    pub tick: Duration,
}

impl Timeouts {
    pub(crate) fn of(&self, wait: Wait) -> Duration {
        match wait {
            Wait::Handshake => self.handshake,
            Wait::Idle => self.idle,
            Wait::Head => self.head,
            Wait::Body => self.body,
        }
    }
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            idle: Duration::from_secs(75),
            handshake: Duration::from_secs(10),
            head: Duration::from_secs(10),
            body: Duration::from_secs(30),
            write: Duration::from_secs(30),
            close: Duration::from_secs(2),
            drain: Duration::from_secs(10),
            tick: Duration::from_millis(500),
        }
    }
}

/// How workers wait for sockets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DriverChoice {
    /// io_uring where the kernel allows it, else epoll.
    #[default]
    Auto,
    /// io_uring or an error.
    Uring,
    /// epoll.
    Epoll,
}

/// Whether workers are bound to CPUs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Pin {
    /// Bound when there is one worker for each CPU that this process may use. Fewer workers are left
    /// to the scheduler: two processes that both bind to the first CPU would halve each other.
    #[default]
    Auto,
    /// Bound in turn to the CPUs that this process may use.
    Always,
    /// Bound in turn to these CPUs.
    To(Vec<usize>),
    /// Never bound.
    Never,
}
