//! What the threads of one server share. Requests touch none of it.

use std::{
    net::{SocketAddr, TcpStream},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU8, AtomicU32, AtomicUsize, Ordering},
    },
};

use crate::{
    admission::Admission,
    bell::Bell,
    config::Config,
    counters::{Counters, Snapshot},
    limits::HAND_OVER_SLACK,
};

/// How far a server is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum Stage {
    /// Accepting and serving.
    Serving,
    /// Not accepting; finishing what is in flight.
    Draining,
    /// Resetting what is left.
    Quitting,
}

/// One server.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) config: Config,
    pub(crate) admission: Admission,
    pub(crate) desks: Vec<Desk>,
    stage: AtomicU8,
    ticks: AtomicU32,
}

/// Where other threads leave things for one worker.
#[derive(Debug)]
pub(crate) struct Desk {
    pub(crate) counters: Counters,
    pub(crate) bell: Bell,
    /// Connections served by or on their way to this worker.
    pub(crate) load: AtomicUsize,
    /// The tick at which this worker last looked up from its work.
    pub(crate) seen: AtomicU32,
    arrivals: Mutex<Vec<(TcpStream, SocketAddr)>>,
}

impl Desk {
    pub(crate) fn new(bell: Bell) -> Self {
        Self {
            counters: Counters::default(),
            bell,
            load: AtomicUsize::new(0),
            seen: AtomicU32::new(0),
            arrivals: Mutex::default(),
        }
    }

    /// Hands a connection, already admitted, to this worker.
    pub(crate) fn hand_over(&self, stream: TcpStream, peer: SocketAddr) {
        self.arrivals.lock().unwrap_or_else(PoisonError::into_inner).push((stream, peer));
        self.bell.ring();
    }

    /// What was handed over since.
    pub(crate) fn take_arrivals(&self) -> Vec<(TcpStream, SocketAddr)> {
        std::mem::take(&mut self.arrivals.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Shared {
    pub(crate) fn new(config: Config, desks: Vec<Desk>) -> Self {
        let admission = Admission::new(config.max_connections, config.max_connections_per_client);
        Self { config, admission, desks, stage: AtomicU8::new(0), ticks: AtomicU32::new(0) }
    }

    pub(crate) fn stage(&self) -> Stage {
        match self.stage.load(Ordering::SeqCst) {
            0 => Stage::Serving,
            1 => Stage::Draining,
            _ => Stage::Quitting,
        }
    }

    /// Moves on to `stage`, never back, and tells the workers.
    pub(crate) fn enter(&self, stage: Stage) {
        self.stage.fetch_max(stage as u8, Ordering::SeqCst);
        self.ring_all();
    }

    /// Ticks so far.
    pub(crate) fn ticks(&self) -> u32 {
        self.ticks.load(Ordering::Relaxed)
    }

    /// One tick for every worker.
    pub(crate) fn tick(&self) {
        self.ticks.fetch_add(1, Ordering::Relaxed);
        self.ring_all();
    }

    /// The worker that should serve a connection which `worker` accepted: the kernel spreads connections
    /// by a hash, which leaves a few long-lived ones badly spread.
    pub(crate) fn lightest(&self, worker: usize) -> usize {
        let load = |index: usize| self.desks[index].load.load(Ordering::Relaxed);
        let own = load(worker);
        let lightest = (0..self.desks.len()).min_by_key(|&index| load(index)).unwrap_or(worker);
        let least = load(lightest);
        if own > least + HAND_OVER_SLACK + least / 8 { lightest } else { worker }
    }

    pub(crate) fn snapshot(&self) -> Snapshot {
        let mut snapshot = Snapshot { active: self.admission.open(), ..Snapshot::default() };
        for desk in &self.desks {
            snapshot.add(&desk.counters);
        }
        snapshot
    }

    fn ring_all(&self) {
        for desk in &self.desks {
            desk.bell.ring();
        }
    }
}
