//! Bodies of requests and answers, decoded where they lie: the data comes out as ranges of the input.

use std::ops::Range;

use crate::limits::MAX_CHUNK_EXTRAS;
use crate::request::{Framing, is_token_byte};
use crate::{Limits, Refusal, answer};

/// A body on its way: what of it is still to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Body {
    state: State,
    /// Data bytes that may still come before the body is too long.
    room: u64,
    /// Bytes that extensions and trailers may still take.
    extras: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// So many bytes are still to come.
    Length(u64),
    /// All bytes until the connection ends; only answers have that.
    UntilEnd,
    /// The size of a chunk, so many digits in.
    Size {
        value: u64,
        digits: u8,
    },
    /// Behind the size: spaces that only ';' may follow.
    Space {
        size: u64,
    },
    /// In the extensions of a chunk.
    Extension {
        size: u64,
    },
    /// The LF behind a chunk's size.
    SizeEnd {
        size: u64,
    },
    /// The data of a chunk.
    Data {
        left: u64,
    },
    /// The CRLF behind the data.
    DataCr,
    DataLf,
    /// The first byte of a trailer line or of the CRLF that ends everything.
    Trailer,
    TrailerName,
    TrailerValue,
    TrailerEnd,
    LastLf,
    Done,
}

/// What one call of [`Body::decode`] found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// Bytes of the input that are done with, the data included.
    pub consumed: usize,
    /// Where in the input the data lies; may be empty.
    pub data: Range<usize>,
    /// The body ended; what follows in the input is the next request.
    pub done: bool,
}

impl Body {
    /// The body that a request's framing announces.
    pub fn new(framing: Framing, limits: &Limits) -> Self {
        let state = match framing {
            Framing::None => State::Done,
            Framing::Length(length) => State::Length(length),
            Framing::Chunked => State::Size { value: 0, digits: 0 },
        };
        Self { state, room: limits.body, extras: MAX_CHUNK_EXTRAS }
    }

    /// The body that an answer's framing announces, of at most `limit` bytes. One that ends with its connection
    /// is never done.
    pub fn of_answer(framing: answer::Framing, limit: u64) -> Self {
        let state = match framing {
            answer::Framing::None => State::Done,
            answer::Framing::Length(length) => State::Length(length),
            answer::Framing::Chunked => State::Size { value: 0, digits: 0 },
            answer::Framing::UntilEnd => State::UntilEnd,
        };
        Self { state, room: limit, extras: MAX_CHUNK_EXTRAS }
    }

    /// Whether all of it was decoded.
    pub fn is_done(&self) -> bool {
        self.state == State::Done || self.state == State::Length(0)
    }

    /// Decodes the next piece: at most one run of data a call. Call again with the rest of the input until
    /// `done`, or until nothing is left of it.
    ///
    /// # Errors
    /// A [`Refusal`] where the chunks are malformed (RFC 9112 section 7.1) or a limit is passed.
    pub fn decode(&mut self, input: &[u8]) -> Result<Decoded, Refusal> {
        let mut at = 0;
        while !self.is_done() {
            match self.state {
                State::Length(left) | State::Data { left } => {
                    let taken =
                        usize::try_from(left).map_or(input.len() - at, |left| left.min(input.len() - at));
                    self.take(left - taken as u64);
                    return Ok(Decoded { consumed: at + taken, data: at..at + taken, done: self.is_done() });
                }
                State::UntilEnd => {
                    self.room = self.room.checked_sub(input.len() as u64).ok_or(Refusal::BodyTooLong)?;
                    return Ok(Decoded { consumed: input.len(), data: 0..input.len(), done: false });
                }
                _ => {}
            }
            let Some(&byte) = input.get(at) else { break };
            self.state = self.step(byte)?;
            at += 1;
        }
        Ok(Decoded { consumed: at, data: at..at, done: self.is_done() })
    }

