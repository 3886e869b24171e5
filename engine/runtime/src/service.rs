//! The contract between a worker and the protocol it serves.

use std::{net::SocketAddr, time::Duration};

/// What a worker asks about bytes. Sans-IO: no socket, no clock, no waiting in here.
/// Each worker owns its own service value, so nothing in it needs to be `Send` or locked.
///
/// A panic in any of these methods costs the one connection it was called for; the service
/// value itself lives on, so it must not be left half changed when a method may panic.
pub trait Service: 'static {
    /// State of one connection between calls; small, it is kept while idle.
    type Connection: 'static;

    /// A client connected.
    fn open(&self, peer: SocketAddr) -> Self::Connection;

    /// Looks at all bytes received and not yet consumed, appends answers to `output`.
    /// Called again with the rest plus what was received since. Should stop and return
    /// [`Next::Again`] once `output` holds [`OUTPUT_TARGET`](crate::limits::OUTPUT_TARGET) bytes.
    fn feed(&self, connection: &mut Self::Connection, input: &[u8], output: &mut Vec<u8>) -> Step;

    /// The wait that the last [`Step`] named took too long; may append a last answer.
    /// The connection is closed after `output` is written.
    fn expire(&self, connection: &mut Self::Connection, wait: Wait, output: &mut Vec<u8>);

    /// An answer was not waited for: its client left, or the server ends.
    fn abandon(&self, connection: &mut Self::Connection) {
        let _ = connection;
    }

    /// About twice a second, before any `feed` of that turn: refresh `Date` and the like.
    fn tick(&self);

    /// A client sent this where TLS begins, which is not how TLS begins; may append what it gets for that, as it stands.
    /// The connection is closed after `output` is written. Without an answer the client gets an alert of TLS.
    fn refuse_plain(&self, connection: &mut Self::Connection, input: &[u8], output: &mut Vec<u8>) {
        let _ = (connection, input, output);
    }

    /// The server is ending: connections are closed after the answers to come, which may say so.
    fn drain(&self) {}
}

/// What `feed` did and wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Bytes of `input` that are done with.
    pub consumed: usize,
    /// What happens when `output` is written.
    pub next: Next,
}

/// What the connection does next; `output` is always written first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Receive more, with the deadline of this kind of wait.
    Receive(Wait),
    /// Call `feed` again with the rest of the input: the output was full.
    Again,
    /// The same, but not before so much time has passed. Whose client sends nothing more waits for
    /// [`PAUSE_AFTER_END`](crate::limits::PAUSE_AFTER_END) at most: that it still reads cannot be seen.
    Pause(Duration),
    /// Close in order: shut down writing, drain briefly so that the answer is not reset.
    Close,
    /// Close at once, with a reset.
    Abort,
}

/// What a connection is waiting for; each kind has its own limit. The time runs from the moment the
/// connection began to wait for this kind of thing, and starts anew only after an answer was written:
/// a client that sends a byte now and then gains nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Wait {
    /// The next message of a TLS handshake. No service is told of it.
    Handshake,
    /// Between requests: nothing of the next one is here yet.
    Idle,
    /// The rest of a request head.
    Head,
    /// The rest of a request body.
    Body,
}
