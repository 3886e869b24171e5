//! Answers, as a client reads them: heads, framing, bodies that are stepped over.
//!
//! [`Reader`] reads one answer after the other; [`head`] is the part that looks at one head.

mod fault;
mod framing;
mod reader;
mod recall;

pub use fault::Fault;
pub use framing::Framing;
pub use reader::{Answer, Observer, Reader, Step};
pub use recall::Recall;

use crate::limits::MAX_ANSWER_HEAD;
use crate::request::{Fields, Known, Slots, Version, keeps_alive};

/// The head of one answer. Everything in it points into the input.
#[derive(Clone, Copy, Debug)]
pub struct Head<'a> {
    /// 100 to 999 (RFC 9110, section 15)
    pub status: u16,
    /// The version
    pub version: Version,
    /// The header fields
    pub fields: Fields<'a>,
    /// Where the body ends
    pub framing: Framing,
    /// Whether the connection can carry another answer behind this one
    pub keep_alive: bool,
    /// Bytes of the input that the head took; the body begins behind them
    pub len: usize,
}

/// How much of an unfinished head was looked at already; see [`head`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    scanned: usize,
}

/// Cuts an answer's head out of `input`, which holds all bytes received and not yet consumed. `to_head` says that
/// the request was `HEAD`. `Ok(None)` means that more is needed: call again with the same `progress`.
///
/// Faults are judged when a line ends, so the verdict does not depend on how the bytes were split on their way.
///
/// # Errors
/// A [`Fault`]: nothing that follows on the connection can be trusted.
#[inline]
pub fn head<'h, 'b: 'h>(
    input: &'b [u8],
    to_head: bool,
    progress: &mut Progress,
    slots: &'h mut Slots<'b>,
) -> Result<Option<Head<'h>>, Fault> {
    let window = &input[..input.len().min(MAX_ANSWER_HEAD)];
    if !could_begin(window) {
        return Err(Fault::NotHttp);
    }
    let unseen = window.get(progress.scanned..).unwrap_or_default();
    progress.scanned = window.len();
    if window.len() < MAX_ANSWER_HEAD && memchr::memchr(b'\n', unseen).is_none() {
        return Ok(None);
    }
    let mut response = httparse::Response::new(&mut []);
    let config = httparse::ParserConfig::default();
    match config.parse_response_with_uninit_headers(&mut response, window, &mut slots.0) {
        Ok(httparse::Status::Complete(len)) => {
            progress.scanned = 0;
            complete(len, response, to_head).map(Some)
        }
        Ok(httparse::Status::Partial) if window.len() == MAX_ANSWER_HEAD => Err(Fault::HeadTooLong),
        Ok(httparse::Status::Partial) => Ok(None),
        Err(error) => unfinished(window, error),
    }
}

/// A fault is told by whole lines: what it is must not depend on where the input happens to end.
#[cold]
fn unfinished<'h>(window: &[u8], error: httparse::Error) -> Result<Option<Head<'h>>, Fault> {
    let end = match window.len() {
        MAX_ANSWER_HEAD => window.len(),
        _ => memchr::memrchr(b'\n', window).map_or(0, |end| end + 1),
    };
    let mut slots = Slots::new();
    let parsed = httparse::ParserConfig::default().parse_response_with_uninit_headers(
        &mut httparse::Response::new(&mut []),
        &window[..end],
        &mut slots.0,
    );
    match parsed {
        Ok(_) if window.len() == MAX_ANSWER_HEAD => Err(Fault::HeadTooLong),
        Ok(_) => Ok(None),
        Err(_) if error == httparse::Error::TooManyHeaders => Err(Fault::TooManyFields),
        Err(_) => Err(Fault::NotHttp),
    }
}

/// Whether the bytes are how every answer begins, as far as they go.
#[inline]
fn could_begin(window: &[u8]) -> bool {
    const START: &[u8] = b"HTTP/1.";
    let length = window.len().min(START.len());
    window[..length] == START[..length]
}

#[inline]
fn complete<'h, 'b: 'h>(
    len: usize,
    response: httparse::Response<'h, 'b>,
    to_head: bool,
) -> Result<Head<'h>, Fault> {
    let (Some(status @ 100..), Some(minor)) = (response.code, response.version) else {
        return Err(Fault::NotHttp);
    };
    let version = if minor == 0 { Version::Http10 } else { Version::Http11 };
    let lines: &'h [httparse::Header<'h>] = response.headers;
    let mut fields = Fields::new(lines);
    for (index, line) in lines.iter().enumerate() {
        if let Some(known) = Known::of(line.name.as_bytes()) {
            fields.note(known, index);
        }
    }
    let framing = Framing::of(&fields, version, status, to_head)?;
    let keep_alive = framing != Framing::UntilEnd && keeps_alive(&fields, version);
    Ok(Head { status, version, fields, framing, keep_alive, len })
}
