//! A connection's bytes, in and out.

use std::io;

use mocker_runtime::client::{Abort, Socket};

use super::{
    lane::Lane,
    ledger::Flight,
    tls::{Session, Tls},
};
use crate::{
    limits::{KEPT_BUFFER, READ_BUFFER},
    record::ErrorClass,
};

/// A connection to the target.
pub(super) struct Wire {
    socket: Socket,
    session: Option<Box<Session>>,
    /// Requests that are sent together are copied here
    output: Vec<u8>,
    /// Received bytes; those before `start` are done with
    input: Vec<u8>,
    start: usize,
}

impl Wire {
    pub(super) fn new(socket: Socket) -> Self {
        Self { socket, session: None, output: Vec::new(), input: Vec::with_capacity(READ_BUFFER), start: 0 }
    }

    pub(super) fn abort_handle(&self) -> Abort {
        self.socket.abort_handle()
    }

    /// Whether the server has neither closed the connection nor sent what nobody asked for.
    pub(super) fn is_quiet(&self) -> bool {
        self.socket.is_quiet()
    }

    /// Waits until the connection is made, the TLS handshake included.
    pub(super) async fn connected(&mut self, tls: Option<&Tls>) -> Result<(), (ErrorClass, io::Error)> {
        self.socket.connected().await.map_err(|error| (ErrorClass::Connect, error))?;
        if let Some(tls) = tls {
            let session = Session::begin(tls, &mut self.socket).await;
            self.session = Some(Box::new(session.map_err(|error| (ErrorClass::Tls, error))?));
        }
        Ok(())
    }

    /// Sends requests in one go.
    pub(super) async fn send(&mut self, lane: &Lane, batch: &[Flight]) -> io::Result<()> {
        if let Some(session) = &mut self.session {
            return session
                .send(&mut self.socket, batch.iter().map(|flight| lane.bytes(flight.request)))
                .await;
        }
        if let [flight] = batch {
            return self.socket.write_all(lane.piece(flight.request)).await.0;
        }
        let mut output = std::mem::take(&mut self.output);
        output.clear();
        for flight in batch {
            output.extend_from_slice(lane.bytes(flight.request));
        }
        let (result, output) = self.socket.write_all(output).await;
        self.output = output;
        result
    }

    /// Receives more; 0 bytes are the end.
    pub(super) async fn receive(&mut self) -> io::Result<usize> {
        let room = self.input.capacity();
        let was_full = self.input.len() == room;
        self.input.drain(..self.start);
        self.start = 0;
        if was_full && room < KEPT_BUFFER {
            self.input.reserve(2 * room);
        }
        if self.input.is_empty() && self.input.capacity() > KEPT_BUFFER {
            self.input = Vec::with_capacity(READ_BUFFER);
        }
        if let Some(session) = &mut self.session {
            return session.receive(&mut self.socket, &mut self.input).await;
        }
        let (result, input) = self.socket.read(std::mem::take(&mut self.input)).await;
        self.input = input;
        result
    }

    /// What was received and not consumed.
    pub(super) fn received(&self) -> &[u8] {
        &self.input[self.start..]
    }

    pub(super) fn consume(&mut self, bytes: usize) {
        self.start += bytes;
    }
}
