//! One connection without a socket: what a server would see of the bytes that a client sends.

use mocker_http::body::Body;
use mocker_http::request::{self, Progress, Slots};
use mocker_http::{Limits, Refusal};

/// What the server sees, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The client waits for `100 Continue`.
    Continue,
    /// A whole request.
    Request(Seen),
    /// A refusal; nothing comes behind it.
    Refused(Refusal),
}

/// A request as it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    pub method: String,
    pub path: Vec<u8>,
    pub query: Option<Vec<u8>>,
    pub authority: Option<Vec<u8>>,
    pub fields: Vec<(String, Vec<u8>)>,
    pub body: Vec<u8>,
}

/// How the connection stands when all bytes are there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    Open,
    Waiting,
    Closed,
}

pub struct Connection {
    limits: Limits,
    buffer: Vec<u8>,
    progress: Progress,
    pending: Option<(Seen, Body, bool)>,
    closed: bool,
    pub events: Vec<Event>,
}

impl Connection {
    pub fn new(limits: Limits) -> Self {
        let (buffer, events) = (Vec::new(), Vec::new());
        Self { limits, buffer, progress: Progress::default(), pending: None, closed: false, events }
    }

    /// The client sends these bytes.
    pub fn receive(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
        while !self.closed {
            match self.advance() {
                Ok(true) => {}
                Ok(false) => break,
                Err(refusal) => {
                    self.events.push(Event::Refused(refusal));
                    self.closed = true;
                }
            }
        }
    }

    pub fn ending(&self) -> Ending {
        match (self.closed, &self.pending) {
            (true, _) => Ending::Closed,
            (false, None) if self.buffer.is_empty() => Ending::Open,
            (false, _) => Ending::Waiting,
        }
    }

    /// One step; whether there may be another.
    fn advance(&mut self) -> Result<bool, Refusal> {
        if self.pending.is_none() && !self.read_head()? {
            return Ok(false);
        }
        let Some((mut seen, mut body, keep_alive)) = self.pending.take() else { return Ok(false) };
        let (consumed, done) = body.collect(&self.buffer, &mut seen.body)?;
        self.buffer.drain(..consumed);
        if done {
            self.events.push(Event::Request(seen));
            self.closed = !keep_alive;
        } else {
            self.pending = Some((seen, body, keep_alive));
        }
        Ok(done)
    }

    fn read_head(&mut self) -> Result<bool, Refusal> {
        let mut slots = Slots::new();
        let Some(head) = request::head(&self.buffer, &mut self.progress, &self.limits, &mut slots)? else {
            return Ok(false);
        };
        if head.expect_continue {
            self.events.push(Event::Continue);
        }
        let seen = Seen {
            method: head.method_name.to_owned(),
            path: head.target.path.to_owned(),
            query: head.target.query.map(<[u8]>::to_owned),
            authority: head.target.authority.map(<[u8]>::to_owned),
            fields: head.fields.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            body: Vec::new(),
        };
        self.pending = Some((seen, Body::new(head.framing, &self.limits), head.keep_alive));
        let len = head.len;
        self.buffer.drain(..len);
        Ok(true)
    }
}

/// What a server sees of bytes that come in these pieces.
pub fn see<'a>(limits: Limits, pieces: impl IntoIterator<Item = &'a [u8]>) -> (Vec<Event>, Ending) {
    let mut connection = Connection::new(limits);
    for piece in pieces {
        connection.receive(piece);
    }
    let ending = connection.ending();
    (connection.events, ending)
}
