//! One worker: a thread with its own runtime, listeners, connections and service.

use std::{
    cell::Cell,
    net::{SocketAddr, TcpListener},
    os::unix::net::UnixStream,
    panic::{AssertUnwindSafe, catch_unwind},
    rc::Rc,
    sync::{
        Arc,
        atomic::Ordering::{Relaxed, SeqCst},
    },
};

use monoio::{
    io::{AsyncReadRent, Canceller},
    net::TcpStream,
};

use crate::{
    acceptor,
    buffers::Buffers,
    connection,
    counters::Counters,
    layer::Layer,
    limits::ACCEPTS_AT_ONCE,
    pauses::Pauses,
    resident::release_free_memory,
    rest::Rest,
    ring::Driver,
    shared::{Desk, Shared, Stage},
    socket,
    sweeper::{Generations, Table},
    ticks::{Ticks, Waiters},
};

/// What the tasks of one worker share; everything but `shared` is this thread's alone.
pub(crate) struct Worker<S> {
    pub(crate) index: usize,
    pub(crate) service: S,
    pub(crate) shared: Arc<Shared>,
    pub(crate) epoll: bool,
    pub(crate) ticks: Ticks,
    /// Connections that let others go first.
    pub(crate) yielded: Waiters,
    pub(crate) table: Table,
    pub(crate) reads: Generations,
    pub(crate) buffers: Buffers,
    pub(crate) pauses: Rc<Pauses>,
    pub(crate) rest: Rest,
    pub(crate) draining: Cell<bool>,
    acceptors: Cell<usize>,
    seen: Cell<u32>,
}

impl<S: Layer> Worker<S> {
    pub(crate) fn new(index: usize, service: S, shared: Arc<Shared>, driver: &Driver) -> Self {
        Self {
            index,
            service,
            shared,
            epoll: matches!(driver, Driver::Epoll(_)),
            ticks: Ticks::new(),
            yielded: Waiters::default(),
            table: Table::default(),
            reads: Generations::new(),
            buffers: Buffers::default(),
            pauses: Rc::default(),
            rest: Rest::default(),
            draining: Cell::new(false),
            acceptors: Cell::new(0),
            seen: Cell::new(0),
        }
    }

    pub(crate) fn desk(&self) -> &Desk {
        &self.shared.desks[self.index]
    }

    pub(crate) fn counters(&self) -> &Counters {
        &self.desk().counters
    }

    /// Calls the service; `None` is a panic, which the panic hook has reported by now.
    pub(crate) fn call<T>(&self, call: impl FnOnce(&S) -> T) -> Option<T> {
        // The service promises to stay whole; the connection is given up by the caller.
        let result = catch_unwind(AssertUnwindSafe(|| call(&self.service)));
        if result.is_err() {
            self.counters().panics.bump();
        }
        result.ok()
    }

    /// Takes a new connection, or gives it to a worker with less to do.
    pub(crate) fn admit(self: &Rc<Self>, stream: TcpStream, peer: SocketAddr) {
        if !self.shared.admission.enter(peer.ip()) {
            self.counters().refused.bump();
            return;
        }
        let target = self.shared.lightest(self.index);
        if target != self.index && self.announce(target) {
            self.counters().handed_over.bump();
            self.shared.desks[target].hand_over(socket::release(stream).into(), peer);
        } else {
            self.desk().load.fetch_add(1, Relaxed);
            self.serve(stream, peer);
        }
    }

    /// Counts a connection with the worker that is to get it. Whether that one is sure to take it: while the server
    /// drains it may have ended. Either sees the other's write, so that none is handed to who looks no more.
    fn announce(&self, target: usize) -> bool {
        let desk = &self.shared.desks[target];
        desk.load.fetch_add(1, SeqCst);
        let is_serving = self.shared.stage() == Stage::Serving;
        if !is_serving {
            desk.load.fetch_sub(1, SeqCst);
            desk.bell.ring();
        }
        is_serving
    }

