//! A server of ours, in this process and on other cores than the generator.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use mocker_engine::{Deployment, Publication, Settings, Worker};
use mocker_openapi::Document;
use mocker_plan::{Options, Plan};
use mocker_runtime::{Config, Handle, Pin, Server};

/// Ends when it is dropped.
pub(crate) struct OwnServer {
    address: SocketAddr,
    handle: Handle,
    waiting: Option<JoinHandle<()>>,
}

impl OwnServer {
    /// Serves documents as `mocker start` does, on a free port, one worker a CPU. It is ready when this returns.
    pub(crate) fn start(documents: &[Arc<Document>], cpus: &[usize]) -> anyhow::Result<OwnServer> {
        let (plan, _) = Plan::compile(documents, &Options::default());
        let deployment = Deployment::new(Arc::new(plan), Settings::default());
        let publication = Arc::new(Publication::new(deployment));
        serve(cpus, move |worker| Worker::new(Arc::clone(&publication), worker))
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }
}

/// Serves `service` on a free port of the loopback.
pub(super) fn serve<S: mocker_runtime::Service>(
    cpus: &[usize],
    service: impl Fn(usize) -> S + Send + Sync + 'static,
) -> anyhow::Result<OwnServer> {
    let config = Config {
        addresses: vec![SocketAddr::from((Ipv4Addr::LOCALHOST, 0))],
        threads: Some(cpus.len().max(1)),
        pin: if cpus.is_empty() { Pin::Never } else { Pin::To(cpus.to_vec()) },
        signals: false,
        ..Config::default()
    };
    let running = Server::bind(config)?.start(service)?;
    let (address, handle) = (running.addresses()[0], running.handle());
    let waiting = thread::Builder::new().name("own-server".to_owned()).spawn(move || drop(running.wait()))?;
    Ok(OwnServer { address, handle, waiting: Some(waiting) })
}

impl Drop for OwnServer {
    fn drop(&mut self) {
        self.handle.shutdown();
        // A panic of the server's was told when it happened.
        let _ = self.waiting.take().map(JoinHandle::join);
    }
}
