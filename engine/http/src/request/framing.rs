//! How long a request's body is, and what becomes of the connection behind it.

use super::fields::{Fields, Known, list};
use crate::{Limits, Refusal};

/// Where the body of a request ends (RFC 9112 section 6.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// There is no body.
    None,
    /// So many bytes follow; never 0.
    Length(u64),
    /// Chunks follow.
    Chunked,
}

/// The protocol version of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    /// HTTP/1.0: the connection closes unless the client asks to keep it.
    Http10,
    /// HTTP/1.1: the connection stays unless the client asks to close it.
    Http11,
}

impl Framing {
    /// Judges `Content-Length` and `Transfer-Encoding`. Stricter than RFC 9112 section 6.3 asks where it leaves a
    /// choice: both fields together, or a length named twice, are how requests are smuggled past a proxy.
    #[inline]
    pub(super) fn of(fields: &Fields<'_>, version: Version, limits: &Limits) -> Result<Self, Refusal> {
        let length = fields.get(Known::ContentLength);
        if let Some(coding) = fields.get(Known::TransferEncoding) {
            return chunked(coding, length.is_some(), fields.is_repeated(Known::TransferEncoding), version);
        }
        let Some(length) = length else { return Ok(Self::None) };
        if fields.is_repeated(Known::ContentLength) {
            return Err(Refusal::ContentLengthRepeated);
        }
        match decimal(length).ok_or(Refusal::ContentLength)? {
            0 => Ok(Self::None),
            length if length > limits.body => Err(Refusal::BodyTooLong),
            length => Ok(Self::Length(length)),
        }
    }
}

fn chunked(coding: &[u8], has_length: bool, repeated: bool, version: Version) -> Result<Framing, Refusal> {
    if version == Version::Http10 {
        return Err(Refusal::TransferEncodingVersion);
    }
    if has_length {
        return Err(Refusal::TwoLengths);
    }
    if !repeated && coding.eq_ignore_ascii_case(b"chunked") {
        return Ok(Framing::Chunked);
    }
    let is_chunked = |element: &[u8]| element.eq_ignore_ascii_case(b"chunked");
    let named = list(coding).filter(|element| is_chunked(element)).count();
    if !repeated && named == 1 && list(coding).count() > 1 && list(coding).last().is_some_and(is_chunked) {
        return Err(Refusal::TransferCoding);
    }
    Err(Refusal::TransferEncoding)
}

/// `1*DIGIT` that fits in 64 bits (RFC 9110 section 8.6): no sign, no list, no space.
pub(crate) fn decimal(text: &[u8]) -> Option<u64> {
    if text.is_empty() {
        return None;
    }
    text.iter().try_fold(0u64, |value, byte| {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 { None } else { value.checked_mul(10)?.checked_add(u64::from(digit)) }
    })
}

/// Whether the connection stays open behind this message (RFC 9112 section 9.3).
#[inline]
pub(crate) fn keeps_alive(fields: &Fields<'_>, version: Version) -> bool {
    if fields.get(Known::Connection).is_none() {
        return version == Version::Http11;
    }
    let (mut close, mut keep) = (false, version == Version::Http11);
    for option in fields.all(Known::Connection).flat_map(list) {
        close |= option.eq_ignore_ascii_case(b"close");
        keep |= option.eq_ignore_ascii_case(b"keep-alive");
    }
    keep && !close
}

/// Whether the client waits for `100 Continue` before it sends the body (RFC 9110 section 10.1.1).
#[inline]
pub(super) fn expects_continue(
    fields: &Fields<'_>,
    version: Version,
    framing: Framing,
) -> Result<bool, Refusal> {
    match fields.get(Known::Expect) {
        None => Ok(false),
        // An HTTP/1.0 client would not understand the interim answer.
        Some(_) if version == Version::Http10 => Ok(false),
        Some(value) if value.eq_ignore_ascii_case(b"100-continue") && !fields.is_repeated(Known::Expect) => {
            Ok(framing != Framing::None)
        }
        Some(_) => Err(Refusal::Expectation),
    }
}
