//! Waking another thread: a byte through a socket pair. What there is to do stands elsewhere, in
//! atomics and queues, so a full pair loses nothing and to a worker the bytes mean nothing.

use std::{
    io::{self, Write},
    os::unix::net::UnixStream,
};

/// The end that rings; shared freely.
#[derive(Debug)]
pub(crate) struct Bell(UnixStream);

impl Bell {
    /// A bell, and the stream on which ringing is heard.
    pub(crate) fn new() -> io::Result<(Self, UnixStream)> {
        let (ring, hear) = UnixStream::pair()?;
        ring.set_nonblocking(true)?;
        Ok((Self(ring), hear))
    }

    /// Wakes the hearer. A full or closed pair is fine: it is awake, or gone.
    pub(crate) fn ring(&self) {
        self.say(1);
    }

    /// Wakes the hearer with a word.
    pub(crate) fn say(&self, word: u8) {
        let _ = (&self.0).write(&[word]);
    }

    /// Another ringer of the same bell, for a signal handler.
    pub(crate) fn ringer(&self) -> io::Result<UnixStream> {
        self.0.try_clone()
    }
}
