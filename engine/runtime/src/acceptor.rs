//! Accepting connections, also when there are no descriptors left.

use std::{cell::Cell, io, os::fd::OwnedFd, rc::Rc};

use monoio::{io::CancelHandle, net::TcpListener};

use crate::{service::Service, socket, worker::Worker};

/// Accepts until the worker drains. `spare` is a descriptor kept back for the time when there is none:
/// without it the connection could not even be taken to be closed, and would be offered again at once.
pub(crate) async fn accept<S: Service>(
    worker: Rc<Worker<S>>,
    listener: TcpListener,
    stop: CancelHandle,
    spare: Rc<Cell<Option<OwnedFd>>>,
) {
    while !worker.draining.get() {
        match listener.cancelable_accept(stop.clone()).await {
            Ok((stream, peer)) => worker.admit(stream, peer),
            Err(error) if error.raw_os_error() == Some(libc::ECANCELED) => break,
            Err(error) => {
                worker.counters().accept_errors.bump();
                recover(&worker, &listener, &error, &spare).await;
            }
        }
    }
    drop(listener);
    worker.stopped_accepting();
}

async fn recover<S: Service>(
    worker: &Rc<Worker<S>>,
    listener: &TcpListener,
    error: &io::Error,
    spare: &Cell<Option<OwnedFd>>,
) {
    match error.raw_os_error() {
        // The client was gone before it was accepted.
        Some(libc::ECONNABORTED | libc::EINTR | libc::EPROTO) => {}
        Some(libc::EMFILE | libc::ENFILE) => refuse_one(worker, listener, spare).await,
        _ => worker.ticks.next().await,
    }
}

/// Takes one connection with the spare descriptor and closes it, so that its client is not left waiting.
async fn refuse_one<S: Service>(
    worker: &Rc<Worker<S>>,
    listener: &TcpListener,
    spare: &Cell<Option<OwnedFd>>,
) {
    if spare.take().is_some()
        && let Ok((stream, _)) = listener.accept().await
    {
        worker.counters().refused.bump();
        drop(socket::release(stream));
    } else {
        worker.ticks.next().await;
    }
    spare.set(std::fs::File::open("/dev/null").ok().map(OwnedFd::from));
}
