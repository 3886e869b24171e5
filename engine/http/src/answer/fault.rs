//! What can be wrong with an answer.

use crate::Refusal;

/// An answer that cannot be read. Where the next one would begin is not certain any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fault {
    /// No status line, or a malformed field line (RFC 9112, sections 4 and 5)
    NotHttp,
    /// A head beyond [`MAX_ANSWER_HEAD`](crate::limits::MAX_ANSWER_HEAD)
    HeadTooLong,
    /// More fields than [`MAX_FIELDS`](crate::limits::MAX_FIELDS)
    TooManyFields,
    /// A `Content-Length` that is not one number, or two that differ (RFC 9112, section 6.3)
    ContentLength,
    /// `Content-Length` and `Transfer-Encoding` together (RFC 9112, section 6.3)
    TwoLengths,
    /// `Transfer-Encoding` in HTTP/1.0 (RFC 9112, section 6.1)
    TransferEncodingVersion,
    /// More than [`MAX_INTERIM_ANSWERS`](crate::limits::MAX_INTERIM_ANSWERS)
    TooManyInterim,
    /// `101 Switching Protocols`, which nobody asked for (RFC 9110, section 15.2.2)
    Upgrade,
    /// A body beyond its limit, or malformed chunks
    Body(Refusal),
    /// The connection ended inside of an answer (RFC 9112, section 8)
    Incomplete,
    /// The connection ended before the first byte of an answer
    NoAnswer,
}

impl Fault {
    /// One sentence: what was wrong.
    pub const fn detail(self) -> &'static str {
        match self {
            Self::NotHttp => "The answer does not begin like HTTP/1.1, or has a malformed header line.",
            Self::HeadTooLong => "The head of the answer is too long.",
            Self::TooManyFields => "The answer has too many header fields.",
            Self::ContentLength => "The answer's Content-Length is not one number.",
            Self::TwoLengths => "The answer has both Content-Length and Transfer-Encoding.",
            Self::TransferEncodingVersion => "An HTTP/1.0 answer has Transfer-Encoding.",
            Self::TooManyInterim => "Too many interim answers came before the real one.",
            Self::Upgrade => "The server switched to a protocol that nobody asked for.",
            Self::Body(Refusal::BodyTooLong) => "The body of the answer is too long.",
            Self::Body(_) => "The chunks of the answer's body are malformed.",
            Self::Incomplete => "The connection ended inside of an answer.",
            Self::NoAnswer => "The connection ended before the answer began.",
        }
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.detail())
    }
}

impl std::error::Error for Fault {}
