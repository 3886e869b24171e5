//! Answers whose bytes are known when the plan is compiled: one copy, then the date is patched in.

use super::writer::length_line;
use super::{BodyRule, DateCache, LengthSlot, Writer, body_rule};
use crate::request::{Head, Version};

/// What the answer says about the connection (RFC 9112 section 9.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Persistence {
    /// It stays, as HTTP/1.1 clients expect: nothing to say.
    Stays,
    /// It stays, and an HTTP/1.0 client must be told.
    StaysTold,
    /// It closes behind the answer.
    Closes,
}

impl Persistence {
    /// What the answer to this request must say; `closing` if the server wants to close.
    #[inline]
    pub fn of(head: &Head<'_>, closing: bool) -> Self {
        match head.version {
            _ if closing || !head.keep_alive => Self::Closes,
            Version::Http10 => Self::StaysTold,
            Version::Http11 => Self::Stays,
        }
    }

    pub(super) fn line(self) -> &'static [u8] {
        match self {
            Self::Stays => b"",
            Self::StaysTold => b"Connection: keep-alive\r\n",
            Self::Closes => b"Connection: close\r\n",
        }
    }
}

/// How one prepared answer goes out.
#[derive(Clone, Copy)]
pub struct Sending<'a> {
    /// The current second
    pub date: &'a DateCache,
    /// What is said of the connection
    pub persistence: Persistence,
    /// `HEAD`: the head alone
    pub head_only: bool,
    /// A status in place of the prepared one; it must have the same [`body_rule`]
    pub status: Option<u16>,
    /// Whole field lines, each with its end, in place of those that most answers have
    pub lines: Option<&'a [u8]>,
}

impl<'a> Sending<'a> {
    /// As prepared, on a connection that stays.
    pub fn plain(date: &'a DateCache) -> Self {
        Self { date, persistence: Persistence::Stays, head_only: false, status: None, lines: None }
    }

    #[inline]
    fn is_plain(&self) -> bool {
        self.persistence == Persistence::Stays
            && !self.head_only
            && self.status.is_none()
            && self.lines.is_none()
    }
}

/// A head, with or without its body, ready to be copied out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prepared {
    bytes: Box<[u8]>,
    /// Where the status line ends.
    status_end: usize,
    /// Where the 29 bytes of the date stand.
    date: usize,
    /// Where the value of a `Content-Length` to be filled in stands; 0 if it is written already.
    length: usize,
    /// Where the lines begin that [`Sending::lines`] takes the place of.
    replaceable: usize,
    /// Where the empty line stands that ends the head.
    head_end: usize,
}

