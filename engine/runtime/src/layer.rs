//! What a connection asks about the bytes of its socket: a service, or what stands before one.

use std::net::SocketAddr;

use crate::service::{Service, Step, Wait};

/// A [`Service`] that sees what travels. Any service is one, for bytes that travel as they are.
pub(crate) trait Layer: 'static {
    /// State of one connection between calls.
    type Connection: 'static;

    /// What a new connection waits for.
    const FIRST: Wait;

    fn open(&self, peer: SocketAddr) -> Self::Connection;

    /// As [`Service::feed`]. May write in `input`: what it does not consume is to come again as it was left.
    fn feed(&self, connection: &mut Self::Connection, input: &mut [u8], output: &mut Vec<u8>) -> Step;

    /// As [`Service::expire`]; `input` is what was not consumed.
    fn expire(&self, connection: &mut Self::Connection, wait: Wait, input: &mut [u8], output: &mut Vec<u8>);

    /// The connection is closed in order next, by us or by the client; appends what must come before that.
    fn close(&self, connection: &mut Self::Connection, input: &mut [u8], output: &mut Vec<u8>);

    /// As [`Service::abandon`].
    fn abandon(&self, connection: &mut Self::Connection);

    fn tick(&self);

    fn drain(&self);
}

impl<S: Service> Layer for S {
    type Connection = S::Connection;

    const FIRST: Wait = Wait::Idle;

    #[inline]
    fn open(&self, peer: SocketAddr) -> S::Connection {
        Service::open(self, peer)
    }

    #[inline]
    fn feed(&self, connection: &mut S::Connection, input: &mut [u8], output: &mut Vec<u8>) -> Step {
        Service::feed(self, connection, input, output)
    }

    #[inline]
    fn expire(&self, connection: &mut S::Connection, wait: Wait, _: &mut [u8], output: &mut Vec<u8>) {
        Service::expire(self, connection, wait, output);
    }

    #[inline]
    fn close(&self, _: &mut S::Connection, _: &mut [u8], _: &mut Vec<u8>) {}

    #[inline]
    fn abandon(&self, connection: &mut S::Connection) {
        Service::abandon(self, connection);
    }

    #[inline]
    fn tick(&self) {
        Service::tick(self);
    }

    #[inline]
    fn drain(&self) {
        Service::drain(self);
    }
}
