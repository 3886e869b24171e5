//! Sends callbacks: what operations ask of others once they have answered.

mod target;

use std::io::{self, ErrorKind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use mocker_control::{Address, CALLBACK};
use mocker_engine::{Inbox, Outbox, outbox};
use mocker_plan::callback::{Call, Job};

use crate::fetch::exchange_reason;
use crate::limits::{
    CALLBACK_RETRY_PAUSE, MAX_CALLBACK_TIME, MAX_CALLBACKS_IN_FLIGHT, MAX_CALLBACKS_WAITING,
};
use crate::talk::{tell, warn};

use target::Closed;

/// The threads that send, and the way to them.
pub(crate) struct Callbacks {
    outbox: Outbox,
    inbox: Arc<Inbox>,
    /// Never says anything; its other ends live as long as the threads
    ended: Receiver<()>,
}

impl Callbacks {
    /// Starts a thread that waits for the first callback. What is served may come to have callbacks later. None goes to
    /// the server's own `admin` API.
    pub(crate) fn start(admin: Option<&Address>) -> io::Result<Callbacks> {
        let (outbox, inbox) = outbox(MAX_CALLBACKS_WAITING);
        let (lives, ended) = channel();
        let inbox = Arc::new(inbox);
        let way = Way { agent: agent(), closed: Arc::new(Closed::of(admin)) };
        let sender = Sending { inbox: Arc::clone(&inbox), way, _lives: lives };
        sender.spawn(0, Sending::begin)?;
        Ok(Callbacks { outbox, inbox, ended })
    }

    /// Where workers hand callbacks to.
    pub(crate) fn outbox(&self) -> Outbox {
        self.outbox.clone()
    }

    /// Sends what is waiting, and what is not sent within `time` is not sent. The workers have ended.
    pub(crate) fn finish(self, time: Duration) {
        drop(self.outbox);
        if self.ended.recv_timeout(time) == Err(RecvTimeoutError::Timeout) {
            let left = self.inbox.abandon();
            if left > 0 {
                warn(format_args!("callbacks: {left} not sent: the server ended before their turn"));
            }
        }
        tell_dropped(&self.inbox);
    }
}

/// Every callback has a connection of its own: one that was kept may be gone when it is needed.
fn agent() -> ureq::Agent {
    let config = ureq::Agent::config_builder()
        .timeout_global(Some(MAX_CALLBACK_TIME))
        .http_status_as_error(false)
        .max_redirects(0)
        .max_idle_connections(0)
        .allow_non_standard_methods(true)
        .user_agent(concat!("mocker/", env!("CARGO_PKG_VERSION")));
    config.build().into()
}

/// One of the threads that send.
#[derive(Clone)]
struct Sending {
    inbox: Arc<Inbox>,
    way: Way,
    _lives: Sender<()>,
}

impl Sending {
    fn spawn(&self, number: usize, run: impl FnOnce(&Sending) + Send + 'static) -> io::Result<()> {
        let sending = self.clone();
        let name = format!("callback-{number}");
        thread::Builder::new().name(name).spawn(move || run(&sending)).map(drop)
    }

    /// At the first callback, has as many threads as there may be in flight.
    fn begin(&self) {
        let Some(first) = self.inbox.next() else { return };
        for number in 1..MAX_CALLBACKS_IN_FLIGHT {
            if let Err(error) = self.spawn(number, Sending::send_all) {
                warn(format_args!("callbacks: sent by {number} at a time: {error}"));
                break;
            }
        }
        self.send(&first);
        self.send_all();
    }

    fn send_all(&self) {
        while let Some(call) = self.inbox.next() {
            self.send(&call);
        }
    }

    fn send(&self, call: &Call) {
        tell_dropped(&self.inbox);
        let job = match call {
            Ok(job) => job,
            Err(unsent) => {
                return warn(format_args!("callback {}: not sent: {}", unsent.name, unsent.reason));
            }
        };
        tell(format_args!("callback {} {}: {}", job.method, job.url, self.way.told(job)));
    }
}

fn tell_dropped(inbox: &Inbox) {
    let dropped = inbox.take_dropped();
    if dropped > 0 {
        warn(format_args!("callbacks: {dropped} dropped: {MAX_CALLBACKS_WAITING} were waiting already"));
    }
}

/// How callbacks leave.
#[derive(Clone)]
struct Way {
    agent: ureq::Agent,
    closed: Arc<Closed>,
}

impl Way {
    /// What came of it, at the second try where the first one asks for that.
    fn told(&self, job: &Job) -> String {
        if let Some(refusal) = self.closed.refusal(&job.url) {
            return refused(refusal);
        }
        let mut started = Instant::now();
        let mut outcome = attempt(&self.agent, job);
        let mut tries = "";
        if is_worth_retrying(&outcome) {
            thread::sleep(CALLBACK_RETRY_PAUSE);
            started = Instant::now();
            outcome = attempt(&self.agent, job);
            tries = " at the second try";
        }
        match outcome {
            Ok(status) => {
                let described =
                    if job.describes(status) { "" } else { ", which the document does not describe" };
                format!("{status} in {} ms{tries}{described}", started.elapsed().as_millis())
            }
            Err(error) => refused(&exchange_reason(&error, MAX_CALLBACK_TIME)),
        }
    }
}

fn refused(reason: &str) -> String {
    format!("refused: {reason} (will not be tried again)")
}

/// Sends it once; gives the status of the answer.
fn attempt(agent: &ureq::Agent, job: &Job) -> Result<u16, ureq::Error> {
    let request = ureq::http::Request::builder().method(&*job.method).uri(&job.url);
    let mut request = request.header(CALLBACK, "1");
    // What documents and requests say cannot make it look like another's.
    for (name, value) in job.headers.iter().filter(|(name, _)| !name.eq_ignore_ascii_case(CALLBACK)) {
        request = request.header(name, value.as_slice());
    }
    let is_bare = job.body.is_none() && !matches!(&*job.method, "POST" | "PUT" | "PATCH");
    let response = match is_bare {
        true => agent.run(request.body(())?)?,
        false => agent.run(request.body(job.body.as_deref().unwrap_or_default())?)?,
    };
    Ok(response.status().as_u16())
}

/// Whoever is to be called may be starting.
fn is_worth_retrying(outcome: &Result<u16, ureq::Error>) -> bool {
    match outcome {
        Ok(status) => *status >= 500,
        Err(ureq::Error::HostNotFound | ureq::Error::ConnectionFailed) => true,
        Err(ureq::Error::Io(error)) => matches!(
            error.kind(),
            ErrorKind::ConnectionRefused
                | ErrorKind::HostUnreachable
                | ErrorKind::NetworkUnreachable
                | ErrorKind::AddrNotAvailable
        ),
        Err(_) => false,
    }
}