    /// Decodes all of the input, appending the data to `out`. Gives what was consumed and whether the body ended.
    ///
    /// # Errors
    /// As [`Body::decode`].
    pub fn collect(&mut self, input: &[u8], out: &mut Vec<u8>) -> Result<(usize, bool), Refusal> {
        let mut at = 0;
        loop {
            let rest = &input[at..];
            let piece = self.decode(rest)?;
            out.extend_from_slice(&rest[piece.data]);
            at += piece.consumed;
            if piece.done || at == input.len() {
                return Ok((at, piece.done));
            }
        }
    }

    fn take(&mut self, left: u64) {
        self.state = match self.state {
            State::Length(_) => State::Length(left),
            _ if left == 0 => State::DataCr,
            _ => State::Data { left },
        };
    }

    /// One byte of what stands between the data of chunks.
    fn step(&mut self, byte: u8) -> Result<State, Refusal> {
        match self.state {
            State::Size { value, digits } => self.size(byte, value, digits),
            State::Space { size } => {
                self.count_extra()?;
                match byte {
                    b' ' | b'\t' => Ok(State::Space { size }),
                    b';' => Ok(State::Extension { size }),
                    _ => Err(Refusal::ChunkSize),
                }
            }
            State::Extension { size } => match byte {
                b'\r' => Ok(State::SizeEnd { size }),
                _ => self.extra(byte, State::Extension { size }),
            },
            State::SizeEnd { size } if byte == b'\n' => self.begin_chunk(size),
            State::SizeEnd { .. } => Err(Refusal::ChunkSize),
            State::DataCr if byte == b'\r' => Ok(State::DataLf),
            State::DataLf if byte == b'\n' => Ok(State::Size { value: 0, digits: 0 }),
            State::DataCr | State::DataLf => Err(Refusal::ChunkEnd),
            _ => self.trailer(byte),
        }
    }

    fn size(&self, byte: u8, value: u64, digits: u8) -> Result<State, Refusal> {
        if let Some(digit) = (byte as char).to_digit(16) {
            // 16 digits are 64 bits: no overflow.
            return match digits {
                16 => Err(Refusal::ChunkSize),
                _ => Ok(State::Size { value: value << 4 | u64::from(digit), digits: digits + 1 }),
            };
        }
        match byte {
            _ if digits == 0 => Err(Refusal::ChunkSize),
            b'\r' => Ok(State::SizeEnd { size: value }),
            b';' => Ok(State::Extension { size: value }),
            b' ' | b'\t' => Ok(State::Space { size: value }),
            _ => Err(Refusal::ChunkSize),
        }
    }

    fn begin_chunk(&mut self, size: u64) -> Result<State, Refusal> {
        self.room = self.room.checked_sub(size).ok_or(Refusal::BodyTooLong)?;
        Ok(if size == 0 { State::Trailer } else { State::Data { left: size } })
    }

    fn trailer(&mut self, byte: u8) -> Result<State, Refusal> {
        match (self.state, byte) {
            (State::Trailer, b'\r') => Ok(State::LastLf),
            (State::LastLf, b'\n') => Ok(State::Done),
            (State::Trailer | State::TrailerName, _) if is_token_byte(byte) => {
                self.extra(byte, State::TrailerName)
            }
            (State::TrailerName, b':') => self.extra(byte, State::TrailerValue),
            (State::TrailerValue, b'\r') => Ok(State::TrailerEnd),
            (State::TrailerValue, _) => self.extra(byte, State::TrailerValue),
            (State::TrailerEnd, b'\n') => Ok(State::Trailer),
            _ => Err(Refusal::ChunkExtras),
        }
    }

    /// A byte that is skipped, but counted and kept free of control bytes.
    fn extra(&mut self, byte: u8, next: State) -> Result<State, Refusal> {
        self.count_extra()?;
        if byte == b'\t' || (byte >= b' ' && byte != 0x7f) { Ok(next) } else { Err(Refusal::ChunkExtras) }
    }

    fn count_extra(&mut self) -> Result<(), Refusal> {
        self.extras = self.extras.checked_sub(1).ok_or(Refusal::ChunkExtrasTooLong)?;
        Ok(())
    }
}
