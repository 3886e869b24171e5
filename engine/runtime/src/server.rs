//! Starting, telling the time to, and ending the workers of one server.

use std::{
    fmt,
    io::{self, Read},
    net::SocketAddr,
    os::unix::net::UnixStream,
    panic::{AssertUnwindSafe, catch_unwind},
    rc::Rc,
    sync::{Arc, mpsc},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use signal_hook::{
    SigId,
    low_level::{pipe, unregister},
};
use thiserror::Error;

use crate::{
    affinity,
    bell::Bell,
    config::{Config, Pin},
    counters::Snapshot,
    handle::Handle,
    layer::Layer,
    limits,
    listener::{self, BindError, Listeners, Listening},
    ring::{self, Driver},
    service::Service,
    shared::{Desk, Shared, Stage},
    socket,
    tls::Sealed,
    worker::{self, Worker},
};

/// What the bell of the conductor says: end the server. It is the byte that a signal handler writes.
pub(crate) const STOP: u8 = b'X';
/// A worker thread is gone.
const LEFT: u8 = b'.';

/// A server to be.
#[derive(Debug)]
pub struct Server;

impl Server {
    /// Takes the port. Clients can connect from now on, and wait until the server starts.
    ///
    /// # Errors
    /// [`BindError`], with one line that says what would be right.
    pub fn bind(config: Config) -> Result<Bound, BindError> {
        let allowed = thread::available_parallelism().map_or(1, usize::from);
        let threads = config.threads.unwrap_or(allowed).clamp(1, limits::MAX_THREADS);
        socket::raise_open_files();
        let how = Listening { workers: threads, backlog: config.backlog, shares_port: config.shares_port };
        let listeners = listener::bind(&config.addresses, how)?;
        Ok(Bound { config, listeners })
    }
}

/// A server that holds its port and does not serve yet.
#[derive(Debug)]
pub struct Bound {
    config: Config,
    listeners: Listeners,
}

/// Why a server that holds its port cannot serve.
#[derive(Debug, Error)]
pub enum StartError {
    /// A worker could not get its ring, or epoll.
    #[error("cannot start worker {worker}: {error}")]
    Worker {
        /// Its index.
        worker: usize,
        /// What the kernel said.
        error: io::Error,
    },
    /// No thread, no descriptors, no signal handler.
    #[error("cannot start the server: {0}")]
    System(#[from] io::Error),
}

impl Bound {
    /// Where clients can connect, with the real port.
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.listeners.addresses
    }

    /// Worker threads there will be.
    pub fn threads(&self) -> usize {
        self.listeners.workers.len()
    }

    /// Starts the workers, each with a service of its own, and returns when all of them serve.
    ///
    /// # Errors
    /// [`StartError`]; no worker is left running then.
    pub fn start<S, F>(mut self, make_service: F) -> Result<Running, StartError>
    where
        S: Service,
        F: Fn(usize) -> S + Send + Sync + 'static,
    {
        let Some(credentials) = self.config.tls.clone() else { return self.start_layered(make_service) };
        let max_plain = self.config.max_input;
        // What travels is kept until it makes whole records.
        self.config.max_input = max_plain.max(2 * limits::HANDSHAKE_BYTES);
        self.start_layered(move |worker| {
            Sealed::new(make_service(worker), Arc::clone(&credentials), max_plain)
        })
    }

    fn start_layered<L, F>(self, make_layer: F) -> Result<Running, StartError>
    where
        L: Layer,
        F: Fn(usize) -> L + Send + Sync + 'static,
    {
        let (bell, heard) = Bell::new()?;
        let mut desks = Vec::new();
        let mut ears = Vec::new();
        for _ in 0..self.listeners.workers.len() {
            let (bell, ear) = Bell::new()?;
            desks.push(Desk::new(bell));
            ears.push(ear);
        }
        let signals = if self.config.signals { Signals::heed(&bell)? } else { Signals::default() };
        let cpus = cpus_to_bind(&self.config.pin, desks.len());
        let shared = Arc::new(Shared::new(self.config, desks));
        let make_layer = Arc::new(make_layer);
        let (report, reports) = mpsc::channel();
        let mut running = Running {
            shared: Arc::clone(&shared),
            bell: Arc::new(bell),
            heard,
            threads: Vec::new(),
            reports,
            _signals: signals,
            addresses: self.listeners.addresses,
            driver: Driver::Epoll(None),
        };
        for (index, (listeners, ear)) in self.listeners.workers.into_iter().zip(ears).enumerate() {
            let seat = Seat { index, cpu: cpus.get(index).copied(), listeners, ear };
            let (shared, make, report) = (Arc::clone(&shared), Arc::clone(&make_layer), report.clone());
            let leaving = Leaving(Arc::clone(&running.bell));
            let spawned = thread::Builder::new().name(format!("worker-{index}")).spawn(move || {
                let _leaving = leaving;
                let work = AssertUnwindSafe(|| seat.work(shared, |worker| make(worker), &report));
                if catch_unwind(work).is_err() {
                    let _ = report.send((index, Err(io::Error::other("it panicked"))));
                }
            });
            match spawned {
                Ok(thread) => running.threads.push(thread),
                Err(error) => return Err(running.give_up(error.into())),
            }
        }
        running.await_workers()
    }

    /// [`Self::start`] and [`Running::wait`] in one.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub fn run<S, F>(self, make_service: F) -> Result<RunReport, StartError>
    where
        S: Service,
        F: Fn(usize) -> S + Send + Sync + 'static,
    {
        Ok(self.start(make_service)?.wait())
    }
}

pub(crate) fn cpus_to_bind(pin: &Pin, workers: usize) -> Vec<usize> {
    let allowed = affinity::allowed();
    match pin {
        Pin::Always => allowed.into_iter().cycle().take(workers).collect(),
        Pin::To(cpus) => cpus.iter().copied().cycle().take(workers).collect(),
        Pin::Auto if allowed.len() == workers => allowed,
        Pin::Auto | Pin::Never => Vec::new(),
    }
}

/// Tells the conductor that a worker thread is gone, however it went.
struct Leaving(Arc<Bell>);

impl Drop for Leaving {
    fn drop(&mut self) {
        self.0.say(LEFT);
    }
}

/// The signals that end the server, heeded as long as this lives.
#[derive(Debug, Default)]
struct Signals(Vec<SigId>);

impl Signals {
    fn heed(bell: &Bell) -> io::Result<Self> {
        let mut signals = Self::default();
        for signal in [libc::SIGINT, libc::SIGTERM] {
            signals.0.push(pipe::register(signal, bell.ringer()?)?);
        }
        Ok(signals)
    }
}

impl Drop for Signals {
    fn drop(&mut self) {
        for &id in &self.0 {
            unregister(id);
        }
    }
}

/// What one worker thread starts from.
struct Seat {
    index: usize,
    cpu: Option<usize>,
    listeners: Vec<std::net::TcpListener>,
    ear: UnixStream,
}

/// A worker's index with what it runs on once it serves, or why it does not or no longer.
type Report = (usize, io::Result<Driver>);

impl Seat {
    fn work<L: Layer>(
        self,
        shared: Arc<Shared>,
        make_layer: impl FnOnce(usize) -> L,
        report: &mpsc::Sender<Report>,
    ) {
        if let Some(cpu) = self.cpu {
            // Binding is for speed only; a container may forbid it.
            let _ = affinity::bind_to(cpu);
        }
        let (mut runtime, driver) = match ring::build(shared.config.driver) {
            Ok(built) => built,
            Err(error) => return drop(report.send((self.index, Err(error)))),
        };
        let worker = Rc::new(Worker::new(self.index, make_layer(self.index), shared, &driver));
        let index = self.index;
        let ready = move || drop(report.send((index, Ok(driver))));
        if let Err(error) = runtime.block_on(worker::run(worker, self.listeners, self.ear, ready)) {
            let _ = report.send((index, Err(error)));
        }
    }
}

/// A server that serves. It needs [`Running::wait`] to see the time go on and to be ended.
#[derive(Debug)]
#[must_use = "deadlines and signals are looked after in `wait`"]
pub struct Running {
    shared: Arc<Shared>,
    bell: Arc<Bell>,
    heard: UnixStream,
    threads: Vec<JoinHandle<()>>,
    reports: mpsc::Receiver<Report>,
    _signals: Signals,
    addresses: Vec<SocketAddr>,
    driver: Driver,
}

impl Running {
    /// Where clients can connect, with the real port.
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }

    /// What the workers run on.
    pub fn driver(&self) -> &Driver {
        &self.driver
    }

    /// Worker threads.
    pub fn threads(&self) -> usize {
        self.threads.len()
    }

    /// For ending the server from another thread, and for its counters.
    pub fn handle(&self) -> Handle {
        Handle::new(Arc::clone(&self.shared), Arc::clone(&self.bell))
    }

    /// Looks after the workers until the server is told to end and has ended: a signal or
    /// [`Handle::shutdown`] drains, a second one returns [`End::Forced`] at once.
    pub fn wait(mut self) -> RunReport {
        let end = self.conduct();
        let failure = self.reports.try_iter().find_map(|(_, report)| report.err());
        let end = if failure.is_some() && end != End::Forced { End::Failed } else { end };
        RunReport { end, counters: self.shared.snapshot(), failure }
    }

    fn conduct(&mut self) -> End {
        let timeouts = self.shared.config.timeouts;
        let mut next_tick = Instant::now() + timeouts.tick;
        let mut stops = 0;
        let mut deadline = None;
        loop {
            stops += self.listen(next_tick);
            let now = Instant::now();
            if now >= next_tick {
                self.shared.tick();
                next_tick = now + timeouts.tick;
            }
            let stage = self.shared.stage();
            if self.threads.iter().all(JoinHandle::is_finished) {
                return if stage == Stage::Quitting { End::DeadlinePassed } else { End::Drained };
            }
            let failed = self.threads.iter().any(JoinHandle::is_finished);
            let is_due = deadline.is_some_and(|deadline| now >= deadline);
            match stage {
                _ if stops > 1 => return End::Forced,
                Stage::Serving if stops > 0 || failed => {
                    self.shared.enter(Stage::Draining);
                    deadline = Some(now + timeouts.drain);
                }
                Stage::Draining if is_due => {
                    self.shared.enter(Stage::Quitting);
                    deadline = Some(now + limits::QUIT_GRACE);
                }
                Stage::Quitting if is_due => return End::DeadlinePassed,
                _ => {}
            }
        }
    }

    /// Waits for the bell until `next`, or longer by less than a tick; how often it said to stop.
    fn listen(&mut self, next: Instant) -> usize {
        let left = next.saturating_duration_since(Instant::now()).max(Duration::from_millis(1));
        let mut said = [0; 64];
        match self.heard.set_read_timeout(Some(left)).and_then(|()| self.heard.read(&mut said)) {
            Ok(length) => said[..length].iter().filter(|&&byte| byte == STOP).count(),
            Err(_) => 0,
        }
    }

    fn await_workers(mut self) -> Result<Self, StartError> {
        for _ in 0..self.threads.len() {
            match self.reports.recv() {
                Ok((_, Ok(driver))) => self.driver = driver,
                Ok((worker, Err(error))) => return Err(self.give_up(StartError::Worker { worker, error })),
                Err(_) => return Err(self.give_up(io::Error::other("a worker is gone").into())),
            }
        }
        Ok(self)
    }

    fn give_up(self, error: StartError) -> StartError {
        self.shared.enter(Stage::Quitting);
        for thread in self.threads {
            let _ = thread.join();
        }
        error
    }
}

/// How a server ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Everything in flight was finished.
    Drained,
    /// The drain deadline passed; what was left was reset.
    DeadlinePassed,
    /// Told twice to end: worker threads may still run, and the process should exit now.
    Forced,
    /// A worker failed; the others finished what they had.
    Failed,
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Drained => "all requests in flight were answered",
            Self::DeadlinePassed => "the drain deadline passed; open connections were reset",
            Self::Forced => "ended at once",
            Self::Failed => "a worker failed",
        })
    }
}

/// What was, once a server has ended.
#[derive(Debug)]
pub struct RunReport {
    /// How it ended.
    pub end: End,
    /// The last counters.
    pub counters: Snapshot,
    /// Why a worker failed, if one did.
    pub failure: Option<io::Error>,
}
