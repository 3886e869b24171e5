//! Joins the control plane to the data plane: what the Admin API asks is answered here.

mod bind;
mod chaos;
mod health;
mod history;
mod operations;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use mocker_control::{
    Address, Check, Gate, Listener, Operation, Plane, Reload as Outcome, Server, Serving, Setting, Stage,
    Status, Token,
};
use mocker_engine::Publication;
use mocker_runtime::{Handle, Running};
use mocker_state::Store;

use crate::access_log::Orders;
use crate::config::section::admin::Admin;
use crate::memory;
use crate::metrics::Sources;
use crate::talk;
use crate::tls::url;
use crate::watch::Asking;

use bind::SocketFile;
use chaos::Faults;
pub(crate) use history::History;

/// The Admin API, bound and not serving yet.
pub(crate) struct Bound {
    listener: Listener,
    gate: Gate,
    address: Address,
    /// Goes when this is dropped
    file: Option<SocketFile>,
}

/// The Admin API of a server that runs.
pub(crate) struct Served {
    // Clients that find no file need not wait for an end.
    _file: Option<SocketFile>,
    _serving: Serving,
}

/// What the control plane looks at.
pub(crate) struct Live {
    pub(crate) started: Instant,
    pub(crate) publication: Arc<Publication>,
    pub(crate) store: Arc<Store>,
    pub(crate) history: Arc<History>,
    /// Who reads everything again
    pub(crate) asking: Asking,
    pub(crate) metrics: Sources,
    /// Whether clients of the data port speak TLS
    pub(crate) is_secure: bool,
    /// To whoever tells of requests where the level is low enough
    pub(crate) orders: Orders,
}

/// Binds the Admin API; `None` where there is none.
///
/// # Errors
/// Where the address cannot be had, and where others than this machine could reach it without a token.
pub(crate) fn bind(admin: &Admin) -> anyhow::Result<Option<Bound>> {
    let Some(listener) = bind::bind(admin)? else { return Ok(None) };
    let address = listener.address()?;
    let token = admin.token.as_deref().map(Token::new).transpose()?;
    let mut others = admin.hosts.clone();
    if let Address::Tcp { host, .. } = &address {
        others.push(host.clone());
    }
    let gate = Gate::new(listener.host(), &others, token);
    let file = match &address {
        Address::Unix(path) => SocketFile::of(path),
        Address::Tcp { .. } | Address::Off => None,
    };
    Ok(Some(Bound { listener, gate, address, file }))
}

impl Bound {
    /// Where clients find it.
    pub(crate) fn address(&self) -> &Address {
        &self.address
    }

    /// Serves the Admin API of a server that runs. What it gives is kept until the server has ended.
    ///
    /// # Errors
    /// Where the system has no thread or no descriptors for it.
    pub(crate) fn start(self, running: &Running, live: Live) -> std::io::Result<Served> {
        let store = Arc::clone(&live.store);
        let chaos = Arc::new(Faults(Arc::clone(&live.publication)));
        let server = Joined {
            handle: running.handle(),
            addresses: running.addresses().iter().map(|address| url(address, live.is_secure)).collect(),
            admin: self.address.to_string(),
            driver: running.driver().to_string(),
            threads: running.threads(),
            is_stopped: AtomicBool::new(false),
            live,
        };
        let plane = Plane::new(Arc::new(server), chaos, store);
        let serving = mocker_control::start(self.listener, plane, self.gate)?;
        Ok(Served { _file: self.file, _serving: serving })
    }
}

struct Joined {
    live: Live,
    handle: Handle,
    addresses: Vec<String>,
    admin: String,
    driver: String,
    threads: usize,
    /// A second signal would end the server at once
    is_stopped: AtomicBool,
}

impl Server for Joined {
    fn status(&self) -> Status {
        let (revision, deployment) = self.live.publication.current();
        let is_draining = self.is_stopped.load(Ordering::Relaxed) || self.handle.is_draining();
        Status {
            name: "mocker",
            version: env!("CARGO_PKG_VERSION"),
            pid: std::process::id(),
            uptime: self.live.started.elapsed(),
            stage: if is_draining { Stage::Draining } else { Stage::Serving },
            addresses: self.addresses.clone(),
            admin: self.admin.clone(),
            driver: self.driver.clone(),
            threads: self.threads,
            connections: self.handle.counters().active,
            revision,
            operations: deployment.plan.len(),
            documents: deployment.plan.documents(),
            memory_bytes: memory::resident(),
            last_reload: self.live.history.reload(),
        }
    }

    fn checks(&self) -> Vec<Check> {
        let history = &self.live.history;
        vec![
            health::workers(&self.handle),
            health::reload(|| history.reload()),
            health::state(&self.live.store),
        ]
    }

    fn operations(&self) -> Vec<Operation> {
        operations::operations(&self.live.publication.current().1)
    }

    fn settings(&self) -> Vec<(String, Setting)> {
        self.live.history.settings()
    }

    fn reload(&self) -> Outcome {
        let begun = Instant::now();
        self.live.asking.ask().unwrap_or_else(|| Outcome {
            reloaded: false,
            revision: self.live.publication.current().0,
            took: begun.elapsed(),
            why: "`mocker reload`".to_owned(),
            summary: "reading again came to no end for a fault of mocker's own".to_owned(),
            diagnostics: Vec::new(),
        })
    }

    fn stop(&self) {
        if !self.is_stopped.swap(true, Ordering::Relaxed) && !self.handle.is_draining() {
            self.handle.shutdown();
        }
    }

    fn log_level(&self) -> &'static str {
        talk::level()
    }

    fn set_log_level(&self, level: &str) -> bool {
        let is_known = talk::set_level(level);
        self.live.orders.look_at_level();
        is_known
    }

    fn metrics(&self) -> String {
        self.live.metrics.text()
    }

    fn now(&self) -> u64 {
        let clock = self.live.publication.current().1.behaviours.clock;
        let real =
            || SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64);
        clock.map_or_else(real, |fixed| fixed.max(0) as u64)
    }
}
