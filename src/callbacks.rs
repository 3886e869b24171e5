//! Sends callbacks: what operations ask of others once they have answered.

use std::io::{self, ErrorKind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use mocker_engine::{Inbox, Outbox, outbox};
use mocker_plan::callback::{Call, Job};

use crate::fetch::exchange_reason;
use crate::limits::{
    CALLBACK_RETRY_PAUSE, MAX_CALLBACK_TIME, MAX_CALLBACKS_IN_FLIGHT, MAX_CALLBACKS_WAITING,
};
use crate::talk::{tell, warn};

/// The threads that send, and the way to them.
pub(crate) struct Callbacks {
    outbox: Outbox,
    inbox: Arc<Inbox>,
    /// Never says anything; its other ends live as long as the threads
    ended: Receiver<()>,
}

impl Callbacks {
    /// Starts as many threads as there may be callbacks in flight.
    pub(crate) fn start() -> io::Result<Callbacks> {
        let (outbox, inbox) = outbox(MAX_CALLBACKS_WAITING);
        let (inbox, agent) = (Arc::new(inbox), agent());
        let (lives, ended) = channel::<()>();
        for number in 0..MAX_CALLBACKS_IN_FLIGHT {
            let (inbox, agent, lives) = (Arc::clone(&inbox), agent.clone(), lives.clone());
            let name = format!("callback-{number}");
            thread::Builder::new().name(name).spawn(move || {
                let _lives = lives;
                send_all(&inbox, &agent);
            })?;
        }
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

fn send_all(inbox: &Inbox, agent: &ureq::Agent) {
    while let Some(call) = inbox.next() {
        tell_dropped(inbox);
        send(agent, &call);
    }
}

fn tell_dropped(inbox: &Inbox) {
    let dropped = inbox.take_dropped();
    if dropped > 0 {
        warn(format_args!("callbacks: {dropped} dropped: {MAX_CALLBACKS_WAITING} were waiting already"));
    }
}

fn send(agent: &ureq::Agent, call: &Call) {
    let job = match call {
        Ok(job) => job,
        Err(unsent) => return warn(format_args!("callback {}: not sent: {}", unsent.name, unsent.reason)),
    };
    let told = told(agent, job);
    tell(format_args!("callback {} {}: {told}", job.method, job.url));
}

/// What came of it, at the second try where the first one asks for that.
fn told(agent: &ureq::Agent, job: &Job) -> String {
    if !is_http(&job.url) {
        return refused("only http and https URLs are called");
    }
    let mut started = Instant::now();
    let mut outcome = attempt(agent, job);
    let mut tries = "";
    if is_worth_retrying(&outcome) {
        thread::sleep(CALLBACK_RETRY_PAUSE);
        started = Instant::now();
        outcome = attempt(agent, job);
        tries = " at the second try";
    }
    match outcome {
        Ok(status) => {
            let described = if job.describes(status) { "" } else { ", which the document does not describe" };
            format!("{status} in {} ms{tries}{described}", started.elapsed().as_millis())
        }
        Err(error) => refused(&exchange_reason(&error, MAX_CALLBACK_TIME)),
    }
}

fn refused(reason: &str) -> String {
    format!("refused: {reason} (will not be tried again)")
}

fn is_http(url: &str) -> bool {
    let begins =
        |scheme: &str| url.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    begins("http://") || begins("https://")
}

/// Sends it once; gives the status of the answer.
fn attempt(agent: &ureq::Agent, job: &Job) -> Result<u16, ureq::Error> {
    let mut request = ureq::http::Request::builder().method(&*job.method).uri(&job.url);
    for (name, value) in &job.headers {
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

#[cfg(test)]
mod tests {
    use super::is_http;

    #[test]
    fn only_http_is_called() {
        for (url, expected) in [
            ("http://a/b", true),
            ("HTTPS://a", true),
            ("ftp://a", false),
            ("file:///etc/passwd", false),
            ("/relative", false),
            ("http:/a", false),
            ("", false),
        ] {
            assert_eq!(is_http(url), expected, "{url}");
        }
    }
}