    /// Takes the connections that other workers handed over.
    fn adopt_arrivals(self: &Rc<Self>) {
        for (stream, peer) in self.desk().take_arrivals() {
            let adopted = stream.set_nonblocking(self.epoll).and_then(|()| TcpStream::from_std(stream));
            match adopted {
                Ok(stream) => self.serve(stream, peer),
                Err(_) => {
                    self.counters().refused.bump();
                    self.left(peer);
                }
            }
        }
    }

    fn serve(self: &Rc<Self>, stream: TcpStream, peer: SocketAddr) {
        self.counters().accepted.bump();
        drop(monoio::spawn(connection::serve(Rc::clone(self), stream, peer)));
    }

    /// A connection that was admitted is gone.
    pub(crate) fn left(&self, peer: SocketAddr) {
        self.shared.admission.leave(peer.ip());
        self.desk().load.fetch_sub(1, Relaxed);
        self.rest.stir();
        if self.draining.get() {
            self.desk().bell.ring();
        }
    }

    /// Does what the bell may have rung for.
    fn look_around(self: &Rc<Self>) {
        let ticks = self.shared.ticks();
        if self.seen.replace(ticks) != ticks {
            self.desk().seen.store(ticks, Relaxed);
            self.ticks.turn();
            self.pauses.tick();
            self.call(S::tick);
            self.reads.turn();
            let now = self.ticks.now();
            self.table.sweep(now, &self.shared.config.timeouts);
            self.table.look_after_pauses(now, u64::from(ticks), &self.pauses);
            if self.draining.get() {
                self.table.end_opening(now);
            }
            if self.rest.begins() {
                release_free_memory();
            }
        }
        self.yielded.wake();
        self.adopt_arrivals();
        let stage = self.shared.stage();
        if stage >= Stage::Draining && !self.draining.replace(true) {
            self.call(S::drain);
            self.table.end_idle();
        }
        if stage >= Stage::Quitting {
            self.table.abort_all();
            self.pauses.end();
        }
    }

    /// A listener is closed.
    pub(crate) fn stopped_accepting(&self) {
        self.acceptors.set(self.acceptors.get() - 1);
        self.desk().bell.ring();
    }

    fn is_done(&self) -> bool {
        self.draining.get() && self.acceptors.get() == 0 && self.desk().load.load(SeqCst) == 0
    }
}

/// Serves until the server ends and no connection is left.
///
/// # Errors
/// When the sockets cannot be given to the runtime.
pub(crate) async fn run<S: Layer>(
    worker: Rc<Worker<S>>,
    listeners: Vec<TcpListener>,
    bell: UnixStream,
    ready: impl FnOnce(),
) -> std::io::Result<()> {
    bell.set_nonblocking(worker.epoll)?;
    let mut bell = monoio::net::UnixStream::from_std(bell)?;
    worker.pauses.begin()?;
    let mut accepting = Canceller::new();
    let shortage = Rc::new(acceptor::Shortage::new()?);
    for listener in listeners {
        listener.set_nonblocking(worker.epoll)?;
        let listener = Rc::new(monoio::net::TcpListener::from_std(listener)?);
        // On epoll one takes all that wait, and only one may wait for more.
        let acceptors = if worker.epoll { 1 } else { ACCEPTS_AT_ONCE };
        for _ in 0..acceptors {
            let (listener, stop) = (Rc::clone(&listener), accepting.handle());
            let task = acceptor::accept(Rc::clone(&worker), listener, stop, Rc::clone(&shortage));
            drop(monoio::spawn(task));
        }
        worker.acceptors.set(worker.acceptors.get() + acceptors);
    }
    ready();
    let mut heard = vec![0; 64];
    loop {
        let (result, buffer) = bell.read(heard).await;
        heard = buffer;
        if result? == 0 {
            return Ok(());
        }
        worker.look_around();
        if worker.draining.get() {
            accepting = accepting.cancel();
        }
        if worker.is_done() {
            return Ok(());
        }
    }
}
