//! Writing the head of an answer straight into the output buffer.

use super::{DateCache, Persistence, reason};
use crate::request::is_token_byte;

/// Width of a length that is filled in later, in digits.
const LENGTH_DIGITS: usize = 10;

/// Writes one head: status line, fields, the empty line.
#[derive(Debug)]
#[must_use = "a head ends with `finish`"]
pub struct Writer<'o> {
    out: &'o mut Vec<u8>,
}

/// Where a `Content-Length` will be filled in.
#[derive(Clone, Copy, Debug)]
#[must_use = "the length is empty until it is filled in"]
pub struct LengthSlot {
    at: usize,
    body: usize,
}

impl<'o> Writer<'o> {
    /// Begins with the status line. The version is always HTTP/1.1 (RFC 9110 section 2.5); `status` is written
    /// with three digits.
    pub fn new(status: u16, out: &'o mut Vec<u8>) -> Self {
        out.extend_from_slice(b"HTTP/1.1 ");
        let digit = |value: u16| b'0' + (value % 10) as u8;
        out.extend_from_slice(&[digit(status / 100), digit(status / 10), digit(status), b' ']);
        out.extend_from_slice(reason(status).as_bytes());
        out.extend_from_slice(b"\r\n");
        Self { out }
    }

    /// Goes on with a head that was begun before.
    pub(super) fn continuing(out: &'o mut Vec<u8>) -> Self {
        Self { out }
    }

    /// Bytes in the buffer.
    pub(super) fn written(&self) -> usize {
        self.out.len()
    }

    /// A field. Control bytes in the value become spaces (RFC 9110 section 5.5) and a name that is no token is
    /// left out with its value: neither may break the answer apart.
    pub fn field(self, name: &str, value: &[u8]) -> Self {
        Self::line(name, value, self.out);
        self
    }

    /// Whole lines that were made by [`Writer::line`].
    pub fn lines(self, lines: &[u8]) -> Self {
        self.out.extend_from_slice(lines);
        self
    }

    /// One field line, as [`Writer::field`] writes it, to be sent later.
    pub fn line(name: &str, value: &[u8], out: &mut Vec<u8>) {
        if !is_field_name(name) {
            return;
        }
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(b": ");
        let at = out.len();
        out.extend_from_slice(value);
        for byte in &mut out[at..] {
            if is_forbidden(*byte) {
                *byte = b' ';
            }
        }
        out.extend_from_slice(b"\r\n");
    }

    /// `Date`.
    pub fn date(self, date: &DateCache) -> Self {
        self.out.extend_from_slice(b"Date: ");
        self.out.extend_from_slice(date.text());
        self.out.extend_from_slice(b"\r\n");
        self
    }

    /// `Content-Length` in bytes.
    pub fn length(self, length: usize) -> Self {
        self.out.extend_from_slice(b"Content-Length: ");
        self.out.extend_from_slice(itoa::Buffer::new().format(length).as_bytes());
        self.out.extend_from_slice(b"\r\n");
        self
    }

    /// `Transfer-Encoding: chunked`: only for HTTP/1.1 clients (RFC 9112 section 6.1).
    pub fn chunked(self) -> Self {
        self.out.extend_from_slice(b"Transfer-Encoding: chunked\r\n");
        self
    }

    /// `Connection`, where the client cannot know it from the version.
    pub fn persistence(self, persistence: Persistence) -> Self {
        self.out.extend_from_slice(persistence.line());
        self
    }

    /// Leaves the head unfinished: more lines follow in another way.
    pub(super) fn pause(self) {}

    /// Ends the head; the body goes straight behind it.
    pub fn finish(self) {
        self.out.extend_from_slice(b"\r\n");
    }

    /// Ends the head with a `Content-Length` that [`LengthSlot::fill`] writes when the body is there. Spaces before
    /// a value are no part of it (RFC 9112 section 5.1), so the width is fixed.
    pub fn finish_with_length(self) -> LengthSlot {
        let at = length_line(self.out);
        self.out.extend_from_slice(b"\r\n");
        LengthSlot { at, body: self.out.len() }
    }
}

/// A `Content-Length` line with room for its value; gives where the value stands.
pub(super) fn length_line(out: &mut Vec<u8>) -> usize {
    out.extend_from_slice(b"Content-Length: ");
    let at = out.len();
    out.extend_from_slice(b"         0\r\n");
    at
}

impl LengthSlot {
    pub(super) fn new(at: usize, body: usize) -> Self {
        Self { at, body }
    }

    /// Where the body begins in the buffer. To answer `HEAD`, fill in the length and cut the buffer here.
    pub fn body_start(self) -> usize {
        self.body
    }

    /// Fills in the length of all that was appended to `out` since the head ended, and gives it.
    ///
    /// # Panics
    /// If the body has 10 GB or more.
    pub fn fill(self, out: &mut [u8]) -> usize {
        let length = out.len() - self.body;
        let mut digits = itoa::Buffer::new();
        let digits = digits.format(length).as_bytes();
        assert!(digits.len() <= LENGTH_DIGITS, "a body is held in memory and has less than 10 GB");
        let end = self.at + LENGTH_DIGITS;
        out[end - digits.len()..end].copy_from_slice(digits);
        length
    }
}

/// Whether this is a field name: a token (RFC 9110 section 5.1).
pub fn is_field_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(is_token_byte)
}

/// Whether this is a field value without control bytes (RFC 9110 section 5.5).
pub fn is_field_value(value: &[u8]) -> bool {
    !value.iter().any(|&byte| is_forbidden(byte))
}

fn is_forbidden(byte: u8) -> bool {
    (byte < b' ' && byte != b'\t') || byte == 0x7f
}
