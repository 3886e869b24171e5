//! What a client may send before it is refused, and with which answer.

/// Most header fields that [`Limits::fields`] can allow: the size of [`Slots`](crate::request::Slots).
pub const MAX_FIELDS: usize = 128;

/// Longest method name in bytes; longer ones are refused with 501 (RFC 9112 section 3).
pub const MAX_METHOD: usize = 32;

/// Longest run of chunk extensions, and of trailer fields, in bytes over one whole body (RFC 9112 section 7.1.1).
pub const MAX_CHUNK_EXTRAS: usize = 8 * 1024;

/// Elements of an `Accept` field that are looked at; those behind are as if they were not there.
pub const MAX_ACCEPT_ELEMENTS: usize = 64;

/// Ranges of an `Accept-Language` field that are looked at; those behind are as if they were not there.
pub const MAX_LANGUAGE_RANGES: usize = 32;

/// Longest head of an answer, with the empty line that ends it, in bytes.
pub const MAX_ANSWER_HEAD: usize = 64 * 1024;

/// Longest body of an answer, in bytes. It is stepped over, not kept.
pub const MAX_ANSWER_BODY: u64 = 16 * 1024 * 1024 * 1024;

/// Longest head of an answer that is kept to know its like by, in bytes.
pub const MAX_RECALLED_HEAD: usize = 1024;

/// Interim answers (1xx) before the one that counts.
pub const MAX_INTERIM_ANSWERS: u32 = 16;

/// The configurable limits of one request. All sizes are in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Request line and header fields together, with the empty line that ends them; beyond: 431.
    pub head: usize,
    /// The request target; beyond: 414.
    pub target: usize,
    /// How many header fields, at most [`MAX_FIELDS`]; beyond: 431.
    pub fields: usize,
    /// The decoded request body; beyond: 413.
    pub body: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { head: 32 * 1024, target: 8 * 1024, fields: 100, body: 10 * 1024 * 1024 }
    }
}

impl Limits {
    /// Longest request line, with its CRLF: a target at its limit behind the longest method.
    pub(crate) fn request_line(&self) -> usize {
        (MAX_METHOD + " ".len() + self.target + " HTTP/1.1\r\n".len()).min(self.head)
    }
}
