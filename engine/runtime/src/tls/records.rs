//! The records of one connection: opened as they come, made of what is sent.

use std::sync::Arc;

use rustls::ServerConfig;
use rustls::server::{ServerConnectionData, UnbufferedServerConnection};
use rustls::unbuffered::{
    ConnectionState, EncodeError, EncodeTlsData, EncryptError, InsufficientSizeError, UnbufferedStatus,
    WriteTraffic,
};

use crate::limits::{RECORD_BYTES, RECORD_OVERHEAD};

type Traffic<'c> = WriteTraffic<'c, ServerConnectionData>;

/// One connection's state of TLS, without buffers: bytes that are not consumed stay with the caller, and come again as they
/// were left.
pub(super) struct Records {
    tls: UnbufferedServerConnection,
    /// The client sends nothing more
    has_ended: bool,
}

/// How far a connection is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// The handshake needs more bytes
    Handshake,
    /// Both sides may send
    Open,
    /// The client broke the rules; it is told why, and nothing more
    Broken,
}

/// No more can be sent under this key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Exhausted;

impl Records {
    pub(super) fn new(config: Arc<ServerConfig>) -> Records {
        let tls = UnbufferedServerConnection::new(config).expect("the usual size of records is a good one");
        Records { tls, has_ended: false }
    }

    /// Whether the client said that it sends nothing more (`close_notify`).
    pub(super) fn has_ended(&self) -> bool {
        self.has_ended
    }

    /// Opens all whole records of `input`: what they hold goes to `plain`, what the handshake answers to `output`. Gives
    /// how much of `input` is done with. Records are opened in place.
    pub(super) fn open(
        &mut self,
        input: &mut [u8],
        plain: &mut Vec<u8>,
        output: &mut Vec<u8>,
    ) -> (usize, Stage) {
        let (consumed, reached) = self.drive(input, plain, output, |_, _| ());
        let stage = match reached {
            Ok(Some(())) => Stage::Open,
            Ok(None) => Stage::Handshake,
            Err(Broken) => {
                self.tell_why(output);
                Stage::Broken
            }
        };
        (consumed, stage)
    }

    /// Appends `plain` in as few records as it takes. `input` is what [`Self::open`] has left.
    ///
    /// # Errors
    /// Nothing more may be sent.
    pub(super) fn seal(
        &mut self,
        plain: &[u8],
        input: &mut [u8],
        output: &mut Vec<u8>,
    ) -> Result<(), Exhausted> {
        let room = plain.len() + (plain.len() / RECORD_BYTES + 2) * RECORD_OVERHEAD;
        self.write(input, output, |traffic, output| fill(output, room, |room| traffic.encrypt(plain, room)))
    }

    /// Appends the notice that nothing more will be sent.
    pub(super) fn end(&mut self, input: &mut [u8], output: &mut Vec<u8>) -> Result<(), Exhausted> {
        self.write(input, output, |traffic, output| {
            fill(output, RECORD_OVERHEAD, |room| traffic.queue_close_notify(room))
        })
    }

    /// Appends the alert that a fault has left behind, if it has left one.
    #[cold]
    fn tell_why(&mut self, output: &mut Vec<u8>) {
        // What waits to be sent is taken before any input is looked at.
        while self.tls.wants_write() {
            match self.tls.process_tls_records(&mut []).state {
                Ok(ConnectionState::EncodeTlsData(mut data)) => encode(&mut data, output),
                _ => return,
            }
        }
    }

    fn write(
        &mut self,
        input: &mut [u8],
        output: &mut Vec<u8>,
        write: impl FnMut(&mut Traffic<'_>, &mut Vec<u8>) -> Result<(), EncryptError>,
    ) -> Result<(), Exhausted> {
        let (_, reached) = self.drive(input, &mut Vec::new(), output, write);
        match reached {
            Ok(Some(Ok(()))) => Ok(()),
            _ => Err(Exhausted),
        }
    }

    /// Goes on until `input` is used up; what is to be done where both sides may send is `then`.
    fn drive<T>(
        &mut self,
        input: &mut [u8],
        plain: &mut Vec<u8>,
        output: &mut Vec<u8>,
        mut then: impl FnMut(&mut Traffic<'_>, &mut Vec<u8>) -> T,
    ) -> (usize, Result<Option<T>, Broken>) {
        let mut consumed = 0;
        loop {
            let UnbufferedStatus { mut discard, state, .. } =
                self.tls.process_tls_records(&mut input[consumed..]);
            let reached = match state {
                Ok(ConnectionState::ReadTraffic(mut records)) => {
                    while let Some(Ok(record)) = records.next_record() {
                        plain.extend_from_slice(record.payload);
                        discard += record.discard;
                    }
                    None
                }
                Ok(ConnectionState::EncodeTlsData(mut data)) => {
                    encode(&mut data, output);
                    None
                }
                Ok(ConnectionState::TransmitTlsData(sent)) => {
                    sent.done();
                    None
                }
                Ok(ConnectionState::PeerClosed) => {
                    self.has_ended = true;
                    None
                }
                Ok(ConnectionState::WriteTraffic(mut traffic)) => Some(Ok(Some(then(&mut traffic, output)))),
                Ok(ConnectionState::BlockedHandshake) => Some(Ok(None)),
                // Early data is not offered, and of what is closed nothing is asked.
                Ok(_) => Some(Err(Broken)),
                Err(_) => Some(Err(Broken)),
            };
            consumed += discard;
            if let Some(reached) = reached {
                return (consumed, reached);
            }
        }
    }
}

struct Broken;

fn encode(data: &mut EncodeTlsData<'_, ServerConnectionData>, output: &mut Vec<u8>) {
    let room = match data.encode(&mut []) {
        Err(EncodeError::InsufficientSize(InsufficientSizeError { required_size })) => required_size,
        _ => 0,
    };
    let start = output.len();
    output.resize(start + room, 0);
    let written = data.encode(&mut output[start..]).unwrap_or(0);
    output.truncate(start + written);
}

/// Appends what `write` writes into `room` bytes, or into as many as it says it needs.
fn fill(
    output: &mut Vec<u8>,
    room: usize,
    mut write: impl FnMut(&mut [u8]) -> Result<usize, EncryptError>,
) -> Result<(), EncryptError> {
    let start = output.len();
    output.resize(start + room, 0);
    let mut written = write(&mut output[start..]);
    if let Err(EncryptError::InsufficientSize(InsufficientSizeError { required_size })) = written {
        output.resize(start + required_size, 0);
        written = write(&mut output[start..]);
    }
    output.truncate(start + written.as_ref().copied().unwrap_or(0));
    written.map(drop)
}
