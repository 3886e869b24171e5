//! Where the body of an answer ends.

use super::Fault;
use crate::Refusal;
use crate::limits::MAX_ANSWER_BODY;
use crate::request::{Fields, Known, Version, decimal, list};

/// Where the body of an answer ends (RFC 9112, section 6.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// There is no body.
    None,
    /// So many bytes follow; never 0.
    Length(u64),
    /// Chunks follow.
    Chunked,
    /// All bytes until the connection ends.
    UntilEnd,
}

impl Framing {
    #[inline]
    pub(super) fn of(
        fields: &Fields<'_>,
        version: Version,
        status: u16,
        to_head: bool,
    ) -> Result<Self, Fault> {
        if to_head || status < 200 || status == 204 || status == 304 {
            return Ok(Self::None);
        }
        if fields.get(Known::TransferEncoding).is_some() {
            return coded(fields, version);
        }
        let mut lengths = fields.all(Known::ContentLength).flat_map(list);
        let Some(first) = lengths.next() else {
            return match fields.get(Known::ContentLength) {
                None => Ok(Self::UntilEnd),
                Some(_) => Err(Fault::ContentLength),
            };
        };
        // The same number twice is a mistake of an intermediary that a client may overlook.
        if lengths.any(|other| other != first) {
            return Err(Fault::ContentLength);
        }
        match decimal(first).ok_or(Fault::ContentLength)? {
            0 => Ok(Self::None),
            length if length > MAX_ANSWER_BODY => Err(Fault::Body(Refusal::BodyTooLong)),
            length => Ok(Self::Length(length)),
        }
    }
}

fn coded(fields: &Fields<'_>, version: Version) -> Result<Framing, Fault> {
    if version == Version::Http10 {
        return Err(Fault::TransferEncodingVersion);
    }
    if fields.get(Known::ContentLength).is_some() {
        return Err(Fault::TwoLengths);
    }
    let last = fields.all(Known::TransferEncoding).flat_map(list).last();
    let is_chunked = last.is_some_and(|coding| coding.eq_ignore_ascii_case(b"chunked"));
    Ok(if is_chunked { Framing::Chunked } else { Framing::UntilEnd })
}