impl Prepared {
    /// An answer whose body is known. Fields are as for [`Writer::field`], but for those that
    /// [`is_own_field`]; `Date` and `Content-Length` are added.
    /// A status that allows no body is answered without one. `lines` are whole lines that [`Sending::lines`] may
    /// take the place of.
    pub fn new<'a>(
        status: u16,
        fields: impl IntoIterator<Item = (&'a str, &'a [u8])>,
        lines: &[u8],
        body: &[u8],
    ) -> Self {
        let mut bytes = Vec::new();
        let rule = body_rule(status);
        let (status_end, date) = start(status, fields, &mut bytes);
        let writer = Writer::continuing(&mut bytes);
        let writer = if rule == BodyRule::Body { writer.length(body.len()) } else { writer };
        writer.pause();
        let replaceable = bytes.len();
        bytes.extend_from_slice(lines);
        let head_end = bytes.len();
        bytes.extend_from_slice(b"\r\n");
        if rule == BodyRule::Body {
            bytes.extend_from_slice(body);
        }
        Self { bytes: bytes.into(), status_end, date, length: 0, replaceable, head_end }
    }

    /// A head whose body is made for each request: [`append_head`](Self::append_head) gives the slot of its length.
    pub fn head<'a>(
        status: u16,
        fields: impl IntoIterator<Item = (&'a str, &'a [u8])>,
        lines: &[u8],
    ) -> Self {
        let mut bytes = Vec::new();
        let (status_end, date) = start(status, fields, &mut bytes);
        let length = length_line(&mut bytes);
        let replaceable = bytes.len();
        bytes.extend_from_slice(lines);
        let head_end = bytes.len();
        bytes.extend_from_slice(b"\r\n");
        Self { bytes: bytes.into(), status_end, date, length, replaceable, head_end }
    }

    /// Appends head and body; the head alone as the answer to `HEAD`, with the length that the body would have
    /// had (RFC 9110 section 9.3.2).
    #[inline]
    pub fn append(&self, sending: Sending<'_>, out: &mut Vec<u8>) {
        if sending.is_plain() {
            let start = out.len();
            out.extend_from_slice(&self.bytes);
            Self::patch(start + self.date, sending.date, out);
        } else {
            self.append_told(sending, out);
        }
    }

    /// Appends a head made by [`head`](Self::head). The body is then written behind it, and its length filled in.
    ///
    /// # Panics
    /// If it was not made by [`head`](Self::head).
    #[inline]
    pub fn append_head(&self, sending: Sending<'_>, out: &mut Vec<u8>) -> LengthSlot {
        assert!(self.length != 0, "the length of this answer is written already");
        let start = out.len();
        let shift = match sending.is_plain() {
            true => {
                out.extend_from_slice(&self.bytes);
                Self::patch(start + self.date, sending.date, out);
                0
            }
            false => self.append_told(sending, out),
        };
        LengthSlot::new((start + self.length).wrapping_add_signed(shift), out.len())
    }

    /// Length of head and body in bytes, without a `Connection` line.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Never: there is always a head.
    pub fn is_empty(&self) -> bool {
        false
    }

    /// The body.
    pub fn body(&self) -> &[u8] {
        &self.bytes[self.head_end + 2..]
    }

    /// Gives by how many bytes the fields moved, because another status line stands before them.
    fn append_told(&self, sending: Sending<'_>, out: &mut Vec<u8>) -> isize {
        let start = out.len();
        let fields = match sending.status {
            None => 0,
            Some(status) => {
                Writer::new(status, out).pause();
                self.status_end
            }
        };
        let shift = (out.len() - start) as isize - fields as isize;
        out.extend_from_slice(&self.bytes[fields..self.replaceable]);
        out.extend_from_slice(sending.lines.unwrap_or(&self.bytes[self.replaceable..self.head_end]));
        out.extend_from_slice(sending.persistence.line());
        out.extend_from_slice(if sending.head_only { b"\r\n" } else { &self.bytes[self.head_end..] });
        Self::patch((start + self.date).wrapping_add_signed(shift), sending.date, out);
        shift
    }

    #[inline]
    fn patch(at: usize, date: &DateCache, out: &mut [u8]) {
        out[at..at + DateCache::LEN].copy_from_slice(date.text());
    }
}

/// Status line, `Date`, fields; gives where the status line ends and where the date's value stands.
fn start<'a>(
    status: u16,
    fields: impl IntoIterator<Item = (&'a str, &'a [u8])>,
    out: &mut Vec<u8>,
) -> (usize, usize) {
    let writer = Writer::new(status, out);
    let status_end = writer.written();
    let mut writer = writer.date(&DateCache::new(0));
    let date = writer.written() - DateCache::LEN - 2;
    for (name, value) in fields {
        if !is_own_field(name) {
            writer = writer.field(name, value);
        }
    }
    (status_end, date)
}

/// Whether the server alone writes this field, because the connection and the body's length hang on it
/// (RFC 9110 section 7.6.1, RFC 9112 section 6), or because it is the time. A document may declare it all the same.
pub fn is_own_field(name: &str) -> bool {
    const OWN: [&str; 8] = [
        "Connection",
        "Content-Length",
        "Date",
        "Keep-Alive",
        "TE",
        "Trailer",
        "Transfer-Encoding",
        "Upgrade",
    ];
    OWN.iter().any(|own| own.eq_ignore_ascii_case(name))
}
