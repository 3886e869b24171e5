//! Accepting connections, also when there are no descriptors left.

use std::{
    cell::Cell,
    io,
    os::fd::{AsRawFd, OwnedFd},
    rc::Rc,
};

use monoio::{
    io::CancelHandle,
    net::{TcpListener, TcpStream},
};

use crate::{
    layer::Layer,
    limits::{ACCEPTS_AT_ONCE, DEFAULT_BACKLOG},
    socket,
    worker::Worker,
};

/// Accepts until the worker drains. On io_uring several do so at one listener: a request to the ring takes one connection,
/// and what it took is seen once a turn.
pub(crate) async fn accept<S: Layer>(
    worker: Rc<Worker<S>>,
    listener: Rc<TcpListener>,
    stop: CancelHandle,
    shortage: Rc<Shortage>,
) {
    while !worker.draining.get() {
        match listener.cancelable_accept(stop.clone()).await {
            Ok((stream, peer)) => worker.admit(stream, peer),
            Err(error) if error.raw_os_error() == Some(libc::ECANCELED) => break,
            Err(error) => {
                recover(&worker, &listener, &error, &shortage).await;
            }
        }
    }
    if Rc::strong_count(&listener) == 1 {
        admit_waiting(&worker, &listener);
    }
    drop(listener);
    worker.stopped_accepting();
}

/// Takes the connections that the kernel made before the listener closes: closing it would reset them.
fn admit_waiting<S: Layer>(worker: &Rc<Worker<S>>, listener: &TcpListener) {
    for _ in 0..DEFAULT_BACKLOG {
        let Ok((stream, peer)) = socket::accept_waiting(listener.as_raw_fd(), worker.epoll) else { return };
        match TcpStream::from_std(stream) {
            Ok(stream) => worker.admit(stream, peer),
            Err(_) => worker.counters().refused.bump(),
        }
    }
}

/// What a worker needs, and knows, when it can take nothing more.
pub(crate) struct Shortage {
    /// A descriptor kept back for the time when there is none: without it a connection could not even be taken to be
    /// closed, and would be offered again at once
    spare: Cell<Option<OwnedFd>>,
    /// The tick in which it was last counted
    counted: Cell<Option<u64>>,
}

impl Shortage {
    /// # Errors
    /// When there is no descriptor already.
    pub(crate) fn new() -> io::Result<Self> {
        let spare = std::fs::File::open("/dev/null")?.into();
        Ok(Self { spare: Cell::new(Some(spare)), counted: Cell::new(None) })
    }

    /// Counts once a tick: where one acceptor gets nothing, all of them get nothing.
    fn count<S: Layer>(&self, worker: &Worker<S>) {
        let tick = Some(worker.ticks.number());
        if self.counted.replace(tick) != tick {
            worker.counters().accept_errors.bump();
        }
    }
}

async fn recover<S: Layer>(
    worker: &Worker<S>,
    listener: &TcpListener,
    error: &io::Error,
    shortage: &Shortage,
) {
    match error.raw_os_error() {
        // The client was gone before it was accepted.
        Some(libc::ECONNABORTED | libc::EINTR | libc::EPROTO) => worker.counters().accept_errors.bump(),
        code => {
            shortage.count(worker);
            let is_short = matches!(code, Some(libc::EMFILE | libc::ENFILE));
            if !(is_short && refuse_waiting(worker, listener, &shortage.spare)) {
                worker.ticks.next().await;
            }
        }
    }
}

/// Takes connections with the spare descriptor and closes them, so that their clients are not left waiting. Whether
/// there was one.
fn refuse_waiting<S: Layer>(
    worker: &Worker<S>,
    listener: &TcpListener,
    spare: &Cell<Option<OwnedFd>>,
) -> bool {
    drop(spare.take());
    let mut refused = 0;
    while refused < ACCEPTS_AT_ONCE && socket::accept_waiting(listener.as_raw_fd(), worker.epoll).is_ok() {
        worker.counters().refused.bump();
        refused += 1;
    }
    spare.set(std::fs::File::open("/dev/null").ok().map(OwnedFd::from));
    refused > 0
}
